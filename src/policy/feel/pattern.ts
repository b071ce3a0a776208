// Regular expressions of `matches`, `replace` and `split` (XPath's, DMN 1.5 table 76) without backtracking: a pattern
// becomes a small program that is run on all paths at once, so that time grows with pattern × text and every step is
// paid from the budget. Back references are refused: they cannot be matched in such time.

import { type PatternNode, parsePattern } from "./pattern-syntax.ts";
import { type Run, spend } from "./run.ts";

type Instruction =
  | Readonly<{ kind: "one"; cost: number; matches: (code: number) => boolean }>
  | { kind: "split"; first: number; second: number }
  | { kind: "jump"; to: number }
  | Readonly<{ kind: "save"; slot: number }>
  | Readonly<{ kind: "start" | "end" }>
  | Readonly<{ kind: "match" }>;

/** A pattern ready to run. */
export type Pattern = Readonly<{
  program: readonly Instruction[];
  groups: number;
  lines: boolean;
}>;

/** Where a match and its groups stand, in code points; -1 for a group that took no part. */
export type Match = readonly number[];

const mostInstructions = 2_000;

/** Reads a pattern with its flags (i, s, m, x, q); null when it is none or larger than the engine takes. */
export function compilePattern(text: string, flags: string): Pattern | null {
  const tree = parsePattern(text, flags);
  if (tree === null) return null;
  const program: Instruction[] = [];
  const small =
    emit(program, { kind: "group", index: 0, of: tree.root }) &&
    program.push({ kind: "match" }) > 0;
  return small ? { program, groups: tree.groups + 1, lines: flags.includes("m") } : null;
}

/** Appends the program of a node; false when it grows too large. */
function emit(program: Instruction[], node: PatternNode): boolean {
  if (program.length > mostInstructions) return false;
  switch (node.kind) {
    case "one":
      program.push(node);
      return true;
    case "start":
    case "end":
      program.push({ kind: node.kind });
      return true;
    case "sequence":
      return node.parts.every((part) => emit(program, part));
    case "choice":
      return emitChoice(program, node.parts);
    case "group":
      return emitGroup(program, node.index, node.of);
    case "repeat":
      return emitRepeat(program, node);
  }
}

function emitGroup(program: Instruction[], index: number | null, of: PatternNode): boolean {
  if (index === null) return emit(program, of);
  program.push({ kind: "save", slot: index * 2 });
  const small = emit(program, of);
  program.push({ kind: "save", slot: index * 2 + 1 });
  return small;
}

function emitChoice(program: Instruction[], parts: readonly PatternNode[]): boolean {
  const jumps: { to: number }[] = [];
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1) {
      if (!emit(program, part)) return false;
      break;
    }
    const split = { kind: "split" as const, first: program.length + 1, second: 0 };
    program.push(split);
    if (!emit(program, part)) return false;
    const jump = { kind: "jump" as const, to: 0 };
    program.push(jump);
    jumps.push(jump);
    split.second = program.length;
  }
  for (const jump of jumps) jump.to = program.length;
  return true;
}

function emitRepeat(
  program: Instruction[],
  { of, least, most, lazy }: Extract<PatternNode, { kind: "repeat" }>,
): boolean {
  const start = program.length;
  for (let count = 0; count < least; count++) {
    if (!emit(program, of)) return false;
    // What emits nothing matches nothing but the empty text, however often.
    if (program.length === start) return true;
  }
  if (most === null) {
    const split = emitSplit(program, lazy);
    if (!emit(program, of)) return false;
    program.push({ kind: "jump", to: split.at });
    split.leave(program.length);
    return true;
  }
  const splits: { leave: (to: number) => void }[] = [];
  for (let count = least; count < most; count++) {
    splits.push(emitSplit(program, lazy));
    if (!emit(program, of)) return false;
  }
  for (const split of splits) split.leave(program.length);
  return true;
}

function emitSplit(
  program: Instruction[],
  lazy: boolean,
): Readonly<{ at: number; leave: (to: number) => void }> {
  const at = program.length;
  const split = { kind: "split" as const, first: at + 1, second: at + 1 };
  program.push(split);
  return { at, leave: (to) => void (lazy ? (split.first = to) : (split.second = to)) };
}

type Thread = Readonly<{ at: number; slots: readonly number[] }>;
/** Threads in order of preference; `seen` keeps each place of the program once. */
type Threads = { list: Thread[]; readonly seen: Set<number> };

/** The first match at or after `from`; null when there is none. Leftmost, then by the pattern's preference. */
export function findMatch(
  run: Run,
  pattern: Pattern,
  text: readonly number[],
  from: number,
): Match | null {
  const empty = Array.from({ length: pattern.groups * 2 }, () => -1);
  let current: Threads = { list: [], seen: new Set() };
  let found: Match | null = null;
  for (let at = from; ; at++) {
    if (found === null) addThread({ run, pattern, text, at }, current, { at: 0, slots: empty });
    if (current.list.length === 0 && found !== null) return found;
    const next: Threads = { list: [], seen: new Set() };
    for (const thread of current.list) {
      spend(run, 0.5);
      const instruction = pattern.program[thread.at];
      if (instruction?.kind === "match") {
        found = thread.slots;
        break;
      }
      const code = text[at];
      if (instruction?.kind !== "one" || code === undefined) continue;
      spend(run, instruction.cost);
      if (!instruction.matches(code)) continue;
      addThread({ run, pattern, text, at: at + 1 }, next, { ...thread, at: thread.at + 1 });
    }
    if (at >= text.length) return found;
    current = next;
  }
}

type Place = Readonly<{ run: Run; pattern: Pattern; text: readonly number[]; at: number }>;

/** Follows everything that reads no character. A stack of its own, since patterns may be deep. */
function addThread(place: Place, threads: Threads, thread: Thread): void {
  const waiting: Thread[] = [thread];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (threads.seen.has(next.at)) continue;
    spend(place.run, 0.5);
    threads.seen.add(next.at);
    const instruction = place.pattern.program[next.at];
    if (instruction === undefined) continue;
    const onward = follow(place, instruction, next);
    if (onward === null) threads.list.push(next);
    else waiting.push(...onward);
  }
}

/** Where a thread goes on without reading, the preferred way last; null when it reads or matches. */
function follow(place: Place, instruction: Instruction, thread: Thread): readonly Thread[] | null {
  switch (instruction.kind) {
    case "one":
    case "match":
      return null;
    case "jump":
      return [{ ...thread, at: instruction.to }];
    case "split":
      return [
        { ...thread, at: instruction.second },
        { ...thread, at: instruction.first },
      ];
    case "save":
      return [{ at: thread.at + 1, slots: thread.slots.with(instruction.slot, place.at) }];
    case "start":
    case "end":
      return stands(place, instruction.kind) ? [{ ...thread, at: thread.at + 1 }] : [];
  }
}

const newline = 10;

function stands({ pattern, text, at }: Place, kind: "start" | "end"): boolean {
  if (kind === "start") return at === 0 || (pattern.lines && text[at - 1] === newline);
  return at === text.length || (pattern.lines && text[at] === newline);
}
