// Loading in memory: the same rows, by the same relations, as the PostgreSQL store loads them.

import type { Decision } from "../../domain/decision.ts";
import { addDays, type BusinessDate } from "../../domain/calendar.ts";
import type { Id } from "../../domain/id.ts";
import { reminderReachDays } from "../../domain/reminder.ts";
import { signalKey } from "../../domain/signal.ts";
import type { Wanted } from "../../flow/ports.ts";
import type { State } from "../../flow/state.ts";
import type { RowKeys } from "../store/row-keys.ts";
import type { WorkingState } from "../store/working-state.ts";
import { decreasedMinor, newestFacts, newestPanes } from "./facts.ts";
import { compareText, type BucketTables } from "./tables.ts";

/** What loading works with: the rows of one bucket, and where they go. */
export type Loading = Readonly<{ tables: BucketTables; working: WorkingState; rowKeys: RowKeys }>;

/** Adds the wanted rows and their relatives to the state; ids that do not exist are passed over. */
export function loadWanted(loading: Loading, wanted: Wanted): State {
  const { tables, working } = loading;
  const { state } = working;
  for (const id of wanted.reviews) adoptFrom(loading, "reviews", id);
  for (const id of wanted.notices) adoptFrom(loading, "notices", id);
  for (const id of wanted.offers) adoptFrom(loading, "offers", id);
  for (const id of wanted.alerts) adoptFrom(loading, "alerts", id);
  adoptReminders(loading, wanted);
  const named = [state.reviews, state.notices, state.offers].flatMap((held) => [...held.values()]);
  const decisionIds = [...wanted.decisions, ...named.map((row) => row.decisionId)];
  for (const id of decisionIds) adoptFrom(loading, "decisions", id);
  const owned = [...state.decisions.values(), ...state.alerts.values()];
  const reminded = wanted.reminders.flatMap((id) => state.reminders.get(id)?.lineId ?? []);
  const lineIds = [...wanted.lines, ...owned.map((row) => row.lineId), ...reminded];
  for (const id of lineIds) adoptFrom(loading, "lines", id);
  adoptLiveDecisions(loading, wanted.today);
  adoptRelatives(loading);
  for (const line of state.lines.values()) adoptCustomer(loading, line.customerId);
  for (const id of wanted.customers) adoptCustomer(loading, id);
  for (const id of wanted.factsOf) {
    const row = newestFacts(tables, id, null, null);
    if (row !== null) working.adopt("facts", id, row);
  }
  for (const { source, id } of wanted.signals) {
    const key = signalKey(source, id);
    const content = tables.signals.get(key);
    if (content !== undefined) working.adoptSignal(key, content);
  }
  for (const { lineId, onDate, measure } of wanted.panes) {
    const held = newestPanes(tables, lineId, null).find(
      (row) => row.onDate === onDate && row.measure === measure,
    );
    if (held !== undefined) working.adoptPane(held);
  }
  for (const id of wanted.decreasedOf) {
    state.decreased.set(id, decreasedMinor(tables, id, wanted.today, null));
  }
  return state;
}

function adoptFrom(
  { tables, working }: Loading,
  kind: "lines" | "decisions" | "reviews" | "notices" | "offers" | "alerts" | "reminders",
  id: Id,
): void {
  const row = tables[kind].get(id);
  if (row !== undefined) working.adopt(kind, id, row);
}

/** By id, then what else counts against the caps of their customers; and those of lines that are asked for. */
function adoptReminders(loading: Loading, wanted: Wanted): void {
  const { tables, working } = loading;
  for (const id of wanted.reminders) adoptFrom(loading, "reminders", id);
  const customers = new Set(
    Array.from(working.state.reminders.values(), ({ customerId }) => customerId),
  );
  const dueFrom = addDays(wanted.today, -reminderReachDays);
  for (const one of inOrder(tables.reminders.values())) {
    const isWanted = customers.has(one.customerId) || wanted.remindersOf.includes(one.lineId);
    if (isWanted && one.dueOn >= dueFrom) working.adopt("reminders", one.id, one);
  }
}

function adoptLiveDecisions({ tables, working }: Loading, today: BusinessDate): void {
  for (const decision of inOrder(tables.decisions.values())) {
    if (!working.state.lines.has(decision.lineId) || !isLive(decision, today)) continue;
    working.adopt("decisions", decision.id, decision);
  }
}

function isLive(decision: Decision, today: BusinessDate): boolean {
  const { state, overrideExpiresOn } = decision;
  if (state !== "executed" && state !== "withdrawn" && state !== "refused") return true;
  return overrideExpiresOn !== null && overrideExpiresOn >= today;
}

/** Review cases, notices and offers of the loaded decisions, and what all of them wait for. */
function adoptRelatives({ tables, working }: Loading): void {
  const { lines, decisions, reviews, notices, offers, alerts, reminders } = working.state;
  for (const review of inOrder(tables.reviews.values())) {
    if (decisions.has(review.decisionId)) working.adopt("reviews", review.id, review);
  }
  for (const notice of inOrder(tables.notices.values())) {
    if (decisions.has(notice.decisionId)) working.adopt("notices", notice.id, notice);
  }
  for (const offer of inOrder(tables.offers.values())) {
    if (decisions.has(offer.decisionId)) working.adopt("offers", offer.id, offer);
  }
  for (const timer of inOrder(tables.waitingTimers.values())) {
    const held = [lines, decisions, reviews, notices, offers, alerts, reminders].some((rows) =>
      rows.has(timer.subject),
    );
    if (held) working.adopt("timers", timer.id, timer);
  }
}

function adoptCustomer({ tables, working, rowKeys }: Loading, id: Id): void {
  const customer = tables.customers.get(id);
  if (customer === undefined) return;
  rowKeys.remember(id, tables.keys.get(id) ?? null);
  working.adopt("customers", id, customer);
}

function inOrder<Row extends Readonly<{ id: Id }>>(rows: Iterable<Row>): readonly Row[] {
  return [...rows].toSorted((left, right) => compareText(left.id, right.id));
}
