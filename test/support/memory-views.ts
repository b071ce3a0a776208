// The reads for pages over a store in memory, in plain JavaScript: what the routes are tried on without a database, and
// what the SQL of the real ones is held against.

import { pageOf, parseCursor } from "../../src/adapters/store/cursor.ts";
import { exposureOf, openExposureOf } from "../../src/adapters/postgres/customers.ts";
import { exposureRemovedMinor } from "../../src/domain/assessment.ts";
import type { Instant } from "../../src/domain/calendar.ts";
import { hasEnded, noticeStands, type Decision } from "../../src/domain/decision.ts";
import { bucketCount, type Id } from "../../src/domain/id.ts";
import { profileOf, type LineProfile } from "../../src/domain/line-profile.ts";
import type { Currency } from "../../src/domain/money.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ReviewCase } from "../../src/domain/review-case.ts";
import type { Page, PageRequest, RowScope, Store } from "../../src/flow/ports.ts";
import type { PortfolioStore } from "../../src/portfolio/ports.ts";
import {
  overviewDimensions,
  unknownKey,
  type Asker,
  type CustomerRow,
  type LineFilter,
  type LineSort,
  type Overview,
  type OverviewDimension,
  type ProfiledLine,
  type Views,
  type WaitingWork,
} from "../../src/portfolio/view-ports.ts";

const everything = { after: null, limit: 1_000_000 };
const endOfTime = "9999-12-31";
const scoreWidth = 50;

/** The port over a store; identity fields are not kept in a form that could be read again. */
export function memoryViews(store: Store & PortfolioStore): Views {
  const { reads } = store;
  const profile = async (lineId: Id): Promise<LineProfile | null> => {
    const row = await reads.facts(
      lineId,
      endOfTime as never,
      `${endOfTime}T00:00:00.000Z` as never,
    );
    return row === null ? null : profileOf(row.facts, row.asOf);
  };
  const profiled = async (filter: LineFilter): Promise<readonly ProfiledLine[]> => {
    const { rows } = await reads.lines(everything, scopeOnly(filter));
    const all = await Promise.all(
      rows.map(async (line) => ({ line, profile: await profile(line.id) })),
    );
    return all.filter((one) => fits(one, filter));
  };
  return {
    profile,
    lines: async (page, filter, sort) => linesPage(await profiled(filter), page, sort),
    overview: (filter, now) => overviewOf(store, profiled, filter, now),
    work: (asker) => workOf(store, asker),
    customers: async (page, filter) =>
      customersPage(await profiled(scopeOnly(filter)), page, filter),
    customer: async (id, scope) => {
      const all = (await profiled(scope)).filter(({ line }) => line.customerId === id);
      const [row] = customersOf(all);
      if (row === undefined) return null;
      const decisions = (await reads.decisions(everything, { customerId: id })).rows;
      const notices = (await reads.notices(everything, { customerId: id })).rows;
      const openDecisions = decisions.filter(({ state }) => !hasEnded(state)).length;
      return { ...row, lines: all, links: [], openDecisions, notices: notices.length };
    },
    identity: async () => ({}),
    history: async (lineIds, before, limit, kind) => {
      const timelines = await Promise.all(lineIds.map((id) => reads.timeline(id)));
      return timelines
        .flat()
        .filter((event) => event.seq < (before ?? Infinity) && event.kind === (kind ?? event.kind))
        .toSorted((left, right) => right.seq - left.seq)
        .slice(0, limit);
    },
    ...liveReads(store),
    newestReport: async () => null,
    demo: async () => false,
  };
}

/** Live events: places are found from the events themselves. */
function liveReads({
  reads,
  sweeps,
}: Store & PortfolioStore): Pick<Views, "places" | "eventsSince" | "sweepsGoing"> {
  const all = async () => {
    const { rows } = await reads.lines(everything, {});
    const found = await Promise.all(
      rows.map(async (line) =>
        (await reads.timeline(line.id)).map((event) => ({ ...event, portfolio: line.portfolio })),
      ),
    );
    return found.flat();
  };
  return {
    places: async () => {
      const places = new Map(Array.from({ length: bucketCount }, (_, bucket) => [bucket, 1]));
      for (const { bucket, seq } of await all()) {
        places.set(bucket, Math.max(places.get(bucket) ?? 1, seq + 1));
      }
      return places;
    },
    eventsSince: async (from, limit) =>
      (await all())
        .filter(({ bucket, seq }) => seq >= (from.get(bucket) ?? Infinity))
        .map(({ bucket, seq, kind, lineId, customerId, subject, at, actor, portfolio, body }) => ({
          ...{ bucket, seq, kind, lineId, customerId, subject, at, actor, portfolio },
          type: kind === "SignalRecorded" ? String(body["type"]) : null,
        }))
        .toSorted((left, right) => left.bucket - right.bucket || left.seq - right.seq)
        .slice(0, limit),
    sweepsGoing: async () => {
      const open = (await sweeps.list(null, 1_000)).filter(
        ({ state }) => state !== "done" && state !== "cancelled",
      );
      return Promise.all(
        open.map(async ({ id, state, pausedBy, portfolio }) => ({
          ...{ id, state, pausedBy, portfolio },
          assessed: bucketCount - (await sweeps.left(id, "assess")),
          decided: bucketCount - (await sweeps.left(id, "decide")),
        })),
      );
    },
  };
}

function scopeOnly({ customerId, portfolios }: RowScope): RowScope {
  return {
    ...(customerId === undefined ? {} : { customerId }),
    ...(portfolios === undefined ? {} : { portfolios }),
  };
}

function fits({ line, profile }: ProfiledLine, filter: LineFilter): boolean {
  const of = (field: "region" | "industry" | "loanPurpose" | "campaign" | "tier" | "delinquency") =>
    filter[field] === undefined || (profile?.[field] ?? unknownKey) === filter[field];
  const score = profile?.score ?? null;
  return (
    line.portfolio === (filter.portfolio ?? line.portfolio) &&
    line.status === (filter.status ?? line.status) &&
    line.product === (filter.product ?? line.product) &&
    line.reference === (filter.reference ?? line.reference) &&
    line.reference.startsWith(filter.startsWith ?? "") &&
    of("region") &&
    of("industry") &&
    of("loanPurpose") &&
    of("campaign") &&
    of("tier") &&
    of("delinquency") &&
    (filter.scoreFrom === undefined || (score !== null && score >= filter.scoreFrom)) &&
    (filter.scoreTo === undefined || (score !== null && score <= filter.scoreTo))
  );
}

function keyOf({ line, profile }: ProfiledLine, sort: LineSort): string | number | null {
  return {
    reference: line.reference,
    limit: line.limitMinor,
    drawn: line.drawnMinor,
    score: profile?.score ?? null,
    daysPastDue: profile?.daysPastDue ?? null,
    utilisation: profile?.utilisationBp ?? null,
  }[sort.by];
}

function linesPage(
  all: readonly ProfiledLine[],
  page: PageRequest,
  sort: LineSort | null,
): Page<ProfiledLine> {
  const way = sort?.descending === true ? -1 : 1;
  const ordered = all.toSorted((left, right) => {
    const [a, b] = sort === null ? [null, null] : [keyOf(left, sort), keyOf(right, sort)];
    if (a !== b && (a === null || b === null)) return a === null ? 1 : -1;
    if (a !== b) return way * (a! < b! ? -1 : 1);
    return way * (left.line.id < right.line.id ? -1 : 1);
  });
  return pageAfter(`lines ${JSON.stringify(sort)}`, ordered, page, ({ line }) => line.id);
}

function pageAfter<Row>(
  list: string,
  rows: readonly Row[],
  page: PageRequest,
  idOf: (row: Row) => Id,
): Page<Row> {
  const after = parseCursor(list, page.after);
  const from = after === null ? 0 : rows.findIndex((row) => idOf(row) === after.id) + 1;
  return pageOf(list, rows.slice(from, from + page.limit + 1), page.limit, (row) => ({
    ...{ at: null, id: idOf(row) },
  }));
}

function customersOf(all: readonly ProfiledLine[]): readonly CustomerRow[] {
  const groups = Map.groupBy(all, ({ line }) => line.customerId);
  return Array.from(groups, ([id, own]) => ({
    ...{ id, reference: own[0]!.line.customerReference, language: "zh" as const },
    exposure: openExposureOf(own.map(({ line }) => line)),
  })).toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

function customersPage(
  all: readonly ProfiledLine[],
  page: PageRequest,
  filter: Parameters<Views["customers"]>[1],
): Page<CustomerRow> {
  const rows = customersOf(all).filter(({ id, reference }) => {
    const own = all.filter(({ line }) => line.customerId === id);
    return (
      filter.identity === undefined &&
      reference === (filter.reference ?? reference) &&
      (filter.lineReference === undefined ||
        own.some(({ line }) => line.reference === filter.lineReference))
    );
  });
  return pageAfter("customers", rows, page, ({ id }) => id);
}

type About = Readonly<{
  lines: readonly ProfiledLine[];
  decisions: readonly Decision[];
  reviews: readonly ReviewCase[];
  notices: readonly Notice[];
}>;

async function about(
  { reads }: Store,
  lines: readonly ProfiledLine[],
  scope: RowScope,
): Promise<About> {
  const ids = new Set(lines.map(({ line }) => line.id));
  const own = <Row extends Readonly<{ lineId: Id }>>({ rows }: Page<Row>): readonly Row[] =>
    rows.filter(({ lineId }) => ids.has(lineId));
  return {
    lines,
    decisions: own(await reads.decisions(everything, scope)),
    reviews: own(await reads.reviews(everything, scope)),
    notices: own(await reads.notices(everything, scope)),
  };
}

async function overviewOf(
  store: Store,
  profiled: (filter: LineFilter) => Promise<readonly ProfiledLine[]>,
  filter: RowScope & Readonly<{ portfolio?: string }>,
  now: Instant,
): Promise<Overview> {
  const { lines, decisions, reviews, notices } = await about(
    store,
    await profiled(filter),
    scopeOnly(filter),
  );
  const open = reviews.filter(({ state }) => state === "open");
  const bands = Map.groupBy(
    lines.filter(({ profile }) => (profile?.score ?? null) !== null),
    ({ profile }) => Math.trunc(profile!.score! / scoreWidth),
  );
  return {
    totals: exposureOf(lines.map(({ line }) => line)).map(
      ({ availableMinor: _available, ...sum }) => sum,
    ),
    groups: overviewDimensions.flatMap((dimension) => groupsOf(lines, dimension)),
    scoreWidth,
    scores: Array.from(bands, ([band, own]) => ({
      from: band * scoreWidth,
      lines: own.length,
    })).toSorted((left, right) => left.from - right.from),
    decisionsByState: counted(decisions, ({ state }) => state),
    decisionsByAction: removedBy(lines, decisions),
    decisionsByReason: counted(
      decisions.flatMap(({ record }) => record.assessment.reasons),
      ({ code }) => code,
    ).toSorted((left, right) => right.count - left.count),
    openReviews: open.length,
    overdueReviews: open.filter(({ dueAt }) => dueAt < now).length,
    noticesByState: counted(notices, ({ state }) => state),
  };
}

function counted<Row, Key extends string>(
  rows: readonly Row[],
  keyFor: (row: Row) => Key,
): readonly Readonly<{ key: Key; count: number }>[] {
  return Array.from(Map.groupBy(rows, keyFor), ([key, own]) => ({
    ...{ key, count: own.length },
  })).toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

function dimensionOf({ line, profile }: ProfiledLine, dimension: OverviewDimension): string {
  const found = {
    status: line.status,
    product: line.product,
    region: profile?.region,
    industry: profile?.industry,
    purpose: profile?.loanPurpose,
    tier: profile?.tier,
    delinquency: profile?.delinquency,
  }[dimension];
  return found ?? unknownKey;
}

function groupsOf(lines: readonly ProfiledLine[], dimension: OverviewDimension) {
  const groups = Map.groupBy(lines, (one) => dimensionOf(one, dimension));
  return [...groups]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([key, own]) =>
      exposureOf(own.map(({ line }) => line)).map(({ availableMinor: _available, ...sum }) => ({
        ...sum,
        ...{ dimension, key },
      })),
    );
}

function removedBy(
  lines: readonly ProfiledLine[],
  decisions: readonly Decision[],
): Overview["decisionsByAction"] {
  const byId = new Map(lines.map(({ line }) => [line.id, line]));
  const groups = Map.groupBy(decisions, ({ outcome, lineId }) =>
    JSON.stringify([outcome.action, byId.get(lineId)!.currency]),
  );
  return Array.from(groups, ([key, own]) => {
    const [action, currency] = JSON.parse(key) as [string, Currency];
    const removedMinor = own.reduce(
      (sum, { outcome, lineId }) =>
        sum + exposureRemovedMinor(outcome, byId.get(lineId)!.drawnMinor),
      0,
    );
    return { key: action, count: own.length, currency, removedMinor };
  }).toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

const nothing: WaitingWork = { count: 0, oldestAt: null, removed: [] };

async function workOf(store: Store & PortfolioStore, asker: Asker) {
  const { reads } = store;
  const { actor: workableBy, scope, now } = asker;
  const mine = (await reads.reviews(everything, { ...scope, workableBy })).rows;
  const decisions = new Map(
    (await reads.decisions(everything, scope)).rows.map((decision) => [decision.id, decision]),
  );
  const bounced = (await reads.notices(everything, { ...scope, state: "escalated" })).rows.filter(
    ({ decisionId, id }) => noticeStands(decisions.get(decisionId)!, id),
  );
  const disputed = [...decisions.values()].filter(
    ({ state, endedBecause }) => state === "refused" && endedBecause === "core-refused",
  );
  const alerts = (await reads.alerts(everything, scope)).rows;
  const letters = (await store.deadLetters.list(everything, { state: "open" })).rows;
  const reachesAll = scope.portfolios === undefined && scope.customerId === undefined;
  const work = async (own: readonly ReviewCase[]): Promise<WaitingWork> => {
    const removed = new Map<Currency, number>();
    for (const { decisionId, lineId } of own) {
      const line = (await reads.line(lineId))!;
      const { outcome } = decisions.get(decisionId)!;
      const sum = removed.get(line.currency) ?? 0;
      removed.set(line.currency, sum + exposureRemovedMinor(outcome, line.drawnMinor));
    }
    return {
      ...since(own.map(({ openedAt }) => openedAt)),
      removed: Array.from(removed, ([currency, amountMinor]) => ({ currency, amountMinor })),
    };
  };
  return {
    reviewsToDecide: await work(mine),
    reviewsOverdue: await work(mine.filter(({ dueAt }) => dueAt < now)),
    overridesToAgree: await work(mine.filter(({ override }) => override !== null)),
    opinionsToGive: await work(
      (await reads.reviews(everything, { ...scope, askedOf: workableBy.id })).rows,
    ),
    noticesEscalated: since(bounced.map(({ issuedAt }) => issuedAt)),
    executionsDisputed: since(disputed.map(({ madeAt }) => madeAt)),
    alertsOpen: since(
      alerts.filter(({ state }) => state === "open").map(({ raisedAt }) => raisedAt),
    ),
    alertsMine: since(
      alerts
        .filter(({ state, owner }) => state === "taken" && owner === workableBy.id)
        .map(({ raisedAt }) => raisedAt),
    ),
    outboxStuck: nothing,
    lettersOpen: reachesAll ? since(letters.map(({ receivedAt }) => receivedAt)) : nothing,
  };
}

function since(instants: readonly Instant[]): WaitingWork {
  return { ...nothing, count: instants.length, oldestAt: instants.toSorted()[0] ?? null };
}
