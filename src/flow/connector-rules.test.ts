// Waiting, consent, age and plausibility of asking, one rule at a time.

import { describe, expect, test } from "vitest";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { Signal } from "../domain/signal.ts";
import {
  hasConsent,
  implausibleRefusal,
  isYounger,
  newestAnswer,
  retryDelayMs,
} from "./connector-rules.ts";

function consent(
  state: string,
  asOf: string,
  happenedAt?: string,
  purpose = "account-review",
): Signal {
  return {
    ...{ source: "app", id: `${state}-${asOf}-${happenedAt}`, type: "consent" },
    asOf: asOf as BusinessDate,
    ...(happenedAt === undefined ? {} : { happenedAt: happenedAt as Instant }),
    data: { purpose, state },
  };
}

describe("the wait before another try", () => {
  const rule = { times: 5, firstDelayMs: 100, mostDelayMs: 1_000 };

  test.each([
    [0, 0, 100],
    [1, 0, 200],
    [3, 0, 800],
    [4, 0, 1_000],
    [30, 0, 1_000],
    [0, 0.5, 75],
    [4, 0.99, 505],
  ])("of try %i with chance %d is %i ms", (again, chance, expected) => {
    expect(retryDelayMs(rule, again, chance)).toBe(expected);
  });
});

describe("consent", () => {
  const [early, late] = ["2026-03-01T01:00:00.000Z", "2026-03-01T02:00:00.000Z"];

  test.each<readonly [string, readonly Signal[], boolean]>([
    ["nothing told", [], false],
    ["given", [consent("given", "2026-01-01")], true],
    ["given for something else", [consent("given", "2026-01-01", undefined, "collection")], false],
    [
      "withdrawn later, told earlier",
      [consent("withdrawn", "2026-02-01"), consent("given", "2026-01-01")],
      false,
    ],
    ["given again", [consent("withdrawn", "2026-02-01"), consent("given", "2026-03-01")], true],
    [
      "withdrawn and given again on one day, to the moment",
      [consent("given", "2026-03-01", late), consent("withdrawn", "2026-03-01", early)],
      true,
    ],
    [
      "both on one day without moments",
      [consent("withdrawn", "2026-03-01"), consent("given", "2026-03-01", late)],
      false,
    ],
    [
      "both at one moment",
      [consent("withdrawn", "2026-03-01", late), consent("given", "2026-03-01", late)],
      false,
    ],
  ])("%s", (_, told, expected) => {
    expect(hasConsent(told, "account-review")).toBe(expected);
  });
});

describe("the newest answer", () => {
  const startOf = (date: BusinessDate): Instant => `${date}T00:00:00.000Z` as Instant;
  const spec = { id: "bureau", signal: "bureau-report" } as const;
  const report = (score: number, asOf: string, change: Partial<Signal> = {}): Signal => ({
    ...{ source: "connector/bureau", id: `r-${score}`, type: "bureau-report" },
    ...{ asOf: asOf as BusinessDate, data: { score } },
    ...change,
  });

  test("is the source's own and the latest, whatever was told last", () => {
    const told = [
      report(700, "2026-02-01"),
      report(600, "2026-01-01"),
      report(500, "2026-02-20", { source: "/other" }),
      report(400, "2026-02-21", { type: "inquiry" }),
    ];
    const newest = newestAnswer(told, spec, startOf)!;
    expect(newest).toEqual({ data: { score: 700 }, at: "2026-02-01T00:00:00.000Z" });
    expect(newestAnswer([], spec, startOf)).toBeNull();
    expect(isYounger(newest, 24, "2026-02-01T23:59:59.999Z" as Instant)).toBe(true);
    expect(isYounger(newest, 24, "2026-02-02T00:00:00.000Z" as Instant)).toBe(false);
  });
});

describe("plausibility", () => {
  const spec = {
    id: "bureau",
    plausible: { score: { from: 300, to: 900 }, otherDebts: { from: 0, to: 1_000 } },
  };
  const amount = (minor: number) => ({ amount: minor, currency: "CNY" });

  test.each<readonly [string, object, string | null]>([
    ["within", { score: 300, otherDebts: amount(1_000) }, null],
    ["left out", {}, null],
    ["a number below", { score: 299 }, "/data/score"],
    ["an amount above", { score: 900, otherDebts: amount(1_001) }, "/data/otherDebts"],
  ])("%s", (_, data, pointer) => {
    expect(implausibleRefusal(spec, { ...data })?.pointer ?? null).toBe(pointer);
  });
});
