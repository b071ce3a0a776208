// Undoing a wave over the API: who may propose and approve it, what it says before and after, and that a lost answer is
// found again under its key.

import { beforeEach, expect, test } from "vitest";
import { businessDay, memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";
import { strategyDocument } from "../support/strategy-document.ts";
import { runUndo } from "../../src/portfolio/wave-undo.ts";
import { undoRun } from "../support/wave-undo.ts";

let api: TestApi;
let sweepId: string;

/** The planted decision counts as made by a sweep that was ended. */
beforeEach(async () => {
  api = await testApi(memoryParts());
  const { dependencies, first, world } = api;
  const document = strategyDocument();
  const actor = { id: "ann", roles: ["analyst"], scope: { kind: "all" } } as const;
  await dependencies.strategies.add(document, actor, {});
  const [stored] = await world.store.strategies.list();
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

function undo(body: Record<string, unknown>, more: Partial<Call> = {}): Call {
  const { operator } = api.keys;
  return { method: "POST", url: `/v1/sweeps/${sweepId}/undo`, key: operator, body, ...more };
}

const reason = "Wrong region in the file";

test("a wave is looked at, proposed, approved by somebody else, and its lines are listed", async () => {
  const { app, keys, dependencies, first, world } = api;
  const dry = await call(app, undo({ reason, dryRun: true }));
  expect(dry.statusCode).toBe(200);
  expect(dry.json()).toMatchObject({
    planned: { withdrawn: 1, restored: 0, amount: { amount: 400_000, currency: "CNY" } },
    examples: [{ lineId: first.lineId, did: "withdrawn", because: null }],
    dryRun: true,
  });
  const proposed = await call(app, undo({ reason }, { idempotencyKey: "undo-the-wave-1" }));
  expect(proposed.statusCode).toBe(201);
  const again = await call(app, undo({ reason }, { idempotencyKey: "undo-the-wave-1" }));
  expect(again.body).toBe(proposed.body);
  const { id } = proposed.json<{ id: string }>();
  const verdict = (how: string, key: string): Call => ({
    ...{ method: "POST", url: `/v1/wave-undos/${id}/${how}`, key, body: {} },
  });
  expect((await call(app, verdict("approve", keys.operator))).statusCode).toBe(403);
  const approved = await call(app, verdict("approve", keys.approver));
  expect(approved.json()).toMatchObject({ state: "running", done: { withdrawn: 0 } });
  const late = await call(app, verdict("reject", keys.compliance));
  expect([late.statusCode, problemCode(late)]).toEqual([409, "already-resolved"]);
  await runUndo(world, dependencies.portfolio, id, undoRun);
  const read = await call(app, { url: `/v1/wave-undos/${id}`, key: keys.auditor });
  expect(read.json()).toMatchObject({ state: "done", done: { withdrawn: 1 } });
  const lines = await call(app, { url: `/v1/wave-undos/${id}/lines`, key: keys.auditor });
  expect(lines.json()).toMatchObject({ data: [{ decisionId: first.decisionId }], next: null });
  const refused = `/v1/wave-undos/${id}/lines?did=refused`;
  expect((await call(app, { url: refused, key: keys.auditor })).json()).toMatchObject({ data: [] });
  const list = await call(app, { url: `/v1/wave-undos?sweep=${sweepId}`, key: keys.auditor });
  expect(list.json()).toMatchObject({ data: [{ id }], next: null });
  const decision = await call(app, { url: `/v1/decisions/${first.decisionId}`, key: keys.auditor });
  expect(decision.json()).toMatchObject({ state: "withdrawn", endedBecause: `wave-undo ${id}` });
});

test("one's own proposal, a filter that meets nothing and no reason are refused", async () => {
  const { app, keys } = api;
  const nothing = await call(app, undo({ reason, region: "nowhere" }));
  expect([nothing.statusCode, problemCode(nothing)]).toEqual([404, "not-found"]);
  const empty = await call(app, undo({ reason: "" }));
  expect([empty.statusCode, problemCode(empty)]).toEqual([422, "invalid"]);
  const own = await call(app, undo({ reason }, { key: keys.compliance }));
  const { id } = own.json<{ id: string }>();
  const approve = { method: "POST", url: `/v1/wave-undos/${id}/approve`, body: {} } as const;
  const refused = await call(app, { ...approve, key: keys.compliance });
  expect([refused.statusCode, problemCode(refused)]).toEqual([403, "maker-is-checker"]);
});

test("who reaches other portfolios only neither sees nor undoes it", async () => {
  const { app, keyFor } = api;
  const scope = { kind: "portfolios", portfolios: ["loans"] } as const;
  const key = await keyFor(["operator", "approver"], scope, "loans-only");
  const refused = await call(app, undo({ reason }, { key }));
  expect(problemCode(refused)).toBe("out-of-scope");
  const { id } = (await call(app, undo({ reason }))).json<{ id: string }>();
  expect((await call(app, { url: "/v1/wave-undos", key })).json()).toMatchObject({ data: [] });
  expect((await call(app, { url: `/v1/wave-undos/${id}`, key })).statusCode).toBe(404);
});
