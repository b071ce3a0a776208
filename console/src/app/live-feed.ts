// What happens, as rows: the newest first, only so many, and held back while somebody reads.
import { useEffect, useReducer } from "react";
import { serverStream } from "./events.ts";
import { shareStream, type Heard } from "./shared-stream.ts";

/** Topics that the feed shows. */
export const feedTopics = ["signal", "decision", "review", "notice"] as const;

export type FeedTopic = (typeof feedTopics)[number];

/** One thing that happened, or how many of them where they were too many to name. */
export type FeedRow = Readonly<{
  key: number;
  topic: FeedTopic;
  one: Readonly<{
    id: string;
    kind: string;
    lineId: string;
    at: string;
    /** of a signal */
    type: string | null;
    by: string | null;
  }> | null;
  count: number;
  kinds: Readonly<Record<string, number>>;
}>;

/** `held`: rows that wait while the feed is paused. `missed`: more happened than was told. */
export type Feed = Readonly<{
  rows: readonly FeedRow[];
  held: readonly FeedRow[];
  counts: Readonly<Record<FeedTopic, number>>;
  paused: boolean;
  missed: boolean;
  next: number;
}>;

/** More rows are forgotten, oldest first. */
export const mostRows = 200;

export const emptyFeed: Feed = {
  ...{ rows: [], held: [], paused: false, missed: false, next: 0 },
  counts: { signal: 0, decision: 0, review: 0, notice: 0 },
};

/** The feed after something was heard, or after it was paused or let go on. */
export function afterHeard(feed: Feed, heard: Heard | "pause" | "resume"): Feed {
  if (heard === "pause") return { ...feed, paused: true };
  if (heard === "resume") {
    return { ...feed, paused: false, held: [], rows: newest(feed.held, feed.rows) };
  }
  if (heard.missed) return { ...feed, missed: true };
  const topic = feedTopics.find((one) => one === heard.topic);
  if (topic === undefined) return feed;
  const row = rowOf(topic, heard.data, feed.next);
  const counts = { ...feed.counts, [topic]: feed.counts[topic] + row.count };
  const next = feed.next + 1;
  return feed.paused
    ? { ...feed, counts, next, held: newest([row], feed.held) }
    : { ...feed, counts, next, rows: newest([row], feed.rows) };
}

function newest(fresh: readonly FeedRow[], before: readonly FeedRow[]): readonly FeedRow[] {
  return [...fresh, ...before].slice(0, mostRows);
}

function rowOf(topic: FeedTopic, data: Heard["data"], key: number): FeedRow {
  if (typeof data["count"] === "number") {
    const kinds = data["kinds"] as FeedRow["kinds"];
    return { key, topic, one: null, count: data["count"], kinds };
  }
  const text = (name: string): string => String(data[name]);
  const known = (name: string): string | null => (data[name] === undefined ? null : text(name));
  const one = {
    ...{ id: text("id"), kind: text("kind"), lineId: text("lineId"), at: text("at") },
    ...{ type: known("type"), by: known("by") },
  };
  return { key, topic, one, count: 1, kinds: {} };
}

/** The feed since the component is shown. */
export function useLiveFeed(): readonly [Feed, (act: "pause" | "resume") => void] {
  const [feed, hear] = useReducer(afterHeard, emptyFeed);
  useEffect(() => shareStream(serverStream, hear), []);
  return [feed, hear];
}
