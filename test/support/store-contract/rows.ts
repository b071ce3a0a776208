// Rows for the store contract: complete, valid and different by their name, so that a test says only what matters
// to it. Ids are derived from names, in the bucket of the test.

import { createHash } from "node:crypto";
import type { Assessment, Outcome } from "../../../src/domain/assessment.ts";
import type { BusinessDate, Instant } from "../../../src/domain/calendar.ts";
import type { CreditLine } from "../../../src/domain/credit-line.ts";
import type { Decision } from "../../../src/domain/decision.ts";
import type { FactValues } from "../../../src/domain/facts.ts";
import { idFromDigest, type Bucket, type Id } from "../../../src/domain/id.ts";
import type { Notice } from "../../../src/domain/notice.ts";
import type { Alert } from "../../../src/domain/alert.ts";
import type { Offer } from "../../../src/domain/offer.ts";
import type { Reminder } from "../../../src/domain/reminder.ts";
import type { ReviewCase } from "../../../src/domain/review-case.ts";
import type { Timer } from "../../../src/domain/timer.ts";
import type { Changes, Store, Wanted } from "../../../src/flow/ports.ts";
import type { Event, FactsRow, OutboxEntry, State } from "../../../src/flow/state.ts";
import type { Customer } from "../../../src/domain/customer.ts";
import type { PortfolioStore, Proposal, Sweep, SweepCounts } from "../../../src/portfolio/ports.ts";

export type TestedStore = Store & PortfolioStore;

/** A store with no rows, for one test. */
export type OpenStore = () => Promise<TestedStore>;

export const today = "2026-03-31" as BusinessDate;

/** Midnight UTC of a day, or the given time of it. */
export function at(date: string, time = "00:00:00.000"): Instant {
  return `${date}T${time}Z` as Instant;
}

export function date(text: string): BusinessDate {
  return text as BusinessDate;
}

export const noon = at("2026-03-31", "12:00:00.000");

export function idOf(bucket: Bucket, name: string): Id {
  return idFromDigest(createHash("sha256").update(name).digest(), bucket);
}

export function customerRow(bucket: Bucket, name: string): Customer {
  return { bucket, id: idOf(bucket, `customer ${name}`), reference: `C-${name}`, language: "zh" };
}

export function creditLine(
  bucket: Bucket,
  name: string,
  change: Partial<CreditLine> = {},
): CreditLine {
  return {
    bucket,
    id: idOf(bucket, `line ${name}`),
    customerId: idOf(bucket, `customer ${name}`),
    reference: `L-${name}`,
    customerReference: `C-${name}`,
    portfolio: "cards",
    product: "card",
    jurisdiction: "cn",
    currency: "CNY",
    limitMinor: 2_000_000,
    drawnMinor: -1_500,
    pendingMinor: 0,
    status: "active",
    openedOn: date("2024-02-29"),
    lastDecreaseOn: null,
    decidedOn: null,
    balanceAsOf: null,
    movements: null,
    ver: 1,
    ...change,
  };
}

export function factsRow(
  bucket: Bucket,
  name: string,
  asOf: string,
  facts: FactValues,
  knownAt: Instant = noon,
): FactsRow {
  const hash = `hash of ${JSON.stringify(facts)}`;
  return { bucket, lineId: idOf(bucket, `line ${name}`), asOf: date(asOf), knownAt, hash, facts };
}

const decrease: Outcome = { action: "decrease", fromMinor: 2_000_000, toMinor: 1_200_000 };

function assessment(): Assessment {
  return {
    strategy: { id: "consumer-cn", version: 3, hash: "ab".repeat(32) },
    asOf: today,
    currency: "CNY",
    facts: {
      score: 680,
      region: 'east "quoted" \\ back\tslash\n新疆',
      bankrupt: false,
      income: null,
    },
    excludedBy: [],
    segment: "salaried",
    scores: { behaviour: 680 },
    grade: "D",
    rowsHit: { action: ["r1", "r7"] },
    outcome: decrease,
    askedLimitMinor: 1_100_000,
    guardsBound: ["max-cut"],
    reasons: [{ code: "R10", facts: ["utilisation"], cause: ["u"], weight: 40 }],
    pdBp: 812,
    expectedLossAvoidedMinor: 52_000,
    route: "review",
  };
}

export function decision(bucket: Bucket, name: string, change: Partial<Decision> = {}): Decision {
  const id = idOf(bucket, `decision ${name}`);
  const lineId = change.lineId ?? idOf(bucket, `line ${name}`);
  const customerId = change.customerId ?? idOf(bucket, `customer ${name}`);
  const causeId = change.causeId ?? idOf(0, "a sweep");
  return {
    bucket,
    id,
    lineId,
    customerId,
    causeId,
    area: "limit",
    state: "in-review",
    record: {
      decisionId: id,
      lineId,
      customerId,
      area: "limit",
      cause: "behaviour",
      causeId,
      knownAt: noon,
      pack: { id: "cn-consumer-line", version: 1 },
      assessment: assessment(),
    },
    outcome: decrease,
    lineVer: 1,
    madeAt: noon,
    maker: "service:sweep",
    turns: [{ ledger: "limit/all", window: "day", cap: 10_000_000, amount: 800_000 }],
    reviewId: null,
    noticeId: null,
    agreedAt: null,
    effectiveOn: null,
    operationId: null,
    statusBefore: null,
    overrideExpiresOn: null,
    endedBecause: null,
    ver: 1,
    ...change,
  };
}

export function reviewCase(
  bucket: Bucket,
  name: string,
  change: Partial<ReviewCase> = {},
): ReviewCase {
  return {
    bucket,
    id: idOf(bucket, `review ${name}`),
    decisionId: idOf(bucket, `decision ${name}`),
    lineId: idOf(bucket, `line ${name}`),
    customerId: idOf(bucket, `customer ${name}`),
    route: "four-eyes",
    queue: "reviewer",
    skills: ["closures"],
    priority: "high",
    currency: "CNY",
    impactMinor: 4_000_000_000_000,
    state: "open",
    openedAt: noon,
    dueAt: at("2026-04-02", "09:30:00.001"),
    escalatedAt: null,
    assignedTo: "zoe",
    snooze: { until: date("2026-04-01"), by: "zoe", reason: "等资料" },
    opinions: [
      {
        ...{ askedOf: "bo", askedBy: "zoe", askedAt: noon, question: "是否同意？" },
        given: null,
      },
    ],
    files: 2,
    approvals: [{ by: "li.na", legal: false, at: noon }],
    override: {
      outcome: decrease,
      maker: "li.na",
      reason: "新证据",
      expiresOn: date("2026-06-30"),
      at: noon,
    },
    referredBy: null,
    appeal: null,
    touchedBy: ["li.na"],
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    note: null,
    ver: 1,
    ...change,
  };
}

export function notice(bucket: Bucket, name: string, change: Partial<Notice> = {}): Notice {
  return {
    bucket,
    id: idOf(bucket, `notice ${name}`),
    decisionId: idOf(bucket, `decision ${name}`),
    lineId: idOf(bucket, `line ${name}`),
    customerId: idOf(bucket, `customer ${name}`),
    state: "issued",
    channel: "sms",
    template: "decrease",
    textsVersion: 0,
    reasons: ["R10", "R01"],
    subject: { zh: "额度调整通知", en: "Change of your credit limit" },
    short: { zh: "额度调整，详询 1", en: "Limit change, call 1" },
    body: { zh: "您的额度将调整。", en: "Your limit will be lowered.\nSee below." },
    pack: { id: "cn", version: 2 },
    issuedAt: noon,
    issuedOn: today,
    deliveredAt: null,
    effectiveOn: date("2026-04-10"),
    deliveries: [],
    ver: 1,
    ...change,
  };
}

export function alert(bucket: Bucket, name: string, change: Partial<Alert> = {}): Alert {
  return {
    ...{ bucket, id: idOf(bucket, `alert ${name}`), lineId: idOf(bucket, `line ${name}`) },
    ...{ customerId: idOf(bucket, `customer ${name}`), kind: "trigger", severity: "high" },
    ...{ about: { trigger: 'a "b"', beyond: 3 }, state: "open", role: "reviewer", owner: null },
    ...{ raisedAt: noon, dueAt: at("2026-04-02"), escalatedAt: null, closedAt: null },
    ...{ finding: null, ver: 1 },
    ...change,
  };
}

export function reminder(bucket: Bucket, name: string, change: Partial<Reminder> = {}): Reminder {
  return {
    ...{ bucket, id: idOf(bucket, `reminder ${name}`), lineId: idOf(bucket, `line ${name}`) },
    ...{ customerId: idOf(bucket, `customer ${name}`), statementOn: date("2026-03-20") },
    ...{
      dueOn: date("2026-04-09"),
      daysBefore: 5,
      minimumDueMinor: 12_345,
      currency: "CNY",
      state: "planned",
    },
    ...{ because: null, plannedAt: at("2026-04-04", "02:00:00.000"), sentAt: null, words: null },
    ...{ deliveries: [], ver: 1 },
    ...change,
  };
}

export function offer(bucket: Bucket, name: string, change: Partial<Offer> = {}): Offer {
  const decisionId = idOf(bucket, `decision ${name}`);
  const noticeId = idOf(bucket, `notice ${name}`);
  return {
    bucket,
    id: idOf(bucket, `offer ${name}`),
    decisionId,
    lineId: idOf(bucket, `line ${name}`),
    customerId: idOf(bucket, `customer ${name}`),
    state: "accepted",
    noticeId,
    terms: {
      ...{ decisionId, lineReference: `L "${name}" 新`, currency: "CNY" },
      ...{ fromMinor: 2_000_000, toMinor: 1_200_000, answerBy: date("2026-04-14") },
      ...{ ifDeclined: "proceed", ifSilent: "withdraw" },
      counter: { lowestMinor: 1_200_000, highestMinor: 1_800_000, acceptedToMinor: 1_400_000 },
    },
    termsHash: "cd".repeat(32),
    madeAt: noon,
    expiresAt: at("2026-04-15", "00:00:00.001"),
    settledAt: noon,
    consent: {
      ...{ limitMinor: 1_200_000, at: noon, by: "li.na", channel: "phone", how: "录音 \\ 4711" },
      ...{ termsHash: "cd".repeat(32), noticeId, textHash: "ef".repeat(32), textsVersion: 2 },
    },
    ver: 1,
    ...change,
  };
}

export function timer(
  bucket: Bucket,
  name: string,
  subject: Id,
  change: Partial<Timer> = {},
): Timer {
  return {
    bucket,
    id: idOf(bucket, `timer ${name}`),
    kind: "execute",
    subject,
    due: at("2026-04-10"),
    priority: 0,
    owner: "service:notify",
    state: "waiting",
    ...change,
  };
}

export function message(
  bucket: Bucket,
  name: string,
  change: Partial<OutboxEntry> = {},
): OutboxEntry {
  return {
    bucket,
    id: idOf(bucket, `message ${name}`),
    kind: "core.apply",
    subject: idOf(bucket, `line ${name}`),
    body: { toMinor: 1_200_000, name },
    ...change,
  };
}

export function event(
  bucket: Bucket,
  seq: number,
  name: string,
  change: Partial<Event> = {},
): Event {
  return {
    bucket,
    seq,
    kind: "LineRegistered",
    lineId: idOf(bucket, `line ${name}`),
    customerId: idOf(bucket, `customer ${name}`),
    subject: idOf(bucket, `line ${name}`),
    body: { name, nested: { list: [1, "二", null] } },
    at: noon,
    actor: "service:import",
    cause: idOf(0, "an import"),
    ...change,
  };
}

/** What `save` takes, with a leaf for each event. */
export function changesOf(
  state: State,
  events: readonly Event[],
  rest: Partial<Changes> = {},
): Changes {
  const leaves = events.map(({ bucket, seq }) => {
    const leaf = JSON.stringify({ bucket, seq, v: 1 });
    return { bucket, seq, leaf, hash: createHash("sha256").update(leaf).digest("hex") };
  });
  return { state, events, leaves, doneOutbox: [], reply: null, ...rest };
}

/** Nothing wanted, but for what is named. */
export function wanted(named: Partial<Wanted> = {}): Wanted {
  const none = {
    lines: [],
    decisions: [],
    reviews: [],
    notices: [],
    offers: [],
    alerts: [],
    reminders: [],
    remindersOf: [],
    customers: [],
  };
  return { ...none, signals: [], factsOf: [], decreasedOf: [], panes: [], today, ...named };
}

/** One transaction that loads what is named, lets `change` put rows, and saves them with one event for each name. */
export async function write(
  store: Store,
  bucket: Bucket,
  names: readonly string[],
  change: (state: State) => void,
  named: Partial<Wanted> = {},
): Promise<void> {
  await store.transaction(bucket, false, async (transaction) => {
    const state = await transaction.load(wanted(named));
    change(state);
    const events = names.map((name, index) => event(bucket, transaction.nextSeq + index, name));
    await transaction.save(changesOf(state, events));
  });
}

/** Registers customers with one line each. */
export async function register(
  store: Store,
  bucket: Bucket,
  names: readonly string[],
  change: Partial<CreditLine> = {},
): Promise<void> {
  await write(store, bucket, names, (state) => {
    for (const name of names) {
      const customer = customerRow(bucket, name);
      state.customers.set(customer.id, customer);
      const line = creditLine(bucket, name, change);
      state.lines.set(line.id, line);
    }
  });
}

/** One transaction that adds a decision of a registered line. */
export async function addDecision(
  store: Store,
  bucket: Bucket,
  name: string,
  change: Partial<Decision> = {},
): Promise<void> {
  await write(store, bucket, [name], (state) => {
    const made = decision(bucket, name, change);
    state.decisions.set(made.id, made);
  });
}

/** What a transaction that names these rows would see. */
export async function look(store: Store, bucket: Bucket, named: Partial<Wanted>): Promise<State> {
  return store.transaction(bucket, true, (transaction) => transaction.load(wanted(named)));
}

export const counts: SweepCounts = {
  planned: 2,
  evaluated: 2,
  unchanged: 1,
  proposed: 1,
  paced: 0,
  toReview: 0,
  straightThrough: 0,
  held: 0,
  refused: { hardship: 1 },
  removedBySegment: { salaried: 800_000 },
};

export function sweep(name: string, change: Partial<Sweep> = {}): Sweep {
  return {
    id: idOf(0, `sweep ${name}`),
    strategy: { id: "consumer-cn", version: 3, hash: "ab".repeat(32) },
    asOf: today,
    knownAt: noon,
    portfolio: null,
    dailyCapMinor: null,
    state: "assessing",
    pausedBy: null,
    experiment: null,
    emergency: null,
    shadows: [],
    maker: "wang.wei",
    startedAt: noon,
    finishedAt: null,
    counts: {
      ...counts,
      planned: 0,
      evaluated: 0,
      unchanged: 0,
      proposed: 0,
      refused: {},
      removedBySegment: {},
    },
    ...change,
  };
}

export function proposal(
  sweepId: Id,
  bucket: Bucket,
  name: string,
  expectedLossAvoidedMinor: number,
): Proposal {
  return {
    sweepId,
    bucket,
    lineId: idOf(bucket, `line ${name}`),
    customerId: idOf(bucket, `customer ${name}`),
    lineVer: 1,
    portfolio: "cards",
    segment: "salaried",
    removedMinor: 800_000,
    expectedLossAvoidedMinor,
    arm: null,
    assessment: `{"of":"${name}"}`,
    granted: null,
  };
}
