// What runs over many lines asks of the world, beside the ports of the flow: bucket leases, bulk reads and
// the working rows of sweeps. Leases only spread work; correctness rests on the bucket lock and derived ids.

import type { Assessment, StrategyRef } from "../domain/assessment.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import type { Currency } from "../domain/money.ts";
import type { Comparison } from "./comparison.ts";
import type { AssessedLine } from "../flow/evaluate.ts";
import type { Emergencies, SweepEmergency } from "./emergency-ports.ts";
import type { CustomerDigit, Experiments, SweepExperiment } from "./experiment-ports.ts";
import type { ExposedLine } from "../domain/exposure.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { Transparency } from "./transparency-ports.ts";
import type { PaneRow } from "../domain/pane.ts";
import type { Signal } from "../domain/signal.ts";
import type { Waves } from "./wave-ports.ts";
import type { Explanation } from "../policy/explain.ts";
import type { RowProblem } from "./row-problem.ts";

export const sweepStates = [
  "asking",
  "assessing",
  "ranking",
  "deciding",
  "done",
  "cancelled",
] as const;

/** What is done bucket by bucket; sources are asked where the strategy needs some. */
export type SweepPass = "ask" | "assess" | "decide";

export type SweepState = (typeof sweepStates)[number];

/** Counts of one sweep or of one of its buckets. `refused` counts by refusal code or exclusion id. */
export type SweepCounts = Readonly<{
  planned: number;
  evaluated: number;
  unchanged: number;
  proposed: number;
  paced: number;
  toReview: number;
  straightThrough: number;
  /** of those straight through: their notice waits for the end of a blackout window */
  held: number;
  refused: Readonly<Record<string, number>>;
  /** segment → exposure removed by the proposals, minor units of the strategy's currency */
  removedBySegment: Readonly<Record<string, number>>;
}>;

/**
 * One sweep. `asOf` is fixed when it starts and `knownAt` when it begins to assess, so that going on later changes nothing.
 */
export type Sweep = Readonly<{
  id: Id;
  strategy: StrategyRef;
  asOf: BusinessDate;
  knownAt: Instant;
  /** null: every portfolio */
  portfolio: string | null;
  /** fixed cap on exposure removed per day, minor units; null: unlimited */
  dailyCapMinor: number | null;
  state: SweepState;
  /** who paused it; null while it may go on */
  pausedBy: string | null;
  /** the arms that its customers are in; null: everybody by the one strategy */
  experiment: SweepExperiment | null;
  /** strategies that assess the same lines beside, without effect */
  shadows: readonly StrategyRef[];
  /** the emergency profile that it was started by, whose lines alone it looks at; null: an ordinary sweep */
  emergency: SweepEmergency | null;
  maker: string;
  startedAt: Instant;
  finishedAt: Instant | null;
  counts: SweepCounts;
}>;

/** What asking one source before a sweep would come to; tries after a failure cost more. */
export type AskPlan = Readonly<{
  source: string;
  /** customers whose answer is missing or too old */
  asks: number;
  costMinor: number;
  /** what today's ceiling still allows */
  leftMinor: number;
  currency: Currency;
}>;

/** A sweep that was not kept; `asks`: what asking before it would come to. */
export type SweepPreview = Sweep & Readonly<{ asks: readonly AskPlan[] }>;

/** A line with everything the strategy may read, as of the sweep's dates. */
export type LineToAssess = Readonly<{
  line: AssessedLine & Pick<CreditLine, "id" | "customerId" | "portfolio" | "ver" | "jurisdiction">;
  facts: FactValues;
  /** sum of decreases in the 365 days up to asOf, minor units */
  decreasedLast12MonthsMinor: number;
}>;

/** What pass one wants to do to one line. Rank: expected loss avoided descending, then line id. */
export type Proposal = Readonly<{
  sweepId: Id;
  bucket: Bucket;
  lineId: Id;
  customerId: Id;
  lineVer: number;
  portfolio: string;
  segment: string | null;
  removedMinor: number;
  expectedLossAvoidedMinor: number;
  /** the arm of the sweep's experiment that the customer is in; null without one */
  arm: string | null;
  /** canonical JSON of the assessment */
  assessment: string;
  /** null until ranked; true: has its turn in the first window */
  granted: boolean | null;
}>;

/** How a sweep stands for those who look for it: running until it ends, unless somebody paused it. */
export const sweepStandings = ["running", "paused", "done", "cancelled"] as const;

export type SweepStanding = (typeof sweepStandings)[number];

export function standingOf({ state, pausedBy }: Pick<Sweep, "state" | "pausedBy">): SweepStanding {
  if (state === "done" || state === "cancelled") return state;
  return pausedBy === null ? "running" : "paused";
}

/** What a list of sweeps may be narrowed by. */
export type SweepFilter = Readonly<{ standing?: SweepStanding; strategy?: string }>;

/** What pass one found of a bucket. */
export type BucketAssessed = Readonly<{
  bucket: Bucket;
  /**
   * canonical JSON: one entry per line left unchanged, by line id: [line id, what was said], and behind it the arm where
   * there is an experiment; of a line that is held out what was said is the whole assessment
   */
  packed: string;
  /** of each strategy in the shadow by its hash: packed `BucketCompared` */
  shadows: ReadonlyMap<string, string>;
  /** digits to be kept */
  digits: readonly CustomerDigit[];
  proposals: readonly Proposal[];
  counts: SweepCounts;
}>;

/** What a sweep sees of the lines: which ones, as of when, and what was known by then. */
export type SweepView = Pick<Sweep, "asOf" | "knownAt" | "portfolio">;

export type Sweeps = Readonly<{
  /** how many sweeps of that strategy hash and as-of date were ever started */
  count: (strategyHash: string, asOf: BusinessDate) => Promise<number>;
  /** stores the sweep and one work row per bucket; a second start under the same id changes nothing */
  start: (sweep: Sweep) => Promise<void>;
  find: (id: Id) => Promise<Sweep | null>;
  /** newest first */
  list: (after: string | null, limit: number, filter?: SweepFilter) => Promise<readonly Sweep[]>;
  /** sweeps that are neither ended nor paused and of which nobody holds a lease, in the order of their start */
  idle: () => Promise<readonly Id[]>;
  /** the newest sweep of that strategy and as-of date that is neither done nor cancelled */
  unfinished: (strategyId: string, asOf: BusinessDate) => Promise<Sweep | null>;
  /**
   * buckets whose pass is not done and not leased, at most `most`, leased to `owner` for `leaseMs` of real time, in
   * order; empty when none is free
   */
  lease: (
    sweepId: Id,
    pass: SweepPass,
    owner: string,
    leaseMs: number,
    most: number,
  ) => Promise<readonly Bucket[]>;
  /** buckets whose pass is not done, leased or not */
  left: (sweepId: Id, pass: SweepPass) => Promise<number>;
  /** frees the leases of an owner that stops */
  free: (sweepId: Id, owner: string) => Promise<void>;
  /** sources were asked about these buckets, whose leases end */
  saveAsked: (sweepId: Id, buckets: readonly Bucket[]) => Promise<void>;
  /** a sweep that was asking assesses from now on, by what is known at an instant */
  beginAssessing: (sweepId: Id, knownAt: Instant) => Promise<void>;
  /**
   * lines of buckets with the newest facts asOf ≤ the sweep's date and knownAt ≤ its instant, by line id; an entry for
   * each of the buckets
   */
  read: (
    sweep: SweepView,
    buckets: readonly Bucket[],
  ) => Promise<ReadonlyMap<Bucket, readonly LineToAssess[]>>;
  /**
   * pass one of buckets, in one transaction: the packed assessments of unchanged lines, what the shadows said, the
   * digits drawn, the proposals, the counts, the mark "done"; a bucket without proposals is done with pass two as well, and one that is done stays as it is
   */
  saveAssessed: (sweepId: Id, found: readonly BucketAssessed[]) => Promise<void>;
  /** all proposals in rank order, without their assessments */
  ranked: (sweepId: Id) => AsyncIterable<Omit<Proposal, "assessment">>;
  /** stores who has a turn and moves the sweep to "deciding", in one transaction; line ids of the granted */
  saveGrants: (
    sweepId: Id,
    granted: readonly Readonly<{ bucket: Bucket; lineId: Id }>[],
    all: boolean,
  ) => Promise<void>;
  /** proposals of buckets in rank order; an entry for each of the buckets */
  proposals: (
    sweepId: Id,
    buckets: readonly Bucket[],
  ) => Promise<ReadonlyMap<Bucket, readonly Proposal[]>>;
  /** pass two of buckets is done, in one transaction; adds their counts, of each once */
  saveDecided: (sweepId: Id, decided: ReadonlyMap<Bucket, SweepCounts>) => Promise<void>;
  setState: (
    sweepId: Id,
    from: readonly SweepState[],
    to: SweepState,
    at: Instant,
  ) => Promise<boolean>;
  /** who pauses an unfinished sweep, null to let it go on; false when that changes nothing or it has ended */
  setPaused: (sweepId: Id, by: string | null) => Promise<boolean>;
  /** what is asked between buckets: cheap, without counts; null when there is no such sweep */
  standing: (sweepId: Id) => Promise<Readonly<Pick<Sweep, "state" | "pausedBy">> | null>;
  /** sums over the buckets */
  counts: (sweepId: Id) => Promise<SweepCounts>;
  /** packed assessments of one bucket as stored, null when there are none */
  packed: (sweepId: Id, bucket: Bucket) => Promise<string | null>;
  /** what the strategy of that hash said in the shadow, packed, of each bucket from `from` on, in order */
  shadowed: (sweepId: Id, strategyHash: string, from?: Bucket) => AsyncIterable<string>;
}>;

/** A signal as it was recorded. */
export type RecordedEvent = Readonly<{ lineId: Id; at: Instant; signal: Signal }>;

export type FactPanes = Readonly<{
  /** what `Reads.panes` gives of one line, of the lines of buckets; lines that have none are left out */
  of: (
    view: Pick<SweepView, "asOf" | "knownAt">,
    buckets: readonly Bucket[],
    after: BusinessDate,
  ) => Promise<ReadonlyMap<Id, readonly PaneRow[]>>;
  /** what `Reads.exposedLines` gives of one customer, of the customers of buckets */
  exposed: (buckets: readonly Bucket[]) => Promise<ReadonlyMap<Id, readonly ExposedLine[]>>;
  /** buckets that hold signals or panes, in order */
  buckets: () => Promise<readonly Bucket[]>;
  /** the newest version of every pane of a bucket, by line, day and measure */
  all: (bucket: Bucket) => AsyncIterable<PaneRow>;
  /** every signal that was recorded in a bucket, in its order */
  signals: (bucket: Bucket) => AsyncIterable<RecordedEvent>;
}>;

/** Totals of what is stored, for summaries and checks. */
export type Totals = Readonly<{
  lines: number;
  limitMinorByCurrency: Readonly<Record<string, number>>;
}>;

export type PortfolioStore = Readonly<{
  sweeps: Sweeps;
  waves: Waves;
  emergencies: Emergencies;
  experiments: Experiments;
  factPanes: FactPanes;
  totals: (portfolio: string | null) => Promise<Totals>;
  transparency: Transparency;
}>;

type FactTexts = Readonly<Record<string, string | null>>;

/**
 * A line that is stored, facts as text by name (null and absent are unknown), or what a decision rests on with those facts
 * put in place of its own.
 */
export type TriedOn =
  | Readonly<{ line: CreditLine }>
  | Readonly<{ facts: FactTexts }>
  | Readonly<{ decision: Decision; facts: FactTexts }>;

/** `against` is null where no other version is in force, or the one in force needs facts that are not there. */
export type Trial = Readonly<{
  explanation: Explanation;
  against: Readonly<{ version: number; assessment: Assessment }> | null;
}>;

/** A version compared with the one in force; `whole`: on every line, else on a sample of them. */
export type StrategyEffect = Pick<Comparison, "lines" | "swaps"> &
  Readonly<{ against: number; whole: boolean; currency: Currency }>;

/** Which demo portfolio an installation holds, and how far its loading got. */
export type DemoMark = Readonly<{
  lines: number;
  seed: number;
  /** history: lines and their months · life: sweep, reviews and what follows · done */
  stage: "history" | "life" | "done";
  /** last month whose every bucket is stored; -1: none */
  monthDone: number;
  /** buckets of the months at hand that are stored */
  bucketsDone: number;
}>;

/** Where the mark is kept; null: no demo data. */
export type DemoMarks = Readonly<{
  read: () => Promise<DemoMark | null>;
  write: (mark: DemoMark) => Promise<void>;
}>;

/** One row of a file: the line of the file that it starts on (1 for the first) and its cells in header order. */
export type FileRow = Readonly<{ line: number; cells: readonly string[] }>;

/** A file of lines, found to be whole before it is handed on. Reading it again starts from the top. */
export type LinesFile = Readonly<{
  /** what messages call it */
  name: string;
  header: Readonly<{ line: number; columns: readonly string[] }>;
  /** number of rows, for progress; null when not known */
  rows: number | null;
  /** rows in portions of bounded size */
  read: () => AsyncIterable<readonly FileRow[]>;
}>;

/** Where refused rows are written to. Nothing is left behind unless `finish` was reached. */
export type Rejects = Readonly<{
  write: (problems: readonly RowProblem[]) => Promise<void>;
  /** where the refused rows can be read, null when there were none */
  finish: () => Promise<string | null>;
  abandon: () => Promise<void>;
}>;
