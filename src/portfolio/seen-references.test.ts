// References are found again, never confused in practice, and take the memory that was promised.

import { describe, expect, test } from "vitest";
import { hashPair, rememberReferences } from "./seen-references.ts";

describe("seen references", () => {
  test("are new once, then known with their first line and mark", () => {
    const seen = rememberReferences(32);
    expect(seen.add("L-1", 2, 7)).toBeNull();
    expect(seen.add("L-2", 3, 0xffff_ffff)).toBeNull();
    expect(seen.add("L-1", 9, 8)).toEqual({ line: 2, mark: 7 });
    expect(seen.add("L-2", 10, 0)).toEqual({ line: 3, mark: 0xffff_ffff });
    expect(seen.size()).toBe(2);
  });

  test("keep as much of a mark as was asked for", () => {
    const seen = rememberReferences(8);
    seen.add("L-1", 2, 0x1234);
    expect(seen.add("L-1", 3, 0)).toEqual({ line: 2, mark: 0x34 });
  });

  test("are all found among 300,000, and no other is", () => {
    const seen = rememberReferences(32);
    const count = 300_000;
    let early = 0;
    for (let at = 1; at <= count; at++) if (seen.add(`C${at}`, at, at) !== null) early += 1;
    let wrong = 0;
    for (let at = 1; at <= count; at++) if (seen.add(`C${at}`, 0, 0)?.line !== at) wrong += 1;
    expect({ early, wrong, size: seen.size() }).toEqual({ early: 0, wrong: 0, size: count });
  });
});

test("the hash spreads references that differ in one place over both halves", () => {
  const ones = new Set<number>();
  const twos = new Set<number>();
  const count = 100_000;
  for (let at = 0; at < count; at++) {
    const [one, two] = hashPair(`62220210010${String(at).padStart(8, "0")}`);
    ones.add(one);
    twos.add(two);
  }
  // Of 100,000 random 32-bit numbers one or two meet.
  expect(ones.size).toBeGreaterThan(count - 15);
  expect(twos.size).toBeGreaterThan(count - 15);
});
