// What would change if a strategy in the shadow of a sweep took the live one's place: who changes, by segment, in money and
// in reasons. Added up bucket by bucket from what the sweep kept; nothing is assessed again. Pure.

import { actions, type Action } from "../domain/assessment.ts";
import type { Id } from "../domain/id.ts";
import type { ReasonCode } from "../domain/reason-code.ts";

/** What a strategy said about a line; `unevaluable`: facts that it needs are missing or invalid. */
export type SaidAction = Action | "unevaluable";

/** `toMinor`: the limit after a decrease, else null; `removedMinor`: exposure removed. */
export type Said = Readonly<{
  action: SaidAction;
  toMinor: number | null;
  removedMinor: number;
  reasons: readonly ReasonCode[];
}>;

/** A line that at least one of the two strategies does not leave as it is. `segment` is the live strategy's. */
export type ComparedLine = Readonly<{ lineId: Id; segment: string; live: Said; shadow: Said }>;

/** A bucket as one strategy in the shadow saw it beside the live one. */
export type BucketCompared = Readonly<{
  /** lines that both leave as they are, by segment of the live strategy */
  quiet: Readonly<Record<string, number>>;
  /** lines of customers who are held out: whichever strategy is live, nothing happens to them */
  heldOut: number;
  /** by line id */
  lines: readonly ComparedLine[];
}>;

export const saidActions: readonly SaidAction[] = [...actions, "unevaluable"];

/** Lines about which the live strategy said one thing and the one in the shadow another, or the same. */
export type ComparedCell = Readonly<{
  live: SaidAction;
  shadow: SaidAction;
  lines: number;
  liveRemovedMinor: number;
  shadowRemovedMinor: number;
}>;

/**
 * How a line changes sides. in: only the one in the shadow acts · out: only the live one does · harsher, milder: both act,
 * the one in the shadow differently · same: both say the same.
 */
export type Swap = "in" | "out" | "harsher" | "milder" | "same";

export const swaps: readonly Swap[] = ["in", "out", "harsher", "milder", "same"];

/** Lines and exposure removed by the one and the other, minor units. */
export type ComparedSum = Readonly<{
  lines: number;
  liveRemovedMinor: number;
  shadowRemovedMinor: number;
}>;

export type ComparedSegment = Readonly<{ segment: string; lines: number }> &
  Readonly<Record<Exclude<Swap, "same">, number>> &
  Readonly<{ liveRemovedMinor: number; shadowRemovedMinor: number }>;

/** Lines that each strategy gives a principal reason for. */
export type ComparedReason = Readonly<{ code: ReasonCode; live: number; shadow: number }>;

export type Comparison = Readonly<{
  /** lines that were compared; those held out are not among them */
  lines: number;
  heldOut: number;
  /** cells with at least one line, in the order of the actions */
  matrix: readonly ComparedCell[];
  swaps: Readonly<Record<Swap, ComparedSum>>;
  /** by id */
  segments: readonly ComparedSegment[];
  /** by code */
  reasons: readonly ComparedReason[];
}>;

/** What a list of compared lines is narrowed by. */
export type ComparedFilter = Readonly<{
  live?: SaidAction;
  shadow?: SaidAction;
  segment?: string;
  swap?: Swap;
  /** a principal reason of the live strategy, or of the one in the shadow */
  liveReason?: ReasonCode;
  shadowReason?: ReasonCode;
}>;

/** Adds up buckets in any order. */
export function comparisonTally(): Readonly<{
  add: (bucket: BucketCompared) => void;
  sum: () => Comparison;
}> {
  let heldOut = 0;
  const cells = new Map<string, Changing<ComparedCell>>();
  const sums = new Map<Swap, Changing<ComparedSum>>(swaps.map((swap) => [swap, { ...noSum }]));
  const segments = new Map<string, Changing<ComparedSegment>>();
  const reasons = new Map<ReasonCode, Changing<ComparedReason>>();
  const addLine = (line: ComparedLine, count: number): void => {
    const { live, shadow } = line;
    const cell = entry(cells, `${live.action} ${shadow.action}`, () => {
      return { live: live.action, shadow: shadow.action, ...noSum };
    });
    const swap = swapOf(line);
    const segment = entry(segments, line.segment, () => {
      return { segment: line.segment, ...noSum, in: 0, out: 0, harsher: 0, milder: 0 };
    });
    if (swap !== "same") segment[swap] += count;
    for (const sum of [cell, sums.get(swap)!, segment]) {
      sum.lines += count;
      sum.liveRemovedMinor += live.removedMinor;
      sum.shadowRemovedMinor += shadow.removedMinor;
    }
    for (const side of ["live", "shadow"] as const) {
      for (const code of line[side].reasons) {
        entry(reasons, code, () => ({ code, live: 0, shadow: 0 }))[side] += 1;
      }
    }
  };
  return {
    add: (bucket) => {
      heldOut += bucket.heldOut;
      for (const [segment, count] of Object.entries(bucket.quiet)) {
        addLine({ lineId: "", segment, live: nothing, shadow: nothing }, count);
      }
      for (const line of bucket.lines) addLine(line, 1);
    },
    sum: () => ({
      lines: [...cells.values()].reduce((lines, cell) => lines + cell.lines, 0),
      heldOut,
      matrix: [...cells.values()].toSorted(
        (one, other) => rank(one.live) - rank(other.live) || rank(one.shadow) - rank(other.shadow),
      ),
      swaps: Object.fromEntries(sums) as Comparison["swaps"],
      segments: inOrder(segments.values(), ({ segment }) => segment),
      reasons: inOrder(reasons.values(), ({ code }) => code),
    }),
  };
}

type Changing<Row> = { -readonly [Key in keyof Row]: Row[Key] };

const noSum: ComparedSum = { lines: 0, liveRemovedMinor: 0, shadowRemovedMinor: 0 };

const nothing = { action: "none", toMinor: null, removedMinor: 0, reasons: [] } as const;

/** What becomes of a line if the strategies change places; a strategy that cannot speak of it leaves it as it is. */
export function swapOf({ live, shadow }: Pick<ComparedLine, "live" | "shadow">): Swap {
  const [from, to] = [effectOf(live.action), effectOf(shadow.action)];
  if (from === to && live.toMinor === shadow.toMinor) return "same";
  if (from === "none") return "in";
  if (to === "none") return "out";
  const harsher = rank(to) - rank(from) || (live.toMinor ?? 0) - (shadow.toMinor ?? 0);
  return harsher > 0 ? "harsher" : "milder";
}

function effectOf(action: SaidAction): Action {
  return action === "unevaluable" ? "none" : action;
}

function rank(action: SaidAction): number {
  return saidActions.indexOf(action);
}

function entry<Key, Row>(rows: Map<Key, Row>, key: Key, make: () => Row): Row {
  const known = rows.get(key);
  if (known !== undefined) return known;
  const made = make();
  rows.set(key, made);
  return made;
}

function inOrder<Row>(rows: Iterable<Row>, keyOf: (row: Row) => string): readonly Row[] {
  return [...rows].toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
