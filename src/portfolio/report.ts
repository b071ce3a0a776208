// The daily risk report: one pure pass over all lines, bucket by bucket, with their facts on three dates. What the
// strategy says of a line is asked of the same evaluate as everything else, so a report never disagrees with a sweep.

import type { Assessment } from "../domain/assessment.ts";
import { lineStatuses } from "../domain/credit-line.ts";
import type { FactValue, FactValues } from "../domain/facts.ts";
import { basisPointsPerOne } from "../domain/money.ts";
import { assess } from "../flow/evaluate.ts";
import {
  delinquencyBuckets,
  delinquencyOf,
  type DelinquencyBucket,
} from "../domain/line-profile.ts";
import { rollCounter } from "../model/roll-rate.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { isUnevaluable } from "../policy/evaluate.ts";
import {
  reportSchema,
  type Activity,
  type DailyReport,
  type Evaluable,
  type ReportDimension,
} from "./report-document.ts";
import { factsFor } from "./report-facts.ts";
import { moverTally } from "./report-movers.ts";
import type { ReportedLine, ReportWindow } from "./report-ports.ts";
import { scoreTally, type ScoreTally } from "./report-scores.ts";
import { reportStrategies, type ReportStrategies } from "./report-strategies.ts";
import { amountTally, groupTally, lineAmounts, type LineAmounts } from "./report-tally.ts";

/** What a report is made from, beside the lines. */
export type ReportParts = Readonly<{
  window: ReportWindow;
  maker: string;
  /** compiled strategies in force */
  strategies: readonly CompiledStrategy[];
  earlier: DailyReport["earlier"];
  activity: Activity;
}>;

/**
 * Makes the report. Lines may come in any order and in portions of any size: the report is the same. Memory does not
 * grow with their number.
 */
export async function dailyReport(
  parts: ReportParts,
  lines: AsyncIterable<readonly ReportedLine[]>,
): Promise<DailyReport> {
  const strategies = reportStrategies(parts.strategies);
  const tally = reportTally(parts.window, strategies);
  for await (const portion of lines) for (const line of portion) tally.add(line);
  const { window, maker, earlier, activity } = parts;
  return {
    ...{ schema: reportSchema, kind: "daily", maker, earlier, activity },
    asOf: window.asOf,
    dayBefore: window.dayBefore,
    monthBefore: window.monthBefore,
    knownAt: window.knownAt,
    portfolio: window.portfolio,
    strategies: strategies.all.map(({ ref, document }) => ({ ...ref, label: document.label })),
    ...tally.sections(),
  };
}

type Sections = Pick<
  DailyReport,
  | "lines"
  | "openLines"
  | "amounts"
  | "evaluable"
  | "dimensions"
  | "delinquency"
  | "scores"
  | "movers"
>;

type Tally = Readonly<{ add: (line: ReportedLine) => void; sections: () => Sections }>;

const closedStatuses: ReadonlySet<string> = new Set(["closed", "exited"]);

function reportTally(window: ReportWindow, strategies: ReportStrategies): Tally {
  const all = amountTally();
  const statuses = groupTally();
  const assessed = assessedTally(window, strategies);
  const facts = factTally(window, strategies);
  const delinquency = delinquencyTally(window);
  const movers = moverTally(strategies);
  let openLines = 0;
  return {
    add: (reported) => {
      const { line } = reported;
      const strategy = strategies.of(line);
      const amounts = lineAmounts(line, strategy?.document.pace.ccfBp ?? basisPointsPerOne);
      all.add(amounts);
      statuses.add(line.status, amounts);
      if (closedStatuses.has(line.status)) return;
      openLines += 1;
      assessed.add(reported, strategy, amounts);
      facts.add(reported, amounts);
      delinquency.add(reported, amounts);
      movers.add(reported);
    },
    sections: () => ({
      ...{ lines: all.lines(), openLines, amounts: all.amounts() },
      evaluable: assessed.evaluable(),
      dimensions: [
        dimension(
          "status",
          statuses.groups(() => null, lineStatuses),
        ),
        ...assessed.dimensions(),
        ...facts.dimensions(),
      ],
      delinquency: delinquency.section(),
      scores: [...facts.scores(), ...assessed.scores()],
      movers: movers.section(),
    }),
  };
}

function dimension(id: string, groups: ReportDimension["groups"]): ReportDimension {
  const known = groups.some(({ key }) => key !== "");
  return { id, fact: null, label: null, known, groups };
}

type AssessedTally = Readonly<{
  add: (
    reported: ReportedLine,
    strategy: CompiledStrategy | undefined,
    amounts: LineAmounts,
  ) => void;
  evaluable: () => Evaluable;
  dimensions: () => readonly ReportDimension[];
  scores: () => DailyReport["scores"];
}>;

/** What the strategies say, now and of the month before's facts. */
function assessedTally(window: ReportWindow, strategies: ReportStrategies): AssessedTally {
  const counts = { evaluated: 0, notEvaluable: 0, withoutStrategy: 0, excluded: 0, wouldAct: 0 };
  const products = groupTally();
  const segments = groupTally();
  const grades = groupTally();
  const scores = cardTallies(strategies);
  const count = (strategy: CompiledStrategy | undefined, found: Assessment | null): void => {
    if (strategy === undefined) counts.withoutStrategy += 1;
    else if (found === null) counts.notEvaluable += 1;
    else {
      counts.evaluated += 1;
      if (found.excludedBy.length > 0) counts.excluded += 1;
      if (found.outcome.action !== "none") counts.wouldAct += 1;
    }
  };
  return {
    add: (reported, strategy, amounts) => {
      const { line, facts } = reported;
      const found = assessedOf(strategy, reported, facts, window.asOf);
      count(strategy, found);
      products.add(line.product, amounts);
      segments.add(found?.segment ?? "", amounts);
      grades.add(found?.grade ?? "", amounts);
      if (strategy === undefined || strategy.document.scores.length === 0) return;
      scores.add(strategy, "now", found);
      const before = assessedOf(strategy, reported, reported.monthBefore, window.monthBefore);
      scores.add(strategy, "month", before);
    },
    evaluable: () => ({ ...counts }),
    dimensions: () => [
      dimension(
        "product",
        products.groups(() => null),
      ),
      dimension("segment", segments.groups(strategies.segmentLabel, segmentOrder(strategies))),
      dimension("grade", grades.groups(strategies.gradeLabel, gradeOrder(strategies))),
    ],
    scores: () => scores.all(window),
  };
}

/** null: no strategy, or it cannot speak of the line on these facts. */
function assessedOf(
  strategy: CompiledStrategy | undefined,
  { line, decreasedLast12MonthsMinor }: ReportedLine,
  facts: FactValues | null,
  on: ReportWindow["asOf"],
): Assessment | null {
  if (strategy === undefined || facts === null) return null;
  const found = assess(strategy, line, facts, decreasedLast12MonthsMinor, on);
  return isUnevaluable(found) ? null : found;
}

function cardTallies(strategies: ReportStrategies): Readonly<{
  add: (strategy: CompiledStrategy, when: "now" | "month", found: Assessment | null) => void;
  all: (window: ReportWindow) => DailyReport["scores"];
}> {
  const cards = strategies.all.flatMap(({ ref, document }) =>
    document.scores.map((card) => ({ id: `${ref.id}/${card.id}`, of: ref.id, card })),
  );
  const tallies = cards.map((card) => ({ ...card, tally: scoreTally(["now", "month"]) }));
  return {
    add: (strategy, when, found) => {
      for (const { of, card, tally } of tallies) {
        if (of === strategy.ref.id) tally.add(when, found?.scores[card.id] ?? null);
      }
    },
    all: (window) =>
      tallies.flatMap(({ id, card, tally }) => tally.score(id, card.label, 0, window) ?? []),
  };
}

function segmentOrder({ all }: ReportStrategies): readonly string[] {
  return all.flatMap(({ program }) => program.segmentIds);
}

function gradeOrder({ all }: ReportStrategies): readonly string[] {
  return all.flatMap(({ document }) => (document.grades?.bands ?? []).map(({ grade }) => grade));
}

type FactTally = Readonly<{
  add: (reported: ReportedLine, amounts: LineAmounts) => void;
  dimensions: () => readonly ReportDimension[];
  scores: () => DailyReport["scores"];
}>;

/** What the facts themselves say. */
function factTally(window: ReportWindow, strategies: ReportStrategies): FactTally {
  const dimensions = factsFor("dimension").map((fact) => ({ fact, tally: groupTally() }));
  const scores: readonly Readonly<{ fact: string; tally: ScoreTally }>[] = factsFor("score").map(
    (fact) => ({ fact, tally: scoreTally(["now", "day", "month"]) }),
  );
  return {
    add: ({ facts, dayBefore, monthBefore }, amounts) => {
      for (const { fact, tally } of dimensions) tally.add(keyOf(facts?.[fact]), amounts);
      for (const { fact, tally } of scores) {
        tally.add("now", numberOf(facts, fact));
        tally.add("day", numberOf(dayBefore, fact));
        tally.add("month", numberOf(monthBefore, fact));
      }
    },
    dimensions: () =>
      dimensions.map(({ fact, tally }) => ({
        ...{ id: fact, fact, known: tally.known() },
        label: strategies.fact(fact)?.label ?? null,
        groups: tally.groups(
          (key) => strategies.valueLabel(fact, key),
          strategies.fact(fact)?.values?.map(({ value }) => value),
        ),
      })),
    scores: () =>
      scores.flatMap(({ fact, tally }) => {
        const { label = null, scale = 0 } = strategies.fact(fact) ?? {};
        return tally.score(fact, label, scale, window) ?? [];
      }),
  };
}

function keyOf(value: FactValue | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** The number of a fact, null where it is none. */
export function numberOf(facts: FactValues | null, fact: string): number | null {
  const value = facts?.[fact];
  return typeof value === "number" ? value : null;
}

function bucketOf(facts: FactValues | null): DelinquencyBucket | null {
  for (const fact of factsFor("days-past-due")) {
    const days = numberOf(facts, fact);
    if (days !== null) return delinquencyOf(days);
  }
  return null;
}

type DelinquencyTally = Readonly<{
  add: (reported: ReportedLine, amounts: LineAmounts) => void;
  section: () => DailyReport["delinquency"];
}>;

/** Delinquency buckets, and where lines went between them since the day and the month before. */
function delinquencyTally(window: ReportWindow): DelinquencyTally {
  const buckets = new Map(
    [...delinquencyBuckets, null].map((bucket) => [bucket, amountTally()] as const),
  );
  const rolls = (["day", "month"] as const).map((since) => ({
    ...{ since, counter: rollCounter(), unknown: 0 },
    from: since === "day" ? window.dayBefore : window.monthBefore,
  }));
  return {
    add: ({ facts, dayBefore, monthBefore }, amounts) => {
      const now = bucketOf(facts);
      buckets.get(now)!.add(amounts);
      for (const roll of rolls) {
        const before = bucketOf(roll.since === "day" ? dayBefore : monthBefore);
        if (before === null || now === null) roll.unknown += 1;
        else roll.counter.add(before, now);
      }
    },
    section: () => ({
      known: delinquencyBuckets.some((bucket) => buckets.get(bucket)!.lines() > 0),
      buckets: [...buckets].map(([bucket, tally]) => ({
        ...{ bucket, lines: tally.lines(), amounts: tally.amounts() },
      })),
      rolls: rolls.map(({ since, from, counter, unknown }) => ({
        ...{ since, from, unknown, counts: counter.counts() },
      })),
    }),
  };
}
