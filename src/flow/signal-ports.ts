// What the application asks of the world about signals that stand beside those of lines: refused ones, and those about the
// environment.

import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { DeadLetter } from "../domain/dead-letter.ts";
import type { Id } from "../domain/id.ts";
import type { SignalType } from "../domain/signal-catalogue.ts";
import type { SignalData } from "../domain/signal.ts";
import type { Page, PageRequest } from "./page.ts";

/** Signals that were refused. Contents are kept so that nobody reads them who only reads the tables. */
export type DeadLetters = Readonly<{
  /** keeps the letters that are not there yet, by id; those that are stay as they are */
  keep: (letters: readonly DeadLetter[]) => Promise<void>;
  find: (id: Id) => Promise<DeadLetter | null>;
  /** by the instant of their arrival */
  list: (
    page: PageRequest,
    filter: Readonly<{ state?: string; source?: string; type?: string }>,
  ) => Promise<Page<DeadLetter>>;
  /** puts the letter in the place of version `ver`; false where another version stands there now */
  replace: (letter: DeadLetter, ver: number) => Promise<boolean>;
}>;

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

export type EnvironmentSignals = Readonly<{
  /**
   * records what is new by (source, id), in the order given
   * @returns per signal whether it is new, and the hash of the contents that stand under its id now
   */
  record: (
    signals: readonly EnvironmentSignal[],
  ) => Promise<readonly Readonly<{ isNew: boolean; content: string }>[]>;
  /** the newest by as-of date, at most `limit` */
  newest: (type: string | null, limit: number) => Promise<readonly EnvironmentSignal[]>;
  /** those of some types about the days after one and up to another, known by an instant; as they became known, then by source and id */
  told: (types: readonly SignalType[], view: ToldView) => Promise<readonly EnvironmentSignal[]>;
}>;
