// Commands over the API: once however often they are sent, refused in the words of the rule, and never on
// something that has changed since it was looked at.

import { beforeEach, expect, test } from "vitest";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";

let api: TestApi;
let approve: Call & Readonly<{ key: string }>;

beforeEach(async () => {
  api = await testApi(memoryParts());
  const url = `/v1/review-cases/${api.first.reviewId}/approve`;
  approve = { method: "POST", url, key: api.keys.reviewer, body: { note: "agreed" } };
});

async function timelineKinds(): Promise<readonly string[]> {
  const events = await api.world.store.reads.timeline(api.first.lineId);
  return events.map((event) => event.kind);
}

test("an approval answers with what happened, under the id of its command", async () => {
  const response = await call(api.app, approve);
  expect(response.statusCode).toBe(200);
  const answer = response.json<{
    commandId: string;
    dryRun: boolean;
    events: { kind: string }[];
  }>();
  expect(answer.events.map((event) => event.kind)).toEqual([
    "ReviewApproved",
    "ReviewResolved",
    "DecisionApproved",
    "NoticeIssued",
  ]);
  expect(answer.dryRun).toBe(false);
  const events = await api.world.store.reads.timeline(api.first.lineId);
  expect(events.at(3)?.cause).toBe(answer.commandId);
});

test("the client may bring the id of its command", async () => {
  const commandId = api.world.ids.fresh();
  const response = await call(api.app, { ...approve, headers: { "command-id": commandId } });
  expect(response.json()).toMatchObject({ commandId });
});

test("twenty posts at once under one key are one effect and twenty equal answers", async () => {
  const idempotencyKey = "approve-once-0001";
  const before = await timelineKinds();
  const responses = await Promise.all(
    Array.from({ length: 20 }, () => call(api.app, { ...approve, idempotencyKey })),
  );
  expect(new Set(responses.map((response) => response.statusCode))).toEqual(new Set([200]));
  expect(new Set(responses.map((response) => response.body)).size).toBe(1);
  expect((await timelineKinds()).length).toBe(before.length + 4);
});

test("the same key with another body, version or target is refused and changes nothing", async () => {
  const idempotencyKey = "approve-once-0002";
  expect((await call(api.app, { ...approve, idempotencyKey })).statusCode).toBe(200);
  const before = await timelineKinds();
  const others: readonly Call[] = [
    { ...approve, idempotencyKey, body: { note: "another" } },
    { ...approve, idempotencyKey, headers: { "if-match": '"1"' } },
    {
      ...approve,
      idempotencyKey,
      url: approve.url.replace("approve", "reject"),
      body: { reason: "no" },
    },
  ];
  for (const other of others) {
    const response = await call(api.app, other);
    expect([response.statusCode, problemCode(response)]).toEqual([422, "key-reused"]);
  }
  expect(await timelineKinds()).toEqual(before);
});

test("two clients may use the same key without meeting", async () => {
  const idempotencyKey = "shared-key-0001";
  expect((await call(api.app, { ...approve, idempotencyKey })).statusCode).toBe(200);
  const other = await call(api.app, { ...approve, key: api.keys.approver, idempotencyKey });
  expect([other.statusCode, problemCode(other)]).toEqual([409, "already-resolved"]);
});

test("a refused request is not remembered: its key works once the reason is gone", async () => {
  const { app, keys, world } = api;
  const idempotencyKey = "retry-after-halt-01";
  const area = { area: "review", reason: "drill", expiresAt: "2026-03-03T00:00:00.000Z" };
  const halt = { method: "POST", url: "/v1/halts", key: keys.operator, body: area } as const;
  expect((await call(app, halt)).statusCode).toBe(201);
  const refused = await call(app, { ...approve, idempotencyKey });
  expect([refused.statusCode, problemCode(refused)]).toEqual([423, "halted"]);
  expect((await world.store.halts.list(await world.clock.now())).length).toBe(1);
  const resume = { method: "DELETE", url: "/v1/halts/review", key: keys.operator } as const;
  expect((await call(app, resume)).statusCode).toBe(204);
  expect((await call(app, { ...approve, idempotencyKey })).statusCode).toBe(200);
});

test("a change without a key or with a malformed one is refused", async () => {
  const missing = await call(api.app, { ...approve, idempotencyKey: null });
  expect([missing.statusCode, problemCode(missing)]).toEqual([400, "key-missing"]);
  const short = await call(api.app, { ...approve, idempotencyKey: "short" });
  expect([short.statusCode, problemCode(short)]).toEqual([400, "malformed"]);
  expect(short.json()).toMatchObject({ errors: [{ in: "header", pointer: "/idempotency-key" }] });
});

test("a dry run says what would happen and leaves nothing behind, not even its key", async () => {
  const idempotencyKey = "dry-run-key-0001";
  const before = await timelineKinds();
  const url = `${approve.url}?dryRun=true`;
  const dry = await call(api.app, { ...approve, url, idempotencyKey });
  expect(dry.json()).toMatchObject({ dryRun: true });
  expect(dry.json<{ events: unknown[] }>().events).toHaveLength(4);
  expect(await timelineKinds()).toEqual(before);
  const real = await call(api.app, { ...approve, idempotencyKey, body: { note: "different" } });
  expect(real.statusCode).toBe(200);
});

test("If-Match with the version that was read lets a change through, an older one is 412", async () => {
  const url = `/v1/review-cases/${api.first.reviewId}`;
  const read = await call(api.app, { url, key: api.keys.reviewer });
  const tag = String(read.headers["etag"]);
  expect(tag).toBe('"1"');
  const refer = {
    ...approve,
    url: `${url}/refer`,
    body: { to: "compliance", reason: "look at this" },
  };
  const first = await call(api.app, { ...refer, headers: { "if-match": tag } });
  expect(first.statusCode).toBe(200);
  const stale = await call(api.app, {
    ...{ ...approve, key: api.keys.compliance },
    headers: { "if-match": tag },
  });
  expect([stale.statusCode, problemCode(stale)]).toEqual([412, "version-changed"]);
  const broken = await call(api.app, { ...approve, headers: { "if-match": "1" } });
  expect([broken.statusCode, problemCode(broken)]).toEqual([400, "malformed"]);
});

test("maker is not checker over the API too", async () => {
  const url = `/v1/review-cases/${api.first.reviewId}`;
  const override = {
    action: "decrease",
    limit: { amount: 800_000, currency: "CNY" },
    reason: "income was confirmed",
    expires: "2026-06-30",
  };
  const made = await call(api.app, { ...approve, url: `${url}/override`, body: override });
  expect(made.statusCode).toBe(200);
  const own = await call(api.app, approve);
  expect([own.statusCode, problemCode(own)]).toEqual([403, "maker-is-checker"]);
  expect((await call(api.app, { ...approve, key: api.keys.approver })).statusCode).toBe(200);
  const decision = await call(api.app, {
    url: `/v1/decisions/${api.first.decisionId}`,
    key: api.keys.auditor,
  });
  expect(decision.json()).toMatchObject({
    outcome: { to: { amount: 800_000, currency: "CNY" } },
    assessment: { outcome: { to: { amount: 600_000, currency: "CNY" } } },
  });
});

test("money in another currency or as a bare number is refused at its place", async () => {
  const url = `/v1/review-cases/${api.first.reviewId}/override`;
  const body = { action: "decrease", reason: "because", expires: "2026-06-30" };
  const bare = await call(api.app, { ...approve, url, body: { ...body, limit: 800_000 } });
  expect([bare.statusCode, problemCode(bare)]).toEqual([422, "invalid"]);
  expect(bare.json()).toMatchObject({
    errors: [{ in: "body", pointer: "/limit", found: "800000" }],
  });
  const limit = { amount: 800_000, currency: "USD" };
  const other = await call(api.app, { ...approve, url, body: { ...body, limit } });
  expect([other.statusCode, problemCode(other)]).toEqual([422, "currency-mismatch"]);
});

test("a command on a row that does not exist is not found", async () => {
  const id = api.world.ids.derive(7, "nothing");
  const url = `/v1/review-cases/${id}/approve`;
  const response = await call(api.app, { ...approve, url });
  expect([response.statusCode, problemCode(response)]).toEqual([404, "not-found"]);
});

test("events in answers and timelines carry money as amount and currency", async () => {
  const url = `/v1/lines/${api.first.lineId}/timeline`;
  const response = await call(api.app, { url, key: api.keys.auditor });
  expect(response.body).not.toContain("Minor");
  expect(response.json()).toMatchObject({
    data: [
      { kind: "LineRegistered", body: { limit: { amount: 1_000_000, currency: "CNY" } } },
      {},
      {},
    ],
  });
});
