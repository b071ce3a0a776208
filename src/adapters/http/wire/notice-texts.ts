// The words of notices on the wire: who wrote and approved them, and the words themselves with the same keys as their
// files, so that what was read can be changed and sent back.

import { z } from "zod";
import type { NoticeTextsVersion, Wordings } from "../../../flow/notice-ports.ts";
import { bilingual } from "../bilingual.ts";
import { instantWire } from "./text.ts";

const messages = z.record(z.string().max(100), z.string().max(4_000));

/** Messages by key, in ICU form. */
export const textsDocument = z
  .strictObject({ zh: messages, en: messages })
  .meta({ id: "NoticeTextsDocument" });

export const noticeTextsSummaryWire = z
  .object({
    version: z.int().describe(bilingual("0: the texts that ship", "0 为随附文本")),
    hash: z.string(),
    state: z.enum(["shipped", "draft", "approved"]),
    inForce: z.boolean(),
    author: z.string().nullable(),
    addedAt: instantWire.nullable(),
    approvedBy: z.string().nullable(),
    approvedAt: instantWire.nullable(),
  })
  .meta({ id: "NoticeTextsSummary" });

export const noticeTextsWire = noticeTextsSummaryWire
  .extend({ texts: textsDocument })
  .meta({ id: "NoticeTexts" });

type Summary = z.output<typeof noticeTextsSummaryWire>;

export function wireNoticeTextsSummary(
  { texts: _texts, ...rest }: NoticeTextsVersion,
  inForce: number,
): Summary {
  return { ...rest, inForce: rest.version === inForce };
}

/** The texts that ship, as version 0. */
export function wireShippedTexts(hash: string, inForce: number): Summary {
  const nobody = { author: null, addedAt: null, approvedBy: null, approvedAt: null };
  return { version: 0, hash, state: "shipped", inForce: inForce === 0, ...nobody };
}

export function wireTextsDocument(
  texts: Wordings["shipped"] | string,
): z.output<typeof textsDocument> {
  return typeof texts === "string"
    ? (JSON.parse(texts) as z.output<typeof textsDocument>)
    : { zh: { ...texts.zh }, en: { ...texts.en } };
}
