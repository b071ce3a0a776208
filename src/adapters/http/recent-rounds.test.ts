// Rounds are kept within bounds, and a place that is no longer known is never taken for one that is.

import { expect, test } from "vitest";
import { recentRounds } from "./recent-rounds.ts";

const round = (...events: readonly string[]) => ({ events });
const wide = { rounds: 100, events: 100, bytes: 10_000 };

test("what came after a place is given in order, with the places to go on from", () => {
  const recent = recentRounds("epoch", wide);
  const start = recent.place();
  const places = ["a", "b", "c"].map((event) => recent.add(round(event)).place);
  expect(recent.since(start)?.map(({ place }) => place)).toEqual(places);
  expect(recent.since(places[1]!)?.map((one) => one.round.events)).toEqual([["c"]]);
  expect(recent.since(recent.place())).toEqual([]);
});

test.each([
  ["rounds", { ...wide, rounds: 2 }],
  ["events", { ...wide, events: 5 }],
  ["bytes", { ...wide, bytes: 60 }],
])("the oldest go first when there are too many %s", (_, most) => {
  const recent = recentRounds("epoch", most);
  const places = [1, 2, 3, 4].map(() => recent.add(round("event", "event")).place);
  expect(recent.since(places[0]!)).toBeNull();
  expect(recent.since(places[2]!)).toHaveLength(1);
});

test("a round that is too large by itself is not kept, and places before it are unknown", () => {
  const recent = recentRounds("epoch", { ...wide, events: 1 });
  const before = recent.place();
  const { place } = recent.add(round("a", "b"));
  expect(recent.since(before)).toBeNull();
  expect(recent.since(place)).toEqual([]);
});

test("after forgetting no earlier place is known, also when as much was told again", () => {
  const recent = recentRounds("epoch", wide);
  const { place } = recent.add(round("a"));
  recent.forget();
  expect(recent.since(place)).toBeNull();
  recent.add(round("b"));
  expect(recent.since(place)).toBeNull();
});

test.each(["another.3", "epoch.1", "epoch-0.99", "epoch-0.", "epoch-0.01", "junk", ""])(
  "%j is no place",
  (place) => {
    const recent = recentRounds("epoch", wide);
    recent.add(round("a"));
    expect(recent.since(place)).toBeNull();
  },
);
