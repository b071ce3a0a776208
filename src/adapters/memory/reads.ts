// Reads in memory: the same lists, filters, order and cursors as the PostgreSQL store.

import type { Alert, AlertCount, AlertFinding } from "../../domain/alert.ts";
import { nowhere } from "../../domain/blackout.ts";
import type { Actor } from "../../domain/actor.ts";
import { principalReasons } from "../../domain/decision.ts";
import { bucketOfId, isId, type Id } from "../../domain/id.ts";
import { lackOf, type ReviewCase } from "../../domain/review-case.ts";
import type { Page, PageRequest, Reads, RowScope } from "../../flow/ports.ts";
import { checkLimit, listInTime, pageOf, parseCursor, type Position } from "../store/cursor.ts";
import { placeIn } from "./blackouts.ts";
import { exposedIn, newestFacts, newestPanes, paneVersions } from "./facts.ts";
import { bucketOf, compareText, keyOf, type BucketTables, type Tables } from "./tables.ts";

/** The port over the tables. */
export function readsIn(tables: Tables): Reads {
  const home = (id: Id): BucketTables | null =>
    isId(id) ? bucketOf(tables, bucketOfId(id)) : null;
  return {
    line: async (id) => home(id)?.lines.get(id) ?? null,
    lines: async (page, filter) => {
      const rows = allOf(tables, "lines").filter(
        (line) =>
          matches(filter.customerId, line.customerId) &&
          (filter.portfolios?.includes(line.portfolio) ?? true) &&
          matches(filter.portfolio, line.portfolio) &&
          matches(filter.status, line.status) &&
          matches(filter.reference, line.reference),
      );
      return paged("lines", rows, page, (line) => ({ at: null, id: line.id }));
    },
    portfolios: async (named) =>
      [...new Set(allOf(tables, "lines").map(({ portfolio }) => portfolio))]
        .filter((one) => one === (named ?? one))
        .toSorted(),
    timeline: async (lineId) =>
      home(lineId)?.events.filter((event) => event.lineId === lineId) ?? [],
    facts: async (lineId, asOf, knownAt) => {
      const bucket = home(lineId);
      return bucket === null ? null : newestFacts(bucket, lineId, asOf, knownAt);
    },
    place: async (lineId) => {
      const bucket = home(lineId);
      return (bucket === null ? null : placeIn(bucket, lineId)) ?? nowhere;
    },
    panes: async (lineId, after, asOf, knownAt) => {
      const bucket = home(lineId);
      const rows = bucket === null ? [] : newestPanes(bucket, lineId, knownAt);
      return rows.filter(({ onDate }) => onDate > after && onDate <= asOf);
    },
    paneVersions: async (lineId, ...asked) => {
      const bucket = home(lineId);
      return bucket === null ? [] : paneVersions(bucket, lineId, ...asked);
    },
    links: async (customerId) =>
      [...(home(customerId)?.links.values() ?? [])]
        .filter((link) => link.customerId === customerId)
        .toSorted(
          (one, other) =>
            compareText(one.kind, other.kind) || compareText(one.linkedId, other.linkedId),
        ),
    exposedLines: async (customerId) => {
      const bucket = home(customerId);
      return bucket === null ? [] : (exposedIn(bucket).get(customerId) ?? []);
    },
    decision: async (id) => home(id)?.decisions.get(id) ?? null,
    decisionRecord: async (id) => home(id)?.records.get(id) ?? null,
    review: async (id) => home(id)?.reviews.get(id) ?? null,
    notice: async (id) => home(id)?.notices.get(id) ?? null,
    alert: async (id) => home(id)?.alerts.get(id) ?? null,
    reminder: async (id) => home(id)?.reminders.get(id) ?? null,
    offer: async (id) => home(id)?.offers.get(id) ?? null,
    ...lists(tables),
    ...moreLists(tables),
  };
}

function lists(tables: Tables): Pick<Reads, "decisions" | "reviews"> {
  return {
    decisions: async (page, filter) => {
      const rows = allOf(tables, "decisions").filter(
        (row) =>
          inScope(tables, filter, row) &&
          matches(filter.lineId, row.lineId) &&
          matches(filter.state, row.state) &&
          matches(filter.causeId, row.causeId) &&
          matches(filter.action, row.outcome.action) &&
          matches(filter.segment, row.record.assessment.segment ?? undefined) &&
          matches(filter.experiment, row.record.arm?.experiment) &&
          matches(filter.arm, row.record.arm?.arm) &&
          (filter.reason === undefined ||
            principalReasons(row.record).some(({ code }) => code === filter.reason)) &&
          row.madeAt >= (filter.madeFrom ?? row.madeAt) &&
          (filter.madeBefore === undefined || row.madeAt < filter.madeBefore),
      );
      return paged("decision", rows, page, (row) => ({ at: row.madeAt, id: row.id }));
    },
    reviews: async (page, filter) => {
      const rows = allOf(tables, "reviews").filter(
        (row) =>
          inScope(tables, filter, row) &&
          matches(filter.state, row.state) &&
          matches(filter.queue, row.queue) &&
          matches(filter.decisionId, row.decisionId) &&
          matches(filter.causeId, causeOf(tables, row.decisionId)) &&
          matches(filter.lineId, row.lineId) &&
          (filter.overdueAt === undefined ||
            (row.state === "open" && row.dueAt < filter.overdueAt)) &&
          matches(filter.priority, row.priority) &&
          (filter.skill === undefined || row.skills.includes(filter.skill)) &&
          (filter.assignedTo === undefined || row.assignedTo === filter.assignedTo) &&
          (filter.appeals === undefined || (row.appeal !== null) === filter.appeals) &&
          (filter.askedOf === undefined || isAsked(row, filter.askedOf)) &&
          (filter.workableBy === undefined || isWorkable(tables, row, filter.workableBy)) &&
          (filter.resolvedFrom === undefined || (row.resolvedAt ?? "") >= filter.resolvedFrom) &&
          (filter.resolvedBefore === undefined ||
            (row.resolvedAt !== null && row.resolvedAt < filter.resolvedBefore)),
      );
      return paged("review_case", rows, page, (row) => ({ at: row.openedAt, id: row.id }));
    },
  };
}

function moreLists(
  tables: Tables,
): Pick<Reads, "notices" | "offers" | "alerts" | "alertCounts" | "reminders"> {
  return {
    notices: async (page, filter) => {
      const rows = allOf(tables, "notices").filter(
        (row) =>
          inScope(tables, filter, row) &&
          matches(filter.lineId, row.lineId) &&
          matches(filter.state, row.state) &&
          matches(filter.channel, row.channel) &&
          matches(filter.decisionId, row.decisionId) &&
          matches(filter.causeId, causeOf(tables, row.decisionId)),
      );
      return paged("notice", rows, page, (row) => ({ at: row.issuedAt, id: row.id }));
    },
    alerts: async (page, filter) => {
      const rows = allOf(tables, "alerts").filter(
        (row) =>
          inScope(tables, filter, row) &&
          matches(filter.lineId, row.lineId) &&
          matches(filter.state, row.state) &&
          matches(filter.kind, row.kind) &&
          (filter.look === undefined || row.about["look"] === filter.look) &&
          matches(filter.severity, row.severity) &&
          matches(filter.role, row.role) &&
          (filter.owner === undefined || row.owner === filter.owner) &&
          (filter.overdueAt === undefined ||
            (row.state !== "closed" && row.dueAt < filter.overdueAt)),
      );
      return paged("alert", rows, page, (row) => ({ at: row.raisedAt, id: row.id }));
    },
    alertCounts: async (scope) =>
      countsOf(allOf(tables, "alerts").filter((row) => inScope(tables, scope, row))),
    reminders: async (page, filter) => {
      const rows = allOf(tables, "reminders").filter(
        (row) =>
          inScope(tables, filter, row) &&
          matches(filter.lineId, row.lineId) &&
          matches(filter.state, row.state),
      );
      return paged("reminder", rows, page, (row) => ({ at: row.plannedAt, id: row.id }));
    },
    offers: async (page, filter) => {
      const rows = allOf(tables, "offers").filter(
        (row) =>
          inScope(tables, filter, row) &&
          matches(filter.lineId, row.lineId) &&
          matches(filter.state, row.state) &&
          matches(filter.decisionId, row.decisionId) &&
          matches(filter.causeId, causeOf(tables, row.decisionId)),
      );
      return paged("offer", rows, page, (row) => ({ at: row.madeAt, id: row.id }));
    },
  };
}

function countsOf(alerts: readonly Alert[]): readonly AlertCount[] {
  const lookOf = ({ about: { look } }: Alert): string | null =>
    typeof look === "string" ? look : null;
  const groups = Map.groupBy(alerts, (one) => keyOf(one.kind, lookOf(one) ?? ""));
  const ordered = [...groups].toSorted(([one], [other]) => compareText(one, other));
  return ordered.map(([, rows]) => {
    const found = (finding: AlertFinding): number =>
      rows.filter((row) => row.finding === finding).length;
    const { kind } = rows[0]!;
    const look = lookOf(rows[0]!);
    const raised = rows.length;
    return { kind, look, raised, confirmed: found("confirmed"), falseAlarms: found("false-alarm") };
  });
}

type Listed = "lines" | "decisions" | "reviews" | "notices" | "offers" | "alerts" | "reminders";
type RowOf<Kind extends Listed> = BucketTables[Kind] extends Map<Id, infer Row> ? Row : never;

function allOf<Kind extends Listed>(tables: Tables, kind: Kind): readonly RowOf<Kind>[] {
  return [...tables.buckets.values()].flatMap((bucket) => [
    ...(bucket[kind] as Map<Id, RowOf<Kind>>).values(),
  ]);
}

export function matches(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted === found;
}

function inScope(
  tables: Tables,
  { customerId, portfolios }: RowScope,
  row: Readonly<{ customerId: Id; lineId: Id }>,
): boolean {
  if (!matches(customerId, row.customerId)) return false;
  if (portfolios === undefined) return true;
  const line = bucketOf(tables, bucketOfId(row.lineId)).lines.get(row.lineId);
  return line !== undefined && portfolios.includes(line.portfolio);
}

function isAsked({ state, opinions }: ReviewCase, of: string): boolean {
  return (
    state === "open" && opinions.some(({ askedOf, given }) => askedOf === of && given === null)
  );
}

function isWorkable(
  tables: Tables,
  review: ReviewCase,
  actor: Pick<Actor, "id" | "roles" | "desk">,
): boolean {
  const decision = bucketOf(tables, review.bucket).decisions.get(review.decisionId);
  const touched = [
    ...[decision?.maker, ...review.touchedBy],
    ...review.approvals.map(({ by }) => by),
  ];
  return (
    review.state === "open" &&
    review.snooze === null &&
    (review.assignedTo === null || review.assignedTo === actor.id) &&
    lackOf(review, actor) === null &&
    !touched.includes(actor.id)
  );
}

function causeOf(tables: Tables, decisionId: Id): Id | undefined {
  return bucketOf(tables, bucketOfId(decisionId)).decisions.get(decisionId)?.causeId;
}

export function paged<Row>(
  name: string,
  rows: readonly Row[],
  page: PageRequest,
  positionOf: (row: Row) => Position,
): Page<Row> {
  const list = listInTime(name, page);
  const way = page.newestFirst === true ? -1 : 1;
  const after = parseCursor(list, page.after);
  const ordered = rows
    .filter((row) => after === null || way * compare(positionOf(row), after) > 0)
    .toSorted((left, right) => way * compare(positionOf(left), positionOf(right)));
  return pageOf(list, ordered.slice(0, checkLimit(page.limit) + 1), page.limit, positionOf);
}

function compare(left: Position, right: Position): number {
  return compareText(left.at ?? "", right.at ?? "") || compareText(left.id, right.id);
}
