// Top movers: the lines that became riskier fastest since the month before, by score and by use. Few rows for people to
// look at, kept while all lines stream by.

import type { FactValues } from "../domain/facts.ts";
import { mulDiv } from "../domain/money.ts";
import type { DailyReport, Mover } from "./report-document.ts";
import { factsFor } from "./report-facts.ts";
import type { ReportedLine } from "./report-ports.ts";
import type { ReportStrategies } from "./report-strategies.ts";
import { topOf } from "./report-tally.ts";

const moversKept = 15;

/** Scale of utilisation where no dictionary says otherwise: 1.0000 is the whole limit. */
const usualScale = 4;

export type MoverTally = Readonly<{
  add: (reported: ReportedLine) => void;
  section: () => DailyReport["movers"];
}>;

/** Scores that fell and use that rose, largest first, equal ones by line id. */
export function moverTally(strategies: ReportStrategies): MoverTally {
  const fell = topOf<Mover>(
    moversKept,
    (one, other) => one.to - one.from - (other.to - other.from) || byLine(one, other),
  );
  const rose = topOf<Mover>(
    moversKept,
    (one, other) => (other.riseMinor ?? 0) - (one.riseMinor ?? 0) || byLine(one, other),
  );
  const [score] = factsFor("score");
  const [use] = factsFor("utilisation");
  const seen = new Set<string>();
  const one = 10 ** (strategies.fact(use!)?.scale ?? usualScale);
  return {
    add: (reported) => {
      const { line } = reported;
      const scores = bothDates(reported, score!, seen);
      if (scores !== null && scores.to < scores.from) fell.add(mover(line, scores, null));
      const uses = bothDates(reported, use!, seen);
      if (uses === null || uses.to <= uses.from) return;
      const riseMinor = mulDiv(line.limitMinor, uses.to - uses.from, one, "half-even");
      rose.add(mover(line, uses, riseMinor));
    },
    section: () => ({
      scoreFell: fell.rows(),
      useRose: rose.rows(),
      absent: [score!, use!].filter((fact) => !seen.has(fact)),
    }),
  };
}

type Change = Readonly<{ from: number; to: number }>;

function mover(line: ReportedLine["line"], change: Change, riseMinor: number | null): Mover {
  const { id, reference, portfolio, currency } = line;
  return { lineId: id, reference, portfolio, currency, ...change, riseMinor };
}

function bothDates(
  { facts, monthBefore }: ReportedLine,
  fact: string,
  seen: Set<string>,
): Change | null {
  const [from, to] = [valueOf(monthBefore, fact), valueOf(facts, fact)];
  if (from === null || to === null) return null;
  seen.add(fact);
  return { from, to };
}

function valueOf(facts: FactValues | null, fact: string): number | null {
  const value = facts?.[fact];
  return typeof value === "number" ? value : null;
}

function byLine(one: Mover, other: Mover): number {
  return one.lineId < other.lineId ? -1 : 1;
}
