// Findings about input name the field, what was found and what was expected, in both languages.

import { expect, test } from "vitest";
import { z } from "zod";
import { InvalidInput, problemErrors } from "./input-errors.ts";
import { dateInput, idInput, textInput } from "./text-input.ts";
import { moneyInput } from "./wire/money.ts";

const schema = z.strictObject({
  id: idInput.optional(),
  reason: textInput(10).optional(),
  on: dateInput.optional(),
  limit: moneyInput.optional(),
  to: z.enum(["legal", "compliance"]).optional(),
  count: z.int().min(1).max(5).optional(),
  password: z.string().min(12).optional(),
});

function errorsOf(input: unknown, language: "zh" | "en"): ReturnType<typeof problemErrors> {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) throw new Error("Expected findings");
  return problemErrors(new InvalidInput("body", parsed.error.issues), language);
}

const cases: readonly Readonly<[unknown, string, string, string]>[] = [
  [{ id: "x" }, "/id", '"x"', "text of the form"],
  [{ reason: "" }, "/reason", '""', "at least 1 characters"],
  [{ reason: "longer than ten" }, "/reason", '"longer than ten"', "at most 10 characters"],
  [{ reason: "a\u001b[2Jb" }, "/reason", '"a\\u001b[2Jb"', "text without control characters"],
  [{ on: "2026-02-30" }, "/on", '"2026-02-30"', "an existing day as YYYY-MM-DD"],
  [{ limit: { amount: 1.5, currency: "CNY" } }, "/limit/amount", "1.5", "a whole number"],
  [{ limit: { amount: 1, currency: "XXX" } }, "/limit/currency", '"XXX"', "AUD, BRL, CNY"],
  [{ limit: { amount: 1 } }, "/limit/currency", "nothing", "AUD, BRL, CNY"],
  [{ to: "sales" }, "/to", '"sales"', "legal, compliance"],
  [{ count: 9 }, "/count", "9", "at most 5"],
  [{ count: "3" }, "/count", '"3"', "a number"],
  [{ extra: 1 }, "/extra", "an unknown field", "only documented fields"],
  [{ "a/b~c": 1 }, "/a~1b~0c", "an unknown field", "only documented fields"],
];

test.each(cases)("%j at %s: found %s, expected %s", (input, pointer, found, expected) => {
  const [error] = errorsOf(input, "en");
  expect(error).toMatchObject({ in: "body", pointer, found });
  expect(error?.expected).toContain(expected);
  expect(error?.detail).toBe(`${pointer}: found ${found}, expected ${error?.expected}`);
});

test.each(cases)("%j is told in Chinese too", (input, pointer) => {
  const [error] = errorsOf(input, "zh");
  expect(error?.pointer).toBe(pointer);
  expect(error?.detail).toMatch(/当前为.*应为/);
});

test("a secret is pointed at, never repeated", () => {
  expect(JSON.stringify(errorsOf({ password: "hunter2" }, "en"))).not.toContain("hunter2");
});

test("at most fifty findings are told", () => {
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`x${at}`, 1]));
  expect(errorsOf(many, "en")).toHaveLength(50);
});
