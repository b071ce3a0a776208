// What no expression may do: reach anything of the machine, throw, or run longer than its budget lets it; through each
// door that takes text: models, cells of strategies and expressions of strategies.

import { expect, test } from "vitest";
import { hostileExpressions } from "../../../test/support/hostile-expressions.ts";
import { changed } from "../../../test/support/strategy-document.ts";
import { parseStrategy } from "../parse.ts";
import { parseLiteral, parseUnaryTests } from "../unary-test.ts";
import { readyExpression, readyTests } from "./evaluate.ts";
import { isContext, isList, kindOf, type FeelValue } from "./value.ts";

const corpus = [...new Set(hostileExpressions)];
const leastCorpus = 297;
const leastRefused = 260;
const mostMs = 50;

function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** The middle of several runs: what a loaded machine adds to one of them does not count. */
function medianMs(work: () => void): number {
  return [0, 1, 2, 3, 4].map(() => cpuMs(work)).toSorted((left, right) => left - right)[2]!;
}

/** A value of FEEL, nothing of the host: functions only as FEEL's own. */
function isFeel(value: FeelValue, deep = 0): boolean {
  if (deep > 3) return true;
  if (isList(value)) return value.slice(0, 5).every((one) => isFeel(one, deep + 1));
  if (isContext(value)) return [...value.values()].every((one) => isFeel(one, deep + 1));
  return typeof value !== "function" && typeof kindOf(value) === "string";
}

function answerOf(text: string): FeelValue {
  const ready = readyExpression(text);
  return ready.ok ? ready.value(new Map()).value : null;
}

function asCell(text: string): void {
  const tests = readyTests(text);
  if (tests.ok) tests.value("x");
}

function asNode(text: string): ReturnType<typeof parseStrategy> {
  const label = { zh: "甲", en: "A" };
  return parseStrategy(changed("/expressions", [{ id: "x", label, type: "number", feel: text }]));
}

test(`The corpus holds ${leastCorpus} different expressions`, () => {
  expect(corpus.length).toBeGreaterThanOrEqual(leastCorpus);
});

/** What FEEL may answer, because the answer is cheap: nothing of an empty list, and patterns matched without backtracking. */
const cheap = [
  /^\[\]\./,
  /^(?:matches|replace|split)\("a/,
  /^true and true/,
  /^(?:sort|upper case|round up|count)\(/,
  /^(?:9|0\.1) \*\*/,
];

test(`In models at least ${leastRefused} are refused or null, and what is answered is cheap and FEEL`, () => {
  const answered = corpus.filter((text) => answerOf(text) !== null);
  expect(answered.filter((text) => !cheap.some((one) => one.test(text)))).toEqual([]);
  expect(answered.filter((text) => !isFeel(answerOf(text)))).toEqual([]);
  expect(corpus.length - answered.length).toBeGreaterThanOrEqual(leastRefused);
});

test(`In strategies all ${leastCorpus} are refused: as a cell, as an output and as an expression`, () => {
  const taken = corpus.filter(
    (text) => parseUnaryTests(text).ok || parseLiteral(text).ok || asNode(text).strategy !== null,
  );
  expect(taken).toEqual([]);
});

test(`None takes more than ${mostMs} ms of processor time in the middle of five runs, through any door`, () => {
  const doors: readonly ((text: string) => void)[] = [
    (text) => void readyExpression(text),
    (text) => void answerOf(text),
    asCell,
    (text) => void parseUnaryTests(text),
    (text) => void asNode(text),
    (text) => void asNode(`if matches(region, string(${text})) then 1 else 0`),
  ];
  // Code that was never run is compiled while it is measured: the second time counts.
  for (const text of corpus) for (const door of doors) door(text);
  const slow = corpus.flatMap((text) =>
    doors.flatMap((door, at) => {
      const middle = medianMs(() => door(text));
      return middle > mostMs ? [`${Math.round(middle)} ms, door ${at}: ${text.slice(0, 80)}`] : [];
    }),
  );
  expect(slow).toEqual([]);
}, 240_000);

test.each([
  "{}.__proto__",
  '"x".constructor',
  "constructor",
  "process",
  'get value({}, "toString")',
])("%s is null", (text) => {
  expect(answerOf(text)).toBeNull();
});
