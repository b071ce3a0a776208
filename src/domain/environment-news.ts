// News of a place: something was told of a country, a region or an industry, and the lines there are looked at because of it.
// Not in the transaction of the signal, but a few buckets at a time; the row says how far that came and what it led to.

import type { Instant } from "./calendar.ts";
import type { Id } from "./id.ts";

/** waiting: what else is told of the place belongs to it · spreading: lines are being looked at · done. */
export const environmentNewsStates = ["waiting", "spreading", "done"] as const;

export type EnvironmentNewsState = (typeof environmentNewsStates)[number];

export type EnvironmentNews = Readonly<{
  id: Id;
  /** `country/cn`, `region/GD` or `industry/retail` */
  place: string;
  /** the instant at which the first of it became known */
  knownAt: Instant;
  state: EnvironmentNewsState;
  /** facts about the place whose value it changed and that triggers read; empty while it waits */
  changed: readonly string[];
  /** buckets before it are done */
  nextBucket: number;
  /** lines of the place that were looked at */
  lines: number;
  /** those of them on which a trigger held that was not quiet */
  held: number;
  /** those of them about which something was decided */
  decided: number;
  endedAt: Instant | null;
}>;
