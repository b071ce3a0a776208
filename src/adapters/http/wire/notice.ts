// A notice on the wire, in both languages: it is evidence of what the customer was told.

import { z } from "zod";
import type { Notice } from "../../../domain/notice.ts";
import { reasonCodes } from "../../../domain/reason-code.ts";
import type { Language } from "../../../domain/text.ts";
import { reasonWire } from "./decision.ts";
import { dateWire, idWire, instantWire, textWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";

export const noticeWire = z
  .object({
    id: idWire,
    decisionId: idWire,
    lineId: idWire,
    customerId: idWire,
    state: z.enum(["issued", "delivered", "bounced"]),
    channel: z.string(),
    template: z.string(),
    reasons: z.array(reasonWire),
    subject: textWire,
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
    attempts: z.int(),
    ver: z.int(),
  })
  .meta({ id: "Notice" });

export function wireNotice(notice: Notice, language: Language): z.output<typeof noticeWire> {
  const { bucket: _, reasons, subject, body, pack, ...rest } = notice;
  return {
    ...rest,
    reasons: reasons.map((code) => ({ code, text: reasonCodes[code][language] })),
    subject: { ...subject },
    body: { ...body },
    pack: { ...pack },
  };
}
