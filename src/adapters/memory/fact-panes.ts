// Panes of many lines in memory: the same rows in the same order as the database gives them.

import type { Id } from "../../domain/id.ts";
import type { PaneRow } from "../../domain/pane.ts";
import type { Signal } from "../../domain/signal.ts";
import type { FactPanes } from "../../portfolio/ports.ts";
import { exposedIn, newestPanes } from "./facts.ts";
import { bucketOf, type Tables } from "./tables.ts";

/** The port over the tables. */
export function factPanesIn(tables: Tables): FactPanes {
  return {
    of: async ({ asOf, knownAt }, buckets, after) => {
      const found = new Map<Id, readonly PaneRow[]>();
      for (const bucket of buckets) {
        const held = bucketOf(tables, bucket);
        for (const lineId of held.panes.keys()) {
          const rows = newestPanes(held, lineId, knownAt).filter(
            ({ onDate }) => onDate > after && onDate <= asOf,
          );
          if (rows.length > 0) found.set(lineId, rows);
        }
      }
      return found;
    },
    exposed: async (buckets) =>
      new Map(buckets.flatMap((bucket) => [...exposedIn(bucketOf(tables, bucket))])),
    buckets: async () =>
      [...tables.buckets]
        .filter(([, { panes, signals }]) => panes.size > 0 || signals.size > 0)
        .map(([bucket]) => bucket)
        .toSorted((one, other) => one - other),
    async *all(bucket) {
      const held = bucketOf(tables, bucket);
      for (const lineId of [...held.panes.keys()].toSorted()) {
        yield* newestPanes(held, lineId, null);
      }
    },
    async *signals(bucket) {
      for (const { kind, lineId, at, body } of bucketOf(tables, bucket).events) {
        if (kind === "SignalRecorded") yield { lineId, at, signal: body as unknown as Signal };
      }
    },
  };
}
