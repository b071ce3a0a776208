// The API on PostgreSQL: what holds in memory holds with real rows, locks and connections.

import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlReplyBook } from "../../src/adapters/http/reply-book.ts";
import { sqlIdentityRows } from "../../src/adapters/identity/identity-rows.ts";
import { newKeyRing } from "../../src/adapters/identity/key-ring.ts";
import { createKeys } from "../../src/adapters/identity/keys.ts";
import { postgresStore } from "../../src/adapters/postgres/store.ts";
import { viewsIn } from "../../src/adapters/postgres/views.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { plant, testApi, type Parts, type TestApi } from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";
import { fuzzApi, fuzzSettings } from "../support/api-fuzz.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

let database: FreshDatabase;
let parts: Parts;
let api: TestApi;

beforeAll(async () => {
  database = await freshDatabase();
  const { db } = database;
  const keys = createKeys(newKeyRing());
  parts = {
    store: postgresStore(db, keys),
    views: viewsIn(db, keys),
    identity: sqlIdentityRows(db),
    replies: sqlReplyBook(db),
  };
  api = await testApi(parts);
});

afterAll(async () => {
  await api.app.close();
  await database.close();
});

const approve = (reviewId: string, idempotencyKey?: string): Call => ({
  ...{ method: "POST", url: `/v1/review-cases/${reviewId}/approve`, key: api.keys.reviewer },
  ...{ body: { note: "agreed" }, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
});

test("twenty posts at once under one key are one effect and twenty equal answers", async () => {
  const planted = await plant(api.world, "C-once", "once");
  const asked = approve(planted.reviewId, "approve-once-0001");
  const responses = await Promise.all(Array.from({ length: 20 }, () => call(api.app, asked)));
  expect(new Set(responses.map((response) => response.statusCode))).toEqual(new Set([200]));
  expect(new Set(responses.map((response) => response.body)).size).toBe(1);
  const events = await api.world.store.reads.timeline(planted.lineId);
  expect(events.filter((event) => event.kind === "NoticeIssued")).toHaveLength(1);
  const later = await call(api.app, asked);
  expect(later.body).toBe(responses[0]?.body);
  const other = await call(api.app, { ...asked, body: { note: "another" } });
  expect([other.statusCode, problemCode(other)]).toEqual([422, "key-reused"]);
});

test("two people who approve at once: one does, the other is told who", async () => {
  const planted = await plant(api.world, "C-race", "race");
  const responses = await Promise.all([
    call(api.app, approve(planted.reviewId)),
    call(api.app, { ...approve(planted.reviewId), key: api.keys.approver }),
  ]);
  const codes = responses
    .map((response) => response.statusCode)
    .toSorted((left, right) => left - right);
  expect(codes).toEqual([200, 409]);
  const lost = responses.find((response) => response.statusCode === 409)!;
  expect(problemCode(lost)).toBe("already-resolved");
});

test("the reply book keeps the first answer, tells another request apart, and forgets a release", async () => {
  const { replies } = parts;
  const key = { client: "ann", key: "book-key-1", bodyHash: "one" };
  expect(await replies.claim(key)).toEqual({ bodyHash: "one", answer: null });
  expect(await replies.claim({ ...key, bodyHash: "two" })).toMatchObject({ bodyHash: "one" });
  await replies.release({ ...key, bodyHash: "two" });
  await replies.settle(key, 201, { made: 1 });
  await replies.settle(key, 202, { made: 2 });
  const answer = { status: 201, reply: { made: 1 } };
  expect(await replies.claim(key)).toEqual({ bodyHash: "one", answer });
  await replies.release(key);
  expect(await replies.claim(key)).toEqual({ bodyHash: "one", answer });
  const free = { ...key, key: "book-key-2" };
  await replies.claim(free);
  await replies.release(free);
  expect(await replies.claim({ ...free, bodyHash: "two" })).toEqual({
    bodyHash: "two",
    answer: null,
  });
});

test("accounts, sessions and keys live in their tables", async () => {
  const { accounts, sessions, apiKeys } = api.dependencies;
  const made = await accounts.create({
    ...{ login: "Lena", name: { zh: "莉娜", en: "Lena" }, roles: ["legal", "compliance"] },
    scope: { kind: "portfolios", portfolios: ["cards"] },
    ...{ language: "zh", password: "correct horse battery" },
  });
  if (isRefusal(made)) throw new Error(made.detail.en);
  expect(await accounts.find(made.id)).toEqual(made);
  expect(await accounts.findByLogin("LENA")).toEqual(made);
  expect(await accounts.verify("lena", "correct horse battery")).toEqual(made);
  expect(await accounts.verify("lena", "wrong horse battery")).toBeNull();
  expect((await accounts.list()).map((account) => account.login)).toContain("lena");

  const { token, expiresAt } = await sessions.open(made.id);
  expect(await sessions.find(token)).toEqual({ accountId: made.id, expiresAt });
  api.realTime.at += 5 * 60_000;
  expect(await sessions.find(token)).not.toBeNull();
  api.realTime.at += 16 * 60_000;
  expect(await sessions.clean()).toBe(1);
  expect(await sessions.find(token)).toBeNull();

  const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
  const asked = {
    accountId: made.id,
    roles: ["legal"],
    scope,
    label: "job",
    expiresAt: null,
  } as const;
  const key = await apiKeys.create(asked);
  if (isRefusal(key)) throw new Error(key.detail.en);
  expect(await apiKeys.find(key.text)).toMatchObject({
    accountId: made.id,
    roles: ["legal"],
    scope,
  });
  expect(await apiKeys.listOf(made.id)).toHaveLength(1);
  expect(await apiKeys.revoke(key.prefix)).toBe(true);
  expect(await apiKeys.find(key.text)).toBeNull();
  expect(await accounts.setDisabled(made.id, true)).toMatchObject({ disabled: true });
  expect(await accounts.verify("lena", "correct horse battery")).toBeNull();
});

test("lists are narrowed by scope in the query: pages of a narrow reader are full pages", async () => {
  for (let made = 0; made < 10; made += 1) {
    await plant(api.world, `C-scope-${made}`, made % 2 === 0 ? "even" : "odd");
  }
  const scope = { kind: "portfolios", portfolios: ["even"] } as const;
  const key = await api.keyFor(["auditor"], scope, "even-auditor");
  for (const list of ["lines", "decisions", "review-cases", "customers"]) {
    const page = await call(api.app, { url: `/v1/${list}?limit=4`, key });
    const { data, next } = page.json<{ data: unknown[]; next: string | null }>();
    expect([list, data.length, next !== null]).toEqual([list, 4, true]);
    const rest = await call(api.app, { url: `/v1/${list}?limit=4&after=${next}`, key });
    expect([list, rest.json()]).toMatchObject([list, { next: null, data: [{}] }]);
  }
});

test("a borrower's lists hold what is his", async () => {
  await call(api.app, approve(api.first.reviewId));
  const expected = { lines: api.first.lineId, decisions: api.first.decisionId, notices: null };
  for (const [list, id] of Object.entries(expected)) {
    const response = await call(api.app, { url: `/v1/${list}`, key: api.keys.borrower });
    const { data } = response.json<{ data: { id: string; customerId: string }[] }>();
    expect([list, data.length]).toEqual([list, 1]);
    expect(data[0]?.customerId).toBe(api.first.customerId);
    if (id !== null) expect(data[0]?.id).toBe(id);
  }
});

const settings = fuzzSettings(400);
const replay = `TIDEMARK_FUZZ_SEED=${settings.seed} npx vitest run test/db/api.test.ts`;

test(`no request drawn from the document is answered with 5xx (${replay})`, async () => {
  const seen = await fuzzApi(api, settings);
  expect(seen.get(200) ?? 0).toBeGreaterThan(0);
}, 300_000);
