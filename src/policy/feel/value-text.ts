// How a value is written: as FEEL's `string()` does, and as plain JSON for programs. Values may share parts, so that a
// small one can be written very long: both ways are bounded.

import { temporalText } from "./temporal.ts";
import { type FeelValue, isContext, isList, isNumber, ofKind } from "./value.ts";

/** The text of a value. `pay` is told the length of each part before it is kept. */
export function feelText(value: FeelValue, pay: (length: number) => void, nested = false): string {
  pay(1);
  if (value === null) return "null";
  if (typeof value === "string") return nested ? JSON.stringify(value) : value;
  if (typeof value === "boolean") return String(value);
  if (isNumber(value)) return value.toFixed();
  const text = (one: FeelValue): string => feelText(one, pay, true);
  if (isList(value)) return paid(`[${value.map(text).join(", ")}]`, pay);
  if (isContext(value)) {
    const entries = [...value].map(([name, one]) => `${nameText(name)}: ${text(one)}`);
    return paid(`{${entries.join(", ")}}`, pay);
  }
  if (ofKind(value, "function")) return `function(${value.parameters.join(", ")})`;
  if (!ofKind(value, "range")) return temporalText(value);
  const [open, close] = [value.fromIncluded ? "[" : "(", value.toIncluded ? "]" : ")"];
  return `${open}${text(value.from)}..${text(value.to)}${close}`;
}

function paid(text: string, pay: (length: number) => void): string {
  pay(text.length);
  return text;
}

function nameText(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(name) ? name : JSON.stringify(name);
}

/** JSON: numbers within 2^53 and exact as numbers, others and temporal values as texts. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | Readonly<{ [name: string]: PlainValue }>;

/** A value as JSON, cut off with "…" after `mostParts` parts. */
export function plainValue(value: FeelValue, mostParts = 50_000): PlainValue {
  let parts = 0;
  const plain = (one: FeelValue): PlainValue => {
    parts += 1;
    if (parts > mostParts) return "…";
    if (one === null || typeof one === "boolean" || typeof one === "string") return one;
    if (isNumber(one)) {
      const number = one.toNumber();
      return String(number) === one.toString() ? number : one.toFixed();
    }
    if (isList(one)) return one.map(plain);
    if (isContext(one))
      return Object.fromEntries([...one].map(([name, member]) => [name, plain(member)]));
    return feelText(one, () => undefined);
  };
  return plain(value);
}
