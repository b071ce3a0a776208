// Windows, held waves and emergency profiles over the API: who may, what is refused, and that a lost answer is found again
// under its key.

import { beforeEach, expect, test } from "vitest";
import { businessDay, memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";
import { strategyDocument } from "../support/strategy-document.ts";

let api: TestApi;
let sweepId: string;
let version: number;

beforeEach(async () => {
  api = await testApi(memoryParts());
  const { dependencies, first, world } = api;
  const actor = { id: "ann", roles: ["analyst"], scope: { kind: "all" } } as const;
  await dependencies.strategies.add(strategyDocument(), actor, {});
  const [stored] = await world.store.strategies.list();
  version = stored!.version;
  sweepId = (await world.store.reads.decision(first.decisionId))!.causeId;
  await dependencies.portfolio.sweeps.start({
    ...{ id: sweepId, asOf: businessDay, portfolio: "cards", dailyCapMinor: null },
    strategy: { id: stored!.id, version: stored!.version, hash: stored!.hash },
    ...{ experiment: null, shadows: [], emergency: null },
    ...{ state: "cancelled", pausedBy: null, maker: "ann", finishedAt: null },
    ...{ knownAt: await world.clock.now(), startedAt: await world.clock.now() },
    counts: await dependencies.portfolio.sweeps.counts(sweepId),
  });
});

test("a window is tried, set once under its key, listed and lifted with a reason", async () => {
  const { app, keys } = api;
  const body = {
    ...{ event: "Flood", from: businessDay, to: businessDay, regions: ["east"] },
    ...{ exempt: ["fraud"], reason: "Relief" },
  };
  const post = { method: "POST", url: "/v1/blackouts", key: keys.operator } as const;
  expect((await call(app, { ...post, key: keys.auditor, body })).statusCode).toBe(403);
  const dry = await call(app, { ...post, body: { ...body, dryRun: true } });
  expect([dry.statusCode, dry.json<{ dryRun: boolean }>().dryRun]).toEqual([200, true]);
  const set = await call(app, { ...post, body, idempotencyKey: "set-the-window" });
  expect(set.statusCode).toBe(201);
  const again = await call(app, { ...post, body, idempotencyKey: "set-the-window" });
  expect(again.body).toBe(set.body);
  const list = await call(app, { url: "/v1/blackouts", key: keys.auditor });
  expect(list.json()).toMatchObject({ data: [{ event: "Flood", lifted: null }], next: null });
  const { id } = set.json<{ id: string }>();
  const lift = { method: "POST", url: `/v1/blackouts/${id}/lift`, key: keys.operator } as const;
  const lifted = await call(app, { ...lift, body: { reason: "Over" } });
  expect(lifted.json()).toMatchObject({ lifted: { because: "Over" } });
  const late = await call(app, { ...lift, body: { reason: "Over" } });
  expect([late.statusCode, problemCode(late)]).toEqual([409, "already-resolved"]);
  const backwards = await call(app, { ...post, body: { ...body, to: "2020-01-01" } });
  expect([backwards.statusCode, problemCode(backwards)]).toEqual([422, "invalid"]);
});

test("a wave is held, stands on the start page, and is released by another person", async () => {
  const { app, keys } = api;
  const hold = { method: "POST", url: `/v1/sweeps/${sweepId}/hold-wave` } as const;
  const held = await call(app, { ...hold, key: keys.compliance, body: { reason: "Press" } });
  expect(held.json()).toMatchObject({ sweepId, held: { reason: "Press" }, watch: { days: 14 } });
  const work = await call(app, { url: "/v1/work", key: keys.operator });
  const { items } = work.json<{ items: { kind: string; count: number }[] }>();
  expect(items).toContainEqual(expect.objectContaining({ kind: "waves-held", count: 1 }));
  expect(items.map(({ kind }) => kind)).not.toContain("halts");
  const release = { method: "POST", url: `/v1/sweeps/${sweepId}/release-wave` } as const;
  const body = { reason: "Answered" };
  const own = await call(app, { ...release, key: keys.compliance, body });
  expect([own.statusCode, problemCode(own)]).toEqual([403, "maker-is-checker"]);
  const released = await call(app, { ...release, key: keys.operator, body });
  expect(released.json()).toMatchObject({ held: null });
  const read = await call(app, { url: `/v1/sweeps/${sweepId}/wave`, key: keys.auditor });
  expect(read.json()).toMatchObject({ told: 0, complaints: 0, held: null });
});

test("an emergency profile of a strategy that is not agreed to is refused, and nobody starts what is not there", async () => {
  const { app, keys } = api;
  const body = {
    ...{ name: "Flood", strategy: strategyDocument()["id"], version, reason: "Committee" },
    ...{ dailyCap: { amount: 1_000_000, currency: "CNY" }, validUntil: businessDay },
  };
  const post = { method: "POST", url: "/v1/emergency-profiles", key: keys.operator } as const;
  const refused = await call(app, { ...post, body });
  expect([refused.statusCode, problemCode(refused)]).toEqual([409, "strategy-inactive"]);
  const list = await call(app, { url: "/v1/emergency-profiles", key: keys.auditor });
  expect(list.json()).toEqual({ data: [], next: null });
  const start = `/v1/emergency-profiles/${sweepId}/start`;
  const none = await call(app, { ...post, url: start, body: { reason: "Dam broken" } });
  expect([none.statusCode, problemCode(none)]).toEqual([404, "not-found"]);
});
