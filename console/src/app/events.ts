// What the server tells by itself (server-sent events): a kind of thing changed, so what is shown of it is asked anew.
// Bursts are gathered, because a running sweep tells twice a second.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { shareStream, type StreamOptions } from "./shared-stream.ts";

/** Kinds of queries that an event puts out of date. */
const outdated: Readonly<Record<string, readonly string[]>> = {
  // So many come in that asking anew for each would be all that a page does.
  signal: [],
  sweep: ["sweeps", "work"],
  decision: ["decisions", "lines", "customers", "overview", "work"],
  review: ["reviews", "work"],
  notice: ["notices", "work"],
  offer: ["offers", "decisions"],
  alert: ["alerts", "work"],
  reminder: ["reminders"],
  report: ["reports", "work"],
  work: ["work", "halts"],
};

const topics = Object.keys(outdated);
const everything = Object.values(outdated).flat();
const gatherMs = 700;

/** The stream that all who listen share. */
export const serverStream: StreamOptions = {
  topics,
  open: () => new EventSource("/v1/events"),
};

/** Listens while the component is shown. */
export function useServerEvents(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const kinds = new Set<string>();
    let timer: number | null = null;
    const flush = (): void => {
      timer = null;
      const stale = [...kinds];
      kinds.clear();
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => stale.includes(String(queryKey[0])),
      });
    };
    const leave = shareStream(serverStream, ({ topic, missed }) => {
      for (const kind of missed ? everything : (outdated[topic] ?? [])) kinds.add(kind);
      timer ??= window.setTimeout(flush, gatherMs);
    });
    return () => {
      leave();
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [queries]);
}
