// The shelf of reports in memory, and lines read from a store in memory: what routes and pure reports are tried on
// without a database.

import type { BusinessDate } from "../../src/domain/calendar.ts";
import type { Reports } from "../../src/portfolio/report-ports.ts";
import type { Activity } from "../../src/portfolio/report-document.ts";
import type { KeptReport, ReportedLine, ReportFilter } from "../../src/portfolio/report-ports.ts";
import type { Timer } from "../../src/domain/timer.ts";
import type { OutboxEntry } from "../../src/flow/state.ts";

/** Nothing happened. */
export const noActivity: Activity = {
  ...{ decisions: [], reasons: [], cuts: [], pipeline: [], reviews: [], deliveries: [] },
  outbox: { waiting: 0, failed: 0 },
  complaints: [],
};

/** The shelf, and what a test looks at. */
export type MemoryReports = Reports &
  Readonly<{ kept: readonly KeptReport[]; messages: readonly OutboxEntry[]; timers: Timer[] }>;

/** @param lines given for every read of bucket 0 */
export function memoryReports(lines: readonly ReportedLine[] = []): MemoryReports {
  const kept: KeptReport[] = [];
  const messages: OutboxEntry[] = [];
  const timers: Timer[] = [];
  const readBy = new Set<string>();
  const newestFirst = (filter: Omit<ReportFilter, "accountId">): readonly KeptReport[] =>
    kept
      .toReversed()
      .filter(
        (one, place, all) =>
          all.findIndex((other) => sameShelf(one, other)) === place && wanted(one, filter),
      );
  return {
    ...{ kept, messages, timers },
    read: async (bucket) => (bucket === 0 ? lines : []),
    activity: async () => noActivity,
    keep: async (report, caused) => {
      if (caused.fired !== undefined && !fire(timers, caused.fired)) return false;
      if (kept.every(({ id }) => id !== report.id)) kept.push(report);
      messages.push(...caused.messages);
      if (caused.next !== undefined) timers.push(caused.next);
      return true;
    },
    find: async (id) => kept.find((one) => one.id === id) ?? null,
    newest: async (_kind, asOf: BusinessDate, portfolio) =>
      kept.findLast((one) => one.asOf === asOf && one.portfolio === portfolio) ?? null,
    list: async ({ after, limit }, { accountId, ...filter }) => {
      const all = newestFirst(filter);
      const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const rows = all.slice(from, from + limit).map(({ document: _document, ...row }) => ({
        ...row,
        read: readBy.has(`${accountId}/${row.id}`),
      }));
      return { rows, next: from + limit < all.length ? rows.at(-1)!.id : null };
    },
    unread: async ({ accountId, ...filter }) =>
      newestFirst(filter).filter(({ id }) => !readBy.has(`${accountId}/${id}`)).length,
    markRead: async (id, accountId) => void readBy.add(`${accountId}/${id}`),
    schedule: async (timer) => {
      timers.splice(0, timers.length, ...(timer === null ? [] : [timer]));
    },
    scheduled: async () => timers.find(({ state }) => state === "waiting") ?? null,
    sent: async ({ id }) => {
      messages.splice(
        messages.findIndex((one) => one.id === id),
        1,
      );
    },
  };
}

function sameShelf(one: KeptReport, other: KeptReport): boolean {
  return one.asOf === other.asOf && one.portfolio === other.portfolio;
}

function wanted(one: KeptReport, filter: Omit<ReportFilter, "accountId">): boolean {
  const { portfolios, portfolio, asOf } = filter;
  if (portfolios !== undefined && !portfolios.includes(one.portfolio ?? "")) return false;
  return (
    (portfolio === undefined || one.portfolio === portfolio) &&
    (asOf === undefined || one.asOf === asOf)
  );
}

function fire(timers: Timer[], { id }: Timer): boolean {
  const place = timers.findIndex((one) => one.id === id);
  if (place === -1) return false;
  timers.splice(place, 1);
  return true;
}
