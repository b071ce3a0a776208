// Whatever stands in a file of events comes out line by line, in bounded pieces, and what is no JSON stays text.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { openEventLines, type EventLine } from "./ndjson-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-ndjson-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(chunks: readonly Buffer[], longest = 50): Promise<readonly EventLine[]> {
  const { lines } = await openEventLines("-", longest, Readable.from(chunks));
  const found: EventLine[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

test("lines keep their numbers, however the file is cut into chunks", async () => {
  const bytes = Buffer.from('\uFEFF{"a":"潮位"}\r\n\n{"b":2}\n{\n[3]');
  const expected = [
    [1, { event: { a: "潮位" } }],
    [3, { event: { b: 2 } }],
    [4, { unreadable: "{" }],
    [5, { event: [3] }],
  ];
  for (const size of [1, 2, 3, 7, 1_000]) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    const found = await read(chunks);
    expect(found.map(({ line, incoming }) => [line, incoming])).toEqual(expected);
    expect(found.at(-1)!.bytes).toBe(bytes.length);
  }
});

test("a line beyond the bound is handed on cut, and the next one is whole", async () => {
  const piece = Buffer.from("x".repeat(1_000));
  const found = await read([...Array.from({ length: 100 }, () => piece), Buffer.from("\n{}\n")]);
  expect(found.map(({ incoming }) => incoming)).toEqual([
    { unreadable: "x".repeat(51) },
    { event: {} },
  ]);
});

test("JSON that no row could hold stays text", async () => {
  const deep = "[".repeat(100_000);
  for (const text of [deep, `${"[".repeat(70)}${"]".repeat(70)}`, '{"a":"\\u0000"}', '"\\ud800"']) {
    const [one] = await read([Buffer.from(text)], 1_000_000);
    expect(one!.incoming).toEqual({ unreadable: text });
  }
  const [brackets] = await read([Buffer.from(JSON.stringify("[".repeat(500)))], 1_000);
  expect(brackets!.incoming).toEqual({ event: "[".repeat(500) });
});

test("a file says its size, and one that is not there is named", async () => {
  const path = join(folder, "events.ndjson");
  writeFileSync(path, "{}\n");
  expect((await openEventLines(path, 50)).totalBytes).toBe(3);
  await expect(openEventLines(join(folder, "none"), 50)).rejects.toThrow(/Cannot read .*none/);
});
