// Experiments as both stores keep them: taken once, one running per area, digits that stay as first drawn, and decisions
// that are found and counted by their arm.

import { describe, expect, test } from "vitest";
import type { Decision } from "../../../src/domain/decision.ts";
import type {
  CustomerDigit,
  Experiment,
  ExperimentStep,
} from "../../../src/portfolio/experiment-ports.ts";
import type { BucketAssessed } from "../../../src/portfolio/ports.ts";
import { noCounts } from "../../../src/portfolio/sweep-counts.ts";
import { addDecision, at, decision, idOf, noon, register, sweep, type OpenStore } from "./rows.ts";

function step(state: ExperimentStep["state"], by = "ann"): ExperimentStep {
  return { state, at: noon, by, reason: null };
}

function experiment(id: string, change: Partial<Experiment> = {}): Experiment {
  const strategy = { id: "consumer-cn", version: null };
  return {
    ...{ id, area: "limit-decrease", state: "draft", place: null },
    arms: [
      { name: "champion", strategy, shareBp: 9_000, ranges: [] },
      { name: "holdout", strategy: null, shareBp: 1_000, ranges: [] },
    ],
    shadows: [{ id: "consumer-cn", version: 2 }],
    actOn: ["R08C"],
    steps: [step("draft")],
    ...change,
  };
}

const ranges = {
  champion: [{ from: 1_000, to: 10_000 }],
  holdout: [{ from: 0, to: 1_000 }],
};

function digit(bucket: number, name: string, change: Partial<CustomerDigit> = {}): CustomerDigit {
  const customerId = idOf(bucket, `customer ${name}`);
  return { bucket, area: "limit-decrease", customerId, digit: 7, heldOut: false, ...change };
}

function assessed(
  bucket: number,
  change: Partial<Pick<BucketAssessed, "digits" | "shadows">>,
): BucketAssessed {
  const nothing = { packed: "[]", proposals: [], digits: [], shadows: new Map(), counts: noCounts };
  return { bucket, ...nothing, ...change };
}

export function experimentsContract(open: OpenStore): void {
  describe("experiments", () => {
    test("are taken once, listed newest first, and keep every step", async () => {
      const { experiments } = await open();
      const first = experiment("first");
      const newer = { ...step("draft"), at: at("2026-04-02") };
      const second = experiment("second", { steps: [newer], shadows: [], actOn: [] });
      expect(await experiments.add(first)).toBe("added");
      expect(await experiments.add(second)).toBe("added");
      expect(await experiments.add(experiment("first", { area: "other" }))).toBe("exists");
      expect(await experiments.find("first")).toEqual(first);
      expect(await experiments.find("third")).toBeNull();
      expect(await experiments.list()).toEqual([second, first]);
      expect(await experiments.enter("first", step("approved", "app"), ["draft"])).toBe(true);
      expect(await experiments.enter("first", step("approved", "app"), ["draft"])).toBe(false);
      expect(await experiments.enter("third", step("approved", "app"), ["draft"])).toBe(false);
      expect(await experiments.find("first")).toEqual({
        ...first,
        state: "approved",
        steps: [step("draft"), step("approved", "app")],
      });
    });

    test("run one at a time in an area, with the digits of their start", async () => {
      const { experiments } = await open();
      for (const id of ["one", "two"]) await experiments.add(experiment(id));
      await experiments.add(experiment("else", { area: "other" }));
      const begin = (id: string) => experiments.enter(id, step("running"), ["draft"], ranges);
      const both = await Promise.all([begin("one"), begin("two")]);
      expect(both.toSorted()).toEqual([false, true]);
      expect(await begin("else")).toBe(true);
      const running = await experiments.running("limit-decrease");
      expect(running?.arms.map((arm) => arm.ranges)).toEqual([ranges.champion, ranges.holdout]);
      const late = running?.id === "one" ? "two" : "one";
      await experiments.enter(running!.id, { ...step("ended"), reason: "Done" }, ["running"]);
      expect(await experiments.running("limit-decrease")).toBeNull();
      expect(await begin(late)).toBe(true);
      expect(running?.place).toBe(0);
      expect((await experiments.find(late))?.place).toBe(1);
      expect((await experiments.find(running!.id))?.arms).toEqual(running?.arms);
    });

    test("keep the first digit of a customer, and a holdout customer for ever", async () => {
      const { sweeps, experiments } = await open();
      const keep = async (name: string, ...digits: CustomerDigit[]) => {
        await sweeps.start(sweep(name));
        await sweeps.saveAssessed(sweep(name).id, [assessed(digits[0]!.bucket, { digits })]);
      };
      await keep("1", digit(5, "a"), digit(5, "b", { heldOut: true }));
      await keep("2", digit(5, "a", { digit: 9, heldOut: true }), digit(5, "b", { digit: 9 }));
      await keep("3", digit(6, "c"), digit(6, "c", { area: "other" }));
      const kept = await experiments.digits("limit-decrease", [5, 6, 7]);
      expect(kept).toEqual(
        new Map([
          [idOf(5, "customer a"), { digit: 7, heldOut: true }],
          [idOf(5, "customer b"), { digit: 7, heldOut: true }],
          [idOf(6, "customer c"), { digit: 7, heldOut: false }],
        ]),
      );
      expect((await experiments.digits("limit-decrease", [6])).size).toBe(1);
      expect(await experiments.digitCounts("limit-decrease")).toEqual([
        { digit: 7, heldOut: false, customers: 1 },
        { digit: 7, heldOut: true, customers: 2 },
      ]);
    });

    test("find and count decisions by experiment and arm, cuts only as far as they stand", async () => {
      const store = await open();
      await register(store, 5, ["a", "b"]);
      const under = (name: string, arm: string, change: Partial<Decision> = {}) => {
        const { record } = decision(5, name);
        const named = { ...record, arm: { experiment: "q1", arm } };
        return addDecision(store, 5, name, { record: named, ...change });
      };
      await under("a", "steep");
      await under("b", "steep", { state: "withdrawn" });
      const found = await store.experiments.decisions("q1");
      const { outcome } = decision(5, "a");
      const cutMinor = outcome.action === "decrease" ? outcome.fromMinor - outcome.toMinor : 0;
      expect(found).toEqual([
        { arm: "steep", action: outcome.action, currency: "CNY", decisions: 2, cutMinor },
      ]);
      expect(await store.experiments.decisions("q2")).toEqual([]);
      const listed = async (filter: Readonly<{ experiment?: string; arm?: string }>) =>
        (await store.reads.decisions({ after: null, limit: 10 }, filter)).rows.length;
      expect(await listed({ experiment: "q1" })).toBe(2);
      expect(await listed({ experiment: "q1", arm: "steep" })).toBe(2);
      expect(await listed({ experiment: "q1", arm: "champion" })).toBe(0);
      expect(await listed({ experiment: "q2" })).toBe(0);
    });
  });

  describe("sweeps with an experiment and shadows", () => {
    test("are found with what they were fixed to run", async () => {
      const { sweeps } = await open();
      const strategy = { id: "consumer-cn", version: 3, hash: "ab".repeat(32) };
      const fixed = sweep("1", {
        experiment: {
          ...{ id: "q1", area: "limit-decrease", actOn: ["R08C"] },
          arms: [{ name: "champion", strategy, ranges: [{ from: 0, to: 10_000 }] }],
        },
        shadows: [strategy],
      });
      await sweeps.start(fixed);
      expect(await sweeps.find(fixed.id)).toEqual(fixed);
    });

    test("keep what each shadow said of a bucket once, apart from the others", async () => {
      const { sweeps } = await open();
      const { id } = sweep("1");
      await sweeps.start(sweep("1"));
      const said = (text: string) =>
        new Map([
          ["one", `one ${text}`],
          ["two", `two ${text}`],
        ]);
      await sweeps.saveAssessed(id, [assessed(700, { shadows: said("seven") })]);
      await sweeps.saveAssessed(id, [assessed(5, { shadows: said("five") })]);
      await sweeps.saveAssessed(id, [assessed(5, { shadows: said("again") })]);
      expect(await Array.fromAsync(sweeps.shadowed(id, "one"))).toEqual(["one five", "one seven"]);
      expect(await Array.fromAsync(sweeps.shadowed(id, "two", 6))).toEqual(["two seven"]);
      expect(await Array.fromAsync(sweeps.shadowed(id, "three"))).toEqual([]);
      expect(await Array.fromAsync(sweeps.shadowed(idOf(0, "none"), "one"))).toEqual([]);
    });
  });
}
