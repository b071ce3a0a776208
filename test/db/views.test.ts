// The reads for pages in SQL, held against the same reads in plain JavaScript over the same rows, and what only the
// database has: profiles that follow the newest facts, blind indexes, and pages that neither repeat nor leave out.

import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlReplyBook } from "../../src/adapters/http/reply-book.ts";
import { sqlIdentityRows } from "../../src/adapters/identity/identity-rows.ts";
import { newKeyRing } from "../../src/adapters/identity/key-ring.ts";
import { createKeys } from "../../src/adapters/identity/keys.ts";
import { readRecipient } from "../../src/adapters/postgres/customers.ts";
import { postgresStore } from "../../src/adapters/postgres/store.ts";
import { viewsIn } from "../../src/adapters/postgres/views.ts";
import { serviceActor, type Actor, type Role } from "../../src/domain/actor.ts";
import { bucketOfCustomer, type Id } from "../../src/domain/id.ts";
import type { PageRequest, Page, RowScope } from "../../src/flow/ports.ts";
import { transact } from "../../src/flow/transact.ts";
import { lineSorts, type LineFilter, type Views } from "../../src/portfolio/view-ports.ts";
import { businessDay, businessNow, plant, testApi, type TestApi } from "../support/api.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { memoryViews } from "../support/memory-views.ts";

let database: FreshDatabase;
let api: TestApi;
let views: Views;
let plain: Views;

const keys = createKeys(newKeyRing());

const regions = ["east", "north", "unknown", null] as const;
const products = ["card", "loan"] as const;

/** A customer with two lines whose facts depend on the number alone; every fourth line has none in view. */
async function register(number: number): Promise<void> {
  const customer = `V-${number}`;
  const bucket = bucketOfCustomer(customer);
  const { ids } = api.world;
  const customerId = ids.derive(bucket, "customer", customer);
  const commands = [0, 1].map((nth) => {
    const lineId = ids.derive(bucket, "line", customer, String(nth));
    const facts = {
      region: regions[(number + nth) % regions.length]!,
      industry: number % 3 === 0 ? "retail" : "catering",
      loanPurpose: nth === 0 ? "consumption" : "business",
      campaign: `c${number % 2}`,
      customerTier: number % 5 === 0 ? null : "standard",
      behaviourScore: number % 7 === 0 ? null : 500 + ((number * 37) % 300),
      daysPastDue: (number * 13) % 200,
      utilisation: (number * 997) % 10_000,
    };
    const body = {
      ...{ customerId, customerReference: customer, lineReference: `V-${number}-${nth}` },
      ...{ portfolio: number % 2 === 0 ? "cards" : "loans", product: products[nth]! },
      ...{ jurisdiction: "cn", currency: number % 6 === 0 ? "USD" : "CNY", language: "zh" },
      ...{ limitMinor: 100_000 * (1 + (number % 4)), drawnMinor: 10_000 * number, pendingMinor: 0 },
      ...{ status: number % 9 === 0 ? "frozen" : "active", openedOn: null, asOf: businessDay },
      ...{ facts: number % 4 === 3 ? {} : facts },
      identity: nth === 0 ? { name: `Person ${number}`, phone: `138 0000 ${1000 + number}` } : {},
    };
    const actor = serviceActor("test");
    return { id: ids.fresh(), kind: "RegisterLine", subject: lineId, actor, cause: lineId, body };
  });
  for (const result of await transact(api.world, bucket, commands)) {
    if ("refusal" in result) throw new Error(result.refusal.detail.en);
  }
}

beforeAll(async () => {
  database = await freshDatabase();
  const { db } = database;
  const store = postgresStore(db, keys);
  views = viewsIn(db, keys);
  plain = memoryViews(store);
  const identity = sqlIdentityRows(db);
  api = await testApi({ store, views, identity, replies: sqlReplyBook(db) });
  for (let number = 0; number < 24; number += 1) await register(number);
  for (let number = 0; number < 6; number += 1) {
    await plant(api.world, `P-${number}`, number % 2 === 0 ? "cards" : "loans");
  }
});

afterAll(async () => {
  await api.app.close();
  await database.close();
});

/** All rows, page by page. */
async function walk<Row>(
  read: (page: PageRequest) => Promise<Page<Row>>,
  limit: number,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<Row> = await read({ after, limit });
    all.push(...page.rows);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    if (page.next === null) return all;
    after = page.next;
  }
}

const scopes: readonly RowScope[] = [{}, { portfolios: ["cards"] }, { portfolios: [] }];

const filters: readonly LineFilter[] = [
  ...scopes,
  { region: "east" },
  { region: "unknown" },
  { industry: "retail", tier: "standard" },
  { tier: "unknown" },
  { delinquency: "M2" },
  { delinquency: "unknown" },
  { scoreFrom: 560, scoreTo: 700 },
  { product: "loan", loanPurpose: "business", campaign: "c1" },
  { status: "frozen" },
  { portfolio: "loans", portfolios: ["cards"] },
  { startsWith: "V-1" },
  { reference: "V-3-1" },
];

test("lists of lines hold what the filter says, in every order, whatever the size of a page", async () => {
  for (const filter of filters) {
    const sorts = [null, ...lineSorts.map((by) => ({ by, descending: by.length % 2 === 0 }))];
    for (const sort of sorts) {
      const wanted = await walk((page) => plain.lines(page, filter, sort), 1_000);
      const found = await walk((page) => views.lines(page, filter, sort), 7);
      expect([filter, sort, found.map(({ line }) => line.reference)]).toEqual([
        ...[filter, sort, wanted.map(({ line }) => line.reference)],
      ]);
      expect(found).toEqual(wanted);
    }
  }
});

test("both directions of an order hold the same lines, with unknown values last in both", async () => {
  const scores = async (descending: boolean) =>
    (await walk((page) => views.lines(page, {}, { by: "score", descending }), 9)).map(
      ({ profile }) => profile?.score ?? null,
    );
  const [up, down] = [await scores(false), await scores(true)];
  const known = up.filter((score) => score !== null);
  expect(known).toEqual(known.toSorted((left, right) => left - right));
  expect(down.slice(0, known.length)).toEqual(known.toReversed());
  expect(new Set([...up.slice(known.length), ...down.slice(known.length)])).toEqual(
    new Set([null]),
  );
});

test("the overview counts what the lists show", async () => {
  for (const scope of scopes) {
    for (const filter of [scope, { ...scope, portfolio: "cards" }]) {
      expect([filter, await views.overview(filter, businessNow)]).toEqual([
        ...[filter, await plain.overview(filter, businessNow)],
      ]);
    }
  }
});

test("work that waits is counted for who may do it and nobody else", async () => {
  const roles = ["reviewer", "approver", "compliance", "analyst"] as const;
  for (const role of roles) {
    for (const scope of scopes) {
      const asker = { actor: { id: "zoe", roles: [role] }, scope, now: businessNow };
      expect([role, scope, await views.work(asker)]).toEqual([
        ...[role, scope, await plain.work(asker)],
      ]);
    }
  }
  const maker = { actor: { id: "ann", roles: ["reviewer"] }, scope: {}, now: businessNow } as const;
  expect((await views.work(maker)).reviewsToDecide.count).toBe(0);
});

test("decisions and review cases are found by action, reason, time and who may act", async () => {
  const { reads } = api.world.store;
  const page = { after: null, limit: 100 };
  const { rows: all } = await reads.decisions(page, {});
  const newest = await walk((one) => reads.decisions({ ...one, newestFirst: true }, {}), 3);
  expect(newest.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toReversed());
  const [one] = all;
  const reason = one!.record.assessment.reasons[0]?.code;
  const found = async (filter: Parameters<typeof reads.decisions>[1]) =>
    (await reads.decisions(page, filter)).rows.length;
  expect(await found({ action: "decrease" })).toBe(all.length);
  expect(await found({ action: "close" })).toBe(0);
  expect(await found({ reason: reason ?? "R01" })).toBe(reason === undefined ? 0 : all.length);
  expect(await found({ reason: "R15" })).toBe(0);
  expect(await found({ madeFrom: businessNow })).toBe(all.length);
  expect(await found({ madeBefore: businessNow })).toBe(0);
  const workableBy = { id: "zoe", roles: ["reviewer"] } as const;
  expect((await reads.reviews(page, { workableBy })).rows).toHaveLength(all.length);
  const touched = { ...workableBy, id: "ann" };
  expect((await reads.reviews(page, { workableBy: touched })).rows).toHaveLength(0);
});

test("a profile follows the newest facts and never an older date", async () => {
  const customer = "V-1";
  const bucket = bucketOfCustomer(customer);
  const lineId: Id = api.world.ids.derive(bucket, "line", customer, "0");
  const before = await views.profile(lineId);
  const signal = (id: string, region: string) => ({
    ...{ id: api.world.ids.fresh(), kind: "RecordSignal", subject: lineId, cause: lineId },
    actor: serviceActor("test"),
    body: { source: "test", id, type: "facts", asOf: businessDay, facts: { region } },
  });
  await transact(api.world, bucket, [signal("a", "south"), signal("b", "west")]);
  expect(await views.profile(lineId)).toEqual({ ...before, region: "west" });
  expect(await plain.profile(lineId)).toEqual({ ...before, region: "west" });
});

test("customers are found by references and by equal personal data, and only within the scope", async () => {
  const page = { after: null, limit: 50 };
  const found = async (filter: Parameters<Views["customers"]>[1]) =>
    (await views.customers(page, filter)).rows.map(({ reference }) => reference);
  expect(await found({ reference: "V-2" })).toEqual(["V-2"]);
  expect(await found({ lineReference: "V-5-1" })).toEqual(["V-5"]);
  expect(await found({ identity: { field: "phone", text: "13800001005" } })).toEqual(["V-5"]);
  expect(await found({ identity: { field: "name", text: " person  5" } })).toEqual(["V-5"]);
  expect(await found({ identity: { field: "phone", text: "13800009999" } })).toEqual([]);
  expect(await found({ reference: "V-5", portfolios: ["cards"] })).toEqual([]);
  // V-mixed has a line in each portfolio, and is found by that which the scope reaches.
  await tie("V-mixed", ["V-4", "V-5"], ["cards", "loans"]);
  expect(await found({ lineReference: "V-mixed-loans", portfolios: ["loans"] })).toEqual([
    "V-mixed",
  ]);
  expect(await found({ lineReference: "V-mixed-loans", portfolios: ["cards"] })).toEqual([]);
  const all = await walk((one) => views.customers(one, {}), 5);
  const wanted = await walk((one) => plain.customers(one, {}), 1_000);
  expect(all).toEqual(wanted);
});

test("a customer shows the lines that the scope reaches, and personal data open again", async () => {
  const bucket = bucketOfCustomer("V-4");
  const id = api.world.ids.derive(bucket, "customer", "V-4");
  expect(await views.customer(id, {})).toEqual(await plain.customer(id, {}));
  expect(await views.customer(id, { portfolios: ["loans"] })).toBeNull();
  expect(await views.identity(id)).toEqual({ name: "Person 4", phone: "138 0000 1004" });
  // The same that a notice is addressed by.
  expect(await readRecipient(database.db, keys, id)).toEqual({
    ...{ reference: "V-4", language: "zh" },
    identity: { name: "Person 4", phone: "138 0000 1004" },
  });
  const stranger = api.world.ids.derive(1, "customer", "nobody");
  expect(await readRecipient(database.db, keys, stranger)).toBeNull();
  await database.db.execute("delete from customer_key where customer_id = $1", [id]);
  expect(await views.identity(id)).toBeNull();
});

test("ties are shown only to customers that the scope reaches", async () => {
  const id = await tie("V-tied", ["V-4", "V-5"], ["cards"]);
  const links = async (scope: RowScope) =>
    (await views.customer(id, scope))?.links.map(({ reference }) => reference);
  expect(await links({})).toEqual(["V-4", "V-5"]);
  expect(await links({ portfolios: ["cards", "loans"] })).toEqual(["V-4", "V-5"]);
  expect(await links({ portfolios: ["cards"] })).toEqual(["V-4"]);
});

/** A customer tied to others, with a line in each of some portfolios; his id. */
async function tie(
  customer: string,
  others: readonly string[],
  portfolios: readonly string[],
): Promise<Id> {
  const { ids } = api.world;
  const bucket = bucketOfCustomer(customer);
  const customerId = ids.derive(bucket, "customer", customer);
  const links = others.map((other) => ({
    ...{ kind: "guarantor", customerReference: other },
    customerId: ids.derive(bucketOfCustomer(other), "customer", other),
  }));
  const commands = portfolios.map((portfolio) => {
    const subject = ids.derive(bucket, "line", customer, portfolio);
    const body = {
      ...{ customerId, customerReference: customer, lineReference: `${customer}-${portfolio}` },
      ...{ portfolio, product: "card", jurisdiction: "cn", currency: "CNY", language: "zh" },
      ...{ limitMinor: 100, drawnMinor: 0, pendingMinor: 0, status: "active", openedOn: null },
      ...{ asOf: businessDay, facts: {}, identity: {}, links },
    };
    const actor = serviceActor("test");
    return { id: ids.fresh(), kind: "RegisterLine", subject, actor, cause: subject, body };
  });
  for (const result of await transact(api.world, bucket, commands)) {
    if ("refusal" in result) throw new Error(result.refusal.detail.en);
  }
  return customerId;
}

test("what happened since is read of the buckets that moved, and nothing else", async () => {
  const before = await views.places();
  const planted = await plant(api.world, "P-late", "cards");
  const now = await views.places();
  const moved = new Map([...before].filter(([bucket, seq]) => now.get(bucket)! > seq));
  expect([...moved.keys()]).toEqual([bucketOfCustomer("P-late")]);
  const events = await views.eventsSince(moved, 100);
  expect(events).toEqual(await plain.eventsSince(moved, 100));
  expect(new Set(events.map(({ lineId }) => lineId))).toEqual(new Set([planted.lineId]));
  expect(await views.eventsSince(moved, 1)).toHaveLength(1);
  const history = await views.history([planted.lineId], null, 2);
  expect(history).toEqual(await plain.history([planted.lineId], null, 2));
  expect(await views.history([planted.lineId], null, 9, "LineRegistered")).toHaveLength(1);
});

test("this database holds no demo data and no sweep", async () => {
  expect(await views.demo()).toBe(false);
  expect(await views.sweepsGoing()).toEqual([]);
});

test("a notice that nobody could deliver waits for somebody as long as its decision stands", async () => {
  const asker = {
    actor: { id: "zoe", roles: ["compliance"] },
    scope: {},
    now: businessNow,
  } as const;
  const { decisionId, reviewId } = await plant(api.world, "P-bounced", "cards");
  const bucket = bucketOfCustomer("P-bounced");
  const { ids, store } = api.world;
  const tell = async (kind: string, subject: Id, body = {}, roles = ["service"] as Role[]) => {
    const actor = { id: "zoe", roles, scope: { kind: "all" } } as const;
    const command = { id: ids.fresh(), kind, subject, actor, cause: decisionId, body };
    const [result] = await transact(api.world, bucket, [command]);
    expect(result).not.toHaveProperty("refusal");
  };
  const waiting = async (): Promise<number> => {
    expect(await views.work(asker)).toEqual(await plain.work(asker));
    return (await views.work(asker)).noticesEscalated.count;
  };
  await tell("Approve", reviewId, {}, ["reviewer"]);
  const noticeId = (await store.reads.decision(decisionId))!.noticeId!;
  const comeBack = async (): Promise<void> => {
    const delivery = (await store.reads.notice(noticeId))!.deliveries.at(-1)!.id;
    const answer = { result: "bounced", because: "moved away", permanent: true };
    await tell("RecordDelivery", noticeId, { delivery, ...answer });
  };
  await comeBack();
  expect(await waiting()).toBe(1);
  await tell("Redeliver", decisionId, {}, ["compliance"]);
  expect(await waiting()).toBe(0);
  await database.db.execute("update decision set state = 'executed' where id = $1", [decisionId]);
  await comeBack();
  expect(await waiting()).toBe(1);
  await database.db.execute("update decision set state = 'withdrawn' where id = $1", [decisionId]);
  expect(await waiting()).toBe(0);
});

test("an alert waits for everybody until somebody takes it, and then for its owner", async () => {
  const asker = { actor: { id: "zoe", roles: ["operator"] }, scope: {}, now: businessNow } as const;
  const { lineId } = await plant(api.world, "P-alert", "cards");
  const bucket = bucketOfCustomer("P-alert");
  const { ids, store } = api.world;
  const tell = async (kind: string, subject: Id, body: object, by: Actor) => {
    const command = {
      id: ids.fresh(),
      kind,
      subject,
      actor: by,
      cause: subject,
      body: { ...body },
    };
    const [result] = await transact(api.world, bucket, [command]);
    expect(result).not.toHaveProperty("refusal");
  };
  const waiting = async () => {
    const work = await views.work(asker);
    expect(work).toEqual(await plain.work(asker));
    return [work.alertsOpen.count, work.alertsMine.count];
  };
  const [open = 0, mine = 0] = await waiting();
  const related = { asOf: businessDay, daysPastDue: 40, told: 20, withoutLine: 0, atMost: 20 };
  await tell("RecordRelated", lineId, { ...related, beyond: 3 }, serviceActor("test"));
  expect(await waiting()).toEqual([open + 1, mine]);
  const { rows } = await store.reads.alerts({ after: null, limit: 20 }, { lineId });
  const zoe: Actor = { id: "zoe", roles: ["operator"], scope: { kind: "all" } };
  await tell("TakeAlert", rows[0]!.id, {}, zoe);
  expect(await waiting()).toEqual([open, mine + 1]);
  const elsewhere = { ...asker, scope: { portfolios: ["loans"] } };
  expect((await views.work(elsewhere)).alertsMine.count).toBe(0);
  await tell("CloseAlert", rows[0]!.id, { reason: "Called the customer" }, zoe);
  expect(await waiting()).toEqual([open, mine]);
});
