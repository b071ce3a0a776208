// Triggers about states and changes, in their order, and facts that they alone read.

import { expect, test } from "vitest";
import { compileStrategy } from "./compile.ts";
import { parseStrategy } from "./parse.ts";
import { triggersThatHold } from "./triggers.ts";
import { asOf, factsWith, sha256, strategyDocument } from "../../test/support/strategy-document.ts";

const label = { zh: "触发", en: "Trigger" };
const rule = { label, cause: "behaviour", coolDownDays: 0 };
const index = {
  ...{ name: "index", label, type: "number", unit: "points", minimum: "0", maximum: "100" },
  ...{ source: "import", missing: "unknown", missingMeans: label, sensitivity: "ordinary" },
  readBy: "triggers",
};

function parsed(triggers: readonly object[], change: object = {}, more: object = {}) {
  const document = strategyDocument();
  const facts = [...(document["facts"] as object[]), { ...index, ...change }];
  return parseStrategy({ ...document, facts, triggers, ...more });
}

function held(triggers: readonly object[], now: object, before: object | null): readonly string[] {
  const { strategy, problems } = parsed(triggers);
  if (strategy === null) throw new Error(problems.map(({ message }) => message.en).join());
  const { program } = compileStrategy(strategy, sha256);
  const base = factsWith();
  const then = before === null ? null : { ...base, ...before };
  return triggersThatHold(program, { ...base, ...now }, then, asOf).map(({ id }) => id);
}

const crossed = { ...rule, id: "crossed", when: { index: "> 70" }, was: { index: "<= 70" } };
const high = { ...rule, id: "high", when: { index: "> 70" } };

test("a state holds whatever was before, a change only where it was otherwise and known", () => {
  expect(held([crossed, high], { index: 71 }, { index: 70 })).toEqual(["crossed", "high"]);
  expect(held([crossed, high], { index: 75 }, { index: 71 })).toEqual(["high"]);
  expect(held([crossed, high], { index: 75 }, {})).toEqual(["high"]);
  expect(held([crossed, high], { index: 75 }, null)).toEqual(["high"]);
  expect(held([crossed, high], { index: 70 }, { index: 0 })).toEqual([]);
});

test("the most severe comes first, equal ones in their order", () => {
  const all = [
    { ...high, id: "a", severity: "low" },
    { ...high, id: "b" },
    { ...high, id: "c", severity: "high" },
    { ...high, id: "d", severity: "medium" },
  ];
  expect(held(all, { index: 90 }, null)).toEqual(["c", "b", "d", "a"]);
});

test("none holds on facts that cannot be read", () => {
  expect(held([high], { index: 900 }, null)).toEqual([]);
  expect(held([high], { index: 90, use: "much" }, null)).toEqual([]);
});

test("a fact that only triggers read is read by no rule and cited by nothing", () => {
  const problems = (...given: Parameters<typeof parsed>) =>
    parsed(...given).problems.map(({ path, code }) => `${path} ${code}`);
  const eligibility = [{ id: "by-index", label, when: { index: "> 5" } }];
  expect(problems([high], {}, { eligibility })).toContain("/eligibility/0/when/index unknown-name");
  expect(problems([high], { neutral: "5" })).toEqual([
    expect.stringMatching(/^\/facts\/\d+\/neutral unknown-field$/),
  ]);
});
