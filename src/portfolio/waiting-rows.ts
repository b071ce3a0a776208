// Good rows that wait until their bucket has enough of them for one transaction. They lie as bytes, one arena
// for each bucket that is used again and again: tens of thousands of rows cost a few megabytes and nothing that
// the garbage collector would have to carry along.

import { bucketCount, type Bucket } from "../domain/id.ts";
import type { LineRow } from "./apply-mapping.ts";

/** A row as it comes out again, with the line of the file it stood on. */
export type WaitingRow = Readonly<{ line: number; row: LineRow }>;

export type WaitingRows = Readonly<{
  add: (bucket: Bucket, line: number, row: LineRow) => void;
  /** rows in all buckets */
  size: () => number;
  /** buckets that have rows, those with most first */
  fullest: () => readonly Bucket[];
  /** takes all rows of a bucket out, in the order they came */
  take: (bucket: Bucket) => readonly WaitingRow[];
}>;

const firstBytes = 4_096;
const separator = "\n";

type Arena = { bytes: Uint8Array; used: number; rows: number };

/** An empty waiting room. */
export function waitingRows(): WaitingRows {
  const arenas: (Arena | undefined)[] = Array.from({ length: bucketCount }, () => undefined);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let size = 0;
  return {
    size: () => size,
    add: (bucket, line, row) => {
      const arena = (arenas[bucket] ??= { bytes: new Uint8Array(firstBytes), used: 0, rows: 0 });
      append(arena, encoder, pack(line, row));
      arena.rows += 1;
      size += 1;
    },
    fullest: () =>
      arenas
        .flatMap((arena, bucket) => (arena !== undefined && arena.rows > 0 ? [bucket] : []))
        .toSorted((one, other) => arenas[other]!.rows - arenas[one]!.rows || one - other),
    take: (bucket) => {
      const arena = arenas[bucket];
      if (arena === undefined || arena.rows === 0) return [];
      const text = decoder.decode(arena.bytes.subarray(0, arena.used));
      size -= arena.rows;
      arena.rows = 0;
      arena.used = 0;
      return text.slice(0, -1).split(separator).map(unpack);
    },
  };
}

function append(arena: Arena, encoder: InstanceType<typeof TextEncoder>, text: string): void {
  // A UTF-16 unit is at most three bytes of UTF-8.
  const most = arena.used + text.length * 3;
  if (most > arena.bytes.length) {
    const larger = new Uint8Array(Math.max(most, arena.bytes.length * 2));
    larger.set(arena.bytes.subarray(0, arena.used));
    arena.bytes = larger;
  }
  arena.used += encoder.encodeInto(text, arena.bytes.subarray(arena.used)).written;
}

// JSON escapes line ends, so none stands within a row.
function pack(line: number, row: LineRow): string {
  return `${line} ${JSON.stringify(row)}${separator}`;
}

function unpack(text: string): WaitingRow {
  const space = text.indexOf(" ");
  const row = JSON.parse(text.slice(space + 1)) as LineRow;
  return { line: Number(text.slice(0, space)), row };
}
