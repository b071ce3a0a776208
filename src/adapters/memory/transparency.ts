// The sums of the transparency report in memory: the same counts as the PostgreSQL store makes.

import { gatedActions, type GatedAction } from "../../compliance/pack.ts";
import type { Instant } from "../../domain/calendar.ts";
import type { ComplaintTopic } from "../../domain/complaint.ts";
import { principalReasons, type Decision } from "../../domain/decision.ts";
import type { Id } from "../../domain/id.ts";
import type { ReviewCase } from "../../domain/review-case.ts";
import type {
  AppealVerdict,
  ReviewVerdict,
  Transparency,
  TransparencyWindow,
  Waited,
} from "../../portfolio/transparency-ports.ts";
import { compareText, type BucketTables, type Tables } from "./tables.ts";

/** The port over the tables. */
export function transparencyIn(tables: Tables): Transparency {
  return async (window) => {
    const buckets = [...tables.buckets.values()].map((rows) => seenIn(rows, window));
    const decisions = buckets.flatMap((seen) => seen.decisions);
    const cuts = decisions.map(({ decision, jurisdiction }) => ({
      ...{ action: decision.outcome.action as GatedAction, jurisdiction },
      ...{ cause: decision.record.cause, state: decision.state },
    }));
    const codes = decisions.flatMap(({ decision }) => principalReasons(decision.record));
    const told = buckets.flatMap((seen) => seen.told);
    return {
      decisions: counted(cuts),
      reasons: counted(codes.map(({ code }) => ({ code }))),
      notices: buckets.reduce((sum, seen) => sum + seen.notices, 0),
      reviews: counted(buckets.flatMap((seen) => seen.verdicts).map((verdict) => ({ verdict }))),
      appeals: counted(buckets.flatMap((seen) => seen.answers).map((verdict) => ({ verdict }))),
      complaints: counted(buckets.flatMap((seen) => seen.topics).map((topic) => ({ topic }))),
      inquiries: buckets.reduce((sum, seen) => sum + seen.inquiries, 0),
      undone: undoneIn(tables, window),
      toNotice: waitsOf(told.map(({ madeAt, issuedAt }) => seconds(madeAt, issuedAt))),
      toExecution: waitsOf(
        told.flatMap(({ issuedAt, doneAt }) =>
          doneAt === null ? [] : [seconds(issuedAt, doneAt)],
        ),
      ),
    };
  };
}

type Seen = Readonly<{
  decisions: readonly Readonly<{ decision: Decision; jurisdiction: string }>[];
  told: readonly Readonly<{ madeAt: Instant; issuedAt: Instant; doneAt: Instant | null }>[];
  notices: number;
  verdicts: readonly ReviewVerdict[];
  answers: readonly AppealVerdict[];
  topics: readonly ComplaintTopic[];
  inquiries: number;
}>;

const changes = ["LimitDecreased", "LineFrozen", "LineClosed"];

function seenIn(rows: BucketTables, { start, end, portfolio }: TransparencyWindow): Seen {
  const within = (at: Instant | null): boolean => at !== null && at >= start && at < end;
  const reached = (lineId: Id): boolean =>
    portfolio === null || rows.lines.get(lineId)?.portfolio === portfolio;
  const isCut = ({ outcome }: Decision): boolean =>
    (gatedActions as readonly string[]).includes(outcome.action);
  const decisions = [...rows.decisions.values()]
    .filter((one) => isCut(one) && within(one.madeAt) && reached(one.lineId))
    .map((decision) => ({ decision, jurisdiction: rows.lines.get(decision.lineId)!.jurisdiction }));
  const told = decisions.flatMap(({ decision: { id, madeAt, noticeId } }) => {
    if (noticeId === null) return [];
    const { issuedAt } = rows.notices.get(noticeId)!;
    const done = rows.events.find(({ kind, subject }) => subject === id && changes.includes(kind));
    return [{ madeAt, issuedAt, doneAt: done?.at ?? null }];
  });
  const said = rows.events.filter(
    ({ kind, at, lineId }) => kind === "SignalRecorded" && within(at) && reached(lineId),
  );
  const resolved = [...rows.reviews.values()].filter(
    (review) => within(review.resolvedAt) && reached(review.lineId),
  );
  const opened = said.filter(
    ({ body }) => body["type"] === "complaint" && body["state"] === "opened",
  );
  return {
    ...{ decisions, told },
    notices: [...rows.notices.values()].filter(
      (notice) =>
        within(notice.issuedAt) &&
        reached(notice.lineId) &&
        isCut(rows.decisions.get(notice.decisionId)!),
    ).length,
    verdicts: resolved.filter(({ appeal }) => appeal === null).map(verdictOf),
    answers: resolved
      .filter(({ appeal }) => appeal !== null)
      .map(({ resolution }) => resolution as AppealVerdict),
    topics: opened.map(({ body }) => body["topic"] as ComplaintTopic),
    inquiries: said.filter(({ body }) => body["type"] === "inquiry").length,
  };
}

function verdictOf({ resolution, override }: ReviewCase): ReviewVerdict {
  if (resolution !== "approved") return resolution as ReviewVerdict;
  return override === null ? "upheld" : "changed";
}

function undoneIn(tables: Tables, { start, end, portfolio }: TransparencyWindow) {
  const undone = { withdrawn: 0, restored: 0, refused: 0 };
  for (const { undo, lines } of tables.undos.values()) {
    if (undo.decidedAt === null || undo.decidedAt < start || undo.decidedAt >= end) continue;
    for (const { did, bucket, lineId } of lines) {
      const line = tables.buckets.get(bucket)?.lines.get(lineId);
      if (portfolio === null || line?.portfolio === portfolio) undone[did] += 1;
    }
  }
  return undone;
}

/** Equal rows as one with their count, ordered by their fields. */
function counted<Row extends Readonly<Record<string, string>>>(
  rows: readonly Row[],
): readonly (Row & Readonly<{ count: number }>)[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(Object.values(row)));
  return [...groups]
    .toSorted(([left], [right]) => compareText(left, right))
    .map(([, same]) => ({ ...same[0]!, count: same.length }));
}

function seconds(from: Instant, to: Instant): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 1_000);
}

function waitsOf(all: readonly number[]): Waited | null {
  if (all.length === 0) return null;
  const sorted = all.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { count: sorted.length, medianSeconds: at(0.5), p90Seconds: at(0.9) };
}
