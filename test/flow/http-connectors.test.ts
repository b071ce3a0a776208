// Sources over the API: how they stand, asking once per key, who is told what, and what it cost.

import { beforeEach, expect, test } from "vitest";
import { wireAsked } from "../../src/adapters/http/wire/connector.ts";
import { serviceActor, type Role } from "../../src/domain/actor.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import type { AskFailure, ConnectorAsk } from "../../src/domain/connector.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { takeSignals } from "../../src/flow/take-signals.ts";
import { call, problemCode } from "../support/api-client.ts";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";

let api: TestApi;

beforeEach(async () => {
  api = await testApi(memoryParts());
  const event = {
    ...{ specversion: "1.0", id: "consent-1", source: "app", type: "tidemark.signal.consent" },
    ...{ subject: "C-first", time: await api.world.clock.now() },
    data: { purpose: "account-review", state: "given" },
  };
  await takeSignals(api.world, serviceActor("test"), [{ event }], { clockSkewMs: 0 });
});

const post = { method: "POST", url: "/v1/connectors/bureau/asks" } as const;
const body = { line: "L-C-first", purpose: "account-review" } as const;

test("asking is once per key, tells its cost and shows in the lists", async () => {
  const { app, keys } = api;
  const asking = { ...post, key: keys.operator, body, idempotencyKey: "ask-once-1" };
  const dry = await call(app, { ...post, key: keys.operator, body: { ...body, dryRun: true } });
  expect(dry.json()).toMatchObject({ outcome: "answered", calls: 1, dryRun: true, answer: null });
  const asked = await call(app, asking);
  expect([asked.statusCode, asked.json()]).toMatchObject([
    200,
    {
      ...{ source: "bureau", outcome: "answered", because: null, calls: 1, dryRun: false },
      ...{ cost: { amount: 150, currency: "CNY" }, answer: { data: { score: 700 } } },
    },
  ]);
  expect((await call(app, asking)).body).toBe(asked.body);
  const list = await call(app, { url: "/v1/connectors", key: keys.auditor });
  expect(list.json()).toMatchObject({
    data: [
      {
        ...{ id: "bureau", asked: "http", personal: true },
        breaker: { state: "closed", until: null, failures: 0 },
        last: { outcome: "answered" },
        today: { asks: 1, calls: 1, cost: { amount: 150 }, ceiling: { amount: 150_000 } },
      },
      { id: "registry", asked: "files", last: null, lastAnsweredAt: null },
    ],
  });
  const one = await call(app, { url: "/v1/connectors/bureau", key: keys.auditor });
  expect(one.json<{ last: object }>().last).not.toHaveProperty("lineId");
  const asks = await call(app, {
    url: "/v1/connectors/bureau/asks?order=newest",
    key: keys.auditor,
  });
  expect(asks.json()).toMatchObject({ data: [{ outcome: "answered", calls: 1 }], next: null });
  const table = await call(app, {
    url: "/v1/connectors/bureau/asks?format=csv",
    key: keys.auditor,
  });
  expect(table.headers["content-type"]).toContain("text/csv");
  expect(table.body).toContain("answered");
  expect(table.body).toContain(",CNY,1.50,");
  const none = await call(app, {
    url: "/v1/connectors/bureau/asks?outcome=none",
    key: keys.auditor,
  });
  expect(none.json()).toEqual({ data: [], next: null });
  const costs = await call(app, { url: "/v1/connector-costs", key: keys.analyst });
  expect(costs.json()).toMatchObject({ data: [{ source: "bureau", asks: 1, calls: 1 }] });
});

test("the values of an answer are for those who may read personal data", async () => {
  const { app, keys } = api;
  const asked = await call(app, { ...post, key: keys.administrator, body });
  expect(asked.json()).toMatchObject({ outcome: "answered", answer: { data: null } });
});

test("so is why an answer was not taken, for that names the value", () => {
  const ask: Omit<ConnectorAsk, "because"> = {
    ...{ id: "019c0000-0000-7000-8000-000000000001", source: "bureau", lineId: "L" },
    ...{ purpose: "account-review", at: "2026-03-02T01:00:00.000Z" as Instant, by: "ann" },
    ...{ on: "2026-03-02" as BusinessDate, outcome: "none", calls: 1, costMinor: 150 },
    ...{ currency: "CNY", tookMs: 1 },
  };
  const detail = { en: "score: found 12", zh: "score 为 12" };
  const told = (because: AskFailure, role: Role) =>
    wireAsked({ ask: { ...ask, because }, answer: null, detail }, { roles: [role] }, false).detail;
  for (const because of ["implausible", "rejected"] as const) {
    expect(told(because, "administrator")).toBeNull();
    expect(told(because, "operator")).toEqual(detail);
  }
  expect(told("down", "administrator")).toEqual(detail);
});

test("a line out of reach is told apart from none neither by id nor by reference", async () => {
  const { app } = api;
  const scope = { kind: "portfolios", portfolios: ["loans"] } as const;
  const key = await api.keyFor(["operator"], scope, "narrow-asker");
  const page = await api.world.store.reads.lines({ after: null, limit: 1 }, {});
  const [{ id, reference }] = page.rows as [CreditLine];
  for (const line of [id, reference]) {
    const answer = await call(app, { ...post, key, body: { ...body, line } });
    expect([answer.statusCode, problemCode(answer)]).toEqual([404, "not-found"]);
    const { detail } = answer.json<{ detail: string }>();
    expect(detail).toContain(line);
    if (line === id) expect(detail).not.toContain(reference);
  }
});

test("what cannot be asked is refused", async () => {
  const { app, keys } = api;
  const refused = async (change: object, key = keys.operator) => {
    const answer = await call(app, { ...post, key, body, ...change });
    return [answer.statusCode, problemCode(answer)];
  };
  expect(await refused({}, keys.analyst)).toEqual([403, "forbidden"]);
  expect(await refused({ url: "/v1/connectors/nobody/asks" })).toEqual([404, "not-found"]);
  expect(await refused({ body: { ...body, line: "L-none" } })).toEqual([404, "not-found"]);
  expect(await refused({ body: { ...body, purpose: "collection" } })).toEqual([422, "invalid"]);
  const missing = await call(app, { url: "/v1/connectors/nobody", key: keys.auditor });
  expect([missing.statusCode, problemCode(missing)]).toEqual([404, "not-found"]);
  const url = "/v1/connector-costs?from=2026-03-02&to=2026-03-01";
  const backwards = await call(app, { url, key: keys.auditor });
  expect([backwards.statusCode, problemCode(backwards)]).toEqual([422, "invalid"]);
});
