// Values from JSON: objects become maps by their own members, so that nothing inherited comes along; texts stay texts
// except where a type asks for a date, time or duration.

import type { FeelType } from "./feel-type.ts";
import { parseTemporal } from "./temporal.ts";
import { feelNumber, type FeelValue } from "./value.ts";

const deepest = 50;

/** A value of FEEL from parsed JSON; what JSON cannot hold and what is nested too deep is null. */
export function feelValueOf(plain: unknown, type?: FeelType, depth = 0): FeelValue {
  if (depth > deepest) return null;
  switch (typeof plain) {
    case "boolean":
      return plain;
    case "number":
      return feelNumber(plain);
    case "string":
      return textOf(plain, type);
    case "object":
      break;
    default:
      return null;
  }
  if (plain === null) return null;
  if (Array.isArray(plain)) {
    const of = type?.kind === "list" ? type.of : undefined;
    return plain.map((item: unknown) => feelValueOf(item, of, depth + 1));
  }
  const members = type?.kind === "context" ? type.members : undefined;
  return new Map(
    Object.entries(plain).map(([name, one]: [string, unknown]) => [
      name,
      feelValueOf(one, members?.get(name), depth + 1),
    ]),
  );
}

const temporalKinds: readonly string[] = ["date", "time", "date-time", "years-months", "days-time"];

function textOf(text: string, type: FeelType | undefined): FeelValue {
  if (type === undefined) return text;
  if (temporalKinds.includes(type.kind)) return parseTemporal(text);
  if (type.kind === "number" && /^-?\d{1,40}(?:\.\d{1,40})?$/.test(text)) return feelNumber(text);
  return text;
}
