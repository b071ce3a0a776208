// Refused signals and signals about the environment in memory, with the same lists and the same keys as the database.

import { signalKey } from "../../domain/signal.ts";
import type { EnvironmentSignals, NewsBrought } from "../../flow/environment-ports.ts";
import type { DeadLetters } from "../../flow/dead-letter-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import { matches, paged } from "./reads.ts";
import { bucketOf, compareText, type Tables } from "./tables.ts";

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
export function environmentIn(tables: Tables): EnvironmentSignals {
  const { environment, environmentNews } = tables;
  return {
    record: async (signals, brought = []) =>
      signals.map((signal, at) => {
        const key = signalKey(signal.source, signal.id);
        const held = environment.get(key);
        if (held === undefined) {
          environment.set(key, signal);
          bring(tables, brought[at] ?? null);
        }
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
    newestNews: async (limit) =>
      [...environmentNews.values()]
        .toSorted(
          (one, other) => compareText(other.knownAt, one.knownAt) || compareText(other.id, one.id),
        )
        .slice(0, checkLimit(limit)),
    findNews: async (id) => environmentNews.get(id) ?? null,
    moveNews: async (seen, to) => {
      const { state, nextBucket } = environmentNews.get(seen.id) ?? {};
      if (state !== seen.state || nextBucket !== seen.nextBucket) return false;
      environmentNews.set(seen.id, to);
      return true;
    },
  };
}

function bring(tables: Tables, brought: NewsBrought | null): void {
  if (brought === null) return;
  const { news, timer } = brought;
  const all = [...tables.environmentNews.values()];
  if (all.some(({ place, state }) => place === news.place && state === "waiting")) return;
  tables.environmentNews.set(news.id, news);
  bucketOf(tables, timer.bucket).waitingTimers.set(timer.id, timer);
}
