// Interpreter and row function agree on everything a run says, over strategies that use every node kind, hit policy and
// null; and a fault in either of them is found by the very same comparison.

import { describe, expect, test } from "vitest";
import {
  compiledProgram,
  interpretedProgram,
  type CompiledProgram,
} from "../../src/policy/row-function.ts";
import type { Program } from "../../src/policy/ir.ts";
import { type Coverage, coverageText, emptyCells } from "../support/back-end-coverage.ts";
import { strategyOfSeed } from "../support/back-ends.ts";
import { compareBackEnds, firstDifference, randomLines } from "../support/differential.ts";
import { type Fault, faults } from "../support/planted-faults.ts";

const strategies = 200;
const linesEach = 2_000;

describe("interpreter and row function", () => {
  test(
    `say the same on ${strategies} random strategies with ${linesEach} lines each`,
    { timeout: 300_000 },
    () => {
      const first = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 2 ** 31);
      const coverage: Coverage = new Map();
      const compared = compareBackEnds(first, strategies, linesEach, coverage);
      console.log(`TIDEMARK_SEED=${first}\n${coverageText(coverage)}`);
      expect(compared.strategies).toBeGreaterThanOrEqual(strategies);
      expect(compared.lines).toBeGreaterThanOrEqual(strategies * linesEach);
      expect(emptyCells(coverage)).toEqual([]);
    },
  );

  test("a node kind or hit policy that was never met is named", () => {
    const empty = emptyCells(new Map([["U one", 3]]));
    expect(empty).not.toContain("U one");
    expect(empty).toContain("C< several");
    expect(empty).toContain("scorecard null");
  });
});

type Pair = readonly [CompiledProgram, CompiledProgram];

/** A back end with a fault beside a sound one. */
const broken: Readonly<Record<string, (sound: Program, faulty: Program) => Pair>> = {
  interpreter: (sound, faulty) => [interpretedProgram(faulty), compiledProgram(sound)],
  "row function": (sound, faulty) => [interpretedProgram(sound), compiledProgram(faulty)],
};

describe.for(Object.keys(broken))("a fault in the %s is found", (backEnd) => {
  test.for(Object.keys(faults))("%s", (name) => {
    expect(strategiesUntilFound(faults[name]!, broken[backEnd]!)).toBeLessThan(mostStrategies);
  });
});

const mostStrategies = 100;

/** How many strategies it takes until the comparison finds the fault. */
function strategiesUntilFound(fault: Fault, pair: (sound: Program, faulty: Program) => Pair) {
  for (let seed = 1; seed < mostStrategies; seed++) {
    const strategy = strategyOfSeed(seed);
    const faulty = strategy && fault(strategy.program);
    if (strategy === null || faulty === null) continue;
    const [left, right] = pair(strategy.program, faulty);
    const lines = randomLines(strategy, 200, seed);
    if (lines.some((facts) => firstDifference(strategy.program, left, right, facts) !== null))
      return seed;
  }
  return mostStrategies;
}
