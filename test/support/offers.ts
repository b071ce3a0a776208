// A world in which customers are asked for their consent: one line with a cut of ¥10,000 to ¥6,000 under review, a pack
// and a strategy that say how to negotiate, and a clock that the test moves.

import { businessTime } from "../../src/adapters/business-time.ts";
import { shippedTexts } from "../../src/adapters/notices/catalogue.ts";
import { sampleContact } from "../../src/adapters/notices/contact.ts";
import { createWordings } from "../../src/adapters/notices/wordings.ts";
import { createIds } from "../../src/adapters/ids.ts";
import type { CompliancePack, PackDuties, Value } from "../../src/compliance/pack.ts";
import type { Actor, Role } from "../../src/domain/actor.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import { bucketOfId, type Id } from "../../src/domain/id.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Offer } from "../../src/domain/offer.ts";
import type { RefusalCode } from "../../src/domain/refusal.ts";
import type { Timer } from "../../src/domain/timer.ts";
import { drain } from "../../src/flow/advance.ts";
import type { HandOver } from "../../src/flow/notice-ports.ts";
import type { Store, World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { transact } from "../../src/flow/transact.ts";
import type { OfferPart } from "../../src/policy/strategy.ts";
import { plant, type Planted } from "./api.ts";
import { noDuties } from "./compliance-pack.ts";
import { pack } from "./given.ts";
import { standardFacts } from "./standard-facts.ts";
import { compiled, strategyDocument } from "./strategy-document.ts";

const ids = createIds();

export const begins = "2026-03-02T02:00:00.000Z" as Instant;

/** A day to answer in fourteen; a proposal must take a quarter of the cut, and three quarters of it are agreed to at once. */
export const usualOffer: OfferPart = {
  answerWithinDays: 14,
  ifDeclined: "proceed",
  ifSilent: "proceed",
  counter: { minimumBp: 2_500, acceptBp: 7_500 },
};

/** A pack whose values on consent are these, under which an agreement is no adverse action. */
export function consentPack(consent: Partial<PackDuties["consent"]>): CompliancePack {
  const base = pack();
  const rule = base.adverseAction[0]!;
  const agreed = {
    ...rule,
    value: {
      ...rule.value,
      id: "by-agreement",
      if: { agreements: ["agreed" as const] },
      notice: null,
      content: [],
    },
  };
  return {
    ...base,
    adverseAction: [agreed, ...base.adverseAction],
    duties: { ...noDuties, consent: { ...noDuties.consent, ...consent } },
  };
}

export const byTerms: Partial<PackDuties["consent"]> = { products: contract(["card"]) };

export const byLaw: Partial<PackDuties["consent"]> = {
  decrease: { value: true, status: "confirmed", source: "Act 1" },
};

function contract<T>(value: T): Value<T> {
  return { value, status: "contract", source: "product terms" };
}

export type Asking = Readonly<{
  consent?: Partial<PackDuties["consent"]>;
  offer?: OfferPart | null;
  /** what every channel answers */
  handOver?: HandOver;
}>;

export type OfferWorld = Readonly<{
  world: World;
  planted: Planted;
  borrower: Actor;
  clerk: Actor;
  reviewer: Actor;
  decision: () => Promise<Decision>;
  offer: () => Promise<Offer>;
  /** sends one command: the kinds of events it led to, follow-ups included, or the refusal's code */
  send: (
    kind: string,
    subject: Id,
    actor: Actor,
    body?: Readonly<Record<string, unknown>>,
    expectedVer?: number,
  ) => Promise<readonly string[] | RefusalCode>;
  /** approves the cut and hands over what that sends */
  approve: () => Promise<void>;
  /** moves the clock so many days on, without stopping on the way, then fires and sends what is due */
  passDays: (days: number) => Promise<void>;
  /** moves the clock and fires nothing */
  jumpDays: (days: number) => void;
  waiting: () => Promise<readonly Timer["kind"][]>;
}>;

function person(id: string, role: Role): Actor {
  return { id, roles: [role], scope: { kind: "all" } };
}

/** The cut has been decided and waits for its reviewer. */
export async function offerWorld(store: Store, asking: Asking = {}): Promise<OfferWorld> {
  const { consent = byTerms, offer = usualOffer, handOver = { result: "delivered" } } = asking;
  let now = begins;
  const law = consentPack(consent);
  const document = offer === null ? strategyDocument() : { ...strategyDocument(), offer };
  const strategy = compiled(document);
  const book = new Set<Id>();
  const world: World = {
    ...{ store, ids, hmac: ids.sha256, declared: standardFacts, people: async () => null },
    clock: {
      now: async () => now,
      dateOf: (at) => at.slice(0, 10) as BusinessDate,
      startOf: (date) => `${date}T00:00:00.000Z` as Instant,
      timeIn: (zone) => businessTime(zone),
    },
    wordings: createWordings(store.noticeTexts, sampleContact, shippedTexts),
    channels: { deliver: async () => handOver, remind: async () => handOver },
    core: {
      find: async () => null,
      accounts: async () => [],
      apply: async ({ operationId, toMinor }) => {
        book.add(operationId);
        return { result: "applied", limitMinor: toMinor, drawnMinor: 200_000, pendingMinor: 0 };
      },
    },
    packs: () => law,
    jurisdictions: ["cn"],
    holidays: () => ({
      ...{ id: "cn", version: 1, publishedYears: [2026], holidays: [], workdays: [] },
    }),
    loadStrategy: async (hash) => ({ ...strategy, ref: { id: "s", version: 1, hash } }),
  };
  const planted = await plant(world, "C-offer", "cards");
  const { customerId, decisionId, reviewId } = planted;
  const decision = async (): Promise<Decision> => (await store.reads.decision(decisionId))!;
  const run = { owner: "test", stop: () => false, pause: async () => {}, onStep: () => {} };
  const send: OfferWorld["send"] = async (kind, subject, actor, body = {}, expectedVer) => {
    const id = ids.fresh();
    const version = expectedVer === undefined ? {} : { expectedVer };
    const command = { id, kind, subject, actor, cause: id, body, ...version };
    const [result] = await transact(world, bucketOfId(subject), [command]);
    return "refusal" in result! ? result.refusal.refused : result!.events.map((one) => one.kind);
  };
  const reviewer = person("rita", "reviewer");
  const jumpDays = (days: number): void => {
    now = new Date(Date.parse(now) + days * 86_400_000).toISOString() as Instant;
  };
  return {
    ...{ world, planted, reviewer, decision, send, jumpDays },
    borrower: { id: "bo", roles: ["borrower"], scope: { kind: "own", customerId } },
    clerk: person("cleo", "operator"),
    offer: async () => {
      const { rows } = await store.reads.offers({ after: null, limit: 2 }, { decisionId });
      if (rows.length !== 1) throw new Error(`Found ${rows.length} offers, expected one`);
      return rows[0]!;
    },
    approve: async () => {
      await send("Approve", reviewId, reviewer);
      await drain(world, run);
    },
    passDays: async (days) => {
      jumpDays(days);
      await fireDue(world);
      await drain(world, run);
    },
    waiting: async () => {
      const far = "2099-01-01T00:00:00.000Z" as Instant;
      const kinds: Timer["kind"][] = [];
      const found = await store.transaction(bucketOfId(decisionId), true, (transaction) =>
        transaction.load({
          ...{
            lines: [],
            reviews: [],
            notices: [],
            offers: [],
            alerts: [],
            reminders: [],
            remindersOf: [],
            customers: [],
            signals: [],
          },
          ...{
            decisions: [decisionId],
            factsOf: [],
            decreasedOf: [],
            panes: [],
            today: far.slice(0, 10) as BusinessDate,
          },
        }),
      );
      for (const timer of found.timers.values()) {
        if (timer.state === "waiting") kinds.push(timer.kind);
      }
      return kinds.toSorted();
    },
  };
}
