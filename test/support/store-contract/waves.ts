// Undoings of waves: proposed once, moved on only from the state they are in, leased like sweeps, and of every bucket
// counted once.

import { describe, expect, test } from "vitest";
import { bucketCount } from "../../../src/domain/id.ts";
import type { UndoneLine, WaveUndo } from "../../../src/portfolio/wave-ports.ts";
import {
  addDecision,
  at,
  creditLine,
  decision,
  factsRow,
  idOf,
  noon,
  register,
  write,
  type OpenStore,
} from "./rows.ts";

const sweepId = idOf(0, "sweep 1");

function undo(name: string, change: Partial<WaveUndo> = {}): WaveUndo {
  return {
    id: idOf(0, `undo ${name}`),
    sweepId,
    portfolio: "cards",
    filter: { segment: null, region: "east", action: "decrease", reason: "R10" },
    reason: "Wrong region, 地区有误",
    author: "wang.wei",
    proposedAt: noon,
    planned: { withdrawn: 1, restored: 2, amountMinor: 800_000, refused: { "wrong-state": 1 } },
    state: "proposed",
    decidedBy: null,
    decidedAt: null,
    finishedAt: null,
    ...change,
  };
}

function undoneLine(name: string, change: Partial<UndoneLine> = {}): UndoneLine {
  return {
    bucket: 7,
    undoId: idOf(0, "undo 1"),
    decisionId: idOf(7, `decision ${name}`),
    lineId: idOf(7, `line ${name}`),
    reference: `ref ${name}`,
    did: "withdrawn",
    amountMinor: 100,
    restorationId: null,
    refused: null,
    because: null,
    ...change,
  };
}

export function wavesContract(open: OpenStore): void {
  describe("undoings of waves", () => {
    test("are proposed once and listed newest first, all or of one sweep", async () => {
      const { waves } = await open();
      const first = undo("1");
      const second = undo("2", { proposedAt: at("2026-04-01"), sweepId: idOf(0, "sweep 2") });
      await waves.propose(first);
      await waves.propose(second);
      await waves.propose({ ...first, author: "somebody else" });
      expect(await waves.find(first.id)).toEqual(first);
      expect(await waves.find(idOf(0, "none"))).toBeNull();
      expect(await waves.list(null, 5, null)).toEqual([second, first]);
      expect(await waves.list(second.id, 5, null)).toEqual([first]);
      expect(await waves.list(idOf(0, "none"), 5, null)).toEqual([]);
      expect(await waves.list(null, 5, sweepId)).toEqual([first]);
    });

    test("move on only from the state they are in", async () => {
      const { waves } = await open();
      const { id } = undo("1");
      await waves.propose(undo("1"));
      expect(await waves.idle()).toEqual([]);
      expect(await waves.enter(id, "proposed", "running", "li.na", noon)).toBe(true);
      expect(await waves.enter(id, "proposed", "rejected", "zhao", noon)).toBe(false);
      expect(await waves.find(id)).toEqual(
        undo("1", { state: "running", decidedBy: "li.na", decidedAt: noon }),
      );
      expect(await waves.idle()).toEqual([id]);
      const end = at("2026-04-02");
      expect(await waves.enter(id, "running", "done", "li.na", end)).toBe(true);
      expect(await waves.find(id)).toMatchObject({
        state: "done",
        decidedAt: noon,
        finishedAt: end,
      });
      expect(await waves.idle()).toEqual([]);
    });

    test("lease their buckets like a sweep, and nobody's else", async () => {
      const { waves, sweeps } = await open();
      const { id } = undo("1");
      await waves.propose(undo("1"));
      await waves.enter(id, "proposed", "running", "li.na", noon);
      expect(await sweeps.left(id, "assess")).toBe(0);
      expect(await sweeps.left(id, "decide")).toBe(bucketCount);
      expect(await sweeps.lease(id, "decide", "me", 60_000, 2)).toEqual([0, 1]);
      expect(await sweeps.lease(id, "decide", "you", 60_000, 1)).toEqual([2]);
      expect(await waves.idle()).toEqual([]);
      await sweeps.free(id, "me");
      await sweeps.free(id, "you");
      await waves.saveUndone(id, 0, []);
      expect(await sweeps.lease(id, "decide", "me", 60_000, 1)).toEqual([1]);
      expect(await sweeps.left(id, "decide")).toBe(bucketCount - 1);
    });

    test("keep what became of each decision, of a bucket once, and count it", async () => {
      const { waves } = await open();
      const { id } = undo("1");
      await waves.propose(undo("1"));
      expect(await waves.counts(id)).toEqual({
        ...{ withdrawn: 0, restored: 0, amountMinor: 0, refused: {} },
      });
      const lines = [
        undoneLine("a"),
        undoneLine("b", { did: "restored", amountMinor: 250, restorationId: idOf(7, "new") }),
        undoneLine("c", {
          ...{ did: "refused", refused: "stale-approval" },
          because: { zh: "其后另有变更", en: "changed since" },
        }),
      ].toSorted((left, right) => (left.decisionId < right.decisionId ? -1 : 1));
      await waves.saveUndone(id, 7, lines);
      await waves.saveUndone(id, 7, lines);
      expect(await waves.counts(id)).toEqual({
        ...{ withdrawn: 1, restored: 1, amountMinor: 350 },
        refused: { "stale-approval": 1 },
      });
      expect(await waves.undone(id, null, 5, null)).toEqual(lines);
      expect(await waves.undone(id, lines[0]!.decisionId, 1, null)).toEqual([lines[1]]);
      expect(await waves.undone(id, null, 5, "refused")).toMatchObject([{ did: "refused" }]);
    });

    test("find a decision that gives a line back as it was put", async () => {
      const store = await open();
      await register(store, 7, ["a", "b", "c", "d"]);
      const outcomes = {
        a: { action: "restore", fromMinor: 100, toMinor: 2_000_000 },
        b: { action: "reinstate", fromMinor: 100 },
        c: { action: "reopen", fromMinor: 100 },
        d: { action: "keep", fromMinor: 100 },
      } as const;
      for (const [name, outcome] of Object.entries(outcomes)) {
        await addDecision(store, 7, name, { outcome });
        const { id } = decision(7, name);
        expect((await store.reads.decision(id))!.outcome).toEqual(outcome);
      }
    });

    test("find the decisions of a sweep with their lines and regions of today", async () => {
      const store = await open();
      await register(store, 7, ["a", "b", "c"]);
      await write(store, 7, ["b"], (state) => {
        const row = factsRow(7, "b", "2026-03-31", { region: "east" });
        state.facts.set(row.lineId, row);
      });
      await addDecision(store, 7, "a", { causeId: sweepId });
      await addDecision(store, 7, "b", { causeId: sweepId });
      await addDecision(store, 7, "c");
      const found = await store.waves.decisions(sweepId, [7, 8]);
      expect(found.get(8)).toEqual([]);
      const expected = ["a", "b"]
        .map((name) => ({
          decision: decision(7, name, { causeId: sweepId }),
          line: creditLine(7, name),
          region: name === "b" ? "east" : null,
        }))
        .toSorted((left, right) => (left.decision.id < right.decision.id ? -1 : 1));
      expect(found.get(7)).toEqual(expected);
    });
  });
}
