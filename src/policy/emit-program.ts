// The generated code of a whole program, part by part in the order of evaluation. It is written from the checked form
// alone and holds nothing but numbers and names made up here; ids and texts are reached by position in a list of
// constants. A part that does not fit into one function which the engine below still optimises is left to an index or
// to the interpreter's own function.

import { actions } from "../domain/assessment.ts";
import { briefCode } from "./emit-brief.ts";
import { loadCode, useCode } from "./emit-facts.ts";
import { limitCode } from "./emit-limit.ts";
import { lostCode } from "./emit-lost.ts";
import { rowsCode, rowsIn } from "./emit-rows.ts";
import {
  constant,
  numberCode,
  pickCode,
  setCode as membershipCode,
  testsCode,
} from "./emit-sets.ts";
import {
  computedSlots,
  cutRateCode,
  declarations,
  type Emitting,
  emitting,
  listOrNone,
  read,
  slotCode,
  takeRoom,
} from "./emitting.ts";
import { expressionValue, stepCode } from "./expression.ts";
import type { Program, ScorecardIr, SegmentIr, TableIr } from "./ir.ts";
import type { Values } from "./limit-rule.ts";
import { exclusionsOf, isSingleHit, routeOf, scoreOf, segmentOf, settle } from "./run.ts";

/** Code that returns the functions of a compiled program, and the constants that it reaches as `k0`, `k1`, … */
export type Emitted = Readonly<{ code: string; constants: readonly unknown[] }>;

/** What a table said: the rows that count, their ids, and one value per output. */
export type TableHit = Readonly<{
  hits: readonly number[];
  ids: readonly string[];
  outputs: ArrayLike<number>;
}>;

/** The code of a program: functions load, use, row, route, and where they can be written out lost and brief. */
export function emitProgram(program: Program): Emitted {
  let emit = emitting(program, false);
  let body = bodyCode(emit);
  if (emit.delegates) {
    emit = emitting(program, true);
    body = bodyCode(emit);
  }
  const lost = lostCode(emit);
  const brief = briefCode(emit, body);
  const functions = [loadCode(emit), useCode(emit), rowCode(emit, body), routeCode(emit)];
  const optional = [lost ?? "const lost = null;", brief ?? "const brief = null;"];
  const code = [...functions, ...optional, "return { load, use, row, route, lost, brief };"];
  const { values } = emit.constants;
  const names = values.map((_, at) => `const k${at} = k[${at}];`);
  return { code: [...names, ...code].join("\n"), constants: values };
}

/** Puts a computed value under its name, and among the values where a function of its own may look for it. */
function setCode(emit: Emitting, slot: number, value: string): string {
  const kept = emit.keeps ? ` ${slotCode(slot)} = x${slot};` : "";
  return `x${slot} = ${value};${kept}`;
}

/** Everything from the facts to the outcome; the names that it sets are declared by {@link declarations}. */
function bodyCode(emit: Emitting): string {
  const { program } = emit;
  const { tables, segmentSlot, scorecards, grades } = program;
  return [
    expressionsCode(emit, -2),
    exclusionsCode(emit),
    segmentCode(emit),
    segmentSlot < 0 ? "" : setCode(emit, segmentSlot, "segment"),
    ...scorecards.map((card) => setCode(emit, card.slot, scoreCode(emit, card))),
    gradeCode(emit),
    grades === null ? "" : setCode(emit, grades.slot, "grade"),
    expressionsCode(emit, -1),
    `if (ids === ${emit.none}) {`,
    ...tables.flatMap((table, at) => [tableCode(emit, table, at), expressionsCode(emit, at)]),
    limitCode(emit),
    "}",
  ].join("\n");
}

/** The expressions that are computed after a part; one too large to be written out is left to its own function. */
function expressionsCode(emit: Emitting, after: number): string {
  return emit.program.expressions
    .filter((one) => one.after === after)
    .map(({ slot, steps }) => {
      if (!takeRoom(emit, steps.length)) {
        const compute = (values: Values) => expressionValue(steps, values);
        return setCode(emit, slot, `${constant(emit.constants, compute)}(v)`);
      }
      const result = (at: number): string => `e${slot}s${at}`;
      const names = {
        ...{ result, slot: (at: number) => read(emit, at), number: numberCode },
        constant: (value: unknown) => constant(emit.constants, value),
        quotient: emit.quotient,
      };
      const lines = steps.map((step, at) => `const ${result(at)} = ${stepCode(step, names)};`);
      const code = setCode(emit, slot, result(steps.length - 1));
      return ["{", ...lines, code, "}"].join("\n");
    })
    .join("\n");
}

function exclusionsCode(emit: Emitting): string {
  const { eligibility, exclusions } = emit.program;
  const rules = [
    ...eligibility.map((rule) => ({ ...rule, excludes: false })),
    ...exclusions.map((rule) => ({ ...rule, excludes: true })),
  ];
  const size = rules.reduce((sum, rule) => sum + 1 + rule.tests.length, 0);
  if (!takeRoom(emit, size)) {
    const find = (values: Values) => listOrNone(exclusionsOf(emit.program, values));
    return `ids = ${constant(emit.constants, find)}(v);`;
  }
  return rules
    .map(({ id, tests, excludes }) => {
      const held = testsCode(tests, (slot) => read(emit, slot), emit.ranges, emit.constants);
      const added = `ids = ${emit.add}(ids, ${constant(emit.constants, id)});`;
      return `if (${excludes ? held : `!(${held})`}) ${added}`;
    })
    .join("\n");
}

function segmentCode(emit: Emitting): string {
  const { segments } = emit.program;
  if (segments.length === 0) return "";
  if (!takeRoom(emit, testsBelow(segments))) {
    const walk = (values: Values) => segmentOf(segments, values);
    return `segment = ${constant(emit.constants, walk)}(v);`;
  }
  return ["leaf: {", siblingsCode(emit, segments), "}"].join("\n");
}

function testsBelow(nodes: readonly SegmentIr[]): number {
  return nodes.reduce((sum, node) => sum + 1 + node.tests.length + testsBelow(node.children), 0);
}

function siblingsCode(emit: Emitting, nodes: readonly SegmentIr[]): string {
  return nodes
    .map((node) => {
      const held = testsCode(node.tests, (slot) => read(emit, slot), emit.ranges, emit.constants);
      const inner =
        node.children.length === 0 ? `segment = ${node.code};` : siblingsCode(emit, node.children);
      return `if (${held}) { ${inner} break leaf; }`;
    })
    .join("\n");
}

/** The initial score and the partial score of each characteristic, in their order. */
function scoreCode(emit: Emitting, card: ScorecardIr): string {
  const added = card.characteristics.flatMap(({ attributes }) =>
    attributes.filter(({ from }) => from !== null),
  );
  if (!takeRoom(emit, card.characteristics.length * 4 + added.length)) {
    const score = (values: Values) => scoreOf(card, values);
    return `${constant(emit.constants, score)}(v)`;
  }
  const terms = card.characteristics.map(({ slot, attributes }) => {
    const points = attributes.map((attribute) => attribute.points);
    const x = read(emit, slot);
    const picked = pickCode(attributes, points, 0, x, emit.ranges(slot), emit.constants);
    const added = attributes.flatMap((attribute): string[] => {
      if (attribute.from === null) return [];
      const test = membershipCode(attribute, x, emit.ranges(slot), emit.constants);
      return [` + (${test} ? ${read(emit, attribute.from.slot)} : 0)`];
    });
    return picked + added.join("");
  });
  return [numberCode(card.initialScore), ...terms].join(" + ");
}

function gradeCode(emit: Emitting): string {
  const { grades } = emit.program;
  if (grades === null) return "";
  const { slot } = grades.input;
  const places = grades.bands.map((_, at) => at);
  const x = read(emit, slot);
  return `grade = ${pickCode(grades.bands, places, -1, x, emit.ranges(slot), emit.constants)};`;
}

/** What a table says about the line, and its outputs. */
function tableCode(emit: Emitting, table: TableIr, index: number): string {
  const row = `row${index}`;
  const hit = isSingleHit(table)
    ? `${constant(emit.constants, singleHits(table))}[${row} + 1]`
    : `${constant(emit.constants, manyHits(table))}(${row})`;
  return [
    rowsCode(emit, table, row),
    `hit${index} = ${hit};`,
    ...table.outputs.map(({ slot }, at) => setCode(emit, slot, `hit${index}.outputs[${at}]`)),
  ].join("\n");
}

function hitOf(table: TableIr, holding: readonly number[]): TableHit {
  const { hits, outputs } = settle(table, holding);
  const ids = hits.map((row) => table.rows[row]!.id);
  return { hits, ids, outputs: Float64Array.from(table.outputs, (_, at) => outputs[at]!) };
}

/** What a single-hit table says without a hit, then for each row. */
function singleHits(table: TableIr): readonly TableHit[] {
  return [hitOf(table, []), ...table.rows.map((_, row) => hitOf(table, [row]))];
}

const mostRemembered = 4_096;

/** What a table says when the rows of a mask, or of a list, hold; the answers to masks are remembered. */
function manyHits(table: TableIr): (found: number | readonly number[]) => TableHit {
  const remembered = new Map<number, TableHit>();
  return (found) => {
    if (typeof found !== "number") return hitOf(table, found);
    const known = remembered.get(found);
    if (known !== undefined) return known;
    const hit = hitOf(table, rowsIn(found));
    if (remembered.size < mostRemembered) remembered.set(found, hit);
    return hit;
  };
}

/** `row(v, r)`: reads the facts from `v`, fills its other slots and the fields of `r`. */
function rowCode(emit: Emitting, body: string): string {
  const { program } = emit;
  const facts = new Set(program.facts.map((fact) => fact.slot));
  const given = (slot: number): boolean => facts.has(slot) || slot === program.asOfSlot;
  const reads = [...emit.reads].filter(given);
  const computed = computedSlots(program);
  const store = (slot: number): string => `${slotCode(slot)} = x${slot};`;
  return [
    "function row(v, r) {",
    ...reads.map((slot) => `const x${slot} = ${slotCode(slot)};`),
    declarations(emit),
    body,
    ...computed.map(store),
    outcomeCode(emit),
    "r.excludedBy = ids; r.segment = segment; r.grade = grade; r.guardsBound = guards;",
    `if (ids === ${emit.none}) {`,
    ...program.tables.map((_, at) => `r.tables[${at}] = hit${at}; r.hits[${at}] = hit${at}.hits;`),
    "} else {",
    ...program.tables.map((_, at) => `r.hits[${at}] = ${emit.none};`),
    "}",
    "}",
  ].join("\n");
}

/** Writes the outcome into the note, and its parts where routing reads them. */
function outcomeCode(emit: Emitting): string {
  const { outcomeSlots: slots, limit, line } = emit.program;
  const treatments = constant(emit.constants, limit.treatments);
  const nothing = constant(emit.constants, { action: "none" });
  const names = constant(emit.constants, actions);
  const decrease = actions.indexOf("decrease");
  const place = slotCode;
  return [
    `const before = ${place(line.limit)};`,
    `${place(slots.action)} = action; ${place(slots.cutAmount)} = cut;`,
    `${place(slots.cutRate)} = ${cutRateCode(emit, "before")};`,
    `${place(slots.exposureRemoved)} = action === 0 ? 0 : action === ${decrease} ? cut : Math.max(0, before - ${place(line.drawn)});`,
    `r.treatment = treatment < 0 ? null : ${treatments}[treatment];`,
    "r.askedMinor = asks ? asked : null;",
    `r.outcome = action === 0 ? ${nothing} : action === ${decrease}`,
    '? { action: "decrease", fromMinor: before, toMinor: before - cut }',
    `: { action: ${names}[action], fromMinor: before };`,
  ].join("\n");
}

const mostTests = 256;

/** `route(v)`: position of the first routing rule that holds; the last one always does. */
function routeCode(emit: Emitting): string {
  const { routing } = emit.program;
  const tests = routing.reduce((sum, rule) => sum + rule.tests.length, 0);
  if (tests > mostTests) {
    const find = (values: Values) => routing.indexOf(routeOf(routing, values));
    return `function route(v) { return ${constant(emit.constants, find)}(v); }`;
  }
  const lines = routing.map(
    (rule, at) =>
      `if (${testsCode(rule.tests, slotCode, emit.ranges, emit.constants)}) return ${at};`,
  );
  return ["function route(v) {", ...lines, `return ${routing.length - 1};`, "}"].join("\n");
}
