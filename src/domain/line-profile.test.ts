// The profile of a line is what its newest facts say, and nothing else.

import { expect, test } from "vitest";
import type { BusinessDate } from "./calendar.ts";
import { delinquencyOf, profileOf } from "./line-profile.ts";

const day = "2026-03-31" as BusinessDate;

test("days past due fall into buckets of thirty days, the last one open", () => {
  const days = [-3, 0, 1, 30, 31, 60, 61, 90, 150, 151, 180, 181, 3000];
  expect(days.map(delinquencyOf)).toEqual([
    ...["M0", "M0", "M1", "M1", "M2", "M2", "M3", "M3", "M5", "M6", "M6", "M6+", "M6+"],
  ]);
  expect(delinquencyOf(null)).toBeNull();
});

test("each field comes from its own fact", () => {
  const facts = {
    ...{ region: "east", industry: "retail", loanPurpose: "business", campaign: "spring" },
    ...{ customerTier: "premium", behaviourScore: 712, daysPastDue: 45, utilisation: 5125 },
  };
  expect(profileOf(facts, day)).toEqual({
    ...{ region: "east", industry: "retail", loanPurpose: "business", campaign: "spring" },
    ...{ tier: "premium", score: 712, daysPastDue: 45, delinquency: "M2", utilisationBp: 5125 },
    factsAsOf: day,
  });
});

test("absent facts and values of another type are unknown", () => {
  const profile = profileOf({ region: 3, behaviourScore: "high", daysPastDue: null }, day);
  expect(Object.values(profile).filter((value) => value !== null)).toEqual([day]);
  expect(profileOf({ behaviourScore: 2 ** 40 }, day).score).toBeNull();
});
