// Options of commands are read in the type that the pipeline states, or refused with what was found.

import { expect, test } from "vitest";
import type { Field } from "../flow/step.ts";
import { bodyOf } from "./fields.ts";

const label = { en: "Field", zh: "字段" };

function field(type: Field["type"], more: Partial<Field> = {}): Readonly<Record<string, Field>> {
  return { theField: { type, required: false, label, ...more } };
}

test.each([
  ["text", " late twice ", "late twice"],
  ["integer", "-42", -42],
  ["money", "1200.00", { amountMinor: 120_000, currency: "CNY" }],
  ["date", "2026-02-28", "2026-02-28"],
  ["json", '{"dpd": 31}', { dpd: 31 }],
  ["boolean", true, true],
] as const)("a %s field takes %j", (type, given, value) => {
  expect(bodyOf(field(type), { theField: given }, "CNY")).toEqual({ theField: value });
});

test.each([
  ["text", "  ", "1 to 2000 characters"],
  ["integer", "1.5", "a whole number"],
  ["integer", "99999999999999999", "a whole number"],
  ["money", "12.345", "an amount such as"],
  ["date", "2026-02-30", "a date such as"],
  ["json", "[1]", "a JSON object"],
  ["json", "{", "a JSON object"],
] as const)("a %s field refuses %j", (type, given, expected) => {
  expect(bodyOf(field(type), { theField: given }, "CNY")).toMatchObject({
    refused: "invalid",
    detail: { en: expect.stringContaining(expected) as unknown },
  });
});

test("a text longer than its field is refused, a field that was not given is not there", () => {
  const short = field("text", { maxLength: 3 });
  expect(bodyOf(short, { theField: "four" }, "CNY")).toMatchObject({ pointer: "/theField" });
  expect(bodyOf(short, {}, "CNY")).toEqual({});
});
