// Everything the API runs on, passed in by compose.ts. The API decides nothing itself: it asks the one write
// path, the read ports and the application's own functions, all of which come in here.

import type { CompliancePack } from "../../compliance/pack.ts";
import type { Actor, Role } from "../../domain/actor.ts";
import type { Blackout, ListedBlackout } from "../../domain/blackout.ts";
import type { BusinessDate, Instant } from "../../domain/calendar.ts";
import type { DeadLetter } from "../../domain/dead-letter.ts";
import type { Bucket, Id } from "../../domain/id.ts";
import type { Notice } from "../../domain/notice.ts";
import type { StrategyRef } from "../../domain/assessment.ts";
import type { Currency } from "../../domain/money.ts";
import type { Refusal } from "../../domain/refusal.ts";
import type { Language } from "../../domain/text.ts";
import type { IncomingSignal, TakenSignal } from "../../domain/signal.ts";
import type { ConnectorDesk } from "../../flow/connector-ports.ts";
import type { ComposedNotice, NoticeTextsVersion } from "../../flow/notice-ports.ts";
import type { Halt } from "../../flow/hold-ports.ts";
import type {
  CheckedVersion,
  EditedDraft,
  IdempotencyKey,
  Page,
  PageRequest,
  StoredStrategy,
  World,
} from "../../flow/ports.ts";
import type { ReviewDesk } from "../../flow/review-ports.ts";
import type { Command, Step } from "../../flow/step.ts";
import type { Event } from "../../flow/state.ts";
import type { CellFault, CellQuestion } from "../../policy/cell-check.ts";
import type { Change } from "../../policy/diff/change.ts";
import type { Problem as StrategyProblem } from "../../policy/problem.ts";
import type { ComparedFilter, ComparedLine, Comparison } from "../../portfolio/comparison.ts";
import type {
  ArmShare,
  Experiment,
  StrategyChoice,
  ViewedExperiment,
} from "../../portfolio/experiment-ports.ts";
import type { EmergencyProfile, EmergencyVerdict } from "../../portfolio/emergency-ports.ts";
import type { KeptReport, Reports } from "../../portfolio/report-ports.ts";
import type { TransparencyReport } from "../../portfolio/transparency-ports.ts";
import type {
  UndoneLine,
  WaveFilter,
  WaveStanding,
  WaveThresholds,
  WaveUndo,
} from "../../portfolio/wave-ports.ts";
import type {
  PortfolioStore,
  Proposal,
  StrategyEffect,
  Sweep,
  Trial,
  TriedOn,
} from "../../portfolio/ports.ts";
import type { Views } from "../../portfolio/view-ports.ts";
import type { KnownFacts, LineWatch, ReadProfile } from "./watch-hooks.ts";
import type { SentTable } from "../files/sent-table.ts";
import type { Accounts } from "../identity/accounts.ts";
import type { ApiKeys } from "../identity/api-keys.ts";
import type { Sessions } from "../identity/sessions.ts";
import type { RenderReport } from "../reports/render-report.ts";
import type { RenderTransparency } from "../reports/view-transparency.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { ReplyBook } from "./reply-book.ts";
import type { Withheld } from "./withheld.ts";

/** `flow/transact.ts` over the world: the only way to change a line. */
export type Transact = (
  bucket: Bucket,
  commands: readonly Command[],
  options: Readonly<{ dryRun?: boolean; idempotency?: IdempotencyKey }>,
) => Promise<
  readonly (
    | Readonly<{ command: Command; events: readonly Event[] }>
    | Readonly<{ command: Command; refusal: Refusal }>
  )[]
>;

export type SweepStart = Readonly<{
  strategyId: string;
  asOf: BusinessDate;
  portfolio: string | null;
  /** minor units of the strategy's currency; null: unlimited */
  dailyCapMinor: number | null;
  /** run in the shadow */
  shadows?: readonly StrategyChoice[];
  actor: Actor;
  /** names the request: made again, it opens the same sweep */
  requestId?: Id;
}>;

/** Sweeps as the application runs them: `portfolio/sweep.ts` over the world. */
export type SweepHooks = Readonly<{
  /** who may start one */
  roles: readonly Role[];
  /** finds the unfinished sweep or stores a new one; starting twice is one sweep */
  open: (request: SweepStart) => Promise<Sweep | Refusal>;
  /** what it would do, with nothing stored; `onProposals` sees every proposal */
  preview: (
    request: SweepStart,
    onProposals?: (proposals: readonly Proposal[]) => void,
  ) => Promise<Sweep | Refusal>;
  /** works on a sweep in the background until it is done; logs its own faults; never throws */
  run: (id: Id) => void;
  /** `portfolio/sweep-control.ts`: holds a sweep, lets it go on, ends it */
  pause: (id: Id, actor: Actor) => Promise<Sweep | Refusal>;
  resume: (id: Id, actor: Actor) => Promise<Sweep | Refusal>;
  cancel: (id: Id, actor: Actor) => Promise<Sweep | Refusal>;
  /** lines that this process assessed or decided per second of late; null when it does not work on the sweep */
  rate: (id: Id) => number | null;
  /** `portfolio/compare-sweep.ts`: the strategy in the shadow that is meant, what it would change, and for which lines */
  shadowIn: (sweep: Sweep, choice: StrategyChoice | null) => StrategyRef | Refusal;
  compare: (sweep: Sweep, shadow: StrategyRef) => Promise<Comparison>;
  comparedLines: (
    sweep: Sweep,
    shadow: StrategyRef,
    filter: ComparedFilter,
    page: PageRequest,
  ) => Promise<Readonly<{ rows: readonly ComparedLine[]; next: string | null }>>;
}>;

/** What a person asks an experiment to be. */
export type ExperimentDraft = Pick<Experiment, "id" | "shadows"> &
  Readonly<{ arms: readonly ArmShare[]; actOn: readonly string[] }>;

type ExperimentStepHook = (
  id: string,
  actor: Actor,
  options: Readonly<{ reason?: string | null; dryRun?: boolean }>,
) => Promise<Experiment | Refusal>;

/** Experiments as the application runs them: `portfolio/experiment-life.ts` over the world. */
export type ExperimentHooks = Readonly<{
  authorRoles: readonly Role[];
  approverRoles: readonly Role[];
  runnerRoles: readonly Role[];
  create: (
    draft: ExperimentDraft,
    actor: Actor,
    options: Readonly<{ reason?: string | null; dryRun?: boolean }>,
  ) => Promise<Experiment | Refusal>;
  approve: ExperimentStepHook;
  start: ExperimentStepHook;
  end: ExperimentStepHook;
  /** with what became of each arm */
  view: (experiment: Experiment) => Promise<ViewedExperiment>;
}>;

/** Undoing waves as the application does it: `portfolio/wave-undo.ts` over the world. */
export type WaveHooks = Readonly<{
  /** who may propose it, and who may approve or reject it */
  authorRoles: readonly Role[];
  approverRoles: readonly Role[];
  propose: (
    request: Readonly<{ sweepId: Id; filter: WaveFilter; reason: string; actor: Actor }>,
    options: Readonly<{ dryRun: boolean }>,
  ) => Promise<Readonly<{ undo: WaveUndo; examples: readonly UndoneLine[] }> | Refusal>;
  decide: (id: Id, verdict: "approve" | "reject", actor: Actor) => Promise<WaveUndo | Refusal>;
  /** works on an approved one in the background until it is done; logs its own faults; never throws */
  run: (id: Id) => void;
  /** `portfolio/wave-watch.ts`: what holds a wave by itself, who may hold and release one, and how it stands */
  thresholds: WaveThresholds | null;
  holdRoles: readonly Role[];
  standing: (sweepId: Id) => Promise<WaveStanding>;
  hold: (
    sweepId: Id,
    asked: Readonly<{ reason: string; expiresAt: Instant; actor: Actor }>,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<Halt | Refusal>;
  release: (
    sweepId: Id,
    asked: Readonly<{ because: string; actor: Actor }>,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<Halt | Refusal>;
}>;

/** Blackout windows: `flow/blackout-windows.ts` over the world. */
export type BlackoutHooks = Readonly<{
  roles: readonly Role[];
  set: (
    request: Omit<Blackout, "by" | "at"> & Readonly<{ actor: Actor }>,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<Blackout | Refusal>;
  lift: (
    id: Id,
    asked: Readonly<{ because: string; actor: Actor }>,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<ListedBlackout | Refusal>;
}>;

type EmergencyTerms = Pick<
  EmergencyProfile,
  "id" | "name" | "portfolio" | "regions" | "industries" | "dailyCapMinor" | "validUntil" | "reason"
>;

/** Emergency profiles: `portfolio/emergency.ts` over the world. Whoever may start a sweep may start one. */
export type EmergencyHooks = Readonly<{
  authorRoles: readonly Role[];
  approverRoles: readonly Role[];
  propose: (
    request: EmergencyTerms & Readonly<{ strategyId: string; version?: number; actor: Actor }>,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<EmergencyProfile | Refusal>;
  decide: (
    id: Id,
    verdict: EmergencyVerdict,
    actor: Actor,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<EmergencyProfile | Refusal>;
  start: (
    id: Id,
    start: Readonly<{ reason: string; actor: Actor; requestId: Id }>,
    options: Readonly<{
      dryRun?: boolean;
      /** of a dry run: sees every proposal */
      onProposals?: (proposals: readonly Proposal[]) => void;
    }>,
  ) => Promise<Sweep | Refusal>;
}>;

/** The transparency report: `portfolio/transparency.ts` over the world. */
export type TransparencyHooks = Readonly<{
  roles: readonly Role[];
  make: (
    request: Pick<TransparencyReport, "from" | "to" | "portfolio" | "smallestCell"> &
      Readonly<{ actor: Actor }>,
  ) => Promise<TransparencyReport | Refusal>;
  render: RenderTransparency;
}>;

/** What became of a move of the test clock. */
export type ClockAdvanced = Readonly<{ from: Instant; to: Instant; fired: number; sent: number }>;

/** The sandbox's test clock: `flow/advance.ts` over the world. */
export type ClockHooks = Readonly<{
  roles: readonly Role[];
  /** works off what falls due on the way. Refused: wrong-state in a live installation and while it moves already */
  advance: (target: Instant, actor: Actor) => Promise<ClockAdvanced | Refusal>;
}>;

/** What became of an added document. */
export type AddedStrategy =
  | Readonly<{ strategy: StoredStrategy; was: "added" | "exists" | "checked" }>
  | Readonly<{ problems: readonly StrategyProblem[] }>
  | Refusal;

/** Strategies as the application takes them in: `flow/strategy-life.ts` over the world. */
export type StrategyHooks = Readonly<{
  authorRoles: readonly Role[];
  approverRoles: readonly Role[];
  /** checks and stores a version; adding the same document twice is one version */
  add: (
    document: unknown,
    actor: Actor,
    options: Readonly<{ dryRun?: boolean; draft?: boolean }>,
  ) => Promise<AddedStrategy>;
  /** what changed from one version to another */
  diff: (id: string, since: number, version: number) => Promise<readonly Change[] | Refusal>;
  /** `flow/strategy-draft.ts`: gives a draft another document, where it still has the one that was changed */
  edit: (
    id: string,
    version: number,
    document: unknown,
    actor: Actor,
    expectedHash: string | null,
  ) => Promise<EditedDraft | Refusal>;
  /** `flow/strategy-check.ts`: everything that speaks against a version */
  check: (id: string, version: number) => Promise<CheckedVersion | Refusal>;
  /** one answer per cell */
  checkCells: (
    id: string,
    version: number,
    cells: readonly CellQuestion[],
  ) => Promise<readonly (CellFault | null)[] | Refusal>;
  /** `portfolio/strategy-trial.ts`: what a version would do, with nothing stored */
  try: (id: string, version: number, on: TriedOn) => Promise<Trial | Refusal>;
  /** `portfolio/strategy-effect.ts`: who would change; null where no other version is in force */
  effect: (id: string, version: number) => Promise<StrategyEffect | null | Refusal>;
  submit: StrategyStepHook;
  retire: StrategyStepHook;
  /** answers with the new version */
  restore: StrategyStepHook;
  /** approves a version; its maker may not. A document other than `expectedHash` is refused as stale */
  approve: (
    id: string,
    version: number,
    actor: Actor,
    expectedHash: string | null,
    options: Readonly<{
      dryRun?: boolean;
      signOff?: readonly string[];
      effectiveOn?: BusinessDate | null;
      reason?: string | null;
    }>,
  ) => Promise<StoredStrategy | Refusal>;
}>;

type StrategyStepHook = (
  id: string,
  version: number,
  actor: Actor,
  options: Readonly<{ reason?: string | null; dryRun?: boolean }>,
) => Promise<StoredStrategy | Refusal>;

/** Stop switches as the application sets them: `flow/stop-switch.ts` over the world. */
export type HaltHooks = Readonly<{
  roles: readonly Role[];
  /** areas that can be stopped */
  areas: readonly string[];
  set: (
    request: Readonly<{ area: string; reason: string; expiresAt: Instant; actor: Actor }>,
  ) => Promise<Halt | Refusal>;
  lift: (area: string, actor: Actor) => Promise<true | Refusal>;
  /** the refusal of every change in read-only mode; null while that is off */
  readOnly: () => Promise<Refusal | null>;
}>;

/** Reports: `portfolio/report-make.ts` over the world, and the shelf. */
export type ReportHooks = Readonly<{
  /** who may read them */
  roles: readonly Role[];
  /** who may have them made */
  makerRoles: readonly Role[];
  shelf: Pick<Reports, "find" | "list" | "unread" | "markRead">;
  /** makes and keeps one as known now */
  make: (
    request: Readonly<{ asOf: BusinessDate; portfolio: string | null; actor: Actor }>,
  ) => Promise<KeptReport | Refusal>;
  render: RenderReport;
}>;

/** Notices: their letters, receipts, words and previews (`flow/notice-texts.ts` over the world). */
export type NoticeHooks = Readonly<{
  /** the notice as a letter for the files, PDF */
  letter: (notice: Notice, language: Language) => Promise<Buffer>;
  /** the key that receipts are signed with; null: none are taken */
  receiptKey: Buffer | null;
  authorRoles: readonly Role[];
  approverRoles: readonly Role[];
  addTexts: (
    texts: unknown,
    actor: Actor,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<NoticeTextsVersion | Refusal>;
  approveTexts: (
    version: number,
    actor: Actor,
    expectedHash: string | null,
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<NoticeTextsVersion | Refusal>;
  preview: (
    decisionId: Id,
    version: number | null,
    actor: Actor,
  ) => Promise<ComposedNotice | Refusal>;
}>;

type LetterAsked = Readonly<{ id: Id; actor: Actor; dryRun?: boolean }>;

/** Signals as they come in and those that were refused: `flow/signal-desk.ts` over the world. */
export type SignalHooks = Readonly<{
  /** who may send signals, and who may deal with those that were refused */
  roles: readonly Role[];
  letterRoles: readonly Role[];
  /** the event in a text, or the text where it is none */
  incomingOf: (text: string) => IncomingSignal;
  /** what became of each, in their order */
  take: (
    actor: Actor,
    incoming: readonly IncomingSignal[],
    options: Readonly<{ dryRun?: boolean }>,
  ) => Promise<readonly TakenSignal[]>;
  letters: (
    actor: Actor,
    filter: Readonly<{ state?: string; source?: string; type?: string }>,
  ) => ((page: PageRequest) => Promise<Page<DeadLetter>>) | Refusal;
  letter: (id: Id, actor: Actor) => Promise<DeadLetter | Refusal>;
  repair: (
    asked: LetterAsked & Readonly<{ event: unknown; because: string }>,
  ) => Promise<DeadLetter | Refusal>;
  resend: (asked: LetterAsked) => Promise<DeadLetter | Refusal>;
  discard: (asked: LetterAsked & Readonly<{ because: string }>) => Promise<DeadLetter | Refusal>;
}>;

/** Result of making a decision again from what it kept. */
export type ReplayResult = Readonly<{
  decisionId: Id;
  equal: boolean;
  /** first character that differs, null when none does */
  at: number | null;
  stored: string;
  replayed: string;
}>;

export type HttpSettings = Readonly<{
  /** true behind HTTPS: `__Host-` cookie, HSTS */
  secure: boolean;
  /** origins of our own pages, beside the one that the request was sent to */
  origins: readonly string[];
  /** believe X-Forwarded-* of the proxy in front */
  trustProxy: boolean;
  /** /metrics for everybody who reaches the port; else it asks for a staff role */
  openMetrics: boolean;
  /** language of answers to clients that state none */
  language: Language;
  /** folder of the built staff console; null: there is none */
  consoleFolder: string | null;
  bodyLimitBytes: number;
  /** for strategy documents and batches of signals */
  documentLimitBytes: number;
  /** secret of the signed address for signals, by Standard Webhooks; null: there is no such address */
  signalSecret: string | null;
  /** most rows of a list that is had as a table */
  tableRows: number;
}>;

export const defaultHttpSettings: HttpSettings = {
  secure: false,
  origins: [],
  trustProxy: false,
  openMetrics: true,
  language: "en",
  consoleFolder: null,
  bodyLimitBytes: 256 * 1024,
  documentLimitBytes: 4 * 1024 * 1024,
  signalSecret: null,
  tableRows: 200_000,
};

/** How much of the first filling of an installation is done. */
export type Preparation = Readonly<{ done: number; of: number }>;

/** Whose installation this is, as it was written at the first start. */
export type InstallationFacts = Readonly<{
  lender: string;
  mode: "sandbox" | "live";
  currency: Currency;
  timeZone: string;
  /** of Tidemark */
  version: string;
}>;

export type ServerDependencies = Readonly<{
  world: World;
  portfolio: PortfolioStore;
  views: Views;
  installation: InstallationFacts;
  /** null once there is nothing left to prepare; until then nothing can be changed */
  preparing: () => Preparation | null;
  /** every released version of every compliance pack */
  packs: readonly CompliancePack[];
  /** `flow/pipeline.ts`: the command routes are made from it */
  pipeline: readonly Step[];
  transact: Transact;
  accounts: Accounts;
  sessions: Sessions;
  apiKeys: ApiKeys;
  replies: ReplyBook;
  sweeps: SweepHooks;
  waves: WaveHooks;
  emergencies: EmergencyHooks;
  strategies: StrategyHooks;
  experiments: ExperimentHooks;
  halts: HaltHooks;
  blackouts: BlackoutHooks;
  signals: SignalHooks;
  /** `flow/connector-desk.ts` over the world */
  connectors: ConnectorDesk;
  reviewDesk: ReviewDesk;
  reports: ReportHooks;
  transparency: TransparencyHooks;
  notices: NoticeHooks;
  clock: ClockHooks;
  /** null when there is no such decision */
  knownFacts: KnownFacts;
  lineWatch: LineWatch;
  customerProfile: ReadProfile;
  replay: (id: Id) => Promise<ReplayResult | Refusal | null>;
  /** `adapters/files/sent-table.ts`: the cells of a table that somebody sent as a file */
  readTable: (bytes: Uint8Array) => Promise<SentTable | Refusal>;
  /** null when there is no such decision; plain JSON in the language, told without what is withheld */
  explain: (id: Id, language: Language, withheld: Withheld) => Promise<unknown>;
  /** what keeps the process from being ready, in words; empty when ready */
  ready: () => Promise<readonly string[]>;
  /** real time, for sign-in limits */
  now: () => Date;
  log: Logger;
  metrics: Metrics;
  settings: HttpSettings;
}>;
