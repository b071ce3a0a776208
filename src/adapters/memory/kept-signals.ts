// Refused signals and signals about the environment in memory, with the same lists and the same keys as the database.

import { signalKey } from "../../domain/signal.ts";
import type { DeadLetters, EnvironmentSignals } from "../../flow/signal-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import { matches, paged } from "./reads.ts";
import { compareText, type Tables } from "./tables.ts";

/** The port over the tables. */
export function deadLettersIn({ deadLetters }: Tables): DeadLetters {
  return {
    keep: async (letters) => {
      for (const letter of letters) {
        if (!deadLetters.has(letter.id)) deadLetters.set(letter.id, letter);
      }
    },
    find: async (id) => deadLetters.get(id) ?? null,
    list: async (page, filter) => {
      const rows = [...deadLetters.values()].filter(
        (letter) =>
          matches(filter.state, letter.state) &&
          matches(filter.source, letter.source ?? undefined) &&
          matches(filter.type, letter.type ?? undefined),
      );
      return paged("dead_letter", rows, page, ({ receivedAt, id }) => ({ at: receivedAt, id }));
    },
    replace: async (letter, ver) => {
      if (deadLetters.get(letter.id)?.ver !== ver) return false;
      deadLetters.set(letter.id, letter);
      return true;
    },
  };
}

/** The port over the tables. */
export function environmentIn({ environment }: Tables): EnvironmentSignals {
  return {
    record: async (signals) =>
      signals.map((signal) => {
        const key = signalKey(signal.source, signal.id);
        const held = environment.get(key);
        if (held === undefined) environment.set(key, signal);
        return { isNew: held === undefined, content: (held ?? signal).content };
      }),
    newest: async (type, limit) =>
      [...environment.values()]
        .filter((signal) => type === null || signal.type === type)
        .toSorted(
          (one, other) =>
            compareText(other.asOf, one.asOf) ||
            compareText(other.knownAt, one.knownAt) ||
            compareText(one.source, other.source) ||
            compareText(one.id, other.id),
        )
        .slice(0, checkLimit(limit)),
    told: async (types, { after, asOf, knownAt }) =>
      [...environment.values()]
        .filter(
          (signal) =>
            types.includes(signal.type) &&
            signal.asOf > after &&
            signal.asOf <= asOf &&
            signal.knownAt <= knownAt,
        )
        .toSorted(
          (one, other) =>
            compareText(one.knownAt, other.knownAt) ||
            compareText(one.source, other.source) ||
            compareText(one.id, other.id),
        ),
  };
}
