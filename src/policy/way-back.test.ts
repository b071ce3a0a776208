// The way back: what it finds on a small strategy and how it says so, what a dictionary may not declare, and on random
// strategies that no combination of up to three facts is cheaper than what it found.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryFacts } from "../../test/support/arbitrary-facts.ts";
import { arbitraryStrategy } from "../../test/support/arbitrary-strategy.ts";
import { type Random, randomFrom } from "../../test/support/random.ts";
import { expectRefusal, type RefusalRow } from "../../test/support/refused-strategy.ts";
import {
  asOf,
  changed,
  factsWith,
  sha256,
  strategyDocument,
} from "../../test/support/strategy-document.ts";
import type { Assessment, Outcome } from "../domain/assessment.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { FactValues } from "../domain/facts.ts";
import { compileStrategy, type CompiledStrategy } from "./compile.ts";
import { evaluate, loadFacts } from "./evaluate.ts";
import type { MoveIr } from "./ir.ts";
import { parseStrategy } from "./parse.ts";
import { run } from "./run.ts";
import { type Way, wayBack, type WayBack, type WayBackOptions } from "./way-back.ts";

const how = { zh: "做一件事", en: "Do something" };
const repay = { how, direction: "down", step: "500.00", until: "0.00", cost: 3, days: 1 };
const catchUp = { how, direction: "down", step: "10", cost: 9, days: 7 };

/** drawn moves and use follows it, late and breach move. */
function actionableDocument(): ReturnType<typeof strategyDocument> {
  let document = strategyDocument();
  const put = (path: string, value: unknown): void =>
    void (document = changed(path, value, document));
  put("/facts/1/actionable", repay);
  put("/facts/5/actionable", catchUp);
  put("/facts/6/follows", { of: "drawn", by: "limit" });
  put("/facts/8/actionable", { how, direction: "down", cost: 100, days: 90 });
  return document;
}

function compiledOf(document: unknown): CompiledStrategy {
  const { strategy, problems } = parseStrategy(document);
  if (strategy === null) throw new Error(JSON.stringify(problems));
  return compileStrategy(strategy, sha256);
}

const strategy = compiledOf(actionableDocument());

function found(facts: FactValues, options: WayBackOptions = {}, using = strategy): WayBack {
  return wayBack(using, factsWith(facts), asOf, options) as WayBack;
}

/** What moves, what follows, cost, days and outcome in one line. */
function told(way: Way | null): string {
  if (way === null) return "none";
  const part = ({ name, before, after }: Way["follow"][number]): string =>
    `${name} ${before.en} → ${after.en}`;
  const { outcome, cost, days } = way;
  const end =
    outcome.action === "decrease" ? `decrease to ${outcome.toMinor / 100}` : outcome.action;
  const follow = way.follow.length === 0 ? "" : ` (${way.follow.map(part).join(", ")})`;
  return `${way.changes.map(part).join(" + ")}${follow}: ${cost}, ${days} days, ${end}`;
}

describe("the way back", () => {
  test.each<[string, FactValues, string, string]>([
    ["is none where nothing happens to the line", {}, "none", "none"],
    [
      "takes whole steps past the edge, and what follows moves along",
      { use: 9_500, late: 5, drawn: 950_000 },
      "drawn 9,500.00 CNY → 8,500.00 CNY (use 0.9500 → 0.8500): 6, 1 days, none",
      "drawn 9,500.00 CNY → 8,500.00 CNY (use 0.9500 → 0.8500): 6, 1 days, none",
    ],
    [
      "moves a follower by the change and not to the quotient, and never beyond what was promised",
      { use: 9_499, late: 5, drawn: 250_001, limit: 600_000 },
      "drawn 2,500.01 CNY → 2,000.01 CNY (use 0.9499 → 0.8666): 3, 1 days, none",
      "drawn 2,500.01 CNY → 2,000.01 CNY (use 0.9499 → 0.8666): 3, 1 days, none",
    ],
    [
      "asks nobody to go further than declared",
      { use: 9_999, late: 5, drawn: 100 },
      "late 5 → 0: 9, 7 days, none",
      "late 5 → 0: 9, 7 days, none",
    ],
    [
      "tells the nearest better outcome and the way to none apart",
      { breach: true, late: 70 },
      "breach yes → no: 100, 90 days, freeze",
      "late 70 → 30 + breach yes → no: 136, 90 days, none",
    ],
    [
      "leaves facts alone that are unknown",
      { breach: null, late: 61, use: null },
      "late 61 → 51: 9, 7 days, decrease to 5000",
      "late 61 → 21: 36, 7 days, none",
    ],
  ])("%s", (_, facts, better, unchanged) => {
    const way = found(facts);
    expect([told(way.better), told(way.unchanged), way.exhaustive]).toEqual([
      better,
      unchanged,
      true,
    ]);
  });

  test("is none where nothing that decides moves", () => {
    const fixed = compiledOf(strategyDocument());
    const none = { better: null, unchanged: null, exhaustive: true };
    expect(found({ late: 70 }, {}, fixed)).toEqual(none);
  });

  test("says the facts that lead there, and from when", () => {
    const { unchanged } = found({ breach: true, late: 70 }, { from: "2026-12-01" as BusinessDate });
    expect(unchanged?.facts).toEqual({ late: 30, breach: false });
    expect(unchanged?.earliestOn).toBe("2027-03-01");
    expect(found({ breach: true, late: 70 }).unchanged?.earliestOn).toBe("2027-02-18");
  });

  test("says when it ended at its bound, with what it had found by then", () => {
    const way = found({ breach: true, late: 70 }, { mostRuns: 5 });
    expect(way.exhaustive).toBe(false);
    expect(told(way.better)).toBe("breach yes → no: 100, 90 days, freeze");
    expect(way.unchanged).toBeNull();
    expect(found({ late: 70 }, { mostRuns: 0 })).toEqual({
      better: null,
      unchanged: null,
      exhaustive: false,
    });
  });

  test("is refused for facts that cannot be evaluated", () => {
    expect(wayBack(strategy, { ...factsWith(), late: null }, asOf)).toEqual({
      missing: ["late"],
      invalid: [],
    });
  });

  test("of equally costly ways to the same outcome takes the earlier one", () => {
    const even = compiledOf(changed("/facts/5/actionable/cost", 6, actionableDocument()));
    expect(told(found({ late: 5, use: 9_500, drawn: 950_000 }, {}, even).better)).toBe(
      "drawn 9,500.00 CNY → 8,500.00 CNY (use 0.9500 → 0.8500): 6, 1 days, none",
    );
  });
});

describe("a dictionary is refused that declares", () => {
  const on = (fact: number): string => `/facts/${fact}/actionable`;
  test.each<RefusalRow>([
    [
      "a personal fact",
      on(7),
      { how, direction: "either", cost: 1, days: 1 },
      "protected-fact",
      on(7),
      /sensitivity personal/,
    ],
    [
      "a protected fact",
      on(10),
      { how, direction: "either", cost: 1, days: 1 },
      "protected-fact",
      on(10),
      /sensitivity protected/,
    ],
    [
      "the limit itself",
      on(0),
      { ...repay, direction: "up" },
      "type-mismatch",
      on(0),
      /only "drawn" with direction "down"/,
    ],
    ["drawing more", on(1), { ...repay, direction: "up" }, "type-mismatch", on(1), /moving up/],
    [
      "a date",
      on(9),
      { how, direction: "up", cost: 1, days: 1 },
      "type-mismatch",
      on(9),
      /found a date/,
    ],
    [
      "a number without a step",
      on(5),
      { how, direction: "down", cost: 1, days: 1 },
      "type-mismatch",
      `${on(5)}/step`,
      /found step nothing/,
    ],
    [
      "a step of nothing",
      on(5),
      { ...catchUp, step: "0" },
      "type-mismatch",
      `${on(5)}/step`,
      /found step "0"/,
    ],
    [
      "a step with too many decimals",
      on(5),
      { ...catchUp, step: "0.5" },
      "type-mismatch",
      `${on(5)}/step`,
      /at most 0 decimals/,
    ],
    [
      "an end beyond the bounds",
      on(5),
      { ...catchUp, until: "-1" },
      "type-mismatch",
      `${on(5)}/until`,
      /within the bounds/,
    ],
    [
      "an end in two directions",
      on(5),
      { ...catchUp, direction: "either", until: "1" },
      "type-mismatch",
      `${on(5)}/until`,
      /moving either/,
    ],
    [
      "a step of a boolean",
      on(8),
      { how, direction: "down", step: "1", cost: 1, days: 1 },
      "type-mismatch",
      `${on(8)}/step`,
      /on type boolean/,
    ],
    [
      "a change for nothing",
      on(5),
      { ...catchUp, cost: 0 },
      "out-of-range",
      `${on(5)}/cost`,
      /from 1 to/,
    ],
    [
      "a follower of what stays",
      "/facts/6/follows",
      { of: "drawn", by: "limit" },
      "type-mismatch",
      "/facts/6/follows",
      /an actionable fact by one/,
    ],
    [
      "a follower of nothing known",
      "/facts/6/follows",
      { of: "balance", by: "limit" },
      "type-mismatch",
      "/facts/6/follows",
      /found balance by limit/,
    ],
  ])("%s", (...row) => expectRefusal(row));

  test("a follower that is no number, moves itself or is by something that moves", () => {
    const refused = (path: string, value: unknown): readonly string[] =>
      parseStrategy(changed(path, value, actionableDocument())).problems.map((one) => one.path);
    expect(refused("/facts/5/follows", { of: "drawn", by: "limit" })).toEqual(["/facts/5/follows"]);
    expect(refused("/facts/8/follows", { of: "drawn", by: "limit" })).toEqual(["/facts/8/follows"]);
    expect(refused("/facts/6/follows", { of: "drawn", by: "late" })).toEqual(["/facts/6/follows"]);
    expect(refused("/facts/6/follows", { of: "drawn", by: "drawn" })).toEqual(["/facts/6/follows"]);
  });

  test("a fact that the limit rule computes with", () => {
    const target = { method: "cut-by-rate", rate: { operand: "use" }, rounding: "down" };
    const bounded = changed(
      "/facts/6/minimum",
      "0",
      changed("/facts/6/maximum", "1", strategyDocument()),
    );
    const read = changed(
      "/facts/6/missing",
      "refuse",
      changed("/limitRule/treatments/1/target", target, bounded),
    );
    const { problems } = parseStrategy(
      changed(
        "/facts/6/actionable",
        { how, direction: "down", step: "0.1", cost: 1, days: 1 },
        read,
      ),
    );
    expect(problems.map((one) => one.message.en).join()).toMatch(
      /a rate or amount of the limit rule/,
    );
  });

  test("a number without bounds", () => {
    const open = changed(
      "/facts/5/minimum",
      undefined,
      changed("/facts/5/maximum", undefined, actionableDocument()),
    );
    expect(parseStrategy(open).problems.map((one) => one.message.en)).toEqual([
      'Cannot use "actionable" of fact "late": found no usable bounds, expected a minimum and maximum',
    ]);
  });
});

type Json = Record<string, unknown>;

/** A random strategy in which up to three facts and what is drawn can move, in few steps, and some ratio may follow. */
function arbitraryMoves(random: Random, seed: number): CompiledStrategy | null {
  const document = arbitraryStrategy(seed) as { facts: Json[] };
  const facts = structuredClone(document.facts);
  const own = facts.filter((one) => String(one["name"]).startsWith("fact"));
  const declare = (one: Json, more: Json): void =>
    void (one["actionable"] = {
      how,
      cost: random.integer(1, 4),
      days: random.integer(0, 3),
      ...more,
    });
  const direction = (): string => random.pick(["up", "down", "either"]);
  const follower = own.find((one) => one["type"] === "number" && Number(one["maximum"]) < 1e9);
  for (const one of random.some(
    own.filter((other) => other !== follower),
    3,
  )) {
    const { type, minimum, maximum, scale } = one;
    const step = (Number(maximum) - Number(minimum)) / random.integer(1, 7);
    if (type === "number" && step < 1e6) {
      declare(one, { direction: direction(), step: Math.max(step, 1).toFixed(Number(scale)) });
    } else if (type === "boolean" || (type === "enum" && (one["values"] as unknown[]).length < 9)) {
      declare(one, { direction: direction() });
    }
  }
  const drawn = facts.find((one) => one["name"] === "drawn")!;
  declare(drawn, {
    direction: "down",
    step: `${random.integer(80_000, 900_000)}.00`,
    until: random.pick(["0.00", "-1000.00"]),
  });
  if (follower !== undefined) follower["follows"] = { of: "drawn", by: "limit" };
  const { strategy: parsed } = parseStrategy({ ...document, facts });
  return parsed === null ? null : compileStrategy(parsed, sha256);
}

type Reached = Readonly<{ cost: number; days: number; values: ReadonlyMap<number, number> }>;

/** Every value that one fact can reach, step by step. */
function everyValue(move: MoveIr, facts: Float64Array): Reached[] {
  const { fact, step, low, high, cost, days } = move;
  const present = facts[fact.slot]!;
  if (Number.isNaN(present)) return [];
  return move.signs.flatMap((sign) => {
    const reached: Reached[] = [];
    for (let value = present, steps = 1; sign < 0 ? value > low : value < high; steps++) {
      value = sign < 0 ? Math.max(low, value - step) : Math.min(high, value + step);
      const values = new Map([[fact.slot, value]]);
      for (const { fact: other, bySlot, perOne } of move.followers) {
        const by = facts[bySlot]!;
        const now = facts[other.slot]!;
        if (Number.isNaN(now) || by <= 0) continue;
        const { low: least, high: most } = other.type as { low: number; high: number };
        const change = Number((BigInt(value - present) * BigInt(perOne)) / BigInt(by));
        values.set(other.slot, Math.min(most, Math.max(least, now + change)));
      }
      reached.push({ cost: cost * steps, days, values });
    }
    return reached;
  });
}

function everyCombination(lists: readonly Reached[][], most: number): Reached[] {
  const [first, ...others] = lists;
  if (first === undefined || most === 0) return [];
  const further = everyCombination(others, most - 1).flatMap((rest) =>
    first.map((one) => ({
      cost: one.cost + rest.cost,
      days: Math.max(one.days, rest.days),
      values: new Map([...one.values, ...rest.values]),
    })),
  );
  return [...first, ...further, ...everyCombination(others, most)];
}

const order = ["none", "decrease", "freeze", "close"];

/** From best to worst; lower is better. */
function rankOf(outcome: Outcome): number {
  const within = outcome.action === "decrease" ? 1 - outcome.toMinor / (outcome.fromMinor + 1) : 0;
  return order.indexOf(outcome.action) + within;
}

type Best = Readonly<{ cost: number; rank: number; days: number }>;

/** The cheapest of all combinations by the interpreter, then the best outcome, then the fewest days. */
function bestOf(
  { program }: CompiledStrategy,
  facts: Float64Array,
  isWanted: (rank: number) => boolean,
): Best | null {
  const lists = program.moves.map((move) => everyValue(move, facts));
  let best: Best | null = null;
  for (const { cost, days, values } of everyCombination(lists, 3)) {
    if (best !== null && cost > best.cost) continue;
    const tried = facts.slice();
    for (const [slot, value] of values) tried[slot] = value;
    const rank = rankOf(run(program, tried).outcome);
    if (!isWanted(rank)) continue;
    const isFirst =
      best === null ||
      cost < best.cost ||
      rank < best.rank ||
      (rank === best.rank && days < best.days);
    if (isFirst) best = { cost, rank, days };
  }
  return best;
}

function shortly(way: Way | null): Best | null {
  return way === null ? null : { cost: way.cost, rank: rankOf(way.outcome), days: way.days };
}

describe("on random strategies the way back", () => {
  const seed = Number(process.env["SEED"] ?? 20_261_122);
  test(
    `is what trying every step of up to three facts finds (SEED=${seed})`,
    { timeout: 120_000 },
    () => {
      let [ways, clear, followed] = [0, 0, 0];
      for (let at = 0; at < 250; at++) {
        const using = arbitraryMoves(randomFrom(seed + at), seed + at);
        if (using === null) continue;
        for (const facts of fc.sample(arbitraryFacts(using), { seed: seed + at, numRuns: 12 })) {
          const now = evaluate(using, facts, asOf) as Assessment;
          if (now.outcome.action === "none") continue;
          const way = wayBack(using, facts, asOf, { mostRuns: 1e9 }) as WayBack;
          const loaded = loadFacts(using.program, facts, asOf);
          if ("missing" in loaded) throw new Error("Cannot load facts");
          const present = rankOf(now.outcome);
          const place = `seed ${seed + at}, facts ${JSON.stringify(facts)}`;
          expect(shortly(way.better), place).toEqual(
            bestOf(using, loaded.values, (rank) => rank < present),
          );
          expect(shortly(way.unchanged), place).toEqual(
            bestOf(using, loaded.values, (rank) => rank === 0),
          );
          for (const one of [way.better, way.unchanged]) {
            if (one === null) continue;
            const then = evaluate(using, { ...facts, ...one.facts }, asOf) as Assessment;
            expect(then.outcome, place).toEqual(one.outcome);
            expect(rankOf(then.outcome)).toBeLessThan(present);
            expect(one.changes.length).toBeLessThanOrEqual(3);
          }
          expect(canonicalJson(wayBack(using, facts, asOf, { mostRuns: 1e9 }))).toBe(
            canonicalJson(way),
          );
          ways += Number(way.better !== null);
          clear += Number(way.unchanged !== null);
          followed += Number((way.better?.follow.length ?? 0) > 0);
        }
      }
      expect([ways > 30, clear > 30, followed > 0], `${ways} ${clear} ${followed}`).toEqual([
        true,
        true,
        true,
      ]);
    },
  );
});
