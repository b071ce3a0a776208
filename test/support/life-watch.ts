// What must hold of every life, judged beside the product and not by it: each event and each message to the world is held
// against what the watch itself has seen. It knows the packs' days, but none of the deciders.

import { createHash } from "node:crypto";
import type { CompliancePack, GatedAction } from "../../src/compliance/pack.ts";
import { isRestoring } from "../../src/domain/assessment.ts";
import { addDays, type BusinessDate } from "../../src/domain/calendar.ts";
import { recordText, type Decision } from "../../src/domain/decision.ts";
import type { Id } from "../../src/domain/id.ts";
import type { Consent } from "../../src/domain/offer.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { Appeal } from "../../src/domain/review-case.ts";
import type { CoreOperation } from "../../src/flow/core-ports.ts";
import type { Event } from "../../src/flow/state.ts";

/** The promises that a life may break. */
export type Promised =
  | "no execution before the gate"
  | "no notice without a record"
  | "no self-approval"
  | "no double effect"
  | "nothing without the answer of who was asked"
  | "every wait ends"
  | "events in order";

/** What the watch has seen of one decision. */
type Seen = {
  readonly decision: Decision;
  readonly approvals: Set<string>;
  approvedBy: string | null;
  /** who must not approve: maker, who changed or passed it on */
  readonly hands: Set<string>;
  /** the limit that the customer agreed to */
  agreedMinor: number | null;
  /** asked, and neither answered nor silent until the end */
  asked: boolean;
  /** appealed against, and not answered yet */
  appealed: boolean;
  issuedOn: BusinessDate | null;
  told: boolean;
  readonly once: Set<string>;
  operationId: Id | null;
};

export type Watch = Readonly<{
  observe: (events: readonly Event[]) => void;
  /** a notice leaves through a channel */
  onDeliver: (notice: Notice) => void;
  /** a channel has it */
  onDelivered: (notice: Notice) => void;
  /** an operation is about to change the core system's book for the first time */
  onApply: (operation: CoreOperation, today: BusinessDate) => void;
  breaks: (promise: Promised, what: string) => void;
  broken: readonly string[];
}>;

const effects = ["LimitDecreased", "LineFrozen", "LineClosed", "LineRestored", "LineKept"];

/** Kinds of events that a decision has at most once. */
const onceOnly = new Set([
  ...effects,
  "DecisionMade",
  "DecisionApproved",
  "NoticeIssued",
  "ExecutionConfirmed",
  "ExecutionDisputed",
]);

const endings = ["DecisionWithdrawn", "DecisionRefused"];

/** A watch over one life under one pack. */
export function watchOver(
  packOf: (version: CompliancePack["id"], number: number) => CompliancePack,
  dateOf: (at: Event["at"]) => BusinessDate,
): Watch {
  const seen = new Map<Id, Seen>();
  const broken: string[] = [];
  const seqs = new Map<number, number>();
  const breaks = (promise: Promised, what: string): void => {
    broken.push(`${promise}: ${what}`);
  };
  const observeOne = (event: Event): void => {
    const before = seqs.get(event.bucket);
    if (before !== undefined && event.seq !== before + 1) {
      breaks("events in order", `${before} is followed by ${event.seq}`);
    }
    seqs.set(event.bucket, event.seq);
    if (event.kind === "DecisionMade") seen.set(event.subject, newly(event));
    const of = seen.get(event.subject);
    if (of === undefined) return;
    judge(of, event, breaks);
    note(of, event, dateOf(event.at));
  };
  return {
    broken,
    breaks,
    observe: (events) => events.forEach(observeOne),
    onDeliver: (notice) => {
      const of = seen.get(notice.decisionId);
      if (of === undefined) return breaks("no notice without a record", notice.id);
      if (of.issuedOn === null && !of.asked)
        breaks("no notice without a record", `${notice.id} was not issued`);
      if (of.once.has("ended")) breaks("no notice without a record", `${notice.id} after the end`);
    },
    onDelivered: (notice) => {
      const of = seen.get(notice.decisionId);
      if (of !== undefined) of.told = true;
    },
    onApply: (operation, today) => {
      const of = [...seen.values()].find(
        ({ operationId }) => operationId === operation.operationId,
      );
      if (of === undefined) return breaks("no double effect", "an operation of no decision");
      const { pack } = of.decision.record;
      const reason = early(of, operation, packOf(pack.id, pack.version), today);
      if (reason !== null) breaks("no execution before the gate", reason);
    },
  };
}

function newly(event: Event): Seen {
  const decision = event.attached as Decision;
  return {
    ...{ decision, approvals: new Set<string>(), approvedBy: null },
    ...{ hands: new Set([decision.maker]), issuedOn: null, told: false },
    ...{ agreedMinor: null, asked: false, appealed: false },
    ...{ once: new Set<string>(), operationId: null },
  };
}

function judge(of: Seen, event: Event, breaks: Watch["breaks"]): void {
  const { kind, actor, body } = event;
  if (onceOnly.has(kind) && of.once.has(kind)) breaks("no double effect", `${kind} twice`);
  if (endings.includes(kind) && of.once.has("ended")) breaks("no double effect", `${kind} twice`);
  if (kind === "DecisionMade") {
    const hash = createHash("sha256").update(recordText(of.decision.record)).digest("hex");
    if (body["recordHash"] !== hash) breaks("no notice without a record", "another record");
  }
  if (kind === "ReviewApproved" && (of.hands.has(actor) || of.approvals.has(actor))) {
    breaks("no self-approval", `${actor} approved what he made, changed, passed on or approved`);
  }
  if (kind === "DecisionApproved" && !isApproved(of, event)) {
    breaks("no self-approval", `approved by ${[...of.approvals].join(", ") || "nobody"}`);
  }
  if (kind === "NoticeIssued" && of.approvedBy === null) {
    breaks("no notice without a record", "issued for what nobody approved");
  }
  if (of.asked && (kind === "NoticeIssued" || effects.includes(kind))) {
    breaks("nothing without the answer of who was asked", `${kind} while the offer is open`);
  }
  if (of.appealed && effects.includes(kind)) {
    breaks("nothing without the answer of who was asked", `${kind} while an appeal waits`);
  }
  if (kind === "ReviewResolved" && ["upheld", "overturned"].includes(String(body["resolution"]))) {
    if (!of.appealed) breaks("no double effect", "an answer to what nobody appealed against");
    if (of.hands.has(actor) || of.approvals.has(actor)) {
      breaks("no self-approval", `${actor} answered an appeal against his own decision`);
    }
  }
  if (kind.startsWith("Offer") && kind !== "OfferMade" && !of.asked) {
    breaks("nothing without the answer of who was asked", `${kind} of what was not asked`);
  }
}

/** Straight through, by the person who approved a restoration or answered an appeal, or by as many people as the route asks for; what became of an offer is put before one. */
function isApproved({ decision, approvals, once }: Seen, { body }: Event): boolean {
  const { assessment, undoes, upholds } = decision.record;
  if (undoes !== undefined || upholds !== undefined) return body["by"] !== decision.maker;
  if (body["by"] === "route:straight-through") return assessment.route === "straight-through";
  const two = !once.has("answered") && ["four-eyes", "legal"].includes(assessment.route);
  return approvals.size >= (two ? 2 : 1);
}

function note(of: Seen, event: Event, on: BusinessDate): void {
  const { kind, actor, body } = event;
  of.once.add(endings.includes(kind) ? "ended" : kind);
  switch (kind) {
    case "ReviewApproved":
      of.approvals.add(actor);
      return;
    case "OverrideProposed":
      of.approvals.clear();
      of.hands.add(actor);
      return;
    case "ReviewReferred":
      of.hands.add(actor);
      return;
    case "DecisionApproved":
      of.approvedBy = String(body["by"]);
      if (body["override"] !== undefined) of.agreedMinor = null;
      return;
    case "AppealLodged": {
      const { by } = body["appeal"] as Appeal;
      of.appealed = true;
      of.hands.add(by);
      return;
    }
    case "ReviewResolved":
    case "DecisionWithdrawn":
    case "DecisionRefused":
      of.appealed = false;
      return;
    case "OfferMade":
      of.asked = true;
      return;
    case "OfferAccepted":
    case "OfferCountered":
      of.agreedMinor = (body["consent"] as Consent).limitMinor;
      return answered(of, actor, kind === "OfferCountered");
    case "OfferDeclined":
    case "OfferExpired":
      return answered(of, actor, body["end"] === "review");
    case "NoticeIssued":
      of.issuedOn = on;
      of.told = false;
      return;
    default:
      if (effects.includes(kind)) of.operationId = (body["operationId"] as Id | undefined) ?? null;
  }
}

/** A person who is to look at the answer decides anew, in a case of its own, and is neither its maker nor who wrote it down. */
function answered(of: Seen, actor: string, toPerson: boolean): void {
  of.asked = false;
  if (!toPerson) return;
  of.once.add("answered");
  of.once.delete("DecisionApproved");
  of.approvals.clear();
  of.approvedBy = null;
  of.hands.clear();
  of.hands.add(of.decision.maker).add(actor);
}

/** Why an operation comes too early, or null: told before, approved before, and the days of the pack over. */
function early(
  of: Seen,
  { action, toMinor }: CoreOperation,
  pack: CompliancePack,
  today: BusinessDate,
): string | null {
  if (of.approvedBy === null) return `${action} that nobody approved`;
  if (of.issuedOn === null) return `${action} without a notice`;
  if (isRestoring(action)) return null;
  if (of.agreedMinor !== null) {
    return toMinor === of.agreedMinor ? null : `${toMinor}, agreed to ${of.agreedMinor}`;
  }
  const { when, days } = periodOf(of, action, pack);
  if (when === "after") return null;
  if (!of.told) return `${action} before any channel had the notice`;
  const first = when === "before" ? addDays(of.issuedOn, days) : of.issuedOn;
  return today < first ? `${action} on ${today}, notice of ${of.issuedOn}, ${days} days` : null;
}

/** The mildest period that the pack has for the cause: what is earlier than even that is too early. */
function periodOf({ decision }: Seen, action: GatedAction, pack: CompliancePack) {
  const exception = pack.notice.exceptions.find(
    ({ value: { actions, causes } }) =>
      (actions?.includes(action) ?? true) && (causes?.includes(decision.record.cause) ?? true),
  );
  return exception?.value.period ?? pack.notice[action].value;
}
