// What is remembered of asking sources in PostgreSQL. A breaker changes only under the version that was seen, so that of two
// processes that want to try a source at the same moment one does; of two that ask it about one customer an index lets one.

import type { ConnectorAsk, ConnectorCost } from "../../domain/connector.ts";
import { closedBreaker, type Breaker } from "../../domain/circuit-breaker.ts";
import type { Id } from "../../domain/id.ts";
import type { Connectors } from "../../flow/connector-ports.ts";
import { checkLimit, listInTime, pageOf, parseCursor } from "../store/cursor.ts";
import { conditions } from "./conditions.ts";
import type { Database } from "./pool.ts";

const columns: readonly (readonly [keyof ConnectorAsk, string])[] = [
  ["id", "id"],
  ["source", "source"],
  ["lineId", "line_id"],
  ["purpose", "purpose"],
  ["at", "asked_at"],
  ["on", "asked_on"],
  ["by", "asked_by"],
  ["outcome", "outcome"],
  ["because", "because"],
  ["calls", "calls"],
  ["costMinor", "cost_minor"],
  ["currency", "currency"],
  ["tookMs", "took_ms"],
];

const names = columns.map(([, name]) => name);
// One that nobody has kept by its time is lost, whether or not anybody has written that down.
const seenAt = (nowMs: number): string => `(select ${names
  .filter((name) => name !== "outcome" && name !== "because")
  .join(", ")}, case when lost then 'none' else outcome end as outcome,
    case when lost then 'lost' else because end as because
  from (select *, outcome = 'asking' and claimed_until_ms <= ${Math.trunc(nowMs)} as lost
    from connector_ask) a) t`;
const selectAt = (nowMs: number): string =>
  `select ${columns.map(([field, name]) => `t.${name} as "${field}"`).join(", ")} from ${seenAt(nowMs)}`;
const values = columns.map((_, at) => `$${at + 1}`).join(", ");
const keepAsk = `insert into connector_ask (${names.join(", ")}) values (${values})
  on conflict (id) do update set outcome = excluded.outcome, because = excluded.because,
    calls = excluded.calls, cost_minor = excluded.cost_minor, took_ms = excluded.took_ms
  where connector_ask.outcome = 'asking' or connector_ask.because = 'lost'`;
const beginAsk = `insert into connector_ask (${names.join(", ")}, customer_id, claimed_until_ms)
  values (${values}, $${columns.length + 1}, $${columns.length + 2}) on conflict do nothing`;
const giveUp = `update connector_ask set outcome = 'none', because = 'lost'
  where source = $1 and customer_id = $2 and outcome = 'asking' and claimed_until_ms <= $3`;
const underWay = `select id from connector_ask
  where source = $1 and customer_id = $2 and outcome = 'asking'`;
const answeredSince = `select distinct customer_id as "customerId" from connector_ask
  where source = $1 and outcome = 'answered' and asked_at > $2 and customer_id = any($3::uuid[])`;
const sums = `select source, asked_on as "on", currency, count(*)::int as asks, sum(calls)::int as calls,
  sum(cost_minor)::bigint as "costMinor" from connector_ask where asked_on between $1 and $2
  group by source, asked_on, currency order by asked_on desc, source, currency`;
const first = `insert into connector_breaker (source, breaker, ver) values ($1, $2::jsonb, 1)
  on conflict (source) do nothing`;
const next = `update connector_breaker set breaker = $2::jsonb, ver = ver + 1
  where source = $1 and ver = $3`;

/** The port over one database. */
export function connectorsIn(db: Database): Connectors {
  return {
    breaker: async (source) => {
      const [row] = await db.query<Readonly<{ breaker: Breaker; ver: number }>>(
        "select breaker, ver from connector_breaker where source = $1",
        [source],
      );
      return row ?? { breaker: closedBreaker, ver: 0 };
    },
    putBreaker: async (source, breaker, ver) => {
      const text = JSON.stringify(breaker);
      const changed =
        ver === 0
          ? await db.execute(first, [source, text])
          : await db.execute(next, [source, text, ver]);
      return changed === 1;
    },
    begin: async (ask, { customerId, nowMs, untilMs }) => {
      const begun = [...columns.map(([field]) => ask[field]), customerId, untilMs];
      for (;;) {
        await db.execute(giveUp, [ask.source, customerId, nowMs]);
        if ((await db.execute(beginAsk, begun)) === 1) return null;
        const [other] = await db.query<Pick<ConnectorAsk, "id">>(underWay, [
          ask.source,
          customerId,
        ]);
        if (other !== undefined) return other.id;
      }
    },
    charge: async (id, calls, costMinor) => {
      const text = "update connector_ask set calls = $2, cost_minor = $3 where id = $1";
      await db.execute(text, [id, calls, costMinor]);
    },
    keep: async (ask) => {
      await db.execute(
        keepAsk,
        columns.map(([field]) => ask[field]),
      );
    },
    find: async (id, nowMs) => {
      const [found] = await db.query<ConnectorAsk>(`${selectAt(nowMs)} where t.id = $1`, [id]);
      return found ?? null;
    },
    answered: async (source, since, customerIds) => {
      const found = await db.query<Readonly<{ customerId: Id }>>(answeredSince, [
        ...[source, since, customerIds],
      ]);
      return new Set(found.map(({ customerId }) => customerId));
    },
    asks: async (page, filter, nowMs) => {
      const list = listInTime("connector_ask", page);
      const after = parseCursor(list, page.after);
      const where = conditions();
      for (const name of ["source", "outcome"] as const) {
        if (filter[name] !== undefined) where.add(`t.${name} = ?`, filter[name]);
      }
      const [beyond, way] = page.newestFirst === true ? ["<", "desc"] : [">", "asc"];
      if (after !== null) {
        where.add(`(t.asked_at, t.id) ${beyond} (?::timestamptz, ?::uuid)`, after.at, after.id);
      }
      const tail = `order by t.asked_at ${way}, t.id ${way} limit ${checkLimit(page.limit) + 1}`;
      const found = await db.query<ConnectorAsk>(
        `${selectAt(nowMs)} ${where.text()} ${tail}`,
        where.values,
      );
      return pageOf(list, found, page.limit, ({ at, id }) => ({ at, id }));
    },
    costs: (from, to) => db.query<ConnectorCost>(sums, [from, to]),
  };
}
