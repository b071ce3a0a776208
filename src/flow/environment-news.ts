// What a signal about the environment sets in motion: news of its place, and the timer by which the news spreads to the lines
// there. Both are written with the signal, so that none of the three is there without the others.

import { placeOfNews } from "../domain/environment-fact.ts";
import type { EnvironmentSignal, NewsBrought } from "./environment-ports.ts";
import type { World } from "./ports.ts";

/** The news that a signal brings; null where no declared fact is made of it. Its id follows from the signal. */
export function newsBrought(
  { declared, ids }: Pick<World, "declared" | "ids">,
  signal: EnvironmentSignal,
): NewsBrought | null {
  const place = placeOfNews(declared.environment.values(), signal);
  if (place === null) return null;
  const { source, id: signalId, knownAt, by: owner } = signal;
  const bucket = 0;
  const id = ids.derive(bucket, "environment-news", source, signalId);
  const counts = { nextBucket: 0, lines: 0, held: 0, decided: 0 };
  return {
    news: { id, place, knownAt, state: "waiting", changed: [], ...counts, endedAt: null },
    timer: {
      ...{ bucket, id: ids.derive(bucket, "environment-news-timer", id) },
      ...{ kind: "environment-news", subject: id, due: knownAt, priority: 0, owner },
      state: "waiting",
    },
  };
}
