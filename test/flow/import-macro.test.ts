// A macro series from a file to the facts of a line: once, with revisions beside what was known before, and the same for one
// line, for a whole sweep and for a decision.

import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { LinesFormat } from "../../src/adapters/files/lines-format.ts";
import { readMappingFile } from "../../src/adapters/files/mapping-file.ts";
import { openLines } from "../../src/adapters/files/open-lines.ts";
import { addDays, type BusinessDate, type Instant } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { factsAround } from "../../src/flow/known-environment.ts";
import { factValues, knownFacts } from "../../src/flow/known-facts.ts";
import { importMacro, type MacroSummary } from "../../src/portfolio/import-macro.ts";
import { lineReader } from "../../src/portfolio/lines-to-assess.ts";
import {
  macroReader,
  parseMacroMapping,
  scaledValue,
  type MacroMapping,
} from "../../src/portfolio/macro-mapping.ts";
import type { LinesFile } from "../../src/portfolio/ports.ts";
import { lineIn } from "../support/declared-facts.ts";
import { repositoryRoot } from "../support/documents.ts";
import { actor } from "../support/given.ts";
import { hasShared, sharedPath } from "../support/shared-data.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const mapping: MacroMapping = {
  ...{ series: "unemployment", source: "bureau-of-statistics" },
  place: { byCode: { column: "where", values: { C: "country/cn" } } },
  period: { column: "month", form: "date" },
  value: { column: "rate" },
  publishedAfterDays: 30,
};

const fileOf = (...rows: readonly (readonly string[])[]): LinesFile => ({
  name: "rates.csv",
  header: { line: 1, columns: ["where", "month", "rate"] },
  rows: rows.length,
  read: async function* read() {
    yield rows.map((cells, at) => ({ line: at + 2, cells }));
  },
});

let given: TestWorld;
let line: CreditLine;
const clerk = actor("ann", "operator");

beforeEach(async () => {
  given = memoryWorld();
  line = await lineIn(given.world, "C-1", { region: "GD", industry: "retail" });
});

async function take(file: LinesFile, dryRun = false, by = mapping): Promise<MacroSummary> {
  const found = await importMacro(given.world, file, by, { actor: clerk, dryRun });
  if (isRefusal(found)) throw new Error(found.detail.en);
  return found;
}

async function factsOn(asOf: BusinessDate, knownAt?: Instant): Promise<FactValues> {
  const { world } = given;
  const moment = { asOf, knownAt: knownAt ?? (await world.clock.now()) };
  const known = await knownFacts(world, line, asOf, moment.knownAt);
  const around = await factsAround(world, new Set(world.declared.environment.keys()), moment);
  return factValues(world, known, line, asOf, around);
}

const rates = fileOf(
  ["C", "2025-01-01", "5.0"],
  ["C", "2026-01-01", "5.25"],
  ["D", "2026-01-01", "9"],
);
const today = "2026-03-02" as BusinessDate;

describe("a file", () => {
  test("becomes facts of the lines that live there, from the day on which it was published", async () => {
    expect(await take(rates)).toEqual({
      ...{ dryRun: false, rows: 3, added: 2, revised: 0, unchanged: 0 },
      ...{ leftOut: 1, rejected: 0, problems: [] },
    });
    expect(await factsOn(today)).toMatchObject({
      ...{ unemployment: 52_500, unemploymentChange12Months: 2_500, unemploymentAgeDays: 30 },
    });
    expect(await factsOn("2026-01-30" as BusinessDate)).toMatchObject({ unemployment: 50_000 });
  });

  test("is the same to a whole sweep as to one line, and is not read where no strategy asks", async () => {
    await take(rates);
    const { world, portfolio } = given;
    const view = { asOf: today, knownAt: await world.clock.now(), portfolio: null };
    const strategy = (...names: readonly string[]) => [{ facts: names.map((name) => ({ name })) }];
    const read = async (store: typeof world.store, ...names: readonly string[]) => {
      const reading = { declared: world.declared, store };
      const lines = await lineReader(reading, portfolio, view, strategy(...names))([line.bucket]);
      return lines.get(line.bucket)![0]!.facts;
    };
    expect(await read(world.store, "unemployment")).toMatchObject({ unemployment: 52_500 });
    const unread = () => Promise.reject(new Error("The environment was read"));
    const environment = { ...world.store.environment, told: unread };
    expect(await read({ ...world.store, environment }, "bureauScore")).toEqual({
      ...{ region: "GD", industry: "retail" },
    });
  });

  test("again changes nothing, and a revision leaves what was known before", async () => {
    await take(rates);
    expect(await take(rates)).toMatchObject({ added: 0, revised: 0, unchanged: 2 });
    const before = await given.world.clock.now();
    await given.clock.set("2026-03-03T02:00:00.000Z" as typeof before);
    const revised = fileOf(["C", "2026-01-01", "5.5"]);
    expect(await take(revised)).toMatchObject({ added: 0, revised: 1 });
    expect(await take(revised)).toMatchObject({ unchanged: 1 });
    expect(await factsOn(today)).toMatchObject({ unemployment: 55_000 });
    expect(await factsOn(today, before)).toMatchObject({ unemployment: 52_500 });
    await given.clock.set("2026-03-04T02:00:00.000Z" as typeof before);
    expect(await take(fileOf(["C", "2026-01-01", "5.25"]))).toMatchObject({ revised: 1 });
    expect(await factsOn(addDays(today, 2))).toMatchObject({ unemployment: 52_500 });
  });

  test("of a dry run leaves nothing behind", async () => {
    expect(await take(rates, true)).toMatchObject({ dryRun: true, added: 2 });
    expect(await factsOn(today)).toMatchObject({ unemployment: null });
  });

  test("with broken rows brings the others and names these", async () => {
    const broken = fileOf(
      ["C", "2026-01-01", "5,25"],
      ["C", "2026-13-01", "5"],
      ["C", "2027-01-01", "5"],
      ["C", "2026-02-01", "."],
      ["C", "2025-12-01", "5.1"],
      ["constructor", "2025-12-01", "5.1"],
    );
    const { problems, ...counts } = await take(broken);
    expect(counts).toMatchObject({ rows: 6, added: 1, leftOut: 2, rejected: 3 });
    expect(problems.map(({ line: at, refusal }) => [at, refusal.pointer])).toEqual([
      [2, "/value"],
      [3, "/period"],
      [4, "/period"],
    ]);
  });

  test("is refused without its columns, and to those who may not", async () => {
    const other = { ...rates, header: { line: 1, columns: ["where", "rate"] } };
    const run = (file: LinesFile, by = clerk) =>
      importMacro(given.world, file, mapping, { actor: by, dryRun: false });
    expect(await run(other)).toMatchObject({
      refused: "invalid",
      detail: { en: "Cannot find column month: found where, rate" },
    });
    expect(await run(rates, actor("eve", "analyst"))).toMatchObject({ refused: "forbidden" });
    const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
    expect(await run(rates, { ...clerk, scope })).toMatchObject({
      refused: "forbidden",
    });
  });
});

test.each<readonly [string, number, number | null]>([
  ["5", 1, 50_000],
  ["-0.00004", 1, 0],
  ["0.00005", 1, 0],
  ["0.00015", 1, 2],
  ["15.2539937422295", 1, 152_540],
  ["59716249310.97416", 1_000_000_000, 597_162],
  ["-3", 2, -15_000],
  ["100000000000", 1, 1e15],
  ["100000000000.1", 1, null],
  ["1e5", 1, null],
  ["", 1, null],
])("the value %j over %i is %j", (text, divideBy, expected) => {
  const found = scaledValue(text, divideBy);
  expect(isRefusal(found) ? null : found).toBe(expected);
});

test.each<readonly [object, string]>([
  [{ series: "two words" }, "/series"],
  [{ place: { fixed: "cn" } }, "/place/fixed"],
  [{ place: { fixed: "country/cn", byCode: {} } }, "/place"],
  [{ period: { column: "month", form: "week" } }, "/period/form"],
  [{ value: { column: "rate", divideBy: 0 } }, "/value/divideBy"],
  [{ publishedAfterDays: -1 }, "/publishedAfterDays"],
])("a mapping with %j is refused at %s", (change, path) => {
  const parsed = parseMacroMapping({ ...mapping, ...change });
  expect("problems" in parsed && parsed.problems.map((one) => one.path)).toContain(path);
});

describe.skipIf(!hasShared("data/macro"))("public series", () => {
  test.each([
    ["fred-unemployment.yaml", "UNRATE.csv", 929],
    ["world-bank-inflation.yaml", "worldbank_cpi_inflation_CHN_USA_DEU_TWN.csv", 120],
  ])("%s reads every row of %s", async (name, file, least) => {
    const read = await readMappingFile(
      join(repositoryRoot, "examples/macro", name),
      parseMacroMapping,
    );
    if ("problems" in read) throw new Error(JSON.stringify(read.problems));
    const opened = await openLines(join(sharedPath("data/macro"), file), { format });
    const rows = macroReader(read.mapping, opened.header.columns, today);
    expect(isRefusal(rows)).toBe(false);
    const summary = await take(opened, false, read.mapping);
    expect(summary).toMatchObject({ rejected: 0, revised: 0 });
    expect(summary.added).toBeGreaterThan(least);
    expect(await take(opened, false, read.mapping)).toMatchObject({ unchanged: summary.added });
  });
});

const format: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};
