// Reminders on the wire: what a borrower was told of what is due, every attempt, and why one was not sent.

import { z } from "zod";
import { type Reminder, reminderEnds, reminderStates } from "../../../domain/reminder.ts";
import type { ReminderPreview } from "../../../flow/notice-ports.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { deliveryWire } from "./notice.ts";
import { dateWire, idWire, instantWire, textWire } from "./text.ts";

const wordsWire = z
  .object({ subject: textWire, short: textWire, body: textWire, version: z.int() })
  .meta({ id: "ReminderWords" });

export const reminderWire = z
  .object({
    id: idWire,
    lineId: idWire,
    customerId: idWire,
    statementOn: dateWire,
    dueOn: dateWire,
    daysBefore: z.int(),
    minimumDue: moneyWire,
    state: z.enum(reminderStates),
    because: z
      .enum(reminderEnds)
      .nullable()
      .describe(bilingual("Why it was not sent", "未发送的原因")),
    plannedAt: instantWire,
    sentAt: instantWire.nullable(),
    words: wordsWire
      .nullable()
      .describe(bilingual("Null until it is written", "尚未成文时为 null")),
    deliveries: z.array(deliveryWire),
    ver: z.int(),
  })
  .meta({ id: "Reminder" });

export function wireReminder(reminder: Reminder): z.output<typeof reminderWire> {
  const { bucket: _, words, deliveries, minimumDueMinor, currency, ...rest } = reminder;
  return {
    ...rest,
    minimumDue: wireMoney(minimumDueMinor, currency),
    words: wireWords(words),
    deliveries: deliveries.map((one) => ({ ...one })),
  };
}

export const reminderPreviewWire = z
  .object({
    id: idWire,
    stop: z
      .enum(reminderEnds)
      .nullable()
      .describe(bilingual("Why it would not be sent now", "现在不会发送的原因")),
    leavesAt: instantWire
      .nullable()
      .describe(bilingual("First instant at which it may leave", "最早可发出的时间")),
    words: wordsWire,
  })
  .meta({ id: "ReminderPreview" });

export function wirePreview({
  id,
  stop,
  leavesAt,
  words,
}: ReminderPreview): z.output<typeof reminderPreviewWire> {
  return { id, stop, leavesAt, words: wireWords(words)! };
}

function wireWords(words: Reminder["words"]): z.output<typeof wordsWire> | null {
  if (words === null) return null;
  const { subject, short, body, version } = words;
  return { subject: { ...subject }, short: { ...short }, body: { ...body }, version };
}
