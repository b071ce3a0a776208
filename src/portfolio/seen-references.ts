// Remembers which references a file has shown so far, in 11 to 14 bytes for each and not in strings, so that a
// file of ten million rows fits. A reference is known by 58 bits of its hash: in a file of ten million different
// references one is taken for another once in about six thousand files.

/** Where a reference was first seen, and the mark it was seen with. */
export type Seen = Readonly<{ line: number; mark: number }>;

export type SeenReferences = Readonly<{
  /** null when the reference is new (it is remembered then), else where it was first seen */
  add: (reference: string, line: number, mark: number) => Seen | null;
  size: () => number;
}>;

const partitions = 1_024;
const firstCapacity = 16;
const fullest = 0.9;
const growth = 1.25;

/**
 * Two independent 32-bit hashes of a text, each a multiply-and-rotate over its UTF-16 code units with a final
 * avalanche. Not a secret and not a proof; fast and equal on every machine.
 */
export function hashPair(text: string): readonly [number, number] {
  let one = 0x9e3779b9 ^ text.length;
  let two = 0x85ebca6b ^ text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x9e3779b1);
    one = (one << 13) | (one >>> 19);
    two = Math.imul(two ^ unit, 0x5f356495);
    two = (two << 15) | (two >>> 17);
  }
  return [avalanche(one ^ (two >>> 11)), avalanche(two ^ (one >>> 7))];
}

function avalanche(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * An empty memory. Grows by parts, so that growing never needs room for everything twice.
 * @param markBits how much of a mark is kept: its low 8 or 32 bits
 */
export function rememberReferences(markBits: 8 | 32): SeenReferences {
  const parts = Array.from({ length: partitions }, () => emptyPart(firstCapacity, markBits));
  let size = 0;
  return {
    size: () => size,
    add: (reference, line, mark) => {
      const [one, two] = hashPair(reference);
      const index = one % partitions;
      let part = parts[index]!;
      if (part.used >= part.capacity * fullest) {
        part = grown(part, markBits);
        parts[index] = part;
      }
      const tail = (one >>> 10) & 0xffff;
      const found = place(part, two, tail);
      if (part.lines[found] !== 0) return { line: part.lines[found]!, mark: part.marks[found]! };
      put(part, found, two, tail, line, mark);
      size += 1;
      return null;
    },
  };
}

/** One open-addressing table with linear probing; line 0 marks a free place. */
type Part = {
  readonly capacity: number;
  used: number;
  readonly hashes: Uint32Array;
  readonly tails: Uint16Array;
  readonly lines: Uint32Array;
  readonly marks: Uint8Array | Uint32Array;
};

function emptyPart(capacity: number, markBits: 8 | 32): Part {
  return {
    capacity,
    used: 0,
    hashes: new Uint32Array(capacity),
    tails: new Uint16Array(capacity),
    lines: new Uint32Array(capacity),
    marks: markBits === 8 ? new Uint8Array(capacity) : new Uint32Array(capacity),
  };
}

function place(part: Part, hash: number, tail: number): number {
  let at = hash % part.capacity;
  while (part.lines[at] !== 0 && (part.hashes[at] !== hash || part.tails[at] !== tail)) {
    at = at + 1 === part.capacity ? 0 : at + 1;
  }
  return at;
}

function put(part: Part, at: number, hash: number, tail: number, line: number, mark: number): void {
  part.hashes[at] = hash;
  part.tails[at] = tail;
  part.lines[at] = line;
  part.marks[at] = mark;
  part.used += 1;
}

function grown(part: Part, markBits: 8 | 32): Part {
  const larger = emptyPart(Math.ceil(part.capacity * growth), markBits);
  for (let at = 0; at < part.capacity; at++) {
    const line = part.lines[at]!;
    if (line === 0) continue;
    const hash = part.hashes[at]!;
    const tail = part.tails[at]!;
    put(larger, place(larger, hash, tail), hash, tail, line, part.marks[at]!);
  }
  return larger;
}
