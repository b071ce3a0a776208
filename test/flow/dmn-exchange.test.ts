// Strategies as DMN models and back: the model that was written answers what the strategy says, on any line; what cannot
// go over is listed; and the commands say so in both languages.

import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readDmn } from "../../src/adapters/dmn/read-dmn.ts";
import { writeDmn } from "../../src/adapters/dmn/write-dmn.ts";
import type { CompiledStrategy } from "../../src/policy/compile.ts";
import { compileModel, type ReadyModel } from "../../src/policy/dmn/compile-model.ts";
import { dmnName, modelOfStrategy } from "../../src/policy/dmn/model-of-strategy.ts";
import { isSameAnswer } from "../../src/policy/dmn/same-answer.ts";
import { strategyPart } from "../../src/policy/dmn/strategy-part.ts";
import { setAsOf } from "../../src/policy/evaluate.ts";
import { usualBudget } from "../../src/policy/feel/run.ts";
import type { FeelValue } from "../../src/policy/feel/value.ts";
import { feelText } from "../../src/policy/feel/value-text.ts";
import type { TableIr } from "../../src/policy/ir.ts";
import { compiledProgram, type RunNote } from "../../src/policy/row-function.ts";
import { strategyOfSeed } from "../support/back-ends.ts";
import { randomLines } from "../support/differential.ts";
import { feelOfSlot } from "../support/feel-of-slot.ts";
import { tidemark } from "../support/command-line.ts";
import { asOf, compiled, strategyDocument } from "../support/strategy-document.ts";

type Exchanged = Readonly<{ ready: ReadyModel; unsaid: readonly string[] }>;

/** The model of a strategy after it was written and read again. */
function exchanged({ document }: CompiledStrategy): Exchanged {
  const { model, unsaid } = modelOfStrategy(document, "en");
  const read = readDmn(writeDmn(model));
  expect(read.problems).toEqual([]);
  const ready = compileModel(read.model!);
  expect(ready.problems).toEqual([]);
  return { ready, unsaid: unsaid.map(({ path }) => path) };
}

const budget = { ...usualBudget, steps: 10_000_000 };

/** What a table says, as the model says it: one value, a context of several, a list, or nothing. */
function saidByTable(table: TableIr, hits: readonly number[], note: RunNote): FeelValue {
  const { outputs, hitPolicy, rows, defaults } = table;
  const one = (values: readonly number[]): FeelValue => {
    const some = outputs.map(({ type }, at) => feelOfSlot(values[at]!, type));
    if (some.length === 1) return some[0]!;
    return new Map(outputs.map(({ name }, at) => [name, some[at]!]));
  };
  if (!["R", "O", "C"].includes(hitPolicy))
    return one(outputs.map(({ slot }) => note.values[slot]!));
  if (hits.length > 0) return hits.map((hit) => one(rows[hit]!.outputs));
  return defaults === null ? null : [one(defaults)];
}

/** Every decision by what the strategy says about it. */
function expected({ program }: CompiledStrategy, note: RunNote): Map<string, FeelValue> {
  const { operands, expressions, scorecards, grades, tables } = program;
  const read = (name: string): [string, FeelValue] => {
    const { slot, type } = operands.get(name)!;
    return [dmnName(name), feelOfSlot(note.values[slot]!, type)];
  };
  return new Map([
    ...expressions.map(({ id }) => read(`expression.${id}`)),
    ...(program.segmentSlot < 0 ? [] : [read("segment")]),
    ...scorecards.map(({ id }) => read(`score.${id}`)),
    ...(grades === null ? [] : [read("grade")]),
    ...tables.map((table, at): [string, FeelValue] => [
      dmnName(`table.${table.id}`),
      saidByTable(table, note.hits[at]!, note),
    ]),
  ]);
}

describe("a strategy as a DMN model", () => {
  test(
    "answers what the strategy says, on random strategies and lines",
    { timeout: 180_000 },
    () => {
      const compared = new Map<string, number>();
      for (let seed = 1; seed <= 70; seed++) {
        const strategy = strategyOfSeed(seed);
        if (strategy === null) continue;
        const { ready, unsaid } = exchanged(strategy);
        // Rows that give null in a sum are told as a difference.
        if (unsaid.some((path) => path.endsWith("/rows"))) continue;
        const { program } = strategy;
        const { load, row, scratch } = compiledProgram(program);
        for (const facts of randomLines(strategy, 12, seed)) {
          load(facts, facts, scratch.values);
          setAsOf(program, scratch.values, asOf);
          row(scratch.values, scratch);
          if (scratch.excludedBy.length > 0) continue;
          const given = [...program.operands.values()].map(
            ({ name, slot, type }) =>
              [dmnName(name), feelOfSlot(scratch.values[slot]!, type)] as const,
          );
          const { decisions } = ready.evaluate(new Map(given), { budget });
          for (const [name, value] of expected(strategy, scratch)) {
            const found = decisions.get(name) ?? null;
            const said = feelText(found, () => undefined);
            const wanted = feelText(value, () => undefined);
            const place = `seed ${seed} ${name} ${JSON.stringify(facts)}`;
            if (!isSameAnswer(value, found))
              throw new Error(`${place}: ${said}, expected ${wanted}`);
            const kind = program.tables.find(
              ({ id }) => dmnName(`table.${id}`) === name,
            )?.hitPolicy;
            const key = kind ?? name.split("_")[0]!;
            compared.set(key, (compared.get(key) ?? 0) + 1);
          }
        }
      }
      const policies = ["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"];
      for (const kind of [...policies, "expression", "segment", "score", "grade"]) {
        expect(compared.get(kind) ?? 0, kind).toBeGreaterThan(5);
      }
    },
  );

  test("names every part that DMN has no word for", () => {
    const { unsaid } = exchanged(compiled());
    expect(unsaid).toEqual([
      ...["/eligibility", "/exclusions", "/limitRule", "/guards", "/pace", "/routing", "/notice"],
      ...["/restoration", "/tables"],
    ]);
  });

  test("keeps signs that XML gives a meaning, and notes in the language asked for", () => {
    const document = strategyDocument();
    const [table] = document["tables"] as Record<string, unknown>[];
    const [row] = table!["rows"] as Record<string, unknown>[];
    row!["note"] = { zh: "逾期 <60> & “坏”", en: 'Late <60> & "bad"' };
    for (const [language, note] of [
      ["zh", "逾期 <60> & “坏”"],
      ["en", 'Late <60> & "bad"'],
    ] as const) {
      const { model } = modelOfStrategy(compiled(document).document, language);
      const read = readDmn(writeDmn(model)).model!;
      const notes = read.decisions.flatMap(({ logic }) =>
        logic?.kind === "table" ? logic.table.rules.map((rule) => rule.note) : [],
      );
      expect(notes).toContain(note);
    }
  });
});

describe("a table of a model as part of a strategy", () => {
  test("has the cells, hit policy, defaults and values of the table it was", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const strategy = strategyOfSeed(seed);
      if (strategy === null) continue;
      const { model } = modelOfStrategy(strategy.document, "en");
      for (const table of strategy.document.tables) {
        const dated = table.rows.some((row) => row.effectiveFrom ?? row.effectiveTo);
        const silent = table.rows.some(({ then }) => then[0] === "null");
        if (dated !== undefined && dated) continue;
        if (silent && table.hitPolicy.length === 2) continue;
        const found = strategyPart(model, dmnName(`table.${table.id}`))!;
        const [made] = found.part.tables;
        expect(made!.hitPolicy).toBe(table.hitPolicy);
        expect(made!.rows.map(({ when, then }) => [when, then])).toEqual(
          table.rows.map(({ when, then }) => [when, then]),
        );
        const counted = table.hitPolicy === "C#" ? ["0"] : undefined;
        expect(made!.default).toEqual(table.default ?? counted);
        expect(made!.outputs.map(({ type }) => type)).toEqual(
          made!.outputs.map((_, at) =>
            table.rows.every(({ then }) => then[at] === "null")
              ? "number"
              : table.outputs[at]!.type,
          ),
        );
      }
    }
  });

  test("may come from a business knowledge model, over its parameters", () => {
    const strategy = compiled();
    const { model } = modelOfStrategy(strategy.document, "en");
    const [card] = strategy.document.scores;
    const [first] = card!.characteristics;
    const { part } = strategyPart(model, dmnName(`score.${card!.id}.${first!.id}`))!;
    expect(part.facts.map(({ name }) => name)).toEqual([first!.fact]);
    expect(part.tables[0]!.rows.map(({ when, then }) => [...when, ...then])).toEqual(
      first!.attributes.map(({ when, points }) => [when, `${points}`]),
    );
  });

  test("cells that compute are named by row and column, with what a cell may hold", () => {
    const { model } =
      readDmn(`<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">
      <inputData id="i" name="Monthly income"><variable name="Monthly income" typeRef="number"/></inputData>
      <decision id="d" name="Discount"><informationRequirement><requiredInput href="#i"/></informationRequirement>
      <decisionTable hitPolicy="FIRST"><input label="Income"><inputExpression><text>Monthly income</text></inputExpression></input>
      <output name="rate"/><rule id="1 first"><inputEntry><text>&gt; Monthly income / 2</text></inputEntry><outputEntry><text>0.25</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>1 + 1</text></outputEntry></rule></decisionTable></decision></definitions>`);
    const { part, unsaid } = strategyPart(model!, "Discount")!;
    expect(part.tables[0]).toMatchObject({
      ...{ id: "Discount", inputs: ["monthlyIncome"] },
      rows: [{ id: "first" }, { id: "row-2" }],
      outputs: [{ name: "rate", type: "number", scale: 2 }],
    });
    expect(part.facts[0]).toMatchObject({
      name: "monthlyIncome",
      type: "number",
      missing: "unknown",
    });
    expect(unsaid.map(({ path }) => path)).toEqual([
      "/facts/0",
      "/tables/0/rows/0/when/0",
      "/tables/0/rows/1/then/0",
    ]);
    expect(unsaid[1]!.text.en).toContain("Cell > Monthly income / 2: ");
    expect(unsaid[2]!.text.zh).toContain("无法读取单元格");
  });
});

describe("the commands", () => {
  const folder = fileURLToPath(new URL("../../strategies/consumer-cn", import.meta.url));

  test.each([
    ["en", "Not in it: /limitRule"],
    ["zh", "未包含：/limitRule"],
  ])("write, check and read a model in %s", async (lang, left) => {
    const out = join(mkdtempSync(join(tmpdir(), "dmn-")), "model.dmn");
    const would = await tidemark({}, [
      "dmn",
      "export",
      folder,
      "--out",
      out,
      "--dry-run",
      "--lang",
      lang,
    ]);
    expect([would.code, would.err.includes(left)]).toEqual([0, true]);
    expect(existsSync(out)).toBe(false);
    expect((await tidemark({}, ["dmn", "export", folder, "--out", out, "--lang", lang])).code).toBe(
      0,
    );
    expect((await tidemark({}, ["dmn", "check", out, "--lang", lang])).code).toBe(0);
    const tables = readDmn(readFileSync(out, "utf8")).model!.decisions.filter(
      ({ logic }) => logic?.kind === "table",
    );
    const read = await tidemark({}, [
      "dmn",
      "import",
      out,
      "--table",
      tables[0]!.name,
      "--lang",
      lang,
    ]);
    expect(read.code).toBe(0);
    expect(parse(read.out)).toMatchObject({ tables: [{ rows: expect.any(Array) }] });
    const json = await tidemark({}, ["dmn", "import", out, "--table", tables[0]!.name, "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({
      part: { tables: [{}] },
      unsaid: expect.any(Array),
    });
  });

  test("a decision that is not there is refused with those that are", async () => {
    const out = join(mkdtempSync(join(tmpdir(), "dmn-")), "model.dmn");
    await tidemark({}, ["dmn", "export", folder, "--out", out]);
    const { code, err } = await tidemark({}, [
      "dmn",
      "import",
      out,
      "--table",
      "nothing",
      "--lang",
      "en",
    ]);
    expect(code).toBe(64);
    expect(err).toContain("Cannot import nothing: expected a table or literal expression: ");
  });
});
