// What resolved review cases say about reviewing: how often people agree with what the strategy proposed, how often they
// change it, how long it takes, whether second opinions came true, and whether what they decided stood up to appeals. Pure counts over cases; few of them say little,
// and the figures say so.

import type { Instant } from "./calendar.ts";
import type { ReviewCase } from "./review-case.ts";

/** Below so many, a share or a percentile is an anecdote. */
export const fewVerdicts = 20;

/**
 * What one person said about one case. approved: as proposed · rejected · overrode: proposed another outcome · agreed:
 * approved somebody else's other outcome.
 */
export type Verdict = Readonly<{
  by: string;
  at: Instant;
  verdict: "approved" | "rejected" | "overrode" | "agreed";
  /** from the opening of the case, milliseconds */
  tookMs: number;
}>;

/** A second opinion beside what became of the case. */
type Opinion = Readonly<{ by: string; at: Instant; cameTrue: boolean }>;

/** The answer to an appeal, beside whoever decided what was appealed against. */
type Answer = Readonly<{ by: readonly string[]; at: Instant; overturned: boolean }>;

/** What is counted together. */
type Counted = Readonly<{
  verdicts: readonly Verdict[];
  opinions: readonly Opinion[];
  answers: readonly Answer[];
}>;

/** Shares are null where nothing was counted. Times in milliseconds; percentiles are values that occurred (nearest rank). */
export type ReviewFigures = Readonly<{
  verdicts: number;
  approved: number;
  rejected: number;
  overrode: number;
  agreed: number;
  /** of what was said about proposals of the strategy: approved / (approved + rejected + overrode), basis points */
  agreementBp: number | null;
  overrideBp: number | null;
  medianMs: number | null;
  p90Ms: number | null;
  opinions: number;
  /** second opinions that what was decided bore out, basis points */
  opinionsTrueBp: number | null;
  /** answered appeals against what was decided; of one person: against what that person approved or changed */
  appeals: number;
  overturned: number;
  /** overturned / appeals, basis points */
  overturnedBp: number | null;
  /** fewer than {@link fewVerdicts} verdicts */
  few: boolean;
}>;

export type ReviewStatistics = Readonly<{
  total: ReviewFigures;
  byReviewer: readonly Readonly<{ reviewer: string; figures: ReviewFigures }>[];
  /** by the month of the verdict, YYYY-MM, oldest first */
  byMonth: readonly Readonly<{ month: string; figures: ReviewFigures }>[];
}>;

/** Figures over resolved cases; `monthOf` is the lender's month of an instant. */
export function reviewStatistics(
  cases: Iterable<ReviewCase>,
  monthOf: (at: Instant) => string,
): ReviewStatistics {
  const all = [...cases];
  const counted: Counted = {
    verdicts: all.flatMap(verdictsOf),
    opinions: all.flatMap(opinionsOf),
    answers: all.flatMap(answersOf),
  };
  return {
    total: figuresOf(counted),
    byReviewer: grouped(counted, ({ by }) => (typeof by === "string" ? [by] : by)).map(
      ([reviewer, figures]) => ({ reviewer, figures }),
    ),
    byMonth: grouped(counted, ({ at }) => [monthOf(at)]).map(([month, figures]) => ({
      month,
      figures,
    })),
  };
}

/** What people said about a case; what was withdrawn under their hands is nobody's verdict, and an appeal is not a proposal. */
export function verdictsOf(review: ReviewCase): readonly Verdict[] {
  const { override, approvals, openedAt } = review;
  const said = (by: string, at: Instant, verdict: Verdict["verdict"]): Verdict => ({
    ...{ by, at, verdict },
    tookMs: Date.parse(at) - Date.parse(openedAt),
  });
  return [
    ...(override === null ? [] : [said(override.maker, override.at, "overrode")]),
    ...approvals.map(({ by, at }) => said(by, at, override === null ? "approved" : "agreed")),
    ...(review.resolution === "rejected" && review.resolvedBy !== null
      ? [said(review.resolvedBy, review.resolvedAt!, "rejected")]
      : []),
  ];
}

function opinionsOf({ opinions, resolution, override }: ReviewCase): readonly Opinion[] {
  if (resolution === null || resolution === "withdrawn") return [];
  const asProposed = resolution === "upheld" || (resolution === "approved" && override === null);
  return opinions.flatMap(({ askedOf, given }) =>
    given === null ? [] : [{ by: askedOf, at: given.at, cameTrue: given.agrees === asProposed }],
  );
}

function answersOf({ appeal, resolution, resolvedAt }: ReviewCase): readonly Answer[] {
  if (appeal === null || (resolution !== "upheld" && resolution !== "overturned")) return [];
  return [{ by: appeal.decidedBy, at: resolvedAt!, overturned: resolution === "overturned" }];
}

type Dated = Readonly<{ by: string | readonly string[]; at: Instant }>;

function grouped(
  { verdicts, opinions, answers }: Counted,
  keysOf: (one: Dated) => readonly string[],
): readonly (readonly [string, ReviewFigures])[] {
  const keys = new Set([...verdicts, ...opinions, ...answers].flatMap(keysOf));
  return [...keys].toSorted().map((key) => {
    const ofKey = (one: Dated): boolean => keysOf(one).includes(key);
    const figures = figuresOf({
      verdicts: verdicts.filter(ofKey),
      opinions: opinions.filter(ofKey),
      answers: answers.filter(ofKey),
    });
    return [key, figures];
  });
}

function figuresOf({ verdicts, opinions, answers }: Counted): ReviewFigures {
  const count = (verdict: Verdict["verdict"]): number =>
    verdicts.filter((one) => one.verdict === verdict).length;
  const approved = count("approved");
  const rejected = count("rejected");
  const overrode = count("overrode");
  const onProposals = approved + rejected + overrode;
  const overturned = answers.filter((one) => one.overturned).length;
  const times = verdicts.map(({ tookMs }) => tookMs).toSorted((left, right) => left - right);
  return {
    verdicts: verdicts.length,
    ...{ approved, rejected, overrode, agreed: count("agreed") },
    agreementBp: shareBp(approved, onProposals),
    overrideBp: shareBp(overrode, onProposals),
    medianMs: nearestRank(times, 50),
    p90Ms: nearestRank(times, 90),
    opinions: opinions.length,
    opinionsTrueBp: shareBp(opinions.filter(({ cameTrue }) => cameTrue).length, opinions.length),
    ...{ appeals: answers.length, overturned, overturnedBp: shareBp(overturned, answers.length) },
    few: verdicts.length < fewVerdicts,
  };
}

function shareBp(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 10_000) / whole);
}

/** The smallest value that at least `percent` of the sorted values do not exceed. */
function nearestRank(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? null;
}
