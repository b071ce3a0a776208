// What no expression may do: reach anything of the machine, throw, or run longer than its budget lets it.

import { expect, test } from "vitest";
import { hostileExpressions } from "../../../test/support/hostile-expressions.ts";
import { readyExpression, readyTests } from "./evaluate.ts";
import { isContext, isList, kindOf, type FeelValue } from "./value.ts";

const mostMs = 50;

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A value of FEEL, nothing of the host: functions only as FEEL's own. */
function isFeel(value: FeelValue, deep = 0): boolean {
  if (deep > 3) return true;
  if (isList(value)) return value.slice(0, 5).every((one) => isFeel(one, deep + 1));
  if (isContext(value)) return [...value.values()].every((one) => isFeel(one, deep + 1));
  return typeof value !== "function" && typeof kindOf(value) === "string";
}

function runBoth(text: string): void {
  const ready = readyExpression(text);
  if (ready.ok) {
    const { value } = ready.value(new Map());
    if (!isFeel(value)) throw new Error(`Found a value of the host: ${text.slice(0, 80)}`);
  }
  const tests = readyTests(text);
  if (tests.ok) tests.value("x");
}

test("The corpus holds at least two hundred different expressions", () => {
  expect(new Set(hostileExpressions).size).toBeGreaterThanOrEqual(200);
});

test("No hostile expression throws, leaves FEEL or takes more than 50 ms of processor time", () => {
  // Code that was never run is compiled while it is measured: the second time counts.
  for (const text of hostileExpressions) runBoth(text);
  const slow: string[] = [];
  for (const text of hostileExpressions) {
    const parts = [() => void readyExpression(text), () => evaluateOnly(text)];
    const fastest = Math.min(...[0, 1, 2].map(() => Math.max(...parts.map(cpuMs))));
    if (fastest > mostMs) slow.push(`${Math.round(fastest)} ms: ${text.slice(0, 80)}`);
  }
  expect(slow).toEqual([]);
}, 120_000);

function evaluateOnly(text: string): void {
  const ready = readyExpression(text);
  if (ready.ok) ready.value(new Map());
}

test.each([
  "{}.__proto__",
  '"x".constructor',
  "constructor",
  "process",
  'get value({}, "toString")',
])("%s is null", (text) => {
  const ready = readyExpression(text);
  expect(ready.ok && ready.value(new Map()).value).toBeNull();
});
