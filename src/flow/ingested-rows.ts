// What registrations and signals do to the rows of a line: its balance and limit, its facts and panes, and the timers and
// messages by which others learn of it.

import { afterBalance } from "../domain/balance.ts";
import { addMilliseconds, type BusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { FactValues } from "../domain/facts.ts";
import { paneKey, type PaneKey } from "../domain/pane.ts";
import { signalKey, type Signal } from "../domain/signal.ts";
import { observationsOf, paneAfter } from "./fact-panes.ts";
import { type FellBehind, fellBehindBy } from "./fell-behind.ts";
import { type Registration, registrations } from "./registration.ts";
import { afterSignal, newFacts } from "./signal-rules.ts";
import type { Context } from "./step.ts";
import type { Event, FactsRow, State } from "./state.ts";

/** What only the rows keep of a signal. */
export type Kept = Readonly<{ content: string; isNews: boolean }>;

/** A line that is registered for the first time. */
export function addLine(state: State, event: Event, given: Registration): void {
  const { bucket } = event;
  if (!state.customers.has(given.customerId)) {
    state.customers.set(given.customerId, {
      bucket,
      id: given.customerId,
      reference: given.customerReference,
      language: given.language,
    });
  }
  state.lines.set(event.lineId, {
    bucket,
    id: event.lineId,
    customerId: given.customerId,
    reference: given.lineReference,
    customerReference: given.customerReference,
    portfolio: given.portfolio,
    product: given.product,
    jurisdiction: given.jurisdiction,
    currency: given.currency,
    limitMinor: given.limitMinor,
    drawnMinor: given.drawnMinor,
    pendingMinor: given.pendingMinor,
    status: given.status,
    openedOn: given.openedOn,
    lastDecreaseOn: null,
    decidedOn: null,
    balanceAsOf: given.asOf,
    movements: null,
    ver: 1,
  });
  keepDetails(state, event, given);
}

/**
 * An older date adds facts but does not touch the line; the newest date says what the line is now. Of the balance the
 * newest word on it decides, whoever said it.
 */
export function updateLine(
  state: State,
  event: Event,
  given: Registration,
  context: Context,
): void {
  const line = state.lines.get(event.lineId)!;
  const newest = state.facts.get(event.lineId);
  const isNewest = newest === undefined || given.asOf >= newest.asOf;
  const next = { ...afterBalance(line, given), ...(isNewest ? toldOf(line, given) : {}) };
  const moved = next.limitMinor !== line.limitMinor || next.status !== line.status;
  state.lines.set(line.id, moved ? { ...next, ver: line.ver + 1 } : next);
  if (isNewest) tellFallenBehind(state, event, context, newest?.facts, given);
  keepDetails(state, event, given);
}

/** A file as of the day of our own last change, or before it, never undoes that change. */
function toldOf(
  { decidedOn, limitMinor, status }: CreditLine,
  given: Registration,
): Pick<CreditLine, "limitMinor" | "status"> {
  return decidedOn !== null && given.asOf <= decidedOn
    ? { limitMinor: Math.min(limitMinor, given.limitMinor), status }
    : { limitMinor: given.limitMinor, status: given.status };
}

function keepDetails(state: State, event: Event, given: Registration): void {
  const registration = String(event.body["registration"]);
  state.signals.set(signalKey(registrations, registration), registration);
  for (const past of given.history ?? []) {
    putFacts(state, event, past.asOf, past.facts, registration);
  }
  putFacts(state, event, given.asOf, given.facts, registration);
  const newest = state.facts.get(event.lineId);
  if (Object.keys(given.identity).length > 0 && given.asOf >= (newest?.asOf ?? given.asOf)) {
    state.identities.push({ customerId: given.customerId, fields: given.identity });
  }
  for (const { kind, customerId, customerReference } of given.links ?? []) {
    state.links.push({
      ...{ bucket: event.bucket, customerId: given.customerId, kind },
      ...{ linkedId: customerId, linkedReference: customerReference },
    });
  }
}

function putFacts(
  state: State,
  event: Event,
  asOf: BusinessDate,
  facts: FactValues,
  hash: string,
): void {
  const newest = state.facts.get(event.lineId);
  const row: FactsRow = {
    bucket: event.bucket,
    lineId: event.lineId,
    asOf,
    knownAt: event.at,
    hash,
    facts,
  };
  state.facts.set(event.lineId, row);
  if (newest !== undefined && newest.asOf > asOf) state.facts.set(event.lineId, newest);
}

/** What a signal changes: balance, facts, panes, and what looks at the line because of it. */
export function applySignal(state: State, event: Event, context: Context): void {
  const signal = event.body as unknown as Signal;
  const { content, isNews } = event.attached as Kept;
  state.signals.set(signalKey(signal.source, signal.id), content);
  const line = state.lines.get(event.lineId)!;
  state.lines.set(line.id, afterSignal(line, signal));
  if (isNews && concernsWaves(signal)) setOnce(state, event, context, "wave-watch");
  if (isNews && isUse(signal, context)) setOnce(state, event, context, "behaviour", lookDelayMs);
  const isWatched = keepPanes(state, event, signal, context);
  if (isNews && isWatched) setOnce(state, event, context, "trigger");
  const newest = state.facts.get(line.id);
  const told = newFacts(signal, newest);
  if (told === null) return;
  const facts = { ...newest?.facts, ...told };
  const isChanged = Object.keys(told).some((name) => told[name] !== newest?.facts[name]);
  if (isNews && isChanged) setOnce(state, event, context, "trigger");
  if (isNews) tellFallenBehind(state, event, context, newest?.facts, { asOf: signal.asOf, facts });
  putFacts(state, event, signal.asOf, facts, `signal:${signalKey(signal.source, signal.id)}`);
}

/** A message to those who are linked to the customer, where the line has reached a worse delinquency bucket. */
function tellFallenBehind(
  state: State,
  { bucket, lineId, customerId, cause }: Event,
  context: Context,
  before: FactValues | undefined,
  { asOf, facts }: Readonly<{ asOf: BusinessDate; facts: FactValues }>,
): void {
  const daysPastDue = before === undefined ? null : fellBehindBy(before, facts);
  if (daysPastDue === null) return;
  const { customerReference } = state.lines.get(lineId)!;
  const body: FellBehind = { customerId, customerReference, asOf, daysPastDue };
  const id = context.derive("outbox", cause, lineId, "related.tell");
  state.outbox.push({ bucket, id, kind: "related.tell", subject: lineId, body });
}

/** What customers say after they were told of a change: complaints that come in, and questions. */
function concernsWaves({ type, state }: Signal): boolean {
  return type === "inquiry" || (type === "complaint" && state === "opened");
}

/** A burst of draws is looked at as one. */
const lookDelayMs = 15 * 60_000;

/** Whether looks at behaviour that raise alerts are made of what the signal says. */
function isUse({ type }: Signal, { declared, watch }: Context): boolean {
  const { behaviour, measures } = declared;
  if (behaviour === null || watch.alerts.looks.length === 0) return false;
  const { drawn, repaid, cash } = behaviour;
  return [drawn, repaid, cash].some((measure) => measures.get(measure)?.signal === type);
}

/** @returns whether facts that are looked at at once are made of what was kept */
function keepPanes(state: State, event: Event, signal: Signal, context: Context): boolean {
  const { bucket, lineId, at: knownAt } = event;
  const observed = observationsOf(context.declared, signal, context.today);
  for (const one of observed) {
    const key: PaneKey = { lineId, measure: one.measure.id, onDate: signal.asOf };
    const held = state.panes.get(paneKey(key));
    state.panes.set(paneKey(key), { ...paneAfter(held, one), bucket, ...key, knownAt });
  }
  return observed.some(({ measure }) => context.declared.watched.has(measure.id));
}

/** One look is enough, however much news there is before it. */
function setOnce(
  state: State,
  event: Event,
  context: Context,
  kind: "trigger" | "wave-watch" | "behaviour",
  delayMs = 0,
): void {
  const { bucket, lineId, cause, actor: owner, at } = event;
  for (const timer of state.timers.values()) {
    if (timer.kind === kind && timer.subject === lineId && timer.state === "waiting") return;
  }
  const id = context.derive(kind, cause, lineId);
  const due = addMilliseconds(at, delayMs);
  const waits = { due, priority: 0, owner, state: "waiting" } as const;
  state.timers.set(id, { bucket, id, kind, subject: lineId, ...waits });
}
