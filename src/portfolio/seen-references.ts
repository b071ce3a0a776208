// Remembers which references a file has shown so far, in 16 bytes for each and not in strings, so that a file
// of ten million rows fits. References are kept as 64-bit hashes: two different ones are taken for the same
// once in about two hundred thousand files of ten million rows.

/** Where a reference was first seen, and the mark it was seen with. */
export type Seen = Readonly<{ line: number; mark: number }>;

export type SeenReferences = Readonly<{
  /** null when the reference is new (it is remembered then), else where it was first seen */
  add: (reference: string, line: number, mark: number) => Seen | null;
  size: () => number;
}>;

const partitions = 64;
const firstCapacity = 64;
const fullest = 0.85;

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

/** An empty memory. Grows by parts, so that growing never needs room for everything twice. */
export function rememberReferences(): SeenReferences {
  const parts: Part[] = Array.from({ length: partitions }, () => emptyPart(firstCapacity));
  let size = 0;
  return {
    size: () => size,
    add: (reference, line, mark) => {
      const [one, two] = hashPair(reference);
      const index = two % partitions;
      let part = parts[index]!;
      if (part.used >= part.capacity * fullest) {
        part = grown(part);
        parts[index] = part;
      }
      const found = place(part, one, two);
      if (part.lines[found] !== 0) {
        return { line: part.lines[found]!, mark: part.marks[found]! };
      }
      put(part, found, one, two, line, mark >>> 0);
      size += 1;
      return null;
    },
  };
}

/** One open-addressing table; line 0 marks a free place. */
type Part = {
  readonly capacity: number;
  used: number;
  readonly ones: Uint32Array;
  readonly twos: Uint32Array;
  readonly lines: Uint32Array;
  readonly marks: Uint32Array;
};

function emptyPart(capacity: number): Part {
  return {
    capacity,
    used: 0,
    ones: new Uint32Array(capacity),
    twos: new Uint32Array(capacity),
    lines: new Uint32Array(capacity),
    marks: new Uint32Array(capacity),
  };
}

function place(part: Part, one: number, two: number): number {
  let at = one % part.capacity;
  while (part.lines[at] !== 0 && (part.ones[at] !== one || part.twos[at] !== two)) {
    at = at + 1 === part.capacity ? 0 : at + 1;
  }
  return at;
}

function put(part: Part, at: number, one: number, two: number, line: number, mark: number): void {
  part.ones[at] = one;
  part.twos[at] = two;
  part.lines[at] = line;
  part.marks[at] = mark;
  part.used += 1;
}

function grown(part: Part): Part {
  const larger = emptyPart(Math.ceil(part.capacity * 1.5));
  for (let at = 0; at < part.capacity; at++) {
    const line = part.lines[at]!;
    if (line === 0) continue;
    const one = part.ones[at]!;
    const two = part.twos[at]!;
    put(larger, place(larger, one, two), one, two, line, part.marks[at]!);
  }
  return larger;
}
