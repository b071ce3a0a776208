// What reports ask of the world: bulk reads of lines with their facts on several dates, sums over what happened, and a
// shelf where every version of a report is kept. The memory of who has seen what lies beside it.

import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { Timer } from "../domain/timer.ts";
import type { Page, PageRequest } from "../flow/ports.ts";
import type { OutboxEntry } from "../flow/state.ts";
import type { Activity } from "./report-document.ts";

/** A line with its newest facts on three dates; null where there were none yet. */
export type ReportedLine = Readonly<{
  line: CreditLine;
  facts: FactValues | null;
  dayBefore: FactValues | null;
  monthBefore: FactValues | null;
  /** sums of decreases in the 365 days up to the date, minor units */
  decreasedLast12MonthsMinor: number;
}>;

/** Which lines, on which dates, as known when. */
export type ReportWindow = Readonly<{
  asOf: BusinessDate;
  dayBefore: BusinessDate;
  monthBefore: BusinessDate;
  knownAt: Instant;
  portfolio: string | null;
  /** first instants of the day, and of the day after the month before; first instant after the day */
  dayStart: Instant;
  monthStart: Instant;
  end: Instant;
}>;

/** A report as it is kept: `document` is its canonical JSON, `hash` the SHA-256 of exactly these bytes. */
export type KeptReport = Readonly<{
  id: Id;
  kind: "daily";
  asOf: BusinessDate;
  portfolio: string | null;
  madeAt: Instant;
  maker: string;
  hash: string;
  document: string;
}>;

/** A kept report in a list. `read`: the account has opened it. */
export type ReportEntry = Omit<KeptReport, "document"> & Readonly<{ read: boolean }>;

export type ReportFilter = Readonly<{
  /** absent: every report; otherwise only those of these portfolios */
  portfolios?: readonly string[];
  portfolio?: string;
  asOf?: BusinessDate;
  /** whose reading counts for `read` */
  accountId: string | null;
}>;

export type Reports = Readonly<{
  /** lines of a bucket, by line id */
  read: (bucket: Bucket, window: ReportWindow) => Promise<readonly ReportedLine[]>;
  activity: (window: ReportWindow) => Promise<Activity>;
  /**
   * Keeps a report together with what it causes, all of it or nothing. The same report twice is one.
   * @param fired the timer that asked for it: false is returned, and nothing kept, where it has fired before
   */
  keep: (
    report: KeptReport,
    caused: Readonly<{ messages: readonly OutboxEntry[]; fired?: Timer; next?: Timer }>,
  ) => Promise<boolean>;
  find: (id: Id) => Promise<KeptReport | null>;
  /** the newest version of that date and portfolio */
  newest: (
    kind: "daily",
    asOf: BusinessDate,
    portfolio: string | null,
  ) => Promise<KeptReport | null>;
  /** newest first; only the newest version of each date and portfolio */
  list: (page: PageRequest, filter: ReportFilter) => Promise<Page<ReportEntry>>;
  /** newest versions that the account has not opened, of those it may see */
  unread: (filter: ReportFilter & Readonly<{ accountId: string }>) => Promise<number>;
  markRead: (id: Id, accountId: string) => Promise<void>;
  /** the one waiting timer of the schedule becomes this one; null: none waits */
  schedule: (timer: Timer | null) => Promise<void>;
  /** the waiting timer of the schedule */
  scheduled: () => Promise<Timer | null>;
  /** a message of a report was delivered */
  sent: (entry: OutboxEntry) => Promise<void>;
}>;
