// Each kind of defect and each law, planted once in a document that has none, is found with its place and with a line
// that shows it.

import { describe, expect, test } from "vitest";
import {
  changed,
  compiled,
  sha256,
  strategyDocument,
} from "../../../test/support/strategy-document.ts";
import { tryLaws, type Verdicts } from "../../../test/support/law-trial.ts";
import { randomFrom } from "../../../test/support/random.ts";
import { noDeclaredFacts } from "../../domain/declared-fact.ts";
import type { CompiledStrategy } from "../compile.ts";
import { parseStrategy } from "../parse.ts";
import { evaluate, isUnevaluable } from "../evaluate.ts";
import { checkDocument, type CheckedDocument } from "./check-document.ts";
import { checkStrategy } from "./check-strategy.ts";
import { mostPieces } from "./diagram.ts";
import { type CheckReport, type Finding, isBlocked, type Law, undecidedLaws } from "./finding.ts";

const text = (en: string) => ({ zh: `${en}（中文）`, en });

const checkedDocument = (document: unknown): CheckedDocument =>
  checkDocument(document, noDeclaredFacts, sha256);

type Row = Readonly<{ id: string; when: readonly string[]; then: readonly string[] }>;

/** The document with one more table in front of the others; nothing reads it. */
function withTable(hitPolicy: string, inputs: readonly string[], rows: readonly Row[], more = {}) {
  const document = strategyDocument();
  const values = ["low", "high"].map((value) => ({ value, label: text(value) }));
  (document["tables"] as unknown[]).unshift({
    ...{ id: "side", label: text("Side"), hitPolicy, inputs },
    outputs: [{ name: "level", label: text("Level"), type: "enum", values }],
    rows: rows.map((row) => ({ ...row, note: text(row.id) })),
    ...more,
  });
  const limitRule = document["limitRule"] as Record<string, unknown>;
  expect(limitRule["select"]).toBe("table.treatment.treatment");
  return document;
}

function row(id: string, when: readonly string[], then: string): Row {
  return { id, when, then: [`"${then}"`] };
}

function found(report: CheckReport, kind: Finding["kind"], id?: string): Finding {
  const one = report.findings.find(
    (finding) => finding.kind === kind && (id === undefined || finding.at.row === id),
  );
  if (one === undefined)
    throw new Error(`Not found: ${kind} in ${JSON.stringify(report.findings)}`);
  expect(one.text.zh).toMatch(/[\u4e00-\u9fff]/);
  return one;
}

function law(report: CheckReport, name: Law["law"], fact: string | null = null): Law {
  return report.laws.find((one) => one.law === name && one.fact === fact)!;
}

function rowsHit(
  strategy: CompiledStrategy,
  { example }: Finding,
): Readonly<Record<string, readonly string[]>> {
  const result = evaluate(strategy, example!.facts, "2026-11-20" as never);
  if (isUnevaluable(result)) throw new Error("Cannot evaluate example");
  return result.rowsHit;
}

describe("defects of tables", () => {
  test("a document without defects has none but the facts that it does not use", () => {
    const { findings, laws } = checkStrategy(compiled());
    expect(findings.map(({ kind, severity, at }) => [kind, severity, at.path])).toEqual([
      ["unused-fact", "note", "/facts/9"],
    ]);
    expect(laws.map((one) => [one.law, one.verdict])).toEqual([
      ["never-raises", "proved"],
      ["within-caps", "proved"],
      ["protected-apart", "proved"],
    ]);
  });

  test("a gap is shown by a line that no row takes", () => {
    const rows = [row("A", ["< 10", "-"], "low"), row("B", [">= 20", "< 0.5"], "high")];
    const strategy = compiled(withTable("U", ["late", "use"], rows));
    const gap = found(checkStrategy(strategy), "gap");
    expect(gap.at).toEqual({ path: "/tables/0", table: "side", row: null, column: null });
    expect(rowsHit(strategy, gap)["side"]).toEqual([]);
  });

  test("rows of a U table that overlap are shown by a line that hits both", () => {
    const rows = [row("A", [">= 10", "-"], "low"), row("B", ["-", "> 0.5"], "high")];
    const { strategy, report } = checkedDocument(withTable("U", ["late", "use"], rows));
    expect(strategy).toBeNull();
    expect(isBlocked(report)).toBe(true);
    const overlap = found(report, "overlap", "B");
    expect(overlap.at).toMatchObject({ table: "side", path: "/tables/0/rows/1" });
    expect(Number(overlap.example!.facts["late"])).toBeGreaterThanOrEqual(10);
    expect(Number(overlap.example!.facts["use"])).toBeGreaterThan(5_000);
  });

  test("rows of an A table may overlap where they agree, and are found where they do not", () => {
    const same = [row("A", [">= 10"], "low"), row("B", [">= 5"], "low"), row("C", ["< 5"], "high")];
    const agreeing = checkedDocument(withTable("A", ["late"], same)).report;
    expect(agreeing.findings.filter((finding) => finding.kind === "overlap")).toEqual([]);
    const other = [...same.slice(0, 1), row("B", [">= 5"], "high"), ...same.slice(2)];
    const { report } = checkedDocument(withTable("A", ["late"], other));
    expect(Number(found(report, "overlap", "B").example!.facts["late"])).toBeGreaterThanOrEqual(10);
  });

  test("a row that an earlier one hides is unreachable, and the earlier one is named", () => {
    const late = row("B", [">= 30"], "high");
    const rows = [row("A", [">= 20"], "low"), late];
    const strategy = compiled(withTable("F", ["late"], rows, { default: ['"low"'] }));
    const hidden = found(checkStrategy(strategy), "unreachable", "B");
    expect(hidden.text.en).toContain("hidden by A");
    expect(rowsHit(strategy, hidden)["side"]).toEqual(["A"]);
  });

  test("a row of less priority that another one covers is unreachable under P", () => {
    const rows = [row("B", [">= 30"], "high"), row("A", [">= 20"], "low")];
    const strategy = compiled(withTable("P", ["late"], rows, { default: ['"low"'] }));
    expect(found(checkStrategy(strategy), "unreachable", "B").text.en).toContain("hidden by A");
  });

  test("a row whose cells cannot hold together through the graph is unreachable", () => {
    // Grade A takes 60 points; a line that is late has at most 50.
    const rows = [row("A", ["[1..30]", '"A"'], "low"), row("B", ["0", "-"], "high")];
    const strategy = compiled(withTable("F", ["late", "grade"], rows, { default: ['"low"'] }));
    const never = found(checkStrategy(strategy), "unreachable", "A");
    expect(never.example).toBeNull();
    expect(never.text.en).toContain("no line satisfies its cells together");
  });

  test("a row that only excluded lines could come to is unreachable", () => {
    const document = withTable("F", ["late"], [row("A", ["> 90"], "high")], { default: ['"low"'] });
    (document["exclusions"] as unknown[]).push({
      id: "x",
      label: text("x"),
      when: { late: "> 90" },
    });
    expect(found(checkStrategy(compiled(document)), "unreachable", "A").at.table).toBe("side");
  });

  test("a row without which nothing changes is redundant", () => {
    const rows = [row("A", [">= 30"], "low"), row("B", [">= 20"], "low")];
    const strategy = compiled(withTable("F", ["late"], rows, { default: ['"high"'] }));
    const report = checkStrategy(strategy);
    expect(found(report, "redundant", "A").severity).toBe("note");
    expect(report.findings.some((one) => one.kind === "redundant" && one.at.row === "B")).toBe(
      false,
    );
  });

  test("a row of an A table is redundant where another one always says the same with it", () => {
    const rows = [row("A", [">= 10"], "low"), row("B", [">= 30"], "low")];
    const strategy = compiled(withTable("A", ["late"], rows, { default: ['"high"'] }));
    const report = checkStrategy(strategy);
    expect(rowsHit(strategy, found(report, "redundant", "B"))["side"]).toEqual(["A", "B"]);
    expect(report.findings.some(({ kind }) => kind === "unreachable")).toBe(false);
  });

  test("a value of an enumeration that no row takes is told, and so is the missing value", () => {
    const rows = [row("A", ['"east"'], "low"), row("B", ['"north"'], "high")];
    const strategy = compiled(withTable("F", ["region"], rows, { default: ['"low"'] }));
    const values = checkStrategy(strategy).findings.filter((one) => one.kind === "unhandled-value");
    expect(values.map((one) => one.example!.facts["region"])).toEqual(["south", null]);
    expect(values[0]!.at).toMatchObject({ table: "side", column: "region" });
  });

  test("numbers between those that rows name are told where no row takes them", () => {
    const holes = (all: readonly Row[]) =>
      checkStrategy(
        compiled(withTable("F", ["late", "use"], all, { default: ['"low"'] })),
      ).findings.filter(({ kind, at }) => kind === "unhandled-value" && at.column === "late");
    const rows = [row("A", ["[0..9]", "-"], "low"), row("B", ["[12..30]", "-"], "high")];
    const [hole] = holes(rows);
    expect(hole).toMatchObject({ severity: "warning", example: { facts: { late: 10 } } });
    expect(hole!.text.en).toContain('No row takes "late" = 10 to 11: it always falls through');
    // A row that leaves the column open takes what others do not name.
    expect(holes([...rows, row("C", ["-", "> 0.5"], "high")])).toEqual([]);
    // What lies beyond the last named value is what a default is for.
    expect(holes([rows[0]!, row("B", ["[10..30]", "-"], "high")])).toEqual([]);
  });

  test("grades and treatments that no line comes to are told", () => {
    // The scorecard gives 35 and 40 points, and nothing between.
    const document = changed("/grades/bands/0/when", ">= 40");
    changed("/grades/bands/1/when", "[36..40)", document);
    changed("/grades/bands/2/when", "< 36", document);
    const unreached = found(checkStrategy(compiled(document)), "unreachable");
    expect(unreached.text.en).toContain('grade "B"');
  });
});

describe("what the language refuses", () => {
  test.each([
    ["a cell of another type", "/tables/0/rows/1/when/0", '"east"', "invalid", "R2", "late"],
    [
      "a row that acts without a reason",
      "/tables/0/rows/1/reasons",
      undefined,
      "missing-reason",
      "R2",
      null,
    ],
    ["a text in one language", "/label/zh", "", "missing-translation", null, null],
  ] as const)("%s is a finding with its place", (_, path, value, kind, id, column) => {
    const { strategy, problems, report } = checkedDocument(changed(path, value));
    expect(strategy).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
    const finding = found(report, kind);
    expect(finding).toMatchObject({ severity: "error", at: { row: id, column } });
    expect(isBlocked(report)).toBe(true);
  });

  test("a text that only repeats the other language is told", () => {
    const document = changed("/tables/0/label", { zh: "Treatment", en: "Treatment" });
    const finding = found(checkStrategy(compiled(document)), "missing-translation");
    expect(finding.at.path).toBe("/tables/0/label");
  });
});

/** The base document with a direction on some facts. */
function directed(
  directions: Readonly<Record<string, "higher" | "lower">>,
  document = strategyDocument(),
) {
  const facts = document["facts"] as Record<string, unknown>[];
  for (const fact of facts) {
    const direction = directions[String(fact["name"])];
    if (direction !== undefined) fact["harsherWhen"] = direction;
  }
  return document;
}

describe("laws", () => {
  test("a cut that shrinks with days past due refutes the law, by a line that evaluation confirms", () => {
    const strategy = compiled(directed({ late: "higher" }));
    const broken = law(checkStrategy(strategy), "never-milder", "late");
    expect(broken.verdict).toBe("refuted");
    const { facts, changed: worse, outcome, outcomeChanged } = broken.example!;
    expect(Number(worse!["late"])).toBeGreaterThan(Number(facts["late"]));
    expect([outcome!.action, outcomeChanged!.action]).not.toEqual(["none", "none"]);
    expect(broken.where!.table).toBe("treatment");
    expect(broken.text.en).toMatch(/gives .* yet /);
  });

  test("the law is proved once the milder treatment is gone", () => {
    const document = directed({ late: "higher", use: "higher", breach: "higher" });
    changed("/limitRule/treatments/2/target/bufferBp", 0, document);
    changed("/tables/0/rows/3/when/0", ">= 0", document);
    changed("/tables/0/rows/2/when", ["[31..60]", "-", "-"], document);
    const report = checkStrategy(compiled(document));
    expect(report.laws.map((one) => [one.fact, one.verdict])).toEqual([
      ["late", "proved"],
      ["use", "proved"],
      ["breach", "proved"],
      [null, "proved"],
      [null, "proved"],
      [null, "proved"],
    ]);
    expect(isBlocked(report)).toBe(false);
  });

  test("the missing value has no place in the order of a fact", () => {
    const document = directed({ use: "higher" });
    changed("/tables/1/rows/1/when/0", "null", document);
    const report = checkStrategy(compiled(document));
    expect(law(report, "never-milder", "use").verdict).toBe("proved");
  });

  test("a treatment that asks for more than the limit is found in the program itself", () => {
    const strategy = compiled();
    const limit = { ...strategy.program.limit, caps: [], mode: "up" as const };
    const broken = law(
      checkStrategy({ ...strategy, program: { ...strategy.program, limit } }),
      "never-raises",
    );
    expect(broken).toMatchObject({
      verdict: "refuted",
      where: { path: "/limitRule/treatments/2" },
    });
  });

  test("rounding that takes a decrease below a floor refutes the caps", () => {
    const document = changed("/limitRule/floors", [
      { id: "odd", label: text("Odd"), amount: "4050.50" },
    ]);
    changed("/guards", [], document);
    changed("/limitRule/belowDrawn", "allowed", document);
    const broken = law(checkStrategy(compiled(document)), "within-caps");
    expect(broken).toMatchObject({ verdict: "refuted", where: { path: "/limitRule/floors/0" } });
    const { outcome } = broken.example!;
    expect(outcome).toMatchObject({ action: "decrease" });
    expect(outcome!.action === "decrease" && outcome!.toMinor).toBeLessThan(405_050);
  });

  test("a protected fact that a rule reads is found by following the graph", () => {
    const strategy = compiled();
    const facts = strategy.program.facts.map((fact) =>
      fact.name === "use"
        ? { ...fact, declaration: { ...fact.declaration, sensitivity: "protected" as const } }
        : fact,
    );
    const broken = law(
      checkStrategy({ ...strategy, program: { ...strategy.program, facts } }),
      "protected-apart",
      "use",
    );
    expect(broken.verdict).toBe("refuted");
    expect(broken.text.en).toContain("tables/rate/S2 → limitRule/cut");
  });

  test("a fact that enters the arithmetic itself is undecided, and says so", () => {
    const report = checkStrategy(compiled(directed({ drawn: "higher" })));
    const open = law(report, "never-milder", "drawn");
    expect(open).toMatchObject({ verdict: "undecided", where: { path: "/facts/1" } });
    expect(undecidedLaws(report)).toEqual([open]);
    expect(isBlocked(report)).toBe(false);
  });

  test("what exceeds the bound is undecided, never proved, and the bound holds", () => {
    const strategy = compiled(directed({ late: "higher" }));
    for (const most of [1, 20, 60]) {
      const report = checkStrategy(strategy, most);
      for (const { law: name, verdict } of report.laws) {
        expect(verdict).toBe(name === "protected-apart" ? "proved" : "undecided");
      }
      expect(report.steps).toBeLessThan(most * mostPieces + 100);
    }
  });

  test("the same strategy gives the same report", () => {
    const strategy = compiled(directed({ late: "higher", use: "higher" }));
    expect(checkStrategy(strategy)).toEqual(checkStrategy(strategy));
  });
});

describe("what is computed", () => {
  const label = { zh: "闲置天数", en: "Idle days" };
  const node = (feel: string, more = {}) => ({ id: "x", label, type: "number", feel, ...more });

  function withNode(feel: string, inputs: readonly string[], rows: readonly Row[], more = {}) {
    return changed("/expressions", [node(feel)], withTable("F", inputs, rows, more));
  }

  const both = "if use = null then late * 2 else late * 2 + use * 0";

  const several = (feel: string, when: string) => {
    const document = directed({ late: "higher", use: "higher" });
    changed("/expressions", [node(feel)], document);
    return changed("/exclusions/0/when", { "expression.x": when }, document);
  };

  test("a law of a fact that an expression of several facts does not move one way is undecided, and names it", () => {
    const document = several(
      "decimal(if use = null then late else (late - 50) * (late - 90), 0)",
      "> 5900",
    );
    const open = law(checkStrategy(compiled(document)), "never-milder", "late");
    expect(open).toMatchObject({ verdict: "undecided", where: { path: "/facts/5" } });
    expect(open.text.en).toContain('enters "Idle days"');
  });

  test("a law through an expression of several facts that moves one way is refuted by a line", () => {
    const document = several(`decimal(${both}, 0)`, "> 5900");
    const broken = law(checkStrategy(compiled(document)), "never-milder", "late");
    expect(broken.verdict).toBe("refuted");
    expect(broken.example?.facts["late"]).toBeLessThan(Number(broken.example?.changed?.["late"]));
  });

  test("a law through an expression of several facts that moves one way is proved, and refuted the other way", () => {
    const verdict = (when: string): string => {
      const document = several(`decimal(${both}, 0)`, when);
      // As where the law is proved without an expression.
      changed("/limitRule/treatments/2/target/bufferBp", 0, document);
      changed("/tables/0/rows/3/when/0", ">= 0", document);
      changed("/tables/0/rows/2/when", ["[31..60]", "-", "-"], document);
      return law(checkStrategy(compiled(document)), "never-milder", "late").verdict;
    };
    expect([verdict("< 3"), verdict("> 100")]).toEqual(["proved", "refuted"]);
  });

  test("an expression over one fact of few values is followed, and a law through it refuted", () => {
    const document = directed({ late: "higher" });
    changed("/expressions", [node("late * 2")], document);
    changed("/tables/0/inputs/0", "expression.x", document);
    // What freezes comes at fewer days than what cuts.
    const cells = ["[2..8]", "[10..60]", "[62..180]", "> 180"];
    cells.forEach((cell, at) => changed(`/tables/0/rows/${at}/when/0`, cell, document));
    const broken = law(checkStrategy(compiled(document)), "never-milder", "late");
    expect(broken.verdict).toBe("refuted");
    expect(broken.example!.changed).toHaveProperty("late");
  });

  test("a law of another fact is proved whatever the expression is", () => {
    const document = directed({ breach: "higher" });
    const plain = law(checkStrategy(compiled(document)), "never-milder", "breach").verdict;
    changed("/expressions", [node(`decimal(${both}, 0)`)], document);
    changed("/exclusions/0/when", { "expression.x": "> 5900" }, document);
    expect(law(checkStrategy(compiled(document)), "never-milder", "breach").verdict).toBe(plain);
  });

  test("what an expression never is is no gap where it is followed", () => {
    // Twice the days is never odd: no line has 7.
    const rows = [row("A", ["[0..6]"], "low"), row("B", [">= 8"], "high")];
    const { findings } = checkStrategy(compiled(withNode("late * 2", ["expression.x"], rows)));
    expect(findings.filter(({ kind }) => kind === "gap")).toEqual([]);
    const real = [row("A", ["[0..6]"], "low"), row("B", [">= 10"], "high")];
    const strategy = compiled(withNode("late * 2", ["expression.x"], real));
    const gap = found(checkStrategy(strategy), "gap");
    expect(gap.example!.facts["late"]).toBe(4);
    expect(rowsHit(strategy, gap)["side"]).toEqual([]);
  });

  test("a gap that an expression of several facts may close is a note without an example", () => {
    const rows = [row("A", ["<= 6"], "low"), row("B", [">= 8"], "high")];
    const feel = `decimal(${both}, 0)`;
    const gap = found(checkStrategy(compiled(withNode(feel, ["expression.x"], rows))), "gap");
    expect(gap).toMatchObject({ severity: "note", example: null });
    expect(gap.text.en).toContain("depends on what expressions can be");
  });

  test("a row without any value of the expression is unreachable, whatever the facts", () => {
    const rows = [row("A", [">= 0"], "low"), row("B", [">= 8"], "high")];
    const strategy = compiled(withNode("late * 2", ["expression.x"], rows));
    expect(found(checkStrategy(strategy), "unreachable", "B").at.table).toBe("side");
  });

  test("a row that is in force for a time is shown by a line of that time", () => {
    const rows = [
      { ...row("A", [">= 30"], "low"), effectiveFrom: "2027-01-01", effectiveTo: "2027-12-31" },
      row("B", [">= 30"], "high"),
    ];
    const strategy = compiled(withTable("F", ["late"], rows));
    const report = checkStrategy(strategy);
    expect(report.findings.some(({ kind }) => kind === "unreachable")).toBe(false);
    const gap = found(report, "gap");
    expect(gap.example!.facts["asOf"]).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test("two rows of a U table with the same cells at different times do not overlap", () => {
    const times = [{ effectiveTo: "2026-12-31" }, { effectiveFrom: "2027-01-01" }];
    const rows = times.map((time, at) => ({ ...row(`R${at}`, ["-"], "low"), ...time }));
    expect(checkedDocument(withTable("U", ["late"], rows)).strategy).not.toBeNull();
    const met = rows.map((one) => ({ ...one, effectiveFrom: "2026-12-31" }));
    expect(found(checkedDocument(withTable("U", ["late"], met)).report, "overlap").at.row).toBe(
      "R1",
    );
  });

  test("a model that nothing reads is told, and its range and inputs are checked", () => {
    const model = { ...{ id: "pd", label, model: "pd", modelVersion: "1" }, inputs: ["late"] };
    const fine = changed("/models", [{ ...model, minimum: "0", maximum: "1" }]);
    const unused = checkStrategy(compiled(fine)).findings.filter(
      ({ kind }) => kind === "unused-fact",
    );
    expect(unused.map(({ at }) => at.path)).toContain("/models/0");
    const wrong = [
      { ...model, minimum: "1", maximum: "0" },
      { ...model, inputs: ["sex"], minimum: "0", maximum: "1" },
      { ...model, minimum: "0", maximum: "1", neutral: "2" },
    ];
    const codes = wrong.map((one) => checkedDocument(changed("/models", [one])).problems[0]?.code);
    expect(codes).toEqual(["out-of-range", "protected-fact", "out-of-range"]);
  });

  test("computed points leave laws of their facts undecided and keep the others", () => {
    const document = directed({ late: "higher", use: "higher" });
    changed("/expressions", [node("if late > 5 then 0 - 3 else 3")], document);
    changed("/scores/0/characteristics/0/attributes/0/pointsFrom", "expression.x", document);
    const report = checkStrategy(compiled(document));
    expect(law(report, "never-milder", "late").verdict).toBe("undecided");
    expect(law(report, "never-raises").verdict).toBe("proved");
    expect(law(report, "protected-apart").verdict).toBe("proved");
  });

  test("laws through expressions over one fact are kept by random lines where they are proved", () => {
    const verdicts: Verdicts = {};
    for (let seed = 1; seed <= 25; seed++) {
      const random = randomFrom(seed);
      const document = directed({ late: random.pick(["higher", "lower"]) });
      const feels = ["late * 3 - 40", "floor(late / 7)", "if late > 30 then late - 200 else late"];
      changed("/expressions", [node(random.pick(feels))], document);
      changed("/tables/0/inputs/0", "expression.x", document);
      const cuts = [0, 1, 2].map(() => random.integer(-100, 300)).toSorted((a, b) => a - b);
      const cells = ["-", `>= ${cuts[2]}`, `[${cuts[0]}..${cuts[2]}]`, "-"];
      cells.forEach((cell, at) => changed(`/tables/0/rows/${at}/when/0`, cell, document));
      const { strategy } = parseStrategy(document);
      if (strategy !== null) tryLaws(compiled(document), seed, 200, verdicts);
    }
    expect(verdicts["never-milder proved"] ?? 0).toBeGreaterThan(1);
    expect(verdicts["never-milder refuted"] ?? 0).toBeGreaterThan(1);
    expect(verdicts["never-milder undecided"] ?? 0).toBe(0);
  });
});
