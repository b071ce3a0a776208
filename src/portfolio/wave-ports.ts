// The decisions of one sweep are a wave, and a wave can be undone: all of it or what a filter names. What undoing keeps
// stands here: who asked and who approved, and of every decision that it met what became of it.

import type { GatedAction } from "../compliance/pack.ts";
import type { Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { RefusalCode } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { Halt } from "../flow/hold-ports.ts";

/** proposed: waits for a second person · running: approved, at work · done · rejected: nothing was changed. */
export const waveUndoStates = ["proposed", "running", "done", "rejected"] as const;

export type WaveUndoState = (typeof waveUndoStates)[number];

/** Which decisions of a wave; null: whichever. `region` is the line's today, the rest the decision's own. */
export type WaveFilter = Readonly<{
  segment: string | null;
  region: string | null;
  action: GatedAction | null;
  reason: ReasonCode | null;
}>;

/**
 * withdrawn: the decision had not changed its line and never will · restored: it had, and a new decision gives back what
 * it took · refused: the line stays as it is, and why.
 */
export const undoneWays = ["withdrawn", "restored", "refused"] as const;

export type UndoneWay = (typeof undoneWays)[number];

/** What became of one decision of the wave. Minor units of the strategy's currency. */
export type UndoneLine = Readonly<{
  bucket: Bucket;
  undoId: Id;
  decisionId: Id;
  lineId: Id;
  reference: string;
  did: UndoneWay;
  /** exposure that the decision took or would have taken */
  amountMinor: number;
  /** the new decision that gives the line back, or says that an announced change is not made */
  restorationId: Id | null;
  refused: RefusalCode | null;
  because: Text | null;
}>;

/** `amountMinor`: exposure given back, or not taken after all. */
export type UndoCounts = Readonly<{
  withdrawn: number;
  restored: number;
  amountMinor: number;
  /** by refusal code */
  refused: Readonly<Record<string, number>>;
}>;

/** One undoing of a wave. */
export type WaveUndo = Readonly<{
  id: Id;
  sweepId: Id;
  /** of the sweep; null: every portfolio */
  portfolio: string | null;
  filter: WaveFilter;
  /** in the words of its author */
  reason: string;
  author: string;
  proposedAt: Instant;
  /** what it would have done when it was proposed: what its approver agrees to */
  planned: UndoCounts;
  state: WaveUndoState;
  /** who approved or rejected it; null while it is proposed */
  decidedBy: string | null;
  decidedAt: Instant | null;
  finishedAt: Instant | null;
}>;

/**
 * When a wave is paused by what its customers say: in any `days` days at least `minimum` of its lines complained or asked,
 * and those are at least so many basis points of the lines that were told; null: that rate pauses nothing.
 */
export type WaveThresholds = Readonly<{
  complaintsBp: number | null;
  inquiriesBp: number | null;
  minimum: number;
  days: number;
}>;

/** How many lines of a wave were told of a change, and how many complained and asked after that. */
export type WaveEcho = Readonly<{ told: number; complaints: number; inquiries: number }>;

/** What a page says of a wave: who was told, who answered how, and whether it is paused. */
export type WaveStanding = Readonly<{ echo: WaveEcho; pause: Halt | null }>;

/** A decision of a wave with its line as it is now. */
export type WaveDecision = Readonly<{
  decision: Decision;
  line: CreditLine;
  region: string | null;
}>;

/** Leases of the buckets of an undoing are those of `Sweeps`, under its id and the pass "decide". */
export type Waves = Readonly<{
  /** stores an undoing and one work row per bucket; a second time under the same id changes nothing */
  propose: (undo: WaveUndo) => Promise<void>;
  find: (id: Id) => Promise<WaveUndo | null>;
  /** newest first; of one sweep where it is named */
  list: (after: string | null, limit: number, sweepId: Id | null) => Promise<readonly WaveUndo[]>;
  /** undoings that run and of which nobody holds a lease */
  idle: () => Promise<readonly Id[]>;
  /** false, with nothing changed, where it is in another state than `from` */
  enter: (
    id: Id,
    from: WaveUndoState,
    to: WaveUndoState,
    by: string,
    at: Instant,
  ) => Promise<boolean>;
  /** decisions that a sweep made in these buckets, by id; an entry for each of the buckets */
  decisions: (
    sweepId: Id,
    buckets: readonly Bucket[],
  ) => Promise<ReadonlyMap<Bucket, readonly WaveDecision[]>>;
  /** what became of the decisions of a bucket, and the mark that it is done, in one transaction; of each bucket once */
  saveUndone: (undoId: Id, bucket: Bucket, lines: readonly UndoneLine[]) => Promise<void>;
  /** by bucket and decision, after that decision; only those that came out one way where it is named */
  undone: (
    undoId: Id,
    after: string | null,
    limit: number,
    did: UndoneWay | null,
  ) => Promise<readonly UndoneLine[]>;
  counts: (undoId: Id) => Promise<UndoCounts>;
  /** the sweeps whose waves have told any of these lines of a change since an instant */
  toldOf: (lineIds: readonly Id[], since: Instant) => Promise<readonly Id[]>;
  /** lines told by a wave until now, and those of them that complained or asked since an instant and after they were told */
  echo: (sweepId: Id, since: Instant) => Promise<WaveEcho>;
}>;
