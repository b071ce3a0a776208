// Many who ask at once share a reading, and none of them gets one that was begun before he asked.

import { expect, test } from "vitest";
import { joinedRead } from "./joined-read.ts";

/** Readings that end when they are told to. */
function slowReads() {
  const begun: { key: string; end: (answer: string) => void; fail: () => void }[] = [];
  const read = (key: string): Promise<string> =>
    new Promise((resolve, reject) => {
      begun.push({ key, end: resolve, fail: () => reject(new Error("lost")) });
    });
  return { begun, read: joinedRead(read) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("who asks while it is read gets the next reading, together with all who wait", async () => {
  const { begun, read } = slowReads();
  const first = read("a");
  const others = [read("a"), read("a"), read("a")];
  expect(begun).toHaveLength(1);
  begun[0]!.end("old");
  expect(await first).toBe("old");
  await settle();
  expect(begun).toHaveLength(2);
  const later = read("a");
  begun[1]!.end("new");
  expect(await Promise.all(others)).toEqual(["new", "new", "new"]);
  await settle();
  begun[2]!.end("newest");
  expect(await later).toBe("newest");
});

test("readings of different keys do not wait for each other", () => {
  const { begun, read } = slowReads();
  void read("a");
  void read("b");
  expect(begun.map(({ key }) => key)).toEqual(["a", "b"]);
});

test("after a failure the next reading is made all the same", async () => {
  const { begun, read } = slowReads();
  const first = read("a");
  const second = read("a");
  begun[0]!.fail();
  await expect(first).rejects.toThrow("lost");
  await settle();
  begun[1]!.end("well");
  expect(await second).toBe("well");
});
