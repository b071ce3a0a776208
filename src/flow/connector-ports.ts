// Asking the outside world for data: how a source is reached, what is remembered of asking, and what is told of it. The rules
// stand in ask-source.ts and hold for every source; an adapter only knows how to fetch one answer.

import type { Actor, Role } from "../domain/actor.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { Breaker } from "../domain/circuit-breaker.ts";
import type { ConnectorAsk, ConnectorCost } from "../domain/connector.ts";
import type { ConnectorSpec } from "../domain/connector-spec.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Id } from "../domain/id.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { SignalData } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import type { Page, PageRequest } from "./page.ts";

/** Whom an ask is about, by the lender's own references. */
export type AskSubject = Readonly<{ customer: string; line: string }>;

/** One request, and what the source said; `detail` never repeats the answer. */
export type Fetched =
  | Readonly<{ data: SignalData }>
  | Readonly<{ failed: "down" | "slow" | "declined" | "malformed"; detail: Text }>;

/** The sources, and what asking needs of the world beside the store: real time, waiting, chance. */
export type Sources = Readonly<{
  specs: ReadonlyMap<string, ConnectorSpec>;
  /** throws only where nothing could be sent, such as without a key; what a source does is an answer */
  fetch: (spec: ConnectorSpec, subject: AskSubject) => Promise<Fetched>;
  /** real time, which a test clock does not move */
  nowMs: () => number;
  pause: (ms: number) => Promise<void>;
  /** from 0 up to 1 */
  chance: () => number;
}>;

/** What is remembered of asking. */
export type Connectors = Readonly<{
  /** the breaker of a source and its version; closed and 0 for one that was never asked */
  breaker: (source: string) => Promise<Readonly<{ breaker: Breaker; ver: number }>>;
  /** puts the breaker in the place of version `ver`; false where another version stands there now */
  putBreaker: (source: string, breaker: Breaker, ver: number) => Promise<boolean>;
  /**
   * begins an ask, unless another about the same customer and source is under way: of two at one moment one begins
   * @returns null: it has begun, and is lost where nobody has kept it by `untilMs` · the id of the other
   */
  begin: (
    ask: ConnectorAsk,
    claim: Readonly<{ customerId: Id; nowMs: number; untilMs: number }>,
  ) => Promise<Id | null>;
  /** what an ask that is under way has cost by now, counted before each request leaves */
  charge: (id: Id, calls: number, costMinor: number) => Promise<void>;
  /** keeps what came of an ask, begun or not, once by id; word of one that was taken for lost still counts */
  keep: (ask: ConnectorAsk) => Promise<void>;
  find: (id: Id, nowMs: number) => Promise<ConnectorAsk | null>;
  /** those of the customers about whom the source was asked after an instant and answered */
  answered: (
    source: string,
    since: Instant,
    customerIds: readonly Id[],
  ) => Promise<ReadonlySet<Id>>;
  /** by the instant they were made, as they stand at a moment of real time: lost ones too */
  asks: (
    page: PageRequest,
    filter: Readonly<{ source?: string; outcome?: string }>,
    nowMs: number,
  ) => Promise<Page<ConnectorAsk>>;
  /** by day, newest first, then by source; both days included */
  costs: (from: BusinessDate, to: BusinessDate) => Promise<readonly ConnectorCost[]>;
}>;

/** What a source said last, and when it was so. */
export type KnownAnswer = Readonly<{ data: SignalData; at: Instant }>;

export type AskRequest = Readonly<{
  source: string;
  line: CreditLine;
  purpose: string;
  actor: Actor;
  /** nothing is asked and nothing kept: what would come of it if the source answered */
  dryRun?: boolean;
}>;

/** What came of an ask. `answer`: what may be relied on, new or old; its values are in the unit of the signal's fields. */
export type Asked = Readonly<{
  ask: ConnectorAsk;
  answer: KnownAnswer | null;
  detail: Text | null;
}>;

/** How a source stands: its breaker, what came of the last ask and of the last that it answered, and today's costs. */
export type SourceStanding = Readonly<{
  spec: ConnectorSpec;
  breaker: Breaker;
  last: ConnectorAsk | null;
  lastAnswered: ConnectorAsk | null;
  today: ConnectorCost;
}>;

/** Everything that may be asked about sources: `connector-desk.ts` over a world. */
export type ConnectorDesk = Readonly<{
  askRoles: readonly Role[];
  ask: (request: AskRequest) => Promise<Asked | Refusal>;
  standings: () => Promise<readonly SourceStanding[]>;
  /** Refused: not-found */
  standing: (source: string) => Promise<SourceStanding | Refusal>;
  /** single asks name lines, so that they are told to those who may see all */
  asks: (
    actor: Actor,
    filter: Readonly<{ source?: string; outcome?: string }>,
  ) => ((page: PageRequest) => Promise<Page<ConnectorAsk>>) | Refusal;
  /** by day; without a first day those of the 30 days up to the last one, without a last day up to today */
  costs: (
    from: BusinessDate | null,
    to: BusinessDate | null,
  ) => Promise<readonly ConnectorCost[] | Refusal>;
}>;
