// Blackout windows in memory, and where lines lie, as the PostgreSQL store keeps them.

import type { Blackout, LinePlace } from "../../domain/blackout.ts";
import type { BusinessDate } from "../../domain/calendar.ts";
import type { Id } from "../../domain/id.ts";
import { placeOf } from "../../domain/line-profile.ts";
import type { Blackouts } from "../../flow/hold-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import { newestFacts } from "./facts.ts";
import { compareText, type BucketTables, type Tables } from "./tables.ts";

/** Windows that hold on a day, in the order in which they were set. */
export function blackoutsOn(tables: Tables, today: BusinessDate): readonly Blackout[] {
  return [...tables.blackouts.values()]
    .filter(({ lifted, fromOn, toOn }) => lifted === null && fromOn <= today && toOn >= today)
    .toSorted((left, right) => compareText(left.at, right.at) || compareText(left.id, right.id))
    .map(({ lifted: _lifted, ...blackout }) => blackout);
}

/** The port over the tables. */
export function blackoutsIn(tables: Tables): Blackouts {
  const { blackouts } = tables;
  return {
    set: async (blackout) => {
      if (!blackouts.has(blackout.id)) blackouts.set(blackout.id, { ...blackout, lifted: null });
    },
    list: async (after, limit) => {
      const all = [...blackouts.values()].toSorted(
        (left, right) => compareText(right.at, left.at) || compareText(right.id, left.id),
      );
      const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
      return after !== null && from === 0 ? [] : all.slice(from, from + checkLimit(limit));
    },
    find: async (id) => blackouts.get(id) ?? null,
    inForce: async (today) => blackoutsOn(tables, today),
    lift: async (id, by, at, because) => {
      const found = blackouts.get(id);
      if (found === undefined || found.lifted !== null) return false;
      blackouts.set(id, { ...found, lifted: { by, at, because } });
      return true;
    },
  };
}

/** Where a line lies, as its newest facts say; null without facts. */
export function placeIn(rows: BucketTables, lineId: Id): LinePlace | null {
  const facts = newestFacts(rows, lineId, null, null);
  return facts === null ? null : placeOf(facts.facts);
}
