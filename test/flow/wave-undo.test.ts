// Undoing a wave: every line ends as it was before the sweep, each customer is told, nothing waits any more, and what
// cannot be given back is listed with its reason. Two people, one write path, the same end after any interruption.

import { beforeEach, describe, expect, test } from "vitest";
import { bucketOfId } from "../../src/domain/id.ts";
import { replayDecision } from "../../src/flow/replay.ts";
import { transact } from "../../src/flow/transact.ts";
import { reconcile } from "../../src/portfolio/reconcile.ts";
import { decideUndo, proposeUndo, runUndo } from "../../src/portfolio/wave-undo.ts";
import {
  allLines,
  author,
  checker,
  everything,
  givenBack,
  makeWave,
  must,
  propose,
  undoRun,
  undoWave,
  type Wave,
} from "../support/wave-undo.ts";
import { every, person } from "../support/whole-life.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

let given: TestWorld;
let wave: Wave;

async function begin(days: number): Promise<void> {
  given = memoryWorld();
  wave = await makeWave(given, days);
}

async function decisionsOf(causeId: string) {
  const { decisions } = given.world.store.reads;
  return every((after) => decisions({ after, limit: 100 }, { causeId }));
}

describe("a wave of which much is executed", () => {
  beforeEach(() => begin(30));

  test("is undone: every line is as before, nothing waits, and both books agree", async () => {
    const executed = (await decisionsOf(wave.sweep.id)).filter(({ state }) => state === "executed");
    expect(new Set(executed.map(({ outcome }) => outcome.action))).toContain("decrease");
    const undo = await undoWave(given, wave.sweep.id);
    const counts = await given.portfolio.waves.counts(undo.id);
    expect(counts).toEqual(undo.planned);
    expect(counts.restored).toBe(executed.length);
    expect(undo).toMatchObject({ state: "done", decidedBy: checker.id, author: author.id });
    expect((await allLines(given)).map(givenBack)).toEqual(wave.before.map(givenBack));
    expect(await given.world.store.waiting.nextDue([])).toBeNull();
    expect((await reconcile(given.world, null)).differences).toEqual([]);
  });

  test("tells each customer, with the limit that is given back and no reason against them", async () => {
    const undo = await undoWave(given, wave.sweep.id);
    const restorations = await decisionsOf(undo.id);
    expect(restorations.every(({ state }) => state === "executed")).toBe(true);
    const [first] = restorations;
    const notice = given.delivered.find(({ decisionId }) => decisionId === first!.id)!;
    expect(notice.reasons).toEqual([]);
    expect(notice.body.en).toContain("taken back our decision");
    expect(notice.body.en).not.toContain("The way back");
    expect(notice.body.zh).toContain("已收回");
    const told = given.delivered.filter(({ decisionId }) =>
      restorations.some(({ id }) => id === decisionId),
    );
    expect(told).toHaveLength(restorations.length);
  });

  test("leaves decisions that name what they take back, and replay to the same bytes", async () => {
    const undo = await undoWave(given, wave.sweep.id);
    for (const { id, record } of await decisionsOf(undo.id)) {
      const undone = await given.world.store.reads.decision(record.undoes!);
      expect(undone!.causeId).toBe(wave.sweep.id);
      expect(record.assessment).toEqual(undone!.record.assessment);
      expect(await replayDecision(given.world, id)).toMatchObject({ equal: true });
    }
  });

  test("is undone for one action alone", async () => {
    const undo = await undoWave(given, wave.sweep.id, { ...everything, action: "freeze" });
    const actions = (await decisionsOf(undo.id)).map(({ outcome }) => outcome.action);
    expect(new Set(actions)).toEqual(new Set(["reinstate"]));
  });

  test("is undone for one region or reason alone, and a filter that meets nothing is refused", async () => {
    const waved = await given.portfolio.waves.decisions(wave.sweep.id, range());
    const found = [...waved.values()]
      .flat()
      .filter(({ decision }) => decision.state === "executed");
    const region = found.find((one) => one.region !== null)!.region;
    const ofRegion = found.filter((one) => one.region === region).length;
    const { undo } = await propose(given, wave.sweep.id, { ...everything, region });
    expect(undo.planned.restored).toBe(ofRegion);
    const request = { sweepId: wave.sweep.id, reason: "Wrong", actor: author };
    const nowhere = { ...everything, region: "nowhere" };
    const refused = { ...request, filter: nowhere };
    expect(await proposeUndo(given.world, given.portfolio, refused)).toMatchObject({
      refused: "not-found",
    });
  });

  test("never touches a line that something else has changed since, and says which and why", async () => {
    const executed = (await decisionsOf(wave.sweep.id)).filter(({ state }) => state === "executed");
    const changed = executed.find(({ outcome }) => outcome.action === "decrease")!;
    const line = (await given.world.store.reads.line(changed.lineId))!;
    await lowerByFile(given, line.id);
    const undo = await undoWave(given, wave.sweep.id);
    const refused = await given.portfolio.waves.undone(undo.id, null, 10, "refused");
    expect(refused).toMatchObject([
      { decisionId: changed.id, refused: "stale-approval", restorationId: null },
    ]);
    expect(refused[0]!.because!.zh).toContain("其后另有变更");
    const after = (await given.world.store.reads.line(line.id))!;
    expect(after.limitMinor).toBe(line.limitMinor - 100);
    expect((await given.portfolio.waves.counts(undo.id)).refused).toEqual({ "stale-approval": 1 });
  });

  test("undone a second time finds nothing that it may give back again", async () => {
    await undoWave(given, wave.sweep.id);
    const { undo } = await propose(given, wave.sweep.id);
    expect(undo.planned).toMatchObject({ withdrawn: 0, restored: 0, amountMinor: 0 });
  });

  test("ends the same after an interruption at any bucket", async () => {
    const { world, portfolio } = given;
    const { undo } = await propose(given, wave.sweep.id);
    must(await decideUndo(world, portfolio, undo.id, "approve", checker));
    const { waves } = portfolio;
    const dying = {
      ...portfolio,
      waves: { ...waves, saveUndone: () => Promise.reject(new Error("killed")) },
    };
    await expect(runUndo(world, dying, undo.id, undoRun)).rejects.toThrow("killed");
    expect((await portfolio.waves.find(undo.id))!.state).toBe("running");
    expect(await portfolio.waves.idle()).toEqual([undo.id]);
    expect((await runUndo(world, portfolio, undo.id, undoRun)).state).toBe("done");
    expect(await portfolio.waves.counts(undo.id)).toEqual(undo.planned);
    const restorations = await decisionsOf(undo.id);
    expect(restorations).toHaveLength(undo.planned.restored);
  });

  test("waits while deciding is halted", async () => {
    const { world, portfolio } = given;
    const { undo } = await propose(given, wave.sweep.id);
    must(await decideUndo(world, portfolio, undo.id, "approve", checker));
    const at = await world.clock.now();
    await world.store.halts.set({
      ...{ area: "decide", reason: "Look first", by: "ops", at },
      expiresAt: "2027-01-01T00:00:00.000Z" as typeof at,
    });
    expect((await runUndo(world, portfolio, undo.id, undoRun)).state).toBe("running");
    await world.store.halts.lift("decide", "ops", at);
    expect((await runUndo(world, portfolio, undo.id, undoRun)).state).toBe("done");
  });
});

describe("a wave of which nothing is executed yet", () => {
  beforeEach(() => begin(0));

  test("is withdrawn, and every line stays as it was", async () => {
    const undo = await undoWave(given, wave.sweep.id);
    const made = await decisionsOf(wave.sweep.id);
    expect(made.length).toBeGreaterThan(0);
    expect(made.every(({ state }) => state === "withdrawn")).toBe(true);
    expect(undo.planned).toMatchObject({ restored: 0, withdrawn: made.length, refused: {} });
    expect((await allLines(given)).map(givenBack)).toEqual(wave.before.map(givenBack));
    expect(await given.world.store.waiting.nextDue([])).toBeNull();
  });

  test("tells whoever was told of a change that it is not made, and nobody else", async () => {
    const told = (await decisionsOf(wave.sweep.id)).filter(({ noticeId }) => noticeId !== null);
    expect(told.length).toBeGreaterThan(0);
    const undo = await undoWave(given, wave.sweep.id);
    const kept = await decisionsOf(undo.id);
    expect(new Set(kept.map(({ record }) => record.undoes))).toEqual(
      new Set(told.map(({ id }) => id)),
    );
    expect(kept).toHaveLength(told.length);
    for (const { id, state, outcome } of kept) {
      expect([state, outcome.action]).toEqual(["executed", "keep"]);
      const notice = given.delivered.find(({ decisionId }) => decisionId === id)!;
      expect(notice.subject.en).toBe("Your credit line stays as it is");
      expect(notice.body.zh).toContain("变更不再执行");
    }
    expect([...given.book.operations.keys()]).toEqual([]);
  });

  test("ends the same after an interruption, each told once", async () => {
    const { world, portfolio } = given;
    const { undo } = await propose(given, wave.sweep.id);
    must(await decideUndo(world, portfolio, undo.id, "approve", checker));
    const { waves } = portfolio;
    const dying = {
      ...portfolio,
      waves: { ...waves, saveUndone: () => Promise.reject(new Error("killed")) },
    };
    await expect(runUndo(world, dying, undo.id, undoRun)).rejects.toThrow("killed");
    expect((await runUndo(world, portfolio, undo.id, undoRun)).state).toBe("done");
    expect(await waves.counts(undo.id)).toEqual(undo.planned);
    const lines = await waves.undone(undo.id, null, 1_000, "withdrawn");
    const told = lines.filter(({ restorationId }) => restorationId !== null);
    expect(await decisionsOf(undo.id)).toHaveLength(told.length);
  });

  test("a dry run stores nothing and says the same", async () => {
    const { world, portfolio } = given;
    const request = { sweepId: wave.sweep.id, filter: everything, reason: "Wrong", actor: author };
    const dry = must(await proposeUndo(world, portfolio, request, { dryRun: true }));
    expect(await portfolio.waves.list(null, 10, null)).toEqual([]);
    const { undo, examples } = must(await proposeUndo(world, portfolio, request));
    expect(undo.planned).toEqual(dry.undo.planned);
    expect(examples.length).toBeGreaterThan(0);
    const amounts = examples.map(({ amountMinor }) => amountMinor);
    expect(amounts).toEqual(amounts.toSorted((left, right) => right - left));
    expect((await decisionsOf(wave.sweep.id)).some(({ state }) => state === "withdrawn")).toBe(
      false,
    );
  });

  test("is never undone by one person alone, by the wrong one, or twice", async () => {
    const { world, portfolio } = given;
    const { undo } = await propose(given, wave.sweep.id);
    const decide = (verdict: "approve" | "reject", actor: typeof author, id = undo.id) =>
      decideUndo(world, portfolio, id, verdict, actor);
    const both = person("ops", "operator", "approver");
    expect(await decide("approve", both)).toMatchObject({ refused: "maker-is-checker" });
    expect(await decide("approve", person("rev", "reviewer"))).toMatchObject({
      refused: "forbidden",
    });
    const other = { ...checker, scope: { kind: "portfolios", portfolios: ["none"] } } as const;
    expect(await decide("approve", other)).toMatchObject({ refused: "out-of-scope" });
    expect(await decide("approve", checker, world.ids.fresh())).toMatchObject({
      refused: "not-found",
    });
    expect(await decide("reject", author)).toMatchObject({ state: "rejected" });
    expect(await decide("approve", checker)).toMatchObject({ refused: "already-resolved" });
    expect((await runUndo(world, portfolio, undo.id, undoRun)).state).toBe("rejected");
  });

  test("is refused without a reason, by the wrong role, and for a sweep that goes on", async () => {
    const { world, portfolio } = given;
    const request = { sweepId: wave.sweep.id, filter: everything, reason: "Wrong", actor: author };
    expect(await proposeUndo(world, portfolio, { ...request, reason: " " })).toMatchObject({
      refused: "invalid",
      pointer: "/reason",
    });
    const auditor = person("aud", "auditor");
    expect(await proposeUndo(world, portfolio, { ...request, actor: auditor })).toMatchObject({
      refused: "forbidden",
    });
    const sweepId = world.ids.fresh();
    expect(await proposeUndo(world, portfolio, { ...request, sweepId })).toMatchObject({
      refused: "not-found",
    });
    await portfolio.sweeps.start({ ...wave.sweep, id: sweepId, state: "deciding" });
    expect(await proposeUndo(world, portfolio, { ...request, sweepId })).toMatchObject({
      refused: "wrong-state",
    });
  });
});

function range(): readonly number[] {
  return Array.from({ length: 1_024 }, (_, bucket) => bucket);
}

/** What a file of a later day says: the lender lowered the line by 1.00 outside Tidemark. */
async function lowerByFile({ world }: TestWorld, lineId: string): Promise<void> {
  const { reads } = world.store;
  const line = (await reads.line(lineId))!;
  const now = await world.clock.now();
  const facts = (await reads.facts(lineId, world.clock.dateOf(now), now))!.facts;
  const [result] = await transact(world, bucketOfId(lineId), [
    {
      id: world.ids.fresh(),
      kind: "RegisterLine",
      subject: lineId,
      actor: person("ops", "operator"),
      cause: world.ids.fresh(),
      body: {
        ...{ lineReference: line.reference, customerReference: line.customerReference },
        ...{ language: "zh", identity: {} },
        ...{ customerId: line.customerId, portfolio: line.portfolio, product: line.product },
        ...{ jurisdiction: line.jurisdiction, currency: line.currency, status: line.status },
        ...{ limitMinor: line.limitMinor - 100, drawnMinor: line.drawnMinor },
        ...{ pendingMinor: line.pendingMinor, openedOn: line.openedOn, facts },
        asOf: world.clock.dateOf(now),
      },
    },
  ]);
  if (result === undefined || "refusal" in result) throw new Error(JSON.stringify(result));
}
