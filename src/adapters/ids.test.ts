// Derived ids are the same for ever and tell their parts apart; fresh ids sort by the time they were made.

import { expect, test } from "vitest";
import { bucketOfId, isId } from "../domain/id.ts";
import { createIds } from "./ids.ts";

const ids = createIds();

test("derived ids are the same for the same parts and carry their bucket", () => {
  expect(ids.derive(7, "decision", "a", "b")).toBe(ids.derive(7, "decision", "a", "b"));
  expect(bucketOfId(ids.derive(1023, "x"))).toBe(1023);
  expect(isId(ids.derive(0, "x"))).toBe(true);
});

// The bytes are fixed for ever: a change would make every retry a double.
test("a derived id is the SHA-256 of its parts as netstrings", () => {
  expect(ids.derive(0, "decide", "限额", "")).toBe("0009b603-2616-88d7-a00d-87335c5485d6");
});

test("where one part ends and the next begins makes another id", () => {
  const made = [
    ["a", "bc"],
    ["ab", "c"],
    ["abc"],
    ["a", "b", "c"],
    ["a", "bc", ""],
    ["1:a,", "bc"],
  ];
  const different = new Set(made.map((parts) => ids.derive(0, ...parts)));
  expect(different.size).toBe(made.length);
});

test("fresh ids are UUIDv7 and rise, also within one millisecond and when time goes back", () => {
  let now = 1_760_000_000_000;
  const { fresh } = createIds(() => now);
  const made = Array.from({ length: 10_000 }, fresh);
  now -= 5_000;
  made.push(fresh());
  expect(made.every((id) => isId(id) && id[14] === "7")).toBe(true);
  expect(made).toEqual([...new Set(made)].toSorted());
});
