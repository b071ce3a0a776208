// Strategies, sweeps, stop switches and lists over the API.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { readYamlFile } from "../../src/adapters/files/strategy-file.ts";
import {
  businessDay,
  businessNow,
  memoryParts,
  plant,
  testApi,
  type TestApi,
} from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";

type Json = Record<string, unknown>;

let api: TestApi;
let document: Json;

beforeAll(async () => {
  api = await testApi(memoryParts());
  const folder = fileURLToPath(new URL("../../strategies/consumer-cn", import.meta.url));
  const file = await readYamlFile(join(folder, "strategy.yaml"));
  if ("problems" in file) throw new Error(file.problems[0]?.message.en);
  document = file.value as Json;
});

const add = (body: unknown): Call => ({
  ...{ method: "POST", url: "/v1/strategies", key: api.keys.analyst, body },
});

test("a faulty strategy is refused with a pointer for each problem", async () => {
  const faulty = { ...document, currency: "XXX", surprise: true };
  const response = await call(api.app, add(faulty));
  expect([response.statusCode, problemCode(response)]).toEqual([422, "invalid"]);
  const { errors } = response.json<{ errors: { pointer: string; detail: string }[] }>();
  expect(errors.map((error) => error.pointer)).toEqual(
    expect.arrayContaining(["/currency", "/surprise"]),
  );
  const zh = await call(api.app, { ...add(faulty), headers: { "accept-language": "zh" } });
  expect(zh.json<{ errors: { detail: string }[] }>().errors[0]?.detail).toMatch(/\p{Script=Han}/u);
});

test("a strategy is checked, added once, and approved by somebody else on exactly its bytes", async () => {
  const { app, keys } = api;
  const { id, version } = document as Readonly<{ id: string; version: number }>;
  const dry = await call(app, { ...add(document), url: "/v1/strategies?dryRun=true" });
  expect(dry.statusCode).toBe(200);
  expect(await api.world.store.strategies.list()).toEqual([]);

  const added = await call(app, { ...add(document), idempotencyKey: "add-strategy-1" });
  expect(added.statusCode).toBe(201);
  const again = await call(app, { ...add(document), idempotencyKey: "add-strategy-1" });
  expect([again.statusCode, again.body]).toEqual([201, added.body]);
  const twice = await call(app, add(document));
  expect(twice.statusCode).toBe(200);
  const other = await call(app, {
    ...add({ ...document, label: { zh: "另一", en: "Another" } }),
    idempotencyKey: "add-strategy-1",
  });
  expect(problemCode(other)).toBe("key-reused");

  const url = `/v1/strategies/${id}/${version}`;
  const read = await call(app, { url, key: keys.auditor });
  expect(read.json()).toMatchObject({ state: "submitted", document: { id, version } });
  const approve: Call = { method: "POST", url: `${url}/approve`, key: keys.approver, body: {} };
  const stale = await call(app, { ...approve, headers: { "if-match": '"0000"' } });
  expect([stale.statusCode, problemCode(stale)]).toEqual([412, "version-changed"]);
  const tag = String(read.headers["etag"]);
  const approved = await call(app, { ...approve, headers: { "if-match": tag } });
  expect(approved.json()).toMatchObject({ state: "active" });
  const resolved = await call(app, approve);
  expect([resolved.statusCode, problemCode(resolved)]).toEqual([409, "already-resolved"]);
});

test("nobody approves what he wrote himself", async () => {
  const key = await api.keyFor(["analyst", "approver"], { kind: "all" }, "both");
  const next = { ...document, version: 2 };
  expect((await call(api.app, { ...add(next), key })).statusCode).toBe(201);
  const url = `/v1/strategies/${String(document["id"])}/2/approve`;
  const response = await call(api.app, { method: "POST", url, key, body: {} });
  expect([response.statusCode, problemCode(response)]).toEqual([403, "maker-is-checker"]);
});

test("a version is kept as a draft, submitted, approved for a later day, retired and restored", async () => {
  const { app, keys } = api;
  const id = String(document["id"]);
  const url = `/v1/strategies/${id}`;
  const move = async (step: string, body: Json, key: string) => {
    const done = await call(app, { method: "POST", url: `${url}/${step}`, key, body });
    return [done.statusCode, done.statusCode === 200 ? done.json<Json>() : problemCode(done)];
  };
  const draft = { ...add({ ...document, version: 7 }), url: "/v1/strategies?draft=true" };
  expect((await call(app, draft)).json()).toMatchObject({ state: "draft", version: 7 });
  expect(await move("7/approve", {}, keys.approver)).toEqual([409, "wrong-state"]);
  expect(await move("7/submit", {}, keys.analyst)).toMatchObject([200, { state: "submitted" }]);
  const effectiveOn = "2999-01-01";
  expect(await move("7/approve", { effectiveOn }, keys.approver)).toMatchObject([
    200,
    { state: "approved", effectiveOn },
  ]);
  expect((await move("7/retire", {}, keys.approver))[0]).toBe(422);
  const reason = "Not wanted";
  expect(await move("7/retire", { reason }, keys.analyst)).toEqual([403, "forbidden"]);
  expect(await move("7/retire", { reason }, keys.approver)).toMatchObject([
    200,
    { state: "retired" },
  ]);
  expect(await move("7/restore", { reason }, keys.analyst)).toMatchObject([
    200,
    { version: 8, state: "submitted", restores: 7 },
  ]);
  const diff = await call(app, { url: `${url}/8/diff?since=7`, key: keys.auditor });
  expect(diff.json()).toEqual({
    data: [
      {
        ...{ path: "version", kind: "changed", before: 7, after: 8 },
        text: { en: "Version: 7 → 8", zh: "版本：7 → 8" },
      },
    ],
  });
  const unknown = await call(app, { url: `${url}/8/diff?since=99`, key: keys.auditor });
  expect(unknown.statusCode).toBe(404);
  const history = await call(app, { url: `${url}/history`, key: keys.auditor });
  const { data } = history.json<{ data: readonly Json[] }>();
  expect(data.filter(({ version }) => version === 7).map(({ state }) => state)).toEqual([
    ...["draft", "submitted", "approved", "retired"],
  ]);
  expect(data.at(-1)).toMatchObject({ version: 8, state: "submitted", reason });
  const none = await call(app, { url: "/v1/strategies/none/history", key: keys.auditor });
  expect(none.statusCode).toBe(404);
});

const start = (body: Json, key = api.keys.operator): Call => ({
  ...{ method: "POST", url: "/v1/sweeps", key },
  body: { strategy: document["id"], asOf: businessDay, ...body },
});

test("a sweep is previewed with nothing stored, started once, and watched", async () => {
  const { app, keys } = api;
  const dry = await call(app, start({ dryRun: true }));
  expect([dry.statusCode, dry.json()]).toMatchObject([
    200,
    { dryRun: true, counts: { planned: 2 } },
  ]);
  expect((await call(app, { url: "/v1/sweeps", key: keys.auditor })).json()).toMatchObject({
    data: [],
  });

  const dailyCap = { amount: 5_000_000, currency: "CNY" };
  const started = await call(app, { ...start({ dailyCap }), idempotencyKey: "sweep-key-1" });
  expect(started.statusCode).toBe(202);
  expect(started.json()).toMatchObject({ state: "assessing", dailyCap });
  const { id } = started.json<{ id: string }>();
  expect(started.headers["location"]).toBe(`/v1/sweeps/${id}`);
  const again = await call(app, { ...start({ dailyCap }), idempotencyKey: "sweep-key-1" });
  expect([again.statusCode, again.body]).toEqual([202, started.body]);
  const goingOn = await call(app, start({ dailyCap }));
  expect(goingOn.json()).toMatchObject({ id });
  for (const other of [{}, { dailyCap, portfolio: "cards" }]) {
    const refused = await call(app, start(other));
    expect([refused.statusCode, problemCode(refused)]).toEqual([409, "already-exists"]);
  }
  const read = await call(app, { url: `/v1/sweeps/${id}`, key: keys.auditor });
  expect(read.json()).toMatchObject({ id, maker: (await api.account("operator")).id });
});

test("a start whose answer was lost opens the same sweep again, also when that was cancelled since", async () => {
  const lost = memoryParts();
  let kill = false;
  const killedOnce: typeof lost.replies = {
    ...lost.replies,
    settle: async (...answer) => {
      if (!kill) return lost.replies.settle(...answer);
      kill = false;
      throw new Error("killed");
    },
  };
  const own = await testApi({ ...lost, replies: killedOnce });
  const key = own.keys.operator;
  const added = await call(own.app, { ...add(document), key: own.keys.analyst });
  expect(added.statusCode).toBe(201);
  const url = `/v1/strategies/${String(document["id"])}/${String(document["version"])}/approve`;
  const approved = await call(own.app, { method: "POST", url, key: own.keys.approver, body: {} });
  expect(approved.statusCode).toBe(200);
  kill = true;
  const again = { ...start({}, key), idempotencyKey: "sweep-key-lost" };
  expect((await call(own.app, again)).statusCode).toBe(500);
  const [sweep] = await lost.store.sweeps.list(null, 10);
  await lost.store.sweeps.setState(sweep!.id, ["assessing"], "cancelled", businessNow);
  expect((await call(own.app, again)).json()).toMatchObject({ id: sweep!.id, state: "cancelled" });
  expect(await lost.store.sweeps.list(null, 10)).toHaveLength(1);
});

const refusedStarts: readonly Readonly<[string, Json, number, string]>[] = [
  ["an unknown strategy", { strategy: "nothing" }, 404, "not-found"],
  ["a date in the future", { asOf: "2026-03-03" }, 422, "future-date"],
  [
    "a cap in another currency",
    { dailyCap: { amount: 1, currency: "USD" } },
    422,
    "currency-mismatch",
  ],
  ["a negative cap", { dailyCap: { amount: -1, currency: "CNY" } }, 422, "invalid"],
  ["a day that does not exist", { asOf: "2026-02-30" }, 422, "invalid"],
];

test.each(refusedStarts)("a sweep with %s is refused", async (_name, change, status, code) => {
  const response = await call(api.app, start(change));
  expect([response.statusCode, problemCode(response)]).toEqual([status, code]);
});

test("who reaches one portfolio starts and sees sweeps of that portfolio only", async () => {
  const { app } = api;
  const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
  const key = await api.keyFor(["operator"], scope, "cards-operator");
  for (const portfolio of [undefined, "loans"]) {
    const response = await call(app, start(portfolio === undefined ? {} : { portfolio }, key));
    expect([response.statusCode, problemCode(response)]).toEqual([403, "out-of-scope"]);
  }
  const dry = await call(app, start({ portfolio: "cards", dryRun: true }, key));
  expect(dry.json()).toMatchObject({ portfolio: "cards", counts: { planned: 1 } });
  expect((await call(app, { url: "/v1/sweeps", key })).json()).toMatchObject({ data: [] });
});

test("an area is halted with reason and end, shown, and resumed", async () => {
  const { app, keys } = api;
  const url = "/v1/halts";
  const halt: Call = { method: "POST", url, key: keys.compliance };
  const body = { area: "sweep", reason: "wrong facts", expiresAt: "2026-03-03T02:00:00.000Z" };
  const late = await call(app, {
    ...halt,
    body: { ...body, expiresAt: "2026-01-01T00:00:00.000Z" },
  });
  expect([late.statusCode, problemCode(late)]).toEqual([422, "invalid"]);
  const unknown = await call(app, { ...halt, body: { ...body, area: "everything" } });
  expect(unknown.json()).toMatchObject({ code: "invalid", errors: [{ pointer: "/area" }] });
  expect((await call(app, { ...halt, body })).statusCode).toBe(201);
  const listed = await call(app, { url, key: keys.auditor });
  const by = (await api.account("compliance")).id;
  expect(listed.json()).toMatchObject({ data: [{ area: "sweep", reason: "wrong facts", by }] });
  const stopped = await call(app, start({}));
  expect([stopped.statusCode, problemCode(stopped)]).toEqual([423, "halted"]);
  const resume: Call = { method: "DELETE", url: `${url}/sweep`, key: keys.legal };
  expect((await call(app, resume)).statusCode).toBe(204);
  const twice = await call(app, resume);
  expect([twice.statusCode, problemCode(twice)]).toEqual([404, "not-found"]);
});

test("pages walk every row once, in one order, whatever their size", async () => {
  const { app, keys, world } = api;
  for (let made = 0; made < 12; made += 1) await plant(world, `C-page-${made}`, "paged");
  const walk = async (list: string, limit: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    let url: string | null = `${list}limit=${limit}`;
    while (url !== null) {
      const page: { data: { id: string }[]; next: string | null } = (
        await call(app, { url, key: keys.auditor })
      ).json();
      expect(page.data.length).toBeLessThanOrEqual(limit);
      ids.push(...page.data.map((row) => row.id));
      url =
        page.next === null ? null : `${list}limit=${limit}&after=${encodeURIComponent(page.next)}`;
    }
    return ids;
  };
  for (const list of ["/v1/lines?portfolio=paged&", "/v1/decisions?", "/v1/review-cases?"]) {
    const whole = await walk(list, 200);
    expect(new Set(whole).size).toBe(whole.length);
    expect(whole.length).toBeGreaterThanOrEqual(12);
    for (const limit of [1, 5, 12]) expect(await walk(list, limit)).toEqual(whole);
  }
});

test("the timeline is paged by its own order", async () => {
  const url = `/v1/lines/${api.first.lineId}/timeline`;
  const get = async (query: string): Promise<{ data: { seq: number }[]; next: string | null }> =>
    (await call(api.app, { url: `${url}?${query}`, key: api.keys.auditor })).json();
  const whole = await get("limit=200");
  const first = await get("limit=2");
  const rest = await get(`limit=200&after=${first.next}`);
  expect([...first.data, ...rest.data]).toEqual(whole.data);
  expect(rest.next).toBeNull();
  const newest = await get("limit=2&order=newest");
  const older = await get(`limit=200&order=newest&after=${newest.next}`);
  expect([...newest.data, ...older.data]).toEqual(whole.data.toReversed());
  expect(older.next).toBeNull();
});

test("single resources carry their version, lists and resources agree", async () => {
  const { app, keys, first } = api;
  for (const [list, id] of [
    ["lines", first.lineId],
    ["decisions", first.decisionId],
    ["review-cases", first.reviewId],
  ]) {
    const one = await call(app, { url: `/v1/${list}/${id}`, key: keys.auditor });
    const { ver } = one.json<{ ver: number }>();
    expect(one.headers["etag"]).toBe(`"${ver}"`);
    const listed = await call(app, { url: `/v1/${list}?limit=200`, key: keys.auditor });
    const row = listed.json<{ data: { id: string }[] }>().data.find((other) => other.id === id);
    expect(row).toEqual(one.json());
  }
});

test("alive, ready and numbers", async () => {
  expect((await call(api.app, { url: "/healthz" })).json()).toEqual({ alive: true });
  expect((await call(api.app, { url: "/readyz" })).json()).toEqual({ ready: true, missing: [] });
  const metrics = await call(api.app, { url: "/metrics" });
  expect(metrics.headers["content-type"]).toContain("text/plain");
  expect(metrics.body).toContain('route="/v1/lines/:id"');
  expect(metrics.body).not.toContain(api.first.lineId);
});

test("what is missing for being ready is said in words, with 503", async () => {
  const missing = ["database does not answer"];
  const { app } = await testApi(memoryParts(), {}, { ready: async () => missing });
  const response = await call(app, { url: "/readyz" });
  expect([response.statusCode, response.json()]).toEqual([503, { ready: false, missing }]);
  expect((await call(app, { url: "/healthz" })).statusCode).toBe(200);
});
