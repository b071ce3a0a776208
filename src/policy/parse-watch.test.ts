// Rules for reminders and alerts are read only where everything that they name exists.

import { expect, test } from "vitest";
import { noDeclaredFacts } from "../domain/declared-fact.ts";
import { parseDeclaredFacts } from "./parse-declared-facts.ts";
import { parseWatch } from "./parse-watch.ts";

const label = { zh: "金额", en: "Amount" };
const money = (id: string, signal: string) => ({
  ...{ id, label, signal, value: "amount", reachDays: 30 },
});
const read = parseDeclaredFacts({
  lateDays: 10,
  measures: [money("drawn", "drawdown"), money("repaid", "repayment")],
  facts: [],
  behaviour: { drawn: "drawn", repaid: "repaid", cash: "drawn" },
});
const declared = "declared" in read ? read.declared : noDeclaredFacts;

const rules = {
  reminders: {
    ...{ daysBefore: [5, 1], at: "10:00", channels: ["sms"], cap: { most: 3, days: 7 } },
    leaveAlone: ["hardship"],
  },
  alerts: {
    roles: ["reviewer"],
    looks: [{ look: "amount", severity: "low", role: "reviewer", hours: 1, coolDownDays: 1 }],
  },
};

function problems(change: object, alerts: object = {}): readonly (readonly [string, string])[] {
  const parsed = parseWatch(
    {
      reminders: { ...rules.reminders, ...change },
      alerts: { ...rules.alerts, ...alerts },
    },
    declared,
  );
  return "problems" in parsed ? parsed.problems.map(({ code, path }) => [code, path] as const) : [];
}

test("rules that name what exists, once, are read as they stand", () => {
  expect(parseWatch(rules, declared)).toEqual({ rules });
  const none = { reminders: null, alerts: { roles: ["reviewer"], looks: [] } };
  expect(parseWatch(none, noDeclaredFacts)).toEqual({ rules: none });
});

test("what does not exist, stands twice or cannot be read is named with its place", () => {
  expect(problems({ leaveAlone: ["hardship", "noSuchFact"] })).toEqual([
    ["unknown-name", "/reminders/leaveAlone/1"],
  ]);
  expect(problems({ daysBefore: [1, 5, 1] })).toEqual([
    ["duplicate-id", "/reminders/daysBefore/2"],
  ]);
  expect(problems({ channels: ["letter"] })[0]![1]).toBe("/reminders/channels/0");
  expect(problems({ at: "25:00" })[0]![1]).toBe("/reminders/at");
  expect(problems({}, { roles: ["borrower"] })[0]![1]).toBe("/alerts/roles/0");
  const [look] = rules.alerts.looks;
  expect(problems({}, { looks: [look, look] })).toEqual([["duplicate-id", "/alerts/looks/1"]]);
});

test("without measures of behaviour nothing could be watched, so that rules for it are refused", () => {
  const parsed = parseWatch({ ...rules, reminders: null }, noDeclaredFacts);
  expect("problems" in parsed && parsed.problems.map(({ path }) => path)).toEqual([
    "/alerts/looks",
  ]);
});
