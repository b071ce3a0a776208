// The feed keeps the newest rows and a bounded number of them, and a pause loses nothing that fits.
import { expect, test } from "vitest";
import { afterHeard, emptyFeed, mostRows, type Feed } from "./live-feed.ts";
import type { Heard } from "./shared-stream.ts";

const at = "2026-07-20T01:00:00.000Z";

function heard(topic: string, id: string, more: Readonly<Record<string, unknown>> = {}): Heard {
  const data = { id, kind: "SignalRecorded", lineId: "line", at, type: "drawdown", ...more };
  return { topic, missed: false, data };
}

const all = (feed: Feed, ...told: readonly Parameters<typeof afterHeard>[1][]): Feed =>
  told.reduce(afterHeard, feed);

test("the newest row stands first and older ones are forgotten", () => {
  const many = Array.from({ length: mostRows + 5 }, (_, number) => heard("signal", `s${number}`));
  const feed = all(emptyFeed, ...many);
  expect(feed.rows).toHaveLength(mostRows);
  expect(feed.rows[0]?.one).toMatchObject({ id: `s${mostRows + 4}`, type: "drawdown", by: null });
  expect(feed.counts).toEqual({ signal: mostRows + 5, decision: 0, review: 0, notice: 0 });
});

test("while it is paused rows wait and are counted, then they come in their order", () => {
  const paused = all(emptyFeed, heard("signal", "a"), "pause", heard("decision", "b"));
  expect(paused.rows.map(({ one }) => one?.id)).toEqual(["a"]);
  expect(paused.held).toHaveLength(1);
  expect(paused.counts.decision).toBe(1);
  const going = all(paused, heard("signal", "c"), "resume");
  expect(going.rows.map(({ one }) => one?.id)).toEqual(["c", "b", "a"]);
  expect(going.held).toEqual([]);
});

test("many at once are one row with their number", () => {
  const burst = { topic: "signal", missed: false, data: { count: 40, kinds: { fee: 40 } } };
  const feed = afterHeard(emptyFeed, burst);
  expect(feed.rows).toMatchObject([{ one: null, count: 40, kinds: { fee: 40 } }]);
  expect(feed.counts.signal).toBe(40);
});

test("what the feed does not show leaves it alone, and that some was missed is remembered", () => {
  expect(afterHeard(emptyFeed, heard("sweep", "s"))).toBe(emptyFeed);
  expect(afterHeard(emptyFeed, { topic: "work", missed: true, data: {} }).missed).toBe(true);
});
