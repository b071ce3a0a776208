// Functions of facts over cells: each fact falls into a few classes of values that no test tells apart, and a function is
// a graph that asks for the class of one fact after the other. Equal functions are one node, so that what many cells
// share is worked out once; and work is counted, so that what is too large ends with a refusal, not with a wrong answer.

/** A function of the facts' classes. Equal functions have equal numbers within one {@link Diagram}. */
export type Ref = number;

/** Classes chosen, by level; levels that are absent may take any class. */
export type Path = ReadonlyMap<number, number>;

/** Thrown where a bound is reached; whoever asked says "undecided". */
class CellBoundReached extends Error {
  constructor(most: number) {
    super(`Cannot look at all cells: found more than ${most}`);
  }
}

/** Cells that one piece of work (one table, one law) may look at. */
export const mostSteps = 2_000_000;

/** Pieces of work of full size that one check may spend its cells on; after that every piece is refused. */
export const mostPieces = 8;

/** Branches that all nodes of one check may have together: what it holds in memory. */
export const mostBranches = 4_000_000;

/** Functions that share their nodes. Opened by {@link openDiagram}, changed only by the functions of this file. */
export type Diagram = Readonly<{
  most: number;
  levels: number[];
  kids: (readonly Ref[])[];
  /** the value of a constant; 0 for other nodes */
  held: number[];
  constants: Map<number, Ref>;
  known: Map<string, Ref>;
  work: { steps: number; allowance: number; branches: number };
}>;

const lowest = Number.MAX_SAFE_INTEGER;
const keyRoom = 2 ** 26;

/** A fresh, empty collection of functions. Work is bounded inside {@link attempt}. */
export function openDiagram(most: number = mostSteps): Diagram {
  return {
    most,
    levels: [],
    kids: [],
    held: [],
    constants: new Map(),
    known: new Map(),
    work: { steps: 0, allowance: Number.POSITIVE_INFINITY, branches: 0 },
  };
}

/** Cells looked at so far. */
export function stepsOf({ work }: Diagram): number {
  return work.steps;
}

/** Runs a piece of work with a fresh allowance of steps; null when a bound was reached. */
export function attempt<Result>(diagram: Diagram, piece: () => Result): Result | null {
  const { work, most } = diagram;
  work.allowance = Math.min(most, most * mostPieces - work.steps);
  try {
    return piece();
  } catch (error) {
    if (error instanceof CellBoundReached) return null;
    throw error;
  }
}

/** Counts work against the allowance; what is not a cell counts as so many. */
export function spend({ work, most }: Diagram, count: number): void {
  work.steps += count;
  work.allowance -= count;
  if (work.allowance < 0) throw new CellBoundReached(most);
}

/** The function that has one value everywhere. */
export function constant(diagram: Diagram, value: number): Ref {
  const found = diagram.constants.get(value);
  if (found !== undefined) return found;
  diagram.constants.set(value, diagram.levels.length);
  diagram.held.push(value);
  diagram.kids.push([]);
  return diagram.levels.push(lowest) - 1;
}

/** The function that gives `values[class]` for the class of the fact at `level`. */
export function variable(diagram: Diagram, level: number, values: readonly number[]): Ref {
  return node(
    diagram,
    level,
    values.map((value) => constant(diagram, value)),
  );
}

function node(diagram: Diagram, level: number, kids: readonly Ref[]): Ref {
  spend(diagram, kids.length);
  const [first] = kids;
  if (first !== undefined && kids.every((kid) => kid === first)) return first;
  const key = `${level}:${kids.join()}`;
  const found = diagram.known.get(key);
  if (found !== undefined) return found;
  diagram.work.branches += kids.length;
  if (diagram.work.branches > mostBranches) throw new CellBoundReached(mostBranches);
  diagram.known.set(key, diagram.levels.length);
  diagram.held.push(0);
  diagram.kids.push(kids);
  return diagram.levels.push(level) - 1;
}

function isConstant(diagram: Diagram, ref: Ref): boolean {
  return diagram.levels[ref] === lowest;
}

/** The branches of a function at a level; the function itself for each where it does not ask for that fact. */
function branch({ levels, kids }: Diagram, ref: Ref, level: number, choice: number): Ref {
  return levels[ref] === level ? kids[ref]![choice]! : ref;
}

function widthAt({ levels, kids }: Diagram, level: number, refs: readonly Ref[]): number {
  return kids[refs.find((ref) => levels[ref] === level)!]!.length;
}

function topOf({ levels }: Diagram, refs: readonly Ref[]): number {
  return Math.min(...refs.map((ref) => levels[ref]!));
}

/** The function with every value changed. */
export function map(diagram: Diagram, ref: Ref, change: (value: number) => number): Ref {
  return rebuilt(diagram, ref, (at) =>
    isConstant(diagram, at) ? constant(diagram, change(diagram.held[at]!)) : null,
  );
}

/** The function once the fact at `level` has the class. */
export function fixed(diagram: Diagram, ref: Ref, level: number, choice: number): Ref {
  return rebuilt(diagram, ref, (at) => {
    const here = diagram.levels[at]!;
    return here < level ? null : branch(diagram, at, level, choice);
  });
}

/** Replaces the nodes that `end` answers for and keeps what stands above them. */
function rebuilt(diagram: Diagram, ref: Ref, end: (at: Ref) => Ref | null): Ref {
  const memory = new Map<Ref, Ref>();
  const visit = (at: Ref): Ref => {
    const found = memory.get(at) ?? end(at);
    if (found !== null) return found;
    const made = node(diagram, diagram.levels[at]!, diagram.kids[at]!.map(visit));
    memory.set(at, made);
    return made;
  };
  return visit(ref);
}

/** The function that joins the values of two. */
export function combine(
  diagram: Diagram,
  left: Ref,
  right: Ref,
  join: (left: number, right: number) => number,
): Ref {
  const memory = new Map<number, Ref>();
  const visit = (a: Ref, b: Ref): Ref => {
    const level = topOf(diagram, [a, b]);
    if (level === lowest) return constant(diagram, join(diagram.held[a]!, diagram.held[b]!));
    const key = a * keyRoom + b;
    const found = memory.get(key);
    if (found !== undefined) return found;
    const kids = Array.from({ length: widthAt(diagram, level, [a, b]) }, (_, at) =>
      visit(branch(diagram, a, level, at), branch(diagram, b, level, at)),
    );
    const made = node(diagram, level, kids);
    memory.set(key, made);
    return made;
  };
  return visit(left, right);
}

/** `yes` where `condition` is not 0, else `no`. */
export function choose(diagram: Diagram, condition: Ref, yes: Ref, no: Ref): Ref {
  const memory = new Map<Ref, Map<number, Ref>>();
  const visit = (c: Ref, y: Ref, n: Ref): Ref => {
    if (y === n) return y;
    if (isConstant(diagram, c)) return diagram.held[c] === 0 ? n : y;
    const row = memory.get(c) ?? new Map<number, Ref>();
    const found = row.get(y * keyRoom + n);
    if (found !== undefined) return found;
    const level = topOf(diagram, [c, y, n]);
    const kids = Array.from({ length: widthAt(diagram, level, [c, y, n]) }, (_, at) =>
      visit(
        branch(diagram, c, level, at),
        branch(diagram, y, level, at),
        branch(diagram, n, level, at),
      ),
    );
    const made = node(diagram, level, kids);
    memory.set(c, row.set(y * keyRoom + n, made));
    return made;
  };
  return visit(condition, yes, no);
}

/** Every value that some cell has. */
export function valuesOf(diagram: Diagram, ref: Ref): ReadonlySet<number> {
  const met = new Set<Ref>();
  const found = new Set<number>();
  const visit = (at: Ref): void => {
    if (isConstant(diagram, at)) found.add(diagram.held[at]!);
    if (met.has(at)) return;
    met.add(at);
    spend(diagram, 1);
    diagram.kids[at]!.forEach(visit);
  };
  visit(ref);
  return found;
}

/** The first cell that has the value; null when none has. */
export function pathTo(diagram: Diagram, ref: Ref, value: number): Path | null {
  const barren = new Set<Ref>();
  const sought = diagram.constants.get(value);
  const visit = (at: Ref): readonly (readonly [number, number])[] | null => {
    if (at === sought) return [];
    if (isConstant(diagram, at) || barren.has(at)) return null;
    spend(diagram, 1);
    for (const [choice, kid] of diagram.kids[at]!.entries()) {
      const rest = visit(kid);
      if (rest !== null) return [[diagram.levels[at]!, choice], ...rest];
    }
    barren.add(at);
    return null;
  };
  const path = visit(ref);
  return path === null ? null : new Map(path);
}

/** Visits every combination of classes that matters above `level`, with the function that is left below it. */
export function eachAbove(
  diagram: Diagram,
  ref: Ref,
  level: number,
  visit: (path: Path, below: Ref) => void,
): void {
  const walk = (at: Ref, path: readonly (readonly [number, number])[]): void => {
    spend(diagram, 1);
    const here = diagram.levels[at]!;
    if (here >= level) return visit(new Map(path), at);
    diagram.kids[at]!.forEach((kid, choice) => walk(kid, [...path, [here, choice]]));
  };
  walk(ref, []);
}
