// The generated code that tells by which reasons a line lost most points: a comparison network over one key per
// characteristic, points lost before rank of the code, so that nothing is sorted or branched on for each line.

import { reasonCodes } from "../domain/reason-code.ts";
import { constant, pickCode } from "./emit-sets.ts";
import { type Emitting, slotCode } from "./emitting.ts";
import type { CharacteristicIr, Program } from "./ir.ts";
import { mostLost } from "./reasons.ts";

const codes = Object.keys(reasonCodes);

/** Room for the rank of a code below the points of a key. */
const ranks = 32;

/** `lost(v)`: what `lostCodes` in `reasons.ts` says; null where it cannot be written out. */
export function lostCode(emit: Emitting): string | null {
  const lines = lostLines(emit, slotCode);
  return lines === null ? null : ["function lost(v) {", ...lines, "return codes;", "}"].join("\n");
}

/**
 * Statements that declare `codes`, the list of `lostCodes` in `reasons.ts`; null where two characteristics share a
 * code, whose points would have to be added up, or where points are computed.
 * @param name the name that a slot's value stands under
 */
export function lostLines(emit: Emitting, name: (slot: number) => string): string[] | null {
  const characteristics = emit.program.scorecards.flatMap((card) => card.characteristics);
  const computes = characteristics.some(({ attributes }) =>
    attributes.some(({ from }) => from !== null),
  );
  if (computes || !hasOneCodeEach(emit.program) || characteristics.length > codes.length)
    return null;
  const keys = characteristics.map((one) => keyCode(emit, one, name(one.slot)));
  while (keys.length % mostLost !== 0 || keys.length === 0) keys.push("0");
  const names = keys.map((_, at) => `a${at}`);
  const list = constant(emit.constants, codes.toReversed());
  const texts = names
    .slice(0, mostLost)
    .map((key) => `${list}[(${key} & ${ranks - 1}) - ${ranks - codes.length}]`);
  const lists = texts.map((_, at) => {
    const some = at === 0 ? emit.none : `[${texts.slice(0, at).join(", ")}]`;
    return `if (${names[at]} === 0) codes = ${some}; else`;
  });
  return [
    "let codes, less;",
    ...keys.map((key, at) => `let a${at} = ${key};`),
    ...network(names),
    ...lists,
    `codes = [${texts.join(", ")}];`,
  ];
}

function hasOneCodeEach(program: Program): boolean {
  const seen = new Set<string>();
  for (const { characteristics } of program.scorecards) {
    for (const { attributes } of characteristics) {
      const own = new Set(attributes.filter(({ lost }) => lost > 0).map(({ reason }) => reason));
      const [code] = own;
      if (own.size > 1 || (code !== undefined && seen.has(code))) return false;
      if (code !== undefined) seen.add(code);
    }
  }
  return true;
}

function keyCode(emit: Emitting, { slot, attributes }: CharacteristicIr, x: string): string {
  const keys = attributes.map(({ lost, reason }) =>
    lost > 0 ? lost * ranks + ranks - 1 - codes.indexOf(reason) : 0,
  );
  return pickCode(attributes, keys, 0, x, emit.ranges(slot), emit.constants);
}

/** The difference of two keys where the first is smaller, else 0, without a branch: keys are far below 2^31. */
function less(left: string, right: string): string {
  return `((${left} - ${right}) & ((${left} - ${right}) >> 31))`;
}

/** Brings the largest four to the front, in order: groups of four are sorted, then merged one by one. */
function network(names: readonly string[]): string[] {
  const lines: string[] = [];
  const order = (left: string, right: string): void => {
    lines.push(
      `less = ${less(left, right)}; ${left} = (${left} - less) | 0; ${right} = (${right} + less) | 0;`,
    );
  };
  const raise = (left: string, right: string): void => {
    lines.push(`${left} = (${left} - ${less(left, right)}) | 0;`);
  };
  const [a = "", b = "", c = "", d = ""] = names;
  for (let at = 0; at < names.length; at += mostLost) {
    const [e = "", f = "", g = "", h = ""] = names.slice(at, at + mostLost);
    order(e, f);
    order(g, h);
    order(e, g);
    order(f, h);
    order(f, g);
    if (at === 0) continue;
    raise(a, h);
    raise(b, g);
    raise(c, f);
    raise(d, e);
    order(a, c);
    order(b, d);
    order(a, b);
    order(c, d);
  }
  return lines;
}
