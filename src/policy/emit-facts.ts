// The generated code that takes facts from an object into their slots. Each fact has its own place in the code, so that
// the engine below remembers where in the object it found that fact the last time; the names are constants.

import { parseDayNumber } from "../domain/calendar.ts";
import { lineFacts } from "../domain/facts.ts";
import { type Emitting, slotCode } from "./emitting.ts";
import { enumLookup } from "./enum-lookup.ts";
import { constant, numberCode } from "./emit-sets.ts";
import type { FactIr } from "./ir.ts";

/** Facts that one generated function may hold. */
const mostFacts = 64;

function inParts(
  name: string,
  lines: readonly string[],
  parameters: string,
  end: string,
  join: (call: string) => string,
): string {
  const parts: string[] = [];
  for (let at = 0; at < lines.length; at += mostFacts) {
    const body = ["let x, place;", ...lines.slice(at, at + mostFacts), end].join("\n");
    parts.push(`function ${name}${parts.length}(${parameters}) {\n${body}\n}`);
  }
  const calls = parts.map((_, at) => join(`${name}${at}(${parameters})`));
  return [...parts, `function ${name}(${parameters}) {`, ...calls, end, "}"].join("\n");
}

/**
 * `load(f, g, v)`: puts facts into their slots, those that Tidemark keeps itself from `g` and the others from `f`; false
 * when one is missing or not what was declared.
 */
export function loadCode(emit: Emitting): string {
  const lines = emit.program.facts.map((fact) => {
    const from = Object.hasOwn(lineFacts, fact.name) ? "g" : "f";
    return loadOne(emit, fact, from, slotCode(fact.slot), "return false;");
  });
  return inParts("load", lines, "f, g, v", "return true;", (call) => `if (!${call}) return false;`);
}

/** `use(f, u)`: writes each declared fact into `u` as it is used, null where it is absent. */
export function useCode(emit: Emitting): string {
  const lines = emit.program.facts.map((fact) => {
    const name = constant(emit.constants, fact.name);
    return `x = f[${name}]; if (x !== undefined) u[${name}] = x;`;
  });
  return inParts("use", lines, "f, u", "", (call) => `${call};`);
}

/**
 * Statements that take one fact from an object.
 * @param place where its value goes
 * @param refuse what is done when it is missing or not what was declared
 */
export function loadOne(
  emit: Emitting,
  fact: FactIr,
  from: "f" | "g",
  place: string,
  refuse: string,
): string {
  const name = constant(emit.constants, fact.name);
  const absent = fact.required ? refuse : `${place} = NaN;`;
  return [
    `x = ${from}[${name}];`,
    `if (x === null || x === undefined) { ${absent} }`,
    `else { ${knownCode(emit, fact, place, refuse)} }`,
  ].join("\n");
}

/** Statements that check and store a value that is neither null nor undefined. */
function knownCode(emit: Emitting, fact: FactIr, place: string, refuse: string): string {
  const { type } = fact;
  switch (type.kind) {
    case "number":
    case "money": {
      const inside = `x >= ${numberCode(type.low)} && x <= ${numberCode(type.high)}`;
      const fits = `typeof x === "number" && ${inside} && Math.floor(x) === x`;
      return `if (${fits}) ${place} = x; else { ${refuse} }`;
    }
    case "boolean":
      return `if (x === true) ${place} = 1; else if (x === false) ${place} = 0; else { ${refuse} }`;
    case "enum":
      return enumCode(emit, fact, type.values, place, refuse);
    case "date": {
      const day = `x = ${constant(emit.constants, parseDayNumber)}(x);`;
      return `${day} if (x === null) { ${refuse} } ${place} = x;`;
    }
  }
}

function enumCode(
  emit: Emitting,
  { codes }: FactIr,
  values: readonly string[],
  place: string,
  refuse: string,
): string {
  const lookup = enumLookup(values);
  if (lookup === null) {
    const map = constant(emit.constants, codes);
    return `x = ${map}.get(x); if (x === undefined) { ${refuse} } ${place} = x;`;
  }
  const { shortest, longest, first, second, spread, mask } = lookup;
  const character = (at: number): string => `x.charCodeAt(${at < 0 ? `x.length - ${-at}` : at})`;
  const mixed = `${character(first)} * ${spread} + ${character(second)}`;
  const at = `${constant(emit.constants, lookup.places)}[(${mixed} + x.length * 7) & ${mask}]`;
  const text = constant(emit.constants, lookup.values);
  return [
    `if (typeof x !== "string" || x.length < ${shortest} || x.length > ${longest}) { ${refuse} }`,
    `place = ${at};`,
    `if (${text}[place] !== x) { ${refuse} }`,
    `${place} = place;`,
  ].join("\n");
}
