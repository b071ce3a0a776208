// Emergency profiles in memory, as the PostgreSQL store keeps them.

import type { Emergencies } from "../../portfolio/emergency-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import { compareText, type Tables } from "./tables.ts";

/** The port over the tables. */
export function emergenciesIn({ emergencies, sweeps }: Tables): Emergencies {
  return {
    propose: async (profile) => {
      if (!emergencies.has(profile.id)) emergencies.set(profile.id, profile);
    },
    find: async (id) => emergencies.get(id) ?? null,
    list: async (after, limit) => {
      const all = [...emergencies.values()].toSorted(
        (left, right) =>
          compareText(right.proposedAt, left.proposedAt) || compareText(right.id, left.id),
      );
      const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
      return after !== null && from === 0 ? [] : all.slice(from, from + checkLimit(limit));
    },
    enter: async (id, from, to, by, at) => {
      const found = emergencies.get(id);
      if (found === undefined || !from.includes(found.state)) return false;
      emergencies.set(id, { ...found, state: to, decidedBy: by, decidedAt: at });
      return true;
    },
    startsOf: async (id) =>
      [...sweeps.values()]
        .map(({ sweep }) => sweep)
        .filter(({ emergency }) => emergency?.profileId === id)
        .toSorted(
          (left, right) =>
            compareText(right.startedAt, left.startedAt) || compareText(right.id, left.id),
        )
        .map((sweep) => sweep.id),
  };
}
