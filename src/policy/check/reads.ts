// What reads what: from the outcome back through limit rule, guards, tables, grades, scores and segments to the facts.
// Whether a fact can matter at all is decided here, on the graph, whatever its values.

import type { FactIr, Program, SegmentIr, Tests } from "../ir.ts";

/** For each slot that something reads on the way to an outcome or a route: what reads it, nearest to the outcome. */
export type Reads = ReadonlyMap<number, string>;

type Queue = { readonly found: Map<number, string>; readonly next: number[] };

/** Follows every read from what decides about a line: rules, segments, grades, limit rule, guards and routing. */
export function readsOf(program: Program): Reads {
  const queue: Queue = { found: new Map(), next: [] };
  readRoots(program, queue);
  for (let at = 0; at < queue.next.length; at++) readUpstream(program, queue.next[at]!, queue);
  return queue.found;
}

function add(queue: Queue, slot: number, reader: string): void {
  if (slot < 0 || queue.found.has(slot)) return;
  queue.found.set(slot, reader);
  queue.next.push(slot);
}

function addTests(queue: Queue, tests: Tests, reader: string): void {
  for (const test of tests) add(queue, test.slot, reader);
}

function readRoots(program: Program, queue: Queue): void {
  const { line, limit } = program;
  for (const slot of Object.values(line)) add(queue, slot, "limitRule");
  for (const rule of program.eligibility) addTests(queue, rule.tests, `eligibility/${rule.id}`);
  for (const rule of program.exclusions) addTests(queue, rule.tests, `exclusions/${rule.id}`);
  add(queue, limit.selectSlot, "limitRule");
  for (const { id, target } of limit.treatments) {
    if (target === null || target.method === "cut-to-balance") continue;
    const source = target.method === "cut-by-rate" ? target.rate : target.amount;
    if (source.kind === "slot") add(queue, source.slot, `limitRule/${id}`);
  }
  for (const guard of program.guards) addTests(queue, guard.tests, `guards/${guard.id}`);
  for (const rule of program.routing) addTests(queue, rule.tests, `routing/${rule.id}`);
  add(queue, program.segmentSlot, "segmentation");
  if (program.grades !== null) add(queue, program.grades.slot, "grades");
}

function readUpstream(program: Program, slot: number, queue: Queue): void {
  if (slot === program.segmentSlot) readSegments(program.segments, queue);
  for (const card of program.scorecards) {
    if (card.slot !== slot) continue;
    for (const one of card.characteristics) {
      const from = one.attributes.flatMap((bin) => (bin.from === null ? [] : [bin.from.slot]));
      for (const read of [one.slot, ...from]) add(queue, read, `scores/${card.id}/${one.id}`);
    }
  }
  if (program.grades?.slot === slot) add(queue, program.grades.input.slot, "grades");
  for (const { id, slot: own, reads } of program.expressions) {
    if (own === slot) for (const read of reads) add(queue, read, `expressions/${id}`);
  }
  for (const { id, outputs, rows } of program.tables) {
    if (!outputs.some((output) => output.slot === slot)) continue;
    for (const row of rows) addTests(queue, row.tests, `tables/${id}/${row.id}`);
  }
}

function readSegments(nodes: readonly SegmentIr[], queue: Queue): void {
  for (const { id, tests, children } of nodes) {
    addTests(queue, tests, `segmentation/${id}`);
    readSegments(children, queue);
  }
}

/** How a fact reaches the outcome: the readers from the fact on; empty when nothing reads it. */
export function wayOf(program: Program, reads: Reads, fact: FactIr): readonly string[] {
  const reader = reads.get(fact.slot);
  if (reader === undefined) return [];
  const [part, id] = reader.split("/");
  const slot =
    part === "scores"
      ? program.scorecards.find((card) => card.id === id)?.slot
      : part === "expressions"
        ? program.expressions.find((one) => one.id === id)?.slot
        : part === "tables"
          ? program.tables.find((table) => table.id === id)?.outputs[0]?.slot
          : undefined;
  const onward = slot === undefined ? undefined : reads.get(slot);
  return onward === undefined || onward === reader ? [reader] : [reader, onward];
}
