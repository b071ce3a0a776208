// A notice on its way out, for tests of what carries it.

import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import type { Notice } from "../../src/domain/notice.ts";

/** A notice with its first attempt waiting; `channel` is that of both. */
export function noticeOf(change: Partial<Notice> = {}): Notice {
  const channel = change.channel ?? "in-app";
  return {
    bucket: 1,
    id: "00400000-0000-8000-8000-00000000000a",
    decisionId: "00400000-0000-8000-8000-00000000000d",
    lineId: "00400000-0000-8000-8000-00000000000e",
    customerId: "00400000-0000-8000-8000-00000000000c",
    state: "issued",
    channel,
    template: "limit-change",
    textsVersion: 0,
    reasons: ["R01"],
    subject: { zh: "机密主题", en: "secret subject" },
    short: { zh: "机密短文", en: "secret short text" },
    body: { zh: "机密正文\n\n原因\n1. 一", en: "secret body\n\nWhy\n1. one" },
    pack: { id: "cn", version: 1 },
    issuedAt: "2026-03-02T00:00:00.000Z" as Instant,
    issuedOn: "2026-03-02" as BusinessDate,
    deliveredAt: null,
    effectiveOn: "2026-03-16" as BusinessDate,
    deliveries: [
      {
        ...{ id: "00400000-0000-8000-8000-00000000000f", channel, state: "waiting" },
        notBefore: "2026-03-02T00:00:00.000Z" as Instant,
        ...{ sentAt: null, settledAt: null, because: null, reference: null, contentHash: null },
      },
    ],
    ver: 1,
    ...change,
  };
}
