// Defects of one table, looked for among all lines that the strategy looks at: inputs that no row of its own takes, rows
// that never decide, rows without which nothing changes, and values that no row takes.

import type { Text } from "../../domain/text.ts";
import type { CompiledStrategy } from "../compile.ts";
import { holds } from "../holds.ts";
import { difference, type IntegerSet, interval, union } from "../integer-set.ts";
import type { RowIr, TableIr } from "../ir.ts";
import { type Operand, valueText } from "../operand.ts";
import {
  choose,
  combine,
  constant,
  map,
  type Path,
  pathTo,
  type Ref,
  valuesOf,
} from "./diagram.ts";
import { type Finding, type FindingKind, placeAt, type Severity } from "./finding.ts";
import { belongs, type Graph, noRow, excluded, type TableGraph } from "./graph.ts";
import { factsOf, inputText, isReal, lineAt, outcomeAt } from "./line-example.ts";

/** Gaps of one table that are told one by one. */
export const mostGaps = 20;

type Looking = Readonly<{
  compiled: CompiledStrategy;
  graph: Graph;
  made: TableGraph;
  /** index of the table */
  at: number;
  findings: Finding[];
}>;

/** What is wrong with a table; its graph must have been added. Throws when the bound on cells is reached. */
export function tableFindings(
  compiled: CompiledStrategy,
  graph: Graph,
  made: TableGraph,
): readonly Finding[] {
  const at = graph.tables.indexOf(made);
  const looking: Looking = { compiled, graph, made, at, findings: [] };
  findOverlaps(looking);
  findGaps(looking);
  const unreachable = findUnreachable(looking);
  findRedundant(looking, unreachable);
  findUnhandled(looking);
  return looking.findings;
}

/** Adds a finding; with a path, the line there is its example. */
function tell(
  { compiled, graph, made, at, findings }: Looking,
  kind: FindingKind,
  severity: Severity,
  place: Readonly<{ row?: number; column?: number }>,
  path: Path | null,
  text: (input: Text) => Text,
): void {
  const { table } = made;
  const row = place.row === undefined ? "" : `/rows/${place.row}`;
  const column = place.column === undefined ? "" : `/inputs/${place.column}`;
  const line = path === null ? null : lineAt(graph, path);
  const real = line !== null && isReal(graph, line);
  const facts = line !== null && real ? factsOf(graph, line) : null;
  const said = text(
    line === null ? { zh: "", en: "" } : inputText(graph, compiled, line, inputFacts(graph, table)),
  );
  findings.push({
    kind,
    severity: line !== null && !real ? "note" : severity,
    at: placeAt(`/tables/${at}${row === "" ? column : row}`, {
      table: table.id,
      row: place.row === undefined ? null : table.rows[place.row]!.id,
      column: place.column === undefined ? null : table.inputs[place.column]!.name,
    }),
    example:
      facts === null
        ? null
        : {
            facts,
            changed: null,
            outcome: outcomeAt(compiled, facts),
            outcomeChanged: null,
          },
    text: line !== null && !real ? unconfirmed(said) : said,
  });
}

/** Expressions are not followed: no line was found that comes to this, and none was ruled out. */
function unconfirmed({ zh, en }: Text): Text {
  return {
    zh: `${zh}（取决于表达式的取值，未找到相应额度）`,
    en: `${en} (depends on what expressions can be; no such line was found)`,
  };
}

/** Slots of the facts that a table tests itself. */
function inputFacts({ program }: Graph, { inputs }: TableIr): number[] {
  const slots = new Set(program.facts.map((fact) => fact.slot));
  return inputs.map((input) => input.slot).filter((slot) => slots.has(slot));
}

/** A function where the line is looked at; {@link excluded} elsewhere. */
function amongIncluded({ graph }: Looking, ref: Ref): Ref {
  return choose(graph.diagram, graph.included, ref, constant(graph.diagram, excluded));
}

/** Rows of a U or A table that hold together: under A only where they say different things. */
function findOverlaps(looking: Looking): void {
  const { graph, made } = looking;
  const { table, holding, firsts } = made;
  if (table.hitPolicy !== "U" && table.hitPolicy !== "A") return;
  const { diagram } = graph;
  const none = constant(diagram, noRow);
  for (const row of table.rows.keys()) {
    const alsoLater = choose(diagram, holding[row]!, firsts[row + 1]!, none);
    const met = amongIncluded(looking, alsoLater);
    const clash = [...valuesOf(diagram, met)].find(
      (other) =>
        other >= 0 &&
        (table.hitPolicy === "U" || !isSame(table.rows[row]!.outputs, table.rows[other]!.outputs)),
    );
    if (clash === undefined) continue;
    const other = table.rows[clash]!.id;
    tell(looking, "overlap", "error", { row: clash }, pathTo(diagram, met, clash), (input) => ({
      zh: `行“${table.rows[row]!.id}”与“${other}”同时命中：${input.zh}`,
      en: `Rows "${table.rows[row]!.id}" and "${other}" both hold: ${input.en}`,
    }));
  }
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, at) => Object.is(value, right[at]));
}

const lists = ["R", "O", "C"];

function findGaps(looking: Looking): void {
  const { graph, made } = looking;
  const { table, any } = made;
  if (table.defaults === null && table.hitPolicy !== "C#" && !lists.includes(table.hitPolicy)) {
    const path = pathTo(graph.diagram, amongIncluded(looking, any), 0);
    if (path !== null) {
      tell(looking, "gap", "warning", {}, path, (input) => ({
        zh: `没有任何行命中，输出未知：${input.zh}`,
        en: `No row holds and the outputs are unknown: ${input.en}`,
      }));
      return;
    }
  }
  findHoles(looking);
}

/** Whether a row takes whatever the others leave. */
function isCatchAll(row: RowIr): boolean {
  return row.tests.length === 0;
}

/**
 * Inputs each of whose values some row names, but no row the combination: they fall through to the default or to a row
 * that takes everything.
 */
function findHoles(looking: Looking): void {
  const { graph, made } = looking;
  const { table, order, firsts } = made;
  const { diagram } = graph;
  if (order === null) return;
  const named = table.inputs.map((_, column) => namesOf(table, column));
  if (named.filter((one) => one.length > 0).length < 2) return;
  const combinations: string[][] = [[]];
  const known = new Map<string, number>();
  const extend = (before: number, names: string): number => {
    if (before < 0 || names === "") return -1;
    const key = `${before} ${names}`;
    const found = known.get(key) ?? combinations.push([...combinations[before]!, names]) - 1;
    known.set(key, found);
    return found;
  };
  let falling = map(diagram, firsts[0]!, (row) =>
    row === noRow || isCatchAll(table.rows[row]!) ? 0 : -1,
  );
  falling = choose(diagram, graph.included, falling, constant(diagram, -1));
  for (const [column, sets] of named.entries()) {
    if (sets.length === 0) continue;
    const value = graph.slots.get(table.inputs[column]!.slot)!;
    const texts: string[] = [];
    const signature = map(diagram, value, (held) => {
      const text = sets
        .filter((set) => holds(set, held))
        .map((set) => set.row)
        .join();
      return texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1;
    });
    falling = combine(diagram, falling, signature, (before, at) => extend(before, texts[at]!));
  }
  const found = [...valuesOf(diagram, falling)].filter((value) => value >= 0);
  for (const value of found.slice(0, mostGaps)) {
    tell(looking, "gap", "warning", {}, pathTo(diagram, falling, value), (input) => ({
      zh: `每个取值均有行列出，但没有行接受这一组合，落入${fallZh(table)}：${input.zh}`,
      en: `Rows name each of these values but none takes them together, so they fall through to ${fallEn(table)}: ${input.en}`,
    }));
  }
}

type Named = IntegerSet & Readonly<{ row: number }>;

/** The sets that rows name in a column. */
function namesOf(table: TableIr, column: number): readonly Named[] {
  return table.rows.flatMap((row, at) =>
    row.tests.filter((test) => test.column === column).map((test) => ({ ...test, row: at })),
  );
}

function catchAllOf(table: TableIr): string | undefined {
  return table.rows.find(isCatchAll)?.id;
}

function fallEn(table: TableIr): string {
  const row = catchAllOf(table);
  return row === undefined ? "the default" : `row "${row}"`;
}

function fallZh(table: TableIr): string {
  const row = catchAllOf(table);
  return row === undefined ? "默认输出" : `行“${row}”`;
}

/** Rows that decide for no line. */
function findUnreachable(looking: Looking): ReadonlySet<number> {
  const { graph, made } = looking;
  const { table, order, holding, firsts } = made;
  const { diagram } = graph;
  const unreachable = new Set<number>();
  // Under A every row that holds counts, also behind another one.
  const single = order !== null && table.hitPolicy !== "A";
  const deciding = single ? valuesOf(diagram, amongIncluded(looking, firsts[0]!)) : null;
  for (const row of table.rows.keys()) {
    const hits = amongIncluded(looking, holding[row]!);
    const path = pathTo(diagram, hits, 1);
    if (path !== null && (deciding === null || deciding.has(row))) continue;
    unreachable.add(row);
    if (path === null) {
      tell(looking, "unreachable", "warning", { row }, null, () => ({
        zh: `行“${table.rows[row]!.id}”永不命中：没有额度能同时满足其各单元格`,
        en: `Row "${table.rows[row]!.id}" never holds: no line satisfies its cells together`,
      }));
      continue;
    }
    const taken = choose(diagram, holding[row]!, firsts[0]!, constant(diagram, excluded));
    const takers = [...valuesOf(diagram, amongIncluded(looking, taken))].filter((one) => one >= 0);
    const ids = takers.map((one) => table.rows[one]!.id);
    tell(looking, "unreachable", "warning", { row }, path, (input) => ({
      zh: `行“${table.rows[row]!.id}”永不生效，被 ${ids.join("、")} 遮盖，例如：${input.zh}`,
      en: `Row "${table.rows[row]!.id}" never decides, hidden by ${ids.join(", ")}, as for: ${input.en}`,
    }));
  }
  return unreachable;
}

/** What a row says: outputs and reasons. */
function saysSame(table: TableIr, left: number, right: number): boolean {
  const one = table.rows[left]!;
  const reasons = (row: RowIr): string =>
    JSON.stringify([
      row.reasons.map(({ code, facts }) => [code, facts.map((fact) => fact.name)]),
      row.scores,
    ]);
  if (right === noRow) {
    return (
      isSame(one.outputs, table.defaults ?? one.outputs.map(() => Number.NaN)) &&
      reasons(one) === "[[],[]]"
    );
  }
  const other = table.rows[right]!;
  return isSame(one.outputs, other.outputs) && reasons(one) === reasons(other);
}

function findRedundant(looking: Looking, unreachable: ReadonlySet<number>): void {
  const { graph, made } = looking;
  const { table, holding } = made;
  for (const row of table.rows.keys()) {
    if (unreachable.has(row) || !isRedundant(looking, row)) continue;
    tellRedundant(looking, row, pathTo(graph.diagram, amongIncluded(looking, holding[row]!), 1));
  }
}

function isRedundant(looking: Looking, row: number): boolean {
  const { table } = looking.made;
  switch (table.hitPolicy) {
    case "U":
    case "F":
    case "P":
      return isRepeatedNext(looking, row);
    case "A":
      return isCovered(looking, row, (other) => saysSame(table, row, other));
    case "C+": {
      const { outputs, reasons, scores } = table.rows[row]!;
      const says = outputs[0] !== 0 || reasons.length > 0 || scores.length > 0;
      return (
        !says && isCovered(looking, row, (other) => !Number.isNaN(table.rows[other]!.outputs[0]))
      );
    }
    default:
      return false;
  }
}

/** Wherever the row decides, what would decide without it says the same. */
function isRepeatedNext(looking: Looking, row: number): boolean {
  const { graph, made } = looking;
  const { table, order, firsts } = made;
  const next = firsts[order!.indexOf(row) + 1]!;
  const otherwise = combine(graph.diagram, firsts[0]!, next, (first, other) =>
    first === row ? other : excluded,
  );
  return [...valuesOf(graph.diagram, amongIncluded(looking, otherwise))].every(
    (other) => other === excluded || saysSame(table, row, other),
  );
}

/** Wherever the row holds, one of those that `counts` names holds too. */
function isCovered(looking: Looking, row: number, counts: (other: number) => boolean): boolean {
  const { graph, made } = looking;
  const { diagram } = graph;
  const no = constant(diagram, 0);
  const others = made.holding.filter((_, other) => other !== row && counts(other));
  const alone = others.reduce((rest, one) => choose(diagram, one, no, rest), made.holding[row]!);
  return !valuesOf(diagram, amongIncluded(looking, alone)).has(1);
}

function tellRedundant(looking: Looking, row: number, path: Path | null): void {
  const { id } = looking.made.table.rows[row]!;
  tell(looking, "redundant", "note", { row }, path, () => ({
    zh: `删除行“${id}”不会改变任何结果`,
    en: `Row "${id}" could be removed: nothing would change`,
  }));
}

/** What rows should say something about, and no row but a catch-all ever takes. */
function findUnhandled(looking: Looking): void {
  const { graph, made } = looking;
  const { table, holding } = made;
  const { diagram } = graph;
  const one = constant(diagram, 1);
  const taken = table.rows.reduce(
    (rest, row, at) => (isCatchAll(row) ? rest : choose(diagram, holding[at]!, one, rest)),
    constant(diagram, 0),
  );
  for (const [column, input] of table.inputs.entries()) {
    if (namesOf(table, column).length === 0) continue;
    for (const only of setsToHandle(table, column)) {
      const here = belongs(graph, input.slot, only);
      const ref = choose(diagram, here, amongIncluded(looking, taken), constant(diagram, excluded));
      const met = valuesOf(diagram, ref);
      if (met.has(1) || !met.has(0)) continue;
      const shown = setText(input, only);
      tell(looking, "unhandled-value", "warning", { column }, pathTo(diagram, ref, 0), () => ({
        zh: `“${input.name}”取 ${shown.zh} 时没有任何行命中，总是落入${fallZh(table)}`,
        en: `No row takes "${input.name}" = ${shown.en}: it always falls through to ${fallEn(table)}`,
      }));
    }
  }
}

/** Each value of an enumeration, what lies between numbers or dates that rows name, and the missing value. */
function setsToHandle(table: TableIr, column: number): readonly IntegerSet[] {
  const { type, nullable } = table.inputs[column]!;
  const unknown = nullable ? [{ bounds: [], unknown: true }] : [];
  if (type.kind === "boolean") return unknown;
  if (type.kind === "enum") return [...type.values.map((_, at) => interval(at, at)), ...unknown];
  const named = union(namesOf(table, column));
  const { bounds } = difference(interval(named.bounds[0] ?? 0, named.bounds.at(-1) ?? -1), named);
  const between = bounds.flatMap((low, at) =>
    at % 2 === 0 ? [interval(low, bounds[at + 1]!)] : [],
  );
  return [...between.slice(0, mostGaps), ...unknown];
}

function setText({ type }: Operand, { bounds }: IntegerSet): Text {
  const [low, high] = bounds;
  const [from, to] = [low, high].map((end) => valueText(end ?? null, type));
  return low === high
    ? { zh: from!, en: from! }
    : { zh: `${from} 至 ${to}`, en: `${from} to ${to}` };
}
