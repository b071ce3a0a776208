// A word of the customer: a borrower gives it alone, and whoever gives it for one says how it reached the lender. Offers
// and appeals ask for it in the same way, so that every such word has the same proof.

import { consentChannels, type CustomerWord } from "../domain/offer.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { Command, Field } from "./step.ts";

/** Roles that may give a word of the customer: the borrower, and staff who say how it came in. */
export const customerWordRoles = ["borrower", "operator", "compliance"] as const;

/** The fields of every command that gives a word of the customer. */
export const customerWordFields = {
  channel: {
    type: "enum",
    required: false,
    values: consentChannels.filter((channel) => channel !== "app"),
    label: {
      en: "staff only: how the customer's word came in",
      zh: "仅限员工：客户表示的渠道",
    },
  },
  how: {
    type: "text",
    required: false,
    maxLength: 2000,
    label: {
      en: "staff only: how it was given and the customer recognised",
      zh: "仅限员工：表示方式及身份核实情况",
    },
  },
} as const satisfies Readonly<Record<string, Field>>;

/** How the word of a command came in. Refused: a borrower who names a channel, staff who do not say how; `what` is named. */
export function customerWord({ actor, body }: Command, what: Text): CustomerWord | Refusal {
  const channel = body["channel"] as CustomerWord["channel"] | undefined;
  const how = body["how"] as string | undefined;
  if (actor.roles.includes("borrower")) {
    if (channel === undefined && how === undefined) return { channel: "app", how: null };
    return refuse(
      "invalid",
      {
        en: `${what.en}: found channel or how, expected neither: a borrower's own word speaks for itself`,
        zh: `${what.zh}：填写了 channel 或 how，借款人本人办理时无须填写`,
      },
      channel === undefined ? "/how" : "/channel",
    );
  }
  if (channel !== undefined && how !== undefined) return { channel, how };
  const missing = channel === undefined ? "channel" : "how";
  return refuse(
    "invalid",
    {
      en: `${what.en}: found no ${missing}, expected how it reached us from the customer: channel and how`,
      zh: `${what.zh}：未填写 ${missing}，代客户办理须写明渠道（channel）与方式（how）`,
    },
    `/${missing}`,
  );
}
