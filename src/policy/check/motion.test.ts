// A sign that is given is true: the value never moves the other way, and is known on both sides or on neither.

import { describe, expect, test } from "vitest";
import { randomLines } from "../../../test/support/differential.ts";
import { strategyOfSeed } from "../../../test/support/back-ends.ts";
import {
  asOf,
  changed,
  compiled,
  strategyDocument,
} from "../../../test/support/strategy-document.ts";
import { setAsOf } from "../evaluate.ts";
import { domainOf } from "../operand.ts";
import { compiledProgram } from "../row-function.ts";
import { signOf } from "./motion.ts";

function sign(feel: string, fact: string) {
  const label = { zh: "计算", en: "Computed" };
  const node = { id: "x", label, type: "number", scale: 6, feel };
  const { program } = compiled(changed("/expressions", [node], strategyDocument()));
  const found = program.facts.find(({ name }) => name === fact)!;
  return signOf(program, program.operands.get("expression.x")!, found);
}

describe("how a value moves with a fact", () => {
  test.each([
    ["late + 3", "late", 1],
    ["3 - late", "late", -1],
    ["late * use", "late", null],
    ["late * drawn * 0", "late", 0],
    ["late * limit", "limit", 1],
    ["decimal(drawn / (limit + 1), 4)", "drawn", 1],
    ["decimal(pending / (limit + 1), 4)", "limit", -1],
    ["decimal(pending / limit, 4)", "limit", null],
    ["decimal(pending / limit, 4)", "pending", 1],
    ["if use = null then 0 else late", "late", 1],
    ["if use = null then 0 else late", "use", 0],
    ["if late > 30 then 2 else 1", "late", 1],
    ["if late > 30 then 1 else 2", "late", -1],
    ["if late > 30 and limit > 5 then 2 else 1", "limit", 1],
    ["if late > 30 and use > 5 then 2 else 1", "late", null],
    ["if late = 30 then 2 else 1", "late", null],
    ["max(drawn, 5) - min(pending, 7)", "pending", -1],
    ["(asOf - opened).days", "opened", -1],
    ['(opened + duration("P2M")).year', "opened", 1],
    ["opened.month", "opened", null],
  ] as const)("%s by %s", (feel, fact, wanted) => {
    expect(sign(feel, fact)).toBe(wanted);
  });

  test("on random expressions and lines", { timeout: 60_000 }, () => {
    let [moved, signed] = [0, 0];
    for (let seed = 1; seed <= 60; seed++) {
      const strategy = strategyOfSeed(seed);
      if (strategy === null) continue;
      const { program } = strategy;
      const { load, row, scratch } = compiledProgram(program);
      const values = (facts: Parameters<typeof load>[0]): Float64Array => {
        load(facts, facts, scratch.values);
        setAsOf(program, scratch.values, asOf);
        row(scratch.values, scratch);
        return scratch.values.slice();
      };
      for (const fact of program.facts.filter(({ type }) => type.kind === "number")) {
        const [low, high] = domainOf(fact.type, false).bounds as [number, number];
        for (const facts of randomLines(strategy, 10, seed)) {
          const [before, after] = [low, high].map((value) =>
            values({ ...facts, [fact.name]: value }),
          );
          for (const { id, slot, after: since } of program.expressions) {
            const operand = program.operands.get(`expression.${id}`)!;
            const found = since < 0 ? signOf(program, operand, fact) : null;
            if (found === null) continue;
            const [from, to] = [before![slot]!, after![slot]!];
            const place = `${seed} expression.${id} by ${fact.name} on ${JSON.stringify(facts)}`;
            expect(Number.isNaN(from), place).toBe(Number.isNaN(to));
            if (Number.isNaN(from)) continue;
            if (found === 0) expect(to, place).toBe(from);
            else expect((to - from) * found, place).toBeGreaterThanOrEqual(0);
            signed += 1;
            if (from !== to) moved += 1;
          }
        }
      }
    }
    expect(signed).toBeGreaterThan(500);
    expect(moved).toBeGreaterThan(10);
  });
});
