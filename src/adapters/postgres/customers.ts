// Customers as people look at them: found by reference, by the reference of a line, or by equal personal data through
// its blind index, and shown with the lines that the reader's scope reaches. Personal data are opened one customer at a
// time, by whoever was found to be allowed to.

import { availableCreditMinor, type CreditLine, isOpenLine } from "../../domain/credit-line.ts";
import { identityFields, type Customer, type IdentityField } from "../../domain/customer.ts";
import { bucketOfCustomer, bucketOfId, isId, type Id } from "../../domain/id.ts";
import type { Currency } from "../../domain/money.ts";
import type { Page, PageRequest, RowScope } from "../../flow/ports.ts";
import type { Event } from "../../flow/state.ts";
import type {
  CustomerDetail,
  CustomerFilter,
  CustomerIdentity,
  CustomerRow,
} from "../../portfolio/view-ports.ts";
import type { IdentityKeys } from "../identity/keys.ts";
import type { Recipient } from "../notices/channels.ts";
import { checkLimit, pageOf, parseCursor } from "../store/cursor.ts";
import { conditions, type Conditions } from "./conditions.ts";
import type { Queryable } from "./pool.ts";
import { profiledLineOf, selectProfiled } from "./profiles.ts";
import * as rows from "./rows.ts";

type Reading = Pick<Queryable, "query">;

/** What looking up and opening personal data takes. */
export type LookupKeys = Pick<IdentityKeys, "blindIndex" | "unwrap" | "decryptField">;

/** One page of customers by id, each with the exposure that the scope reaches. */
export async function readCustomers(
  db: Reading,
  keys: Pick<LookupKeys, "blindIndex">,
  page: PageRequest,
  filter: CustomerFilter,
): Promise<Page<CustomerRow>> {
  const where = conditions();
  narrowToScope(where, filter);
  narrowToCustomer(where, keys, filter);
  const after = parseCursor("customers", page.after);
  if (after !== null) {
    where.add("(c.bucket, c.id) > (?::smallint, ?::uuid)", bucketOfId(after.id), after.id);
  }
  const limit = checkLimit(page.limit);
  const text = `select ${rows.customers.select("c")} from customer c ${where.text()}
    order by c.bucket, c.id limit ${limit + 1}`;
  const found = await db.query<Customer>(text, where.values);
  const list = pageOf("customers", found, limit, ({ id }) => ({ at: null, id }));
  return { ...list, rows: await withExposure(db, list.rows, filter) };
}

function narrowToScope(where: Conditions, { customerId, portfolios }: RowScope): void {
  if (customerId !== undefined) where.add("c.id = ?::uuid", isId(customerId) ? customerId : null);
  if (portfolios === undefined) return;
  where.add(
    `exists (select 1 from credit_line l where l.bucket = c.bucket and l.customer_id = c.id
      and l.portfolio = any(?::text[]))`,
    portfolios,
  );
}

function narrowToCustomer(
  where: Conditions,
  keys: Pick<LookupKeys, "blindIndex">,
  { reference, lineReference, identity, portfolios }: CustomerFilter,
): void {
  if (reference !== undefined) {
    where.add("c.bucket = ?::smallint and c.reference = ?", bucketOfCustomer(reference), reference);
  }
  if (lineReference !== undefined) {
    where.add(
      `(c.bucket, c.id) in (select l.bucket, l.customer_id from credit_line l
        where l.reference = ? and (?::text[] is null or l.portfolio = any(?::text[])))`,
      ...[lineReference, portfolios ?? null, portfolios ?? null],
    );
  }
  if (identity !== undefined) {
    where.add(
      `(c.bucket, c.id) in (select i.bucket, i.customer_id from customer_identity i
        where i.field = ? and i.blind_index = ?::bytea)`,
      ...[identity.field, Buffer.from(keys.blindIndex(identity.field, identity.text))],
    );
  }
}

type ExposureRow = Readonly<{
  customerId: Id;
  currency: Currency;
  lines: number;
  limitMinor: number;
  drawnMinor: number;
  availableMinor: number;
}>;

async function withExposure(
  db: Reading,
  found: readonly Customer[],
  scope: RowScope,
): Promise<readonly CustomerRow[]> {
  if (found.length === 0) return [];
  const where = conditions();
  where.add(
    "(l.bucket, l.customer_id) in (select * from unnest(?::smallint[], ?::uuid[]))",
    ...[found.map(({ bucket }) => bucket), found.map(({ id }) => id)],
  );
  where.add("l.status not in ('closed', 'exited')");
  if (scope.portfolios !== undefined) {
    where.add("l.portfolio = any(?::text[])", scope.portfolios);
  }
  const sums = await db.query<ExposureRow>(
    `select l.customer_id as "customerId", l.currency, count(*) as lines,
       sum(l.limit_minor)::bigint as "limitMinor", sum(l.drawn_minor)::bigint as "drawnMinor",
       sum(case l.status when 'active' then greatest(0, l.limit_minor - l.drawn_minor - l.pending_minor)
         else 0 end)::bigint as "availableMinor"
     from credit_line l ${where.text()} group by l.customer_id, l.currency order by l.currency`,
    where.values,
  );
  return found.map(({ id, reference, language }) => ({
    ...{ id, reference, language },
    exposure: sums
      .filter(({ customerId }) => customerId === id)
      .map(({ customerId: _customerId, ...sum }) => sum),
  }));
}

/** One customer with everything the scope reaches; null when that is no line at all. */
export async function readCustomer(
  db: Reading,
  id: Id,
  scope: RowScope,
): Promise<CustomerDetail | null> {
  if (!isId(id) || (scope.customerId !== undefined && scope.customerId !== id)) return null;
  const bucket = bucketOfId(id);
  const text = `select ${rows.customers.select()} from customer where bucket = $1 and id = $2`;
  const [customer] = await db.query<Customer>(text, [bucket, id]);
  if (customer === undefined) return null;
  const found = await db.query<object>(
    `${selectProfiled} where l.bucket = $1 and l.customer_id = $2
       and ($3::text[] is null or l.portfolio = any($3::text[])) order by l.id`,
    [bucket, id, scope.portfolios ?? null],
  );
  if (found.length === 0 && scope.portfolios !== undefined) return null;
  const lines = found.map(profiledLineOf);
  const lineIds = lines.map(({ line }) => line.id);
  return {
    ...{ id, reference: customer.reference, language: customer.language, lines },
    exposure: openExposureOf(lines.map(({ line }) => line)),
    links: await readLinks(db, id, scope),
    ...(await readCounts(db, bucket, lineIds)),
  };
}

/** Sums over a customer's open lines, by currency: what facts over the customer's exposure count. */
export function openExposureOf(lines: readonly CreditLine[]): CustomerRow["exposure"] {
  return exposureOf(lines.filter(({ status }) => isOpenLine(status)));
}

/** Sums over lines, by currency. */
export function exposureOf(lines: readonly CreditLine[]): CustomerRow["exposure"] {
  const sums = new Map<Currency, CustomerRow["exposure"][number]>();
  for (const line of lines) {
    const { currency } = line;
    const held = sums.get(currency);
    sums.set(currency, {
      currency,
      lines: 1 + (held?.lines ?? 0),
      limitMinor: line.limitMinor + (held?.limitMinor ?? 0),
      drawnMinor: line.drawnMinor + (held?.drawnMinor ?? 0),
      availableMinor: availableCreditMinor(line) + (held?.availableMinor ?? 0),
    });
  }
  return [...sums.values()].toSorted((left, right) => (left.currency < right.currency ? -1 : 1));
}

/** Ties to customers that the scope reaches. */
async function readLinks(
  db: Reading,
  id: Id,
  { portfolios }: RowScope,
): Promise<CustomerDetail["links"]> {
  const links = await db.query<CustomerDetail["links"][number]>(
    `select kind, linked_id as "customerId", linked_reference as "reference" from customer_link
     where bucket = $1 and customer_id = $2 order by kind, linked_reference`,
    [bucketOfId(id), id],
  );
  if (portfolios === undefined || links.length === 0) return links;
  const linked = links.map(({ customerId }) => customerId);
  const reached = await db.query<Readonly<{ id: Id }>>(
    `select distinct customer_id as id from credit_line
     where (bucket, customer_id) in (select * from unnest($1::smallint[], $2::uuid[]))
       and portfolio = any($3::text[])`,
    [linked.map(bucketOfId), linked, portfolios],
  );
  const seen = new Set(reached.map((one) => one.id));
  return links.filter(({ customerId }) => seen.has(customerId));
}

async function readCounts(
  db: Reading,
  bucket: number,
  lineIds: readonly Id[],
): Promise<Pick<CustomerDetail, "openDecisions" | "notices">> {
  type Counts = Pick<CustomerDetail, "openDecisions" | "notices">;
  const [row] = await db.query<Counts>(
    `select (select count(*) from decision where bucket = $1 and line_id = any($2::uuid[])
        and state not in ('executed', 'withdrawn', 'refused')) as "openDecisions",
      (select count(*) from notice where bucket = $1 and line_id = any($2::uuid[])) as "notices"`,
    [bucket, lineIds],
  );
  return row ?? { openDecisions: 0, notices: 0 };
}

type IdentityRow = Readonly<{
  field: IdentityField;
  ciphertext: Uint8Array;
  wrapped: Uint8Array | null;
  keyId: string | null;
}>;

/** A customer's personal data in the clear; null when the key was destroyed. Throws the faults of the keys. */
export async function readIdentity(
  db: Reading,
  keys: Pick<LookupKeys, "unwrap" | "decryptField">,
  id: Id,
): Promise<CustomerIdentity> {
  if (!isId(id)) return {};
  const found = await db.query<IdentityRow>(
    `select i.field, i.ciphertext, k.wrapped_key as "wrapped", k.key_id as "keyId"
     from customer_identity i left join customer_key k on k.bucket = i.bucket and k.customer_id = i.customer_id
     where i.bucket = $1 and i.customer_id = $2`,
    [bucketOfId(id), id],
  );
  const [first] = found;
  if (first === undefined) return {};
  if (first.wrapped === null || first.keyId === null) return null;
  const rowKey = keys.unwrap(first.wrapped, first.keyId);
  const opened = new Map(
    found.map(({ field, ciphertext }) => [
      field,
      keys.decryptField(rowKey, "customer_identity", field, id, ciphertext),
    ]),
  );
  const held = identityFields.filter((field) => opened.has(field));
  return Object.fromEntries(held.map((field) => [field, opened.get(field)!]));
}

/** Whom a notice goes to, with personal data in the clear; null where the customer does not exist. */
export async function readRecipient(
  db: Reading,
  keys: Pick<LookupKeys, "unwrap" | "decryptField">,
  id: Id,
): Promise<Recipient | null> {
  const text = `select ${rows.customers.select()} from customer where bucket = $1 and id = $2`;
  const [customer] = await db.query<Customer>(text, [bucketOfId(id), id]);
  if (customer === undefined) return null;
  const { reference, language } = customer;
  return { reference, language, identity: await readIdentity(db, keys, id) };
}

/**
 * Events of some lines of one bucket before a place in its order, newest first. Each line is walked by its own
 * index, so that a long history costs no more than its page.
 */
export async function readHistory(
  db: Reading,
  lineIds: readonly Id[],
  before: number | null,
  limit: number,
  kind: string | null,
): Promise<readonly Event[]> {
  const [first] = lineIds;
  if (first === undefined) return [];
  const text = `select ${rows.events.select("e")} from unnest($2::uuid[]) as w(line_id)
    cross join lateral (select * from event e where e.bucket = $1 and e.line_id = w.line_id
      and ($3::bigint is null or e.seq < $3) and ($4::text is null or e.kind = $4)
      order by e.seq desc limit ${checkLimit(limit)}) e
    order by e.seq desc limit ${limit}`;
  return db.query<Event>(text, [bucketOfId(first), lineIds, before, kind]);
}
