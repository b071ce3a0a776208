// A notice on the wire, in both languages: it is evidence of what the customer was told.

import { z } from "zod";
import { noticeChannels, noticeStates, type Notice } from "../../../domain/notice.ts";
import { reasonCodes } from "../../../domain/reason-code.ts";
import type { Language } from "../../../domain/text.ts";
import { reasonWire } from "./decision.ts";
import { dateWire, idWire, instantWire, textWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";

export const deliveryWire = z
  .object({
    id: idWire,
    channel: z.enum(noticeChannels),
    state: z.enum(["waiting", "sent", "delivered", "bounced"]),
    notBefore: instantWire.describe(
      bilingual("Quiet hours are over then", "静默时段结束的时间，此前不发送"),
    ),
    sentAt: instantWire.nullable(),
    settledAt: instantWire.nullable(),
    because: z.string().nullable(),
    reference: z
      .string()
      .nullable()
      .describe(bilingual("The provider's own name for it", "服务商的消息编号")),
    contentHash: z
      .string()
      .nullable()
      .describe(bilingual("SHA-256 of what was handed over", "所交付内容的 SHA-256")),
  })
  .meta({ id: "NoticeDelivery" });

export const noticeWire = z
  .object({
    id: idWire,
    decisionId: idWire,
    lineId: idWire,
    customerId: idWire,
    state: z.enum(noticeStates),
    channel: z.enum(noticeChannels),
    template: z.string(),
    textsVersion: z
      .int()
      .describe(
        bilingual("Version of the approved texts, 0: as shipped", "文本版本，0 为随附文本"),
      ),
    reasons: z.array(reasonWire),
    subject: textWire,
    short: textWire.describe(bilingual("As SMS and push say it", "短信与推送所用文本")),
    body: textWire,
    pack: z.object({ id: z.string(), version: z.int() }),
    issuedAt: instantWire,
    issuedOn: dateWire,
    deliveredAt: instantWire.nullable(),
    effectiveOn: dateWire.describe(
      bilingual(
        "First business date on which the change may take effect",
        "变更最早可生效的营业日",
      ),
    ),
    deliveries: z
      .array(deliveryWire)
      .describe(bilingual("Every attempt, oldest first", "历次发送，由早到晚")),
    ver: z.int(),
  })
  .meta({ id: "Notice" });

export function wireNotice(notice: Notice, language: Language): z.output<typeof noticeWire> {
  const { bucket: _, reasons, subject, short, body, pack, deliveries, ...rest } = notice;
  return {
    ...rest,
    reasons: reasons.map((code) => ({ code, text: reasonCodes[code][language] })),
    subject: { ...subject },
    short: { ...short },
    body: { ...body },
    pack: { ...pack },
    deliveries: deliveries.map((delivery) => ({ ...delivery })),
  };
}
