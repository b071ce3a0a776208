// Experiments and comparisons over the API: written down by one, approved by another, and looked at by staff.

import { beforeAll, describe, expect, test } from "vitest";
import { runSweep } from "../../src/portfolio/sweep.ts";
import { businessDay, memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";
import { storeActive, storeCutting } from "../support/experiments.ts";

let api: TestApi;

beforeAll(async () => {
  const parts = memoryParts();
  api = await testApi(parts);
  await storeActive(api);
  await storeCutting(api, 2, "0.10");
});

const draft = {
  id: "q1",
  arms: [
    { name: "champion", strategy: { id: "consumer-cn" }, shareBp: 8_500 },
    { name: "mild", strategy: { id: "consumer-cn", version: 2 }, shareBp: 1_000 },
    { name: "holdout", shareBp: 500 },
  ],
  shadows: [{ id: "consumer-cn", version: 2 }],
  actOn: ["R08C"],
};

const create = (body: unknown, query = ""): Call => ({
  ...{ method: "POST", url: `/v1/experiments${query}`, key: api.keys.analyst, body },
});

const step = (verb: string, key: string, body: unknown = {}): Call => ({
  ...{ method: "POST", url: `/v1/experiments/q1/${verb}`, key, body },
});

const read = (url: string): Call => ({ method: "GET", url, key: api.keys.auditor });

describe("an experiment over the API", () => {
  test("is checked, written down once under its key, and refused with what is wrong", async () => {
    const { app } = api;
    const dry = await call(app, create(draft, "?dryRun=true"));
    expect(dry.statusCode).toBe(200);
    expect(dry.json()).toMatchObject({ state: "draft", movedBp: 1_500, running: null });
    expect(await api.world.store.strategies.list()).toHaveLength(2);
    expect((await call(app, read("/v1/experiments/q1"))).statusCode).toBe(404);
    const first = await call(app, { ...create(draft), idempotencyKey: "create-q1" });
    const again = await call(app, { ...create(draft), idempotencyKey: "create-q1" });
    expect([first.statusCode, again.statusCode, again.body]).toEqual([201, 201, first.body]);
    expect(problemCode(await call(app, create(draft)))).toBe("already-exists");
    const half = { ...draft, id: "q2", arms: draft.arms.slice(0, 2) };
    const refused = await call(app, create(half));
    expect([refused.statusCode, problemCode(refused)]).toEqual([422, "invalid"]);
    expect(refused.body).toContain("shares that sum to 9500");
  });

  test("is approved, started, shown and ended", async () => {
    const { app, keys } = api;
    expect(problemCode(await call(app, step("start", keys.analyst)))).toBe("wrong-state");
    expect((await call(app, step("approve", keys.analyst))).statusCode).toBe(403);
    expect((await call(app, step("approve", keys.approver))).json()).toMatchObject({
      state: "approved",
    });
    expect((await call(app, step("start", keys.analyst))).json()).toMatchObject({
      state: "running",
      arms: [{ name: "champion" }, { name: "mild" }, { name: "holdout" }],
    });
    const listed = (await call(app, read("/v1/experiments?state=running"))).json();
    expect(listed).toMatchObject({ data: [{ id: "q1", area: "limit-decrease" }], next: null });
    const table = await call(app, read("/v1/experiments?format=csv"));
    expect(table.body).toContain("champion 85%; mild 10%; holdout 5%");
  });

  test("a sweep under it is compared with the shadow, and the lines behind are listed", async () => {
    const { app, keys, world } = api;
    const body = { strategy: "consumer-cn", asOf: businessDay };
    const started = await call(app, {
      ...{ method: "POST", url: "/v1/sweeps", key: keys.operator, body },
    });
    expect(started.json()).toMatchObject({
      experiment: "q1",
      shadows: [{ id: "consumer-cn", version: 2 }],
    });
    const { id } = started.json<{ id: string }>();
    await runSweep(world, api.dependencies.portfolio, id, {
      ...{ owner: "test", stop: () => false, pause: async () => undefined },
      onProgress: () => undefined,
    });
    const compared = await call(app, read(`/v1/sweeps/${id}/comparison`));
    expect(compared.json()).toMatchObject({
      live: { version: 1 },
      shadow: { version: 2 },
      swaps: { in: { lines: 0 } },
    });
    const lines = await call(app, read(`/v1/sweeps/${id}/comparison/lines?swap=in`));
    expect(lines.json()).toEqual({ data: [], next: null });
    const unknown = `/v1/sweeps/${id}/comparison?strategy=consumer-cn&version=9`;
    expect((await call(app, read(unknown))).statusCode).toBe(404);
    const none = "/v1/sweeps/00000000-0000-8000-8000-000000000000/comparison";
    expect((await call(app, read(none))).statusCode).toBe(404);
    const ended = await call(app, step("end", keys.approver, { reason: "Done" }));
    expect(ended.json()).toMatchObject({ state: "ended" });
    expect(problemCode(await call(app, step("end", keys.approver, { reason: "x" })))).toBe(
      "already-resolved",
    );
  });

  test("a borrower cannot look for decisions by experiment", async () => {
    const asked = read("/v1/decisions?experiment=q1");
    const refused = await call(api.app, { ...asked, key: api.keys.borrower });
    expect(refused.statusCode).toBe(403);
  });
});
