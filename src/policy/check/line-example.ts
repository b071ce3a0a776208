// From cells back to lines: an input that lies in given cells, run through the strategy itself. Nothing is reported as an
// example before evaluation has said what it is an example of.

import type { Outcome } from "../../domain/assessment.ts";
import { type BusinessDate, parseBusinessDate } from "../../domain/calendar.ts";
import type { FactValue, FactValues } from "../../domain/facts.ts";
import { decimalText } from "../../domain/money.ts";
import type { Text } from "../../domain/text.ts";
import type { CompiledStrategy } from "../compile.ts";
import { evaluate, isUnevaluable } from "../evaluate.ts";
import { decodeFact } from "../fact-text.ts";
import type { FactIr } from "../ir.ts";
import { actionLabels } from "../lower.ts";
import { asOfName } from "../lowering.ts";
import { run } from "../run.ts";
import { readableFact } from "../value-text.ts";
import { type Path, spend } from "./diagram.ts";
import { rankOf } from "./effect.ts";
import { type ClassedFact, type FactClass, followedNot, valueIn } from "./fact-classes.ts";
import type { Box, Range } from "./piece.ts";
import type { Graph } from "./graph.ts";

// Where no row has dates and nothing reads the as-of date, evaluation only writes it down.
const anyDate = "2026-01-01" as BusinessDate;

/** Values in their slots, NaN for unknown. */
export type Line = Float64Array;

const usualLimitMinor = 1_000_000;

/** A line that lies in the cells of `path`; other facts are as usual: neutral, or else missing, or else nothing. */
export function lineAt({ program, facts }: Graph, path: Path): Line {
  const line = new Float64Array(program.slotCount).fill(Number.NaN);
  for (const one of facts) line[one.fact.slot] = valueIn(one.fact, classAt(one, path));
  const { limit } = program.line;
  const fact = facts.find((one) => one.fact.slot === limit);
  if (fact !== undefined) line[limit] = within(amountsAt(fact, path), usualLimitMinor);
  return line;
}

function classAt({ fact, level, classes }: ClassedFact, path: Path): FactClass {
  const chosen = path.get(level);
  if (chosen !== undefined) return classes[chosen]!;
  if (fact.neutral === null && !fact.required) return null;
  const usual = valueIn(fact, { low: Number.MIN_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER });
  const free = classes.find((one) => one !== null && one.low <= usual && usual <= one.high);
  return free ?? classes[0]!;
}

function within(chosen: FactClass, value: number): number {
  return chosen === null ? Number.NaN : Math.min(chosen.high, Math.max(chosen.low, value));
}

/**
 * The line with as many facts as possible back at their usual values, so that it shows what it is an example of and
 * nothing else. `breaks` says whether a line still is that example.
 */
export function simplest(graph: Graph, line: Line, breaks: (line: Line) => boolean): Line {
  const usual = lineAt(graph, new Map());
  let kept = line;
  for (const { fact } of graph.facts) {
    if (Object.is(kept[fact.slot], usual[fact.slot])) continue;
    const tried = kept.slice();
    tried[fact.slot] = usual[fact.slot]!;
    if (breaks(tried)) kept = tried;
  }
  return kept;
}

/** The facts of a line as evaluation takes them, and the as-of date under its name where it matters. */
export function factsOf(
  { facts, program }: Pick<Graph, "facts" | "program">,
  line: Line,
): FactValues {
  const values: Record<string, FactValue> = {};
  const given = new Set(program.facts.map(({ slot }) => slot));
  for (const { fact } of facts) {
    if (given.has(fact.slot) || fact.slot === program.asOfSlot)
      values[fact.name] = decodeFact(line[fact.slot]!, fact.type);
  }
  return values;
}

/** Whether a line of the cells really comes to them: what the check takes as free has the value that they say. */
export function isReal({ program, facts }: Graph, line: Line): boolean {
  const free = new Set(followedNot(program));
  const { values } = run(program, line.slice());
  return facts.every(({ fact, classes }) => {
    if (!free.has(fact.slot)) return true;
    const wanted = classIn(classes, line[fact.slot]!);
    return wanted === classIn(classes, values[fact.slot]!);
  });
}

function classIn(classes: readonly FactClass[], value: number): number {
  return classes.findIndex((one) =>
    one === null ? Number.isNaN(value) : one.low <= value && value <= one.high,
  );
}

/** What evaluation makes of a line. Throws when it refuses it: an example outside the dictionary is a bug. */
export function outcomeAt(compiled: CompiledStrategy, facts: FactValues): Outcome {
  const asOf = parseBusinessDate(facts[asOfName]) ?? anyDate;
  const result = evaluate(compiled, facts, asOf);
  if (isUnevaluable(result)) {
    throw new Error(`Cannot use example: found invalid ${JSON.stringify(result)}`);
  }
  return result.outcome;
}

/** Negative when `left` is milder than `right`: by action, then by the size of the cut. */
export function compareOutcomes(left: Outcome, right: Outcome): number {
  const byAction = rankOf(left.action) - rankOf(right.action);
  if (byAction !== 0) return byAction;
  return left.action === "decrease" && right.action === "decrease"
    ? left.fromMinor - left.toMinor - (right.fromMinor - right.toMinor)
    : 0;
}

/** Bounds of what the limit arithmetic reads, for the lines in the cells of `path`. */
export function boxAt({ program, facts }: Graph, path: Path): Box {
  const range = (slot: number): Range => {
    const found = facts.find((one) => one.fact.slot === slot);
    if (found === undefined) return { low: 0, high: 0 };
    const chosen = path.get(found.level);
    const known = found.classes.filter((one) => one !== null);
    return chosen === undefined
      ? { low: known[0]!.low, high: known.at(-1)!.high }
      : (found.classes[chosen] ?? { low: 0, high: 0 });
  };
  const { line } = program;
  const [drawn, pending] = [range(line.drawn), range(line.pending)];
  const used = {
    low: Math.max(0, drawn.low + pending.low),
    high: Math.max(0, drawn.high + pending.high),
  };
  return { limit: range(line.limit), used, before: range(line.decreasedLast12Months) };
}

// What lines usually have comes first, because the first line that breaks a law is the one that is shown.
const limits = [1_000_000, 5_000_000, 100_000, 1_234_567, 100_000_000, 500_000, 10_000, 99_999, 1];
const shares = [50, 90, 0, 25, 70, 100, 1, 5, 10, 40, 60, 80, 94, 95, 96, 98, 99, 110];

/** Cells that trying one line counts as, so that a search is bounded like everything else. */
const stepsPerLine = 10;

/** Lines in the cells of `path` with different amounts: corners of the cells, and amounts that lines really have. */
export function* linesIn(graph: Graph, path: Path): Generator<Line> {
  const { program, facts, diagram } = graph;
  const { limit, drawn, decreasedLast12Months: before } = program.line;
  const distinct = (slot: number, wanted: readonly number[]): readonly number[] => {
    const fact = facts.find((one) => one.fact.slot === slot);
    const chosen = fact === undefined ? null : amountsAt(fact, path);
    const ends = chosen === null ? [] : [chosen.low, chosen.high];
    return [...new Set([...wanted, ...ends].map((value) => within(chosen, value)))];
  };
  const base = lineAt(graph, path);
  for (const amount of distinct(limit, limits)) {
    const drawns = distinct(
      drawn,
      shares.map((share) => Math.floor((amount * share) / 100)),
    );
    for (const used of drawns) {
      for (const earlier of before < 0 ? [0] : distinct(before, [0, amount, 3 * amount])) {
        spend(diagram, stepsPerLine);
        const line = base.slice();
        line[limit] = amount;
        line[drawn] = used;
        if (before >= 0) line[before] = earlier;
        yield line;
      }
    }
  }
}

/** The amounts that the cells of `path` allow: those of one class, or all. */
function amountsAt(classed: ClassedFact, path: Path): FactClass {
  if (path.has(classed.level)) return classAt(classed, path);
  const known = classed.classes.filter((one) => one !== null);
  return { low: known[0]!.low, high: known.at(-1)!.high };
}

/** Facts by label for people: those that are not at their usual value, and those that `slots` name. */
export function inputText(
  graph: Graph,
  compiled: CompiledStrategy,
  line: Line,
  slots: readonly number[],
): Text {
  const usual = lineAt(graph, new Map());
  const told = graph.program.facts.filter(
    ({ slot }) => slots.includes(slot) || !Object.is(line[slot], usual[slot]),
  );
  return told.length === 0 ? { zh: "任何额度", en: "any line" } : sayFacts(compiled, line, told);
}

/** Facts by label with their values on a line. */
export function sayFacts(compiled: CompiledStrategy, line: Line, facts: readonly FactIr[]): Text {
  const { currency } = compiled.document;
  const said = (language: keyof Text): string =>
    facts
      .map((fact) => sayFact(fact, line, currency, language))
      .join(language === "zh" ? "，" : ", ");
  return { zh: said("zh"), en: said("en") };
}

function sayFact(
  fact: FactIr,
  line: Line,
  currency: CompiledStrategy["document"]["currency"],
  language: keyof Text,
): string {
  const value = readableFact(fact, line[fact.slot]!, currency)[language];
  return `${fact.declaration.label[language]} ${value}`;
}

/** An outcome in words. */
export function outcomeText(outcome: Outcome, scale: number): Text {
  const label = actionLabels[outcome.action];
  if (outcome.action !== "decrease") return label;
  const { fromMinor, toMinor } = outcome;
  const amounts = `${decimalText(fromMinor, scale)} → ${decimalText(toMinor, scale)}`;
  return { zh: `${label.zh} ${amounts}`, en: `${label.en} ${amounts}` };
}
