// What reading and rebuilding declared facts of many lines ask of the store.

import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { PaneRow } from "../domain/pane.ts";
import type { Signal } from "../domain/signal.ts";
import type { SweepView } from "./ports.ts";

/** A signal as it was recorded. */
export type RecordedEvent = Readonly<{ lineId: Id; at: Instant; signal: Signal }>;

export type FactPanes = Readonly<{
  /** what `Reads.panes` gives of one line, of the lines of buckets; lines that have none are left out */
  of: (
    view: Pick<SweepView, "asOf" | "knownAt">,
    buckets: readonly Bucket[],
    after: BusinessDate,
  ) => Promise<ReadonlyMap<Id, readonly PaneRow[]>>;
  /** the newest version of every pane of a bucket, by line, day and measure */
  all: (bucket: Bucket) => AsyncIterable<PaneRow>;
  /** every signal that was recorded in a bucket, in its order */
  signals: (bucket: Bucket) => AsyncIterable<RecordedEvent>;
}>;
