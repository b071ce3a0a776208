// Figures over reviewers, checked against cases that can be counted by hand.

import { expect, test } from "vitest";
import { openReviewCase } from "../../test/support/given.ts";
import type { Instant } from "./calendar.ts";
import type { ReviewCase } from "./review-case.ts";
import { reviewStatistics } from "./review-statistics.ts";

const opened = "2026-03-02T00:00:00.000Z" as Instant;
const hour = (hours: number): Instant =>
  new Date(Date.parse(opened) + hours * 3_600_000).toISOString() as Instant;

const monthOf = (at: Instant): string => at.slice(0, 7);

function resolved(change: Partial<ReviewCase>): ReviewCase {
  return openReviewCase({ state: "resolved", openedAt: opened, resolution: "approved", ...change });
}

const approvedBy = (by: string, hours: number) => ({ by, legal: false, at: hour(hours) });

const overrideBy = (maker: string, hours: number): ReviewCase["override"] => ({
  ...{ outcome: { action: "none" }, maker, reason: "r", at: hour(hours) },
  expiresOn: "2026-06-01" as NonNullable<ReviewCase["override"]>["expiresOn"],
});

const opinionOf = (askedOf: string, agrees: boolean): ReviewCase["opinions"][number] => ({
  ...{ askedOf, askedBy: "lead", askedAt: opened, question: "?" },
  given: { agrees, reason: "r", at: hour(1) },
});

const cases = [
  resolved({ approvals: [approvedBy("bob", 1), approvedBy("eve", 9)] }),
  resolved({ approvals: [approvedBy("bob", 2)], opinions: [opinionOf("eve", true)] }),
  resolved({
    ...{ resolution: "rejected", resolvedBy: "bob", resolvedAt: hour(3) },
    opinions: [opinionOf("eve", true)],
  }),
  resolved({ override: overrideBy("bob", 4), approvals: [approvedBy("eve", 700)] }),
  resolved({ resolution: "withdrawn", resolvedBy: "service:decide", resolvedAt: hour(5) }),
];

test("agreement, overrides and times are those of the verdicts of each person", () => {
  const { byReviewer, total } = reviewStatistics(cases, monthOf);
  expect(byReviewer.map(({ reviewer }) => reviewer)).toEqual(["bob", "eve"]);
  expect(byReviewer[0]!.figures).toMatchObject({
    ...{ verdicts: 4, approved: 2, rejected: 1, overrode: 1, agreed: 0 },
    ...{ agreementBp: 5_000, overrideBp: 2_500, opinions: 0, opinionsTrueBp: null, few: true },
    ...{ medianMs: 2 * 3_600_000, p90Ms: 4 * 3_600_000 },
  });
  expect(byReviewer[1]!.figures).toMatchObject({
    ...{ verdicts: 2, approved: 1, agreed: 1, agreementBp: 10_000 },
    ...{ opinions: 2, opinionsTrueBp: 5_000 },
  });
  expect(total.verdicts).toBe(6);
});

test("months are those of the verdict and stand in order", () => {
  const { byMonth } = reviewStatistics(cases, monthOf);
  // 700 hours after 2 March lies on 31 March; one more case crosses into April.
  expect(byMonth.map(({ month, figures }) => [month, figures.verdicts])).toEqual([["2026-03", 6]]);
  const later = [...cases, resolved({ approvals: [approvedBy("bob", 720)] })];
  expect(reviewStatistics(later, monthOf).byMonth.map(({ month }) => month)).toEqual([
    "2026-03",
    "2026-04",
  ]);
});

const appealAgainst = (
  decidedBy: readonly string[],
  resolution: ReviewCase["resolution"],
): ReviewCase =>
  resolved({
    ...{ resolution, resolvedBy: "lea", resolvedAt: hour(800) },
    appeal: { ground: "disagrees", by: "bo", channel: "app", how: null, decidedBy },
  });

test("appeals are those against what a person decided, and one is one in the sum", () => {
  const appeals = [
    appealAgainst(["bob", "eve"], "overturned"),
    appealAgainst(["bob"], "upheld"),
    appealAgainst([], "upheld"),
    appealAgainst(["bob"], "withdrawn"),
  ];
  const { byReviewer, byMonth, total } = reviewStatistics([...cases, ...appeals], monthOf);
  expect(byReviewer.map(({ reviewer }) => reviewer)).toEqual(["bob", "eve"]);
  expect(byReviewer.map(({ figures }) => figures)).toMatchObject([
    { verdicts: 4, appeals: 2, overturned: 1, overturnedBp: 5_000 },
    { verdicts: 2, appeals: 1, overturned: 1, overturnedBp: 10_000 },
  ]);
  expect(total).toMatchObject({ verdicts: 6, appeals: 3, overturned: 1, overturnedBp: 3_333 });
  expect(byMonth.map(({ month, figures }) => [month, figures.appeals])).toEqual([
    ["2026-03", 0],
    ["2026-04", 3],
  ]);
});

test("without cases there are no shares, and few is said", () => {
  expect(reviewStatistics([], monthOf)).toEqual({
    ...{ byReviewer: [], byMonth: [] },
    total: expect.objectContaining({ verdicts: 0, agreementBp: null, medianMs: null, few: true }),
  });
});
