// Rows and contexts for given/when/then tests of the steps: a state is built by hand, one command is decided
// and its events are applied, with no store and no clock.

import { businessTime } from "../../src/adapters/business-time.ts";
import { createHash } from "node:crypto";
import type { CompliancePack, NoticePeriod, Value } from "../../src/compliance/pack.ts";
import { nowhere } from "../../src/domain/blackout.ts";
import { serviceActor, type Actor, type Role } from "../../src/domain/actor.ts";
import type { Assessment, Outcome, Route } from "../../src/domain/assessment.ts";
import type { BusinessDate, HolidayTable, Instant } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { Decision, DecisionState } from "../../src/domain/decision.ts";
import { noDeclaredFacts } from "../../src/domain/declared-fact.ts";
import { noWatch } from "../../src/domain/watch-rules.ts";
import { idFromDigest } from "../../src/domain/id.ts";
import type { ReviewCase } from "../../src/domain/review-case.ts";
import { isRefusal, type RefusalCode } from "../../src/domain/refusal.ts";
import { stepOf } from "../../src/flow/pipeline.ts";
import type { Command, Context } from "../../src/flow/step.ts";
import type { Event, NewEvent, State } from "../../src/flow/state.ts";
import { noDuties, tellAlways, testDelivery } from "./compliance-pack.ts";
import { compiled } from "./strategy-document.ts";

export const today = "2026-03-02" as BusinessDate;
export const now = "2026-03-02T02:00:00.000Z" as Instant;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A stable id for a word, in bucket 7. */
export function idOf(...words: readonly string[]): string {
  return idFromDigest(createHash("sha256").update(JSON.stringify(words)).digest(), 7);
}

export const lineId = idOf("line");
export const customerId = idOf("customer");
export const decisionId = idOf("decision");
export const reviewId = idOf("review", decisionId);
export const noticeId = idOf("notice", decisionId);

export function actor(id: string, ...roles: readonly Role[]): Actor {
  return { id, roles, scope: { kind: "all" } };
}

export function emptyState(): State {
  return {
    customers: new Map(),
    lines: new Map(),
    decisions: new Map(),
    reviews: new Map(),
    notices: new Map(),
    offers: new Map(),
    alerts: new Map(),
    reminders: new Map(),
    timers: new Map(),
    facts: new Map(),
    decreased: new Map(),
    signals: new Map(),
    panes: new Map(),
    outbox: [],
    identities: [],
    attachments: [],
    links: [],
  };
}

export function line(change: Partial<CreditLine> = {}): CreditLine {
  return {
    bucket: 7,
    id: lineId,
    customerId,
    reference: "L-1",
    customerReference: "C-1",
    portfolio: "cards",
    product: "card",
    jurisdiction: "cn",
    currency: "CNY",
    limitMinor: 1_000_000,
    drawnMinor: 200_000,
    pendingMinor: 0,
    status: "active",
    openedOn: "2024-01-01" as BusinessDate,
    lastDecreaseOn: null,
    decidedOn: null,
    balanceAsOf: null,
    movements: null,
    ver: 3,
    ...change,
  };
}

export function assessment(outcome: Outcome, route: Route = "review"): Assessment {
  return {
    strategy: { id: "s", version: 1, hash: "h" },
    asOf: today,
    currency: "CNY",
    facts: { limit: 1_000_000 },
    excludedBy: [],
    segment: null,
    scores: {},
    grade: null,
    rowsHit: {},
    outcome,
    askedLimitMinor: null,
    guardsBound: [],
    reasons: [
      { code: "R10", facts: ["utilisation"], cause: ["row-1"], weight: 2 },
      { code: "R01", facts: ["daysPastDue"], cause: ["row-1"], weight: 1 },
    ],
    pdBp: 500,
    expectedLossAvoidedMinor: 1234,
    route,
  };
}

export const cut: Outcome = { action: "decrease", fromMinor: 1_000_000, toMinor: 600_000 };

export function decision(state: DecisionState, change: Partial<Decision> = {}): Decision {
  const found = assessment(cut);
  return {
    bucket: 7,
    id: decisionId,
    lineId,
    customerId,
    causeId: idOf("sweep"),
    area: "limit-decrease",
    state,
    record: {
      decisionId,
      lineId,
      customerId,
      area: "limit-decrease",
      cause: "behaviour",
      causeId: idOf("sweep"),
      knownAt: now,
      pack: { id: "cn", version: 1 },
      assessment: found,
    },
    outcome: cut,
    lineVer: 3,
    madeAt: now,
    maker: "ann",
    turns: [],
    reviewId: state === "in-review" ? reviewId : null,
    noticeId: state === "noticed" ? noticeId : null,
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

export function openReviewCase(change: Partial<ReviewCase> = {}): ReviewCase {
  return {
    bucket: 7,
    id: reviewId,
    decisionId,
    lineId,
    customerId,
    route: "review",
    queue: "reviewer",
    skills: [],
    priority: "normal",
    currency: "CNY",
    impactMinor: 400_000,
    state: "open",
    openedAt: now,
    dueAt: now,
    escalatedAt: null,
    assignedTo: null,
    snooze: null,
    opinions: [],
    files: 0,
    approvals: [],
    override: null,
    referredBy: null,
    appeal: null,
    touchedBy: [],
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    note: null,
    ver: 1,
    ...change,
  };
}

const contract = <T>(value: T): Value<T> => ({
  value,
  status: "contract",
  source: "product terms",
});

const beforeTenDays: NoticePeriod = { when: "before", days: 10, counting: "calendar" };

export function pack(change: Partial<CompliancePack> = {}): CompliancePack {
  return {
    id: "cn",
    version: 1,
    jurisdiction: "cn",
    label: { zh: "中国", en: "China" },
    release: { zh: "首版", en: "First release" },
    productScope: ["card"],
    effectiveFrom: "2026-01-01" as BusinessDate,
    effectiveTo: null,
    calendar: "cn",
    notice: {
      decrease: contract(beforeTenDays),
      freeze: contract({ ...beforeTenDays, when: "at", days: 0 }),
      close: contract(beforeTenDays),
      exceptions: [],
      channels: contract(["in-app"]),
      proofOfDelivery: contract(false),
      substitutes: [],
      shortFormSuffices: contract(true),
      delivery: contract(testDelivery),
    },
    adverseAction: [tellAlways],
    reasons: { maximum: contract(4), forbidden: contract([]) },
    humanReview: { right: contract(true), mandatory: [] },
    belowDrawnAllowed: contract(false),
    duties: noDuties,
    ...change,
  };
}

const holidays: HolidayTable = {
  id: "cn",
  version: 1,
  publishedYears: [2026],
  holidays: [],
  workdays: [],
};

const strategy = compiled();

export function context(change: Partial<Context> = {}): Context {
  return {
    now,
    today,
    derive: (...parts) => idOf(...parts),
    sha256,
    pack: () => pack(),
    holidays: () => holidays,
    dateOf: (at) => at.slice(0, 10) as BusinessDate,
    startOf: (date) => `${date}T00:00:00.000Z` as Instant,
    timeIn: (zone) => businessTime(zone),
    declared: noDeclaredFacts,
    watch: noWatch,
    remind: ({ dueOn }) => {
      const text = { zh: `到期日 ${dueOn}`, en: `Due on ${dueOn}` };
      return { subject: text, short: text, body: text, version: 0 };
    },
    compose: ({ reasons }) => ({
      subject: { zh: "额度调整", en: "Limit change" },
      short: { zh: "额度调整，详询 1", en: "Limit change, call 1" },
      body: { zh: reasons.join("、"), en: reasons.join(", ") },
      textsVersion: 0,
    }),
    strategy: () => strategy,
    holds: { blackouts: [], halts: [], placeOf: () => nowhere },
    person: () => null,
    ...change,
  };
}

export function command(
  kind: string,
  subject: string,
  body: Readonly<Record<string, unknown>> = {},
  by: Actor = serviceActor("test"),
): Command {
  return {
    id: idOf("command", kind, subject, JSON.stringify(body)),
    kind,
    subject,
    actor: by,
    cause: idOf("test"),
    body,
  };
}

/** What a step decides, with its events applied to the state: kinds of events, or the refusal's code. */
export function decideOn(
  state: State,
  given: Command,
  under: Context = context(),
): readonly string[] | RefusalCode {
  const step = stepOf(given.kind)!;
  const decided = step.decide(state, given, under);
  if (isRefusal(decided)) return decided.refused;
  for (const event of decided) {
    step.evolve(state, asEvent(event, given, under), under);
  }
  return decided.map((event) => event.kind);
}

function asEvent(event: NewEvent, given: Command, under: Context): Event {
  return { ...event, bucket: 7, seq: 1, at: under.now, actor: given.actor.id, cause: given.id };
}

/** A later day on which the notice period of `noticed` has run. */
export const later: Context = context({ today: "2026-03-12" as BusinessDate });

/** A line with an approved cut whose notice was issued today. */
export function noticed(change: Parameters<typeof line>[0] = {}): State {
  const state = emptyState();
  state.lines.set(lineId, line(change));
  state.decisions.set(decisionId, decision("approved"));
  decideOn(state, command("IssueNotice", decisionId));
  return state;
}

/** A state with one line. */
export function withLine(change: Parameters<typeof line>[0] = {}): State {
  const state = emptyState();
  state.lines.set(lineId, line(change));
  return state;
}

/** The command that decides a cut of that line. */
export function decideCommand(
  change: Partial<{
    outcome: Outcome;
    route: Route;
    lineVer: number;
    granted: boolean;
    id: string;
  }> = {},
) {
  return command("Decide", lineId, {
    decisionId: change.id ?? decisionId,
    assessment: assessment(change.outcome ?? cut, change.route),
    area: "limit-decrease",
    cause: "behaviour",
    causeId: idOf("sweep"),
    knownAt: now,
    lineVer: change.lineVer ?? 3,
    maker: "ann",
    turns: [],
    granted: change.granted ?? true,
  });
}
