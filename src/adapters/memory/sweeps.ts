// The working rows of sweeps in memory. What a pass of a bucket produced counts once, as in the PostgreSQL store.

import type { CreditLine } from "../../domain/credit-line.ts";
import { bucketCount, type Bucket, type Id } from "../../domain/id.ts";
import {
  standingOf,
  type LineToAssess,
  type PortfolioStore,
  type Proposal,
  type Sweep,
  type SweepCounts,
  type SweepPass,
  type Sweeps,
  type SweepView,
} from "../../portfolio/ports.ts";
import { Fault } from "../fault.ts";
import { checkLimit } from "../store/cursor.ts";
import { sumCounts } from "../../portfolio/sweep-counts.ts";
import { keepDigits } from "./experiments.ts";
import { decreasedMinor, newestFacts } from "./facts.ts";
import {
  bucketOf,
  compareText,
  type SweepBucket,
  type SweepTables,
  type Tables,
} from "./tables.ts";

/** The port over the tables. */
export function sweepsIn(tables: Tables): Sweeps {
  return {
    ...finding(tables),
    ...leasing(tables),
    ...asking(tables),
    read: async (sweep, buckets) =>
      new Map(buckets.map((bucket) => [bucket, readLines(tables, sweep, bucket)])),
    saveAssessed: async (sweepId, found) => {
      for (const { bucket, packed, proposals, counts, shadows, digits } of found) {
        const work = workOf(tables, sweepId, bucket);
        if (work.assessed) continue;
        const stored = [...proposals].toSorted(byRank);
        Object.assign(work, {
          assessed: true,
          decided: proposals.length === 0,
          ...{ packed, shadows },
          proposals: stored,
          assessCounts: counts,
          ...free,
        });
        keepDigits(tables, digits);
      }
    },
    ranked: (sweepId) => ranked(tables, sweepId),
    saveGrants: async (sweepId, granted, all) => saveGrants(tables, sweepId, granted, all),
    proposals: async (sweepId, buckets) => {
      const held = tables.sweeps.get(sweepId)?.buckets;
      return new Map(buckets.map((bucket) => [bucket, held?.[bucket]?.proposals ?? []]));
    },
    saveDecided: async (sweepId, decided) => {
      for (const [bucket, counts] of decided) {
        const work = workOf(tables, sweepId, bucket);
        if (!work.decided) Object.assign(work, { decided: true, decideCounts: counts, ...free });
      }
    },
    setState: async (sweepId, from, to, at) => {
      const held = tables.sweeps.get(sweepId);
      if (held === undefined || !from.includes(held.sweep.state)) return false;
      const finished = to === "done" || to === "cancelled";
      held.sweep = { ...held.sweep, state: to, finishedAt: finished ? at : null };
      return true;
    },
    setPaused: async (sweepId, by) => {
      const held = tables.sweeps.get(sweepId);
      const ended = held?.sweep.state === "done" || held?.sweep.state === "cancelled";
      if (held === undefined || ended || held.sweep.pausedBy === by) return false;
      held.sweep = { ...held.sweep, pausedBy: by };
      return true;
    },
    standing: async (sweepId) => {
      const sweep = tables.sweeps.get(sweepId)?.sweep;
      return sweep === undefined ? null : { state: sweep.state, pausedBy: sweep.pausedBy };
    },
    counts: async (sweepId) => countsOf(tables.sweeps.get(sweepId)),
    packed: async (sweepId, bucket) => tables.sweeps.get(sweepId)?.buckets[bucket]?.packed ?? null,
    shadowed: async function* (sweepId, strategyHash, from = 0) {
      for (const { shadows } of tables.sweeps.get(sweepId)?.buckets.slice(from) ?? []) {
        const packed = shadows.get(strategyHash);
        if (packed !== undefined) yield packed;
      }
    },
  };
}

const free = { leaseOwner: null, leaseUntilMs: 0 };

/** Sums over all lines, or those of one portfolio. */
export function totalsIn(tables: Tables): PortfolioStore["totals"] {
  return async (portfolio) => {
    const sums = new Map<string, number>();
    let lines = 0;
    for (const bucket of tables.buckets.values()) {
      for (const line of bucket.lines.values()) {
        if (portfolio !== null && line.portfolio !== portfolio) continue;
        lines += 1;
        sums.set(line.currency, (sums.get(line.currency) ?? 0) + line.limitMinor);
      }
    }
    const ordered = [...sums].toSorted(([left], [right]) => compareText(left, right));
    return { lines, limitMinorByCurrency: Object.fromEntries(ordered) };
  };
}

function finding(
  tables: Tables,
): Pick<Sweeps, "count" | "start" | "find" | "list" | "idle" | "unfinished"> {
  const newestFirst = (): readonly SweepTables[] =>
    [...tables.sweeps.values()].toSorted(
      ({ sweep: left }, { sweep: right }) =>
        compareText(right.startedAt, left.startedAt) || compareText(right.id, left.id),
    );
  return {
    count: async (strategyHash, asOf) =>
      newestFirst().filter(
        ({ sweep }) => sweep.strategy.hash === strategyHash && sweep.asOf === asOf,
      ).length,
    start: async (sweep) => {
      if (tables.sweeps.has(sweep.id)) return;
      tables.sweeps.set(sweep.id, {
        sweep,
        buckets: Array.from({ length: bucketCount }, emptyWork),
      });
    },
    find: async (id) => withCounts(tables.sweeps.get(id)),
    list: async (after, limit, { standing, strategy } = {}) => {
      const all = newestFirst();
      const from = after === null ? 0 : all.findIndex(({ sweep }) => sweep.id === after) + 1;
      if (after !== null && from === 0) return [];
      const wanted = ({ sweep }: SweepTables): boolean =>
        standingOf(sweep) === (standing ?? standingOf(sweep)) &&
        sweep.strategy.id === (strategy ?? sweep.strategy.id);
      const found = all.slice(from).filter(wanted).slice(0, checkLimit(limit));
      return found.map((held) => withCounts(held)!);
    },
    idle: async () =>
      newestFirst()
        .filter(
          ({ sweep }) => !["done", "cancelled"].includes(sweep.state) && sweep.pausedBy === null,
        )
        .filter(({ buckets }) => !buckets.some(({ leaseUntilMs }) => leaseUntilMs > Date.now()))
        .map(({ sweep }) => sweep.id)
        .toReversed(),
    unfinished: async (strategyId, asOf) =>
      withCounts(
        newestFirst().find(
          ({ sweep }) =>
            sweep.strategy.id === strategyId &&
            sweep.asOf === asOf &&
            sweep.state !== "done" &&
            sweep.state !== "cancelled",
        ),
      ),
  };
}

function leasing(tables: Tables): Pick<Sweeps, "lease" | "left" | "free"> {
  const isDone = (work: SweepBucket, pass: SweepPass): boolean =>
    ({ ask: work.asked, assess: work.assessed, decide: work.decided })[pass];
  return {
    lease: async (sweepId, pass, owner, leaseMs, most) => {
      const now = Date.now();
      const leased: Bucket[] = [];
      for (const [bucket, work] of workRows(tables, sweepId).entries()) {
        if (leased.length === most) break;
        if (isDone(work, pass) || work.leaseUntilMs > now) continue;
        Object.assign(work, { leaseOwner: owner, leaseUntilMs: now + leaseMs });
        leased.push(bucket);
      }
      return leased;
    },
    left: async (sweepId, pass) =>
      workRows(tables, sweepId).filter((work) => !isDone(work, pass)).length,
    free: async (sweepId, owner) => {
      for (const work of workRows(tables, sweepId)) {
        if (work.leaseOwner === owner) Object.assign(work, free);
      }
    },
  };
}

function asking(tables: Tables): Pick<Sweeps, "saveAsked" | "beginAssessing"> {
  return {
    saveAsked: async (sweepId, buckets) => {
      for (const bucket of buckets) {
        Object.assign(workOf(tables, sweepId, bucket), { asked: true, ...free });
      }
    },
    beginAssessing: async (sweepId, knownAt) => {
      const held = tables.sweeps.get(sweepId);
      if (held?.sweep.state !== "asking") return;
      held.sweep = { ...held.sweep, state: "assessing", knownAt };
    },
  };
}

/** Buckets of a sweep, or of the undoing of a wave. */
function workRows(tables: Tables, id: Id): readonly SweepBucket[] {
  return (tables.sweeps.get(id) ?? tables.undos.get(id))?.buckets ?? [];
}

/** A bucket on which nobody has worked yet. */
export function emptyWork(): SweepBucket {
  return {
    asked: false,
    assessed: false,
    decided: false,
    ...free,
    assessCounts: null,
    decideCounts: null,
    packed: null,
    shadows: new Map(),
    proposals: [],
  };
}

function countsOf(held: SweepTables | undefined): SweepCounts {
  const parts = held?.buckets.flatMap((work) => [work.assessCounts, work.decideCounts]);
  return sumCounts(parts ?? []);
}

function withCounts(held: SweepTables | undefined): Sweep | null {
  return held === undefined ? null : { ...held.sweep, counts: countsOf(held) };
}

function readLines(tables: Tables, sweep: SweepView, bucket: Bucket): readonly LineToAssess[] {
  const { asOf, knownAt, portfolio } = sweep;
  const rows = bucketOf(tables, bucket);
  return [...rows.lines.values()]
    .filter((line) => portfolio === null || line.portfolio === portfolio)
    .toSorted((left, right) => compareText(left.id, right.id))
    .map((line) => ({
      line: assessedLine(line),
      facts: newestFacts(rows, line.id, asOf, knownAt)?.facts ?? {},
      decreasedLast12MonthsMinor: decreasedMinor(rows, line.id, asOf, knownAt),
    }));
}

/** What a sweep reads of a line. */
export function assessedLine(line: CreditLine): LineToAssess["line"] {
  const { id, customerId, portfolio, ver, limitMinor, drawnMinor, pendingMinor } = line;
  const { status, openedOn, lastDecreaseOn, jurisdiction } = line;
  return {
    ...{ id, customerId, portfolio, ver, limitMinor, drawnMinor, pendingMinor },
    ...{ status, openedOn, lastDecreaseOn, jurisdiction },
  };
}

function workOf(tables: Tables, sweepId: Id, bucket: Bucket): SweepBucket {
  const work = tables.sweeps.get(sweepId)?.buckets[bucket];
  if (work !== undefined) return work;
  throw new Fault(`Cannot save sweep ${sweepId}: it has no bucket ${bucket}`, { retryable: false });
}

function byRank(left: Omit<Proposal, "assessment">, right: Omit<Proposal, "assessment">): number {
  return (
    right.expectedLossAvoidedMinor - left.expectedLossAvoidedMinor ||
    compareText(left.lineId, right.lineId)
  );
}

async function* ranked(tables: Tables, sweepId: Id): AsyncGenerator<Omit<Proposal, "assessment">> {
  const all = (tables.sweeps.get(sweepId)?.buckets ?? []).flatMap((work) => work.proposals);
  for (const { assessment: _, ...proposal } of all.toSorted(byRank)) yield proposal;
}

function saveGrants(
  tables: Tables,
  sweepId: Id,
  granted: readonly Readonly<{ lineId: Id }>[],
  all: boolean,
): void {
  const held = tables.sweeps.get(sweepId);
  if (held === undefined || !["assessing", "ranking"].includes(held.sweep.state)) return;
  const chosen = new Set(granted.map(({ lineId }) => lineId));
  for (const work of held.buckets) {
    work.proposals = work.proposals.map((proposal) => ({
      ...proposal,
      granted: all || chosen.has(proposal.lineId),
    }));
  }
  held.sweep = { ...held.sweep, state: "deciding" };
}
