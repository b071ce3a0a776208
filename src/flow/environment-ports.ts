// Signals about the world that lines live in, and the news of places that they bring, as the application asks for them.

import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { EnvironmentNews } from "../domain/environment-news.ts";
import type { Id } from "../domain/id.ts";
import type { SignalType } from "../domain/signal-catalogue.ts";
import type { SignalData } from "../domain/signal.ts";
import type { Timer } from "../domain/timer.ts";

/** A signal about the environment. `content` is the hash of what was said. */
export type EnvironmentSignal = Readonly<{
  source: string;
  id: string;
  type: SignalType;
  subject: string;
  asOf: BusinessDate;
  happenedAt: Instant | null;
  knownAt: Instant;
  by: string;
  data: SignalData;
  content: string;
}>;

export type ToldView = Readonly<{ after: BusinessDate; asOf: BusinessDate; knownAt: Instant }>;

/** The news that a signal brings, and the timer by which it spreads. */
export type NewsBrought = Readonly<{ news: EnvironmentNews; timer: Timer }>;

export type EnvironmentSignals = Readonly<{
  /**
   * records what is new by (source, id), in the order given, and in the same transaction the news that new signals bring;
   * of a place with news that waits there is no second. `brought` stands beside `signals`; null: no lines are looked at
   * @returns per signal whether it is new, and the hash of the contents that stand under its id now
   */
  record: (
    signals: readonly EnvironmentSignal[],
    brought?: readonly (NewsBrought | null)[],
  ) => Promise<readonly Readonly<{ isNew: boolean; content: string }>[]>;
  /** the newest by as-of date, at most `limit` */
  newest: (type: string | null, limit: number) => Promise<readonly EnvironmentSignal[]>;
  /** those of some types about the days after one and up to another, known by an instant; as they became known, then by source and id */
  told: (types: readonly SignalType[], view: ToldView) => Promise<readonly EnvironmentSignal[]>;
  /** the newest by the instant at which it became known, at most `limit` */
  newestNews: (limit: number) => Promise<readonly EnvironmentNews[]>;
  findNews: (id: Id) => Promise<EnvironmentNews | null>;
  /** puts news in the place of what was seen, by its state and bucket; false where another stands there now */
  moveNews: (seen: EnvironmentNews, to: EnvironmentNews) => Promise<boolean>;
}>;
