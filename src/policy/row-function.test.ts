// The row function says what the interpreter says, on any strategy and any line.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryFacts } from "../../test/support/arbitrary-facts.ts";
import {
  checkBackEnds,
  checkOddFacts,
  type Outcomes,
  strategyOfSeed,
} from "../../test/support/back-ends.ts";
import {
  changed,
  compiled,
  factsWith,
  strategyDocument,
} from "../../test/support/strategy-document.ts";
import { emitProgram } from "./emit-program.ts";
import { backEndOf, compiledProgram, emptyNote, interpretedProgram } from "./row-function.ts";

const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("the row function", () => {
  test("agrees with the interpreter on random strategies and lines", { timeout: 60_000 }, () => {
    const outcomes: Outcomes = {};
    let accepted = 0;
    fc.assert(
      fc.property(anySeed, (seed) => {
        const strategy = strategyOfSeed(seed);
        if (strategy === null) return;
        accepted += 1;
        const lines = fc.sample(arbitraryFacts(strategy), { numRuns: 15, seed });
        for (const facts of lines) checkBackEnds(strategy, facts, outcomes);
        lines.forEach((facts, at) => checkOddFacts(strategy, facts, seed + at));
      }),
      { numRuns: 70 },
    );
    expect(accepted).toBeGreaterThan(50);
    for (const happened of [
      "none",
      "decrease",
      "freeze",
      "close",
      "excluded",
      "guarded",
      "reasons",
    ]) {
      expect(outcomes[happened], happened).toBeGreaterThan(2);
    }
  });

  test("agrees on a strategy with one of everything", () => {
    const strategy = compiled();
    const outcomes: Outcomes = {};
    fc.assert(
      fc.property(arbitraryFacts(strategy), (facts) => checkBackEnds(strategy, facts, outcomes)),
      { numRuns: 300 },
    );
  });

  test("agrees on a strategy too large for one function", { timeout: 60_000 }, () => {
    const many = <Item>(count: number, make: (at: number) => Item): Item[] =>
      Array.from({ length: count }, (_, at) => make(at));
    const label = { zh: "多", en: "Many" };
    const document = strategyDocument();
    changed(
      "/exclusions",
      many(300, (at) => ({ id: `x${at}`, label, when: { late: String(2_000 + at), use: "null" } })),
      document,
    );
    const leaves = many(300, (at) => ({ id: `s${at}`, label, when: { late: String(at) } }));
    changed("/segmentation/0/children", [...leaves, { id: "other", label, when: {} }], document);
    changed("/pace/budgets", [], document);
    changed("/tables/1/rows/2/when/1", '"other"', document);
    changed(
      "/scores/0/characteristics",
      many(200, (at) => ({
        ...{ id: `c${at}`, label, fact: "use", reason: "R10" },
        attributes: [
          { when: `< ${at / 100}`, points: 1 },
          { when: "otherwise", points: 0 },
        ],
      })),
      document,
    );
    const guards = many(300, (at) => ({ id: `g${at}`, label, kind: "max-cut", rateBp: 100 + at }));
    changed("/guards", guards, document);
    const strategy = compiled(document);
    const { code } = emitProgram(strategy.program);
    expect(code.length).toBeLessThan(40_000);
    fc.assert(
      fc.property(arbitraryFacts(strategy), (facts) => checkBackEnds(strategy, facts, {})),
      { numRuns: 100 },
    );
  });

  test("holds no text of the document in its code", () => {
    const { code } = emitProgram(compiled().program);
    for (const text of ["late", "region", "risk", "R01", 'treatment"', "Breach", "small", "keep"]) {
      expect(code).not.toContain(text);
    }
    const quoted = new Set(code.match(/"[^"]*"/g));
    expect([...quoted].toSorted()).toEqual([
      '"decrease"',
      '"down"',
      '"number"',
      '"string"',
      '"up"',
    ]);
  });

  test("a note that is used again says nothing of the line before", () => {
    const { program } = compiled();
    const { load, row } = compiledProgram(program);
    const used = emptyNote(program);
    for (const facts of [factsWith({ late: 40 }), factsWith({ limit: 0 }), factsWith()]) {
      const fresh = emptyNote(program);
      for (const note of [used, fresh]) {
        expect(load(facts, facts, note.values)).toBe(true);
        row(note.values, note);
      }
      expect({ ...used, tables: [] }).toEqual({ ...fresh, tables: [] });
    }
  });

  test("the interpreter in the same form gives the same note", () => {
    const { program } = compiled();
    const [left, right] = [emptyNote(program), emptyNote(program)];
    for (const [form, note] of [
      [compiledProgram(program), left],
      [interpretedProgram(program), right],
    ] as const) {
      form.load(factsWith({ late: 40 }), factsWith({ late: 40 }), note.values);
      form.row(note.values, note);
    }
    const plain = ({ tables, ...rest }: typeof left) => ({
      ...rest,
      tables: tables.map(({ outputs, ...hit }) => ({ ...hit, outputs: Array.from(outputs) })),
    });
    expect(plain(right)).toEqual(plain(left));
  });

  test("tells that the interpreter works where code generation is forbidden", () => {
    expect(backEndOf(compiled().program)).toBe("row-function");
    const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    const script = `
      import { compiled, factsWith, asOf } from ${JSON.stringify(here("../../test/support/strategy-document.ts"))};
      import { backEndOf } from ${JSON.stringify(here("row-function.ts"))};
      import { evaluate } from ${JSON.stringify(here("evaluate.ts"))};
      const strategy = compiled();
      const { outcome } = evaluate(strategy, factsWith({ late: 40 }), asOf);
      console.log(backEndOf(strategy.program), outcome.action);
    `;
    const options = [
      "--disallow-code-generation-from-strings",
      "--input-type=module",
      "-e",
      script,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, options, { encoding: "utf8" });
    expect(stdout.trim(), stderr).toBe("interpreter decrease");
  });
});
