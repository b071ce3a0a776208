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
  /** memory that is held for them, also where it is not filled at the moment */
  bytes: () => number;
  /** buckets that have rows, those with most first */
  fullest: () => readonly Bucket[];
  /** takes all rows of a bucket out, in the order they came */
  take: (bucket: Bucket) => readonly WaitingRow[];
}>;

const firstBytes = 4_096;
/** What an empty bucket may keep for its next rows. */
const keptBytes = 16_384;
const separator = "\n";

type Arena = { bytes: Uint8Array; used: number; rows: number };

/** An empty waiting room. */
export function waitingRows(): WaitingRows {
  const arenas: (Arena | undefined)[] = Array.from({ length: bucketCount }, () => undefined);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let size = 0;
  let held = 0;
  const made = (): Arena => {
    held += firstBytes;
    return { bytes: new Uint8Array(firstBytes), used: 0, rows: 0 };
  };
  return {
    size: () => size,
    bytes: () => held,
    add: (bucket, line, row) => {
      const arena = (arenas[bucket] ??= made());
      held += append(arena, encoder.encode(pack(line, row)));
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
      if (arena.bytes.length > keptBytes) {
        held -= arena.bytes.length;
        arenas[bucket] = undefined;
      }
      return text.slice(0, -1).split(separator).map(unpack);
    },
  };
}

/** Returns by how many bytes the arena grew. */
function append(arena: Arena, row: Uint8Array): number {
  const before = arena.bytes.length;
  const needed = arena.used + row.length;
  if (needed > before) {
    const larger = new Uint8Array(Math.max(needed, before * 2));
    larger.set(arena.bytes.subarray(0, arena.used));
    arena.bytes = larger;
  }
  arena.bytes.set(row, arena.used);
  arena.used = needed;
  return arena.bytes.length - before;
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
