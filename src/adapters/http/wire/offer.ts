// An offer on the wire: what was proposed, what each answer leads to, how long it stands, and the proof of what was agreed.

import { z } from "zod";
import type { Scope } from "../../../domain/actor.ts";
import { consentChannels, offerEnds, offerStates, type Offer } from "../../../domain/offer.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { dateWire, idWire, instantWire } from "./text.ts";

const hashWire = z.string().meta({ pattern: "^[0-9a-f]{64}$" });

const consentWire = z
  .object({
    limit: moneyWire.describe(bilingual("The limit that was agreed to", "所同意的额度")),
    at: instantWire,
    by: z
      .string()
      .nullable()
      .describe(
        bilingual("The account that gave or recorded it", "作出或代为记录的账号，不向借款人展示"),
      ),
    channel: z.enum(consentChannels),
    how: z.string().nullable(),
    termsHash: hashWire.describe(
      bilingual(
        "SHA-256 of the canonical JSON of the terms with this limit",
        "含所同意额度的条款之规范 JSON 的 SHA-256",
      ),
    ),
    noticeId: idWire,
    textHash: hashWire.describe(
      bilingual("SHA-256 of the text in both languages", "双语原文的 SHA-256"),
    ),
    textsVersion: z.int(),
  })
  .meta({ id: "Consent" });

export const offerWire = z
  .object({
    id: idWire,
    decisionId: idWire,
    lineId: idWire,
    customerId: idWire,
    lineReference: z.string(),
    state: z.enum(offerStates),
    noticeId: idWire.describe(bilingual("The offer in words", "要约原文所在的通知")),
    from: moneyWire,
    to: moneyWire,
    answerBy: dateWire.describe(bilingual("Last day to answer", "答复截止日")),
    ifDeclined: z.enum(offerEnds),
    ifSilent: z.enum(offerEnds),
    counter: z
      .object({ lowest: moneyWire, highest: moneyWire, acceptedTo: moneyWire })
      .nullable()
      .describe(
        bilingual(
          "Limits that the customer may propose; null: yes or no only",
          "客户可提议的额度范围；null 表示只能同意或拒绝",
        ),
      ),
    termsHash: hashWire,
    madeAt: instantWire,
    expiresAt: instantWire,
    settledAt: instantWire.nullable(),
    consent: consentWire.nullable(),
    ver: z.int(),
  })
  .meta({ id: "Offer" });

/** An offer as `scope` may see it: borrowers are not told who on the lender's side wrote their answer down. */
export function wireOffer(offer: Offer, scope: Scope): z.output<typeof offerWire> {
  const { bucket: _, terms, consent, ...rest } = offer;
  const { lineReference, answerBy, ifDeclined, ifSilent, currency, counter } = terms;
  return {
    ...rest,
    ...{ lineReference, answerBy, ifDeclined, ifSilent },
    from: wireMoney(terms.fromMinor, currency),
    to: wireMoney(terms.toMinor, currency),
    counter:
      counter === null
        ? null
        : {
            lowest: wireMoney(counter.lowestMinor, currency),
            highest: wireMoney(counter.highestMinor, currency),
            acceptedTo: wireMoney(counter.acceptedToMinor, currency),
          },
    consent: consent === null ? null : { ...toldConsent(consent, scope, currency) },
  };
}

function toldConsent(
  { limitMinor, by, ...rest }: NonNullable<Offer["consent"]>,
  { kind }: Scope,
  currency: Offer["terms"]["currency"],
): z.output<typeof consentWire> {
  return { ...rest, by: kind === "own" ? null : by, limit: wireMoney(limitMinor, currency) };
}
