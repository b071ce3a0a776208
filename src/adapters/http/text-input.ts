// The small inputs that many routes share: ids, text, dates and money as they are written on the wire.

import { z } from "zod";
import {
  parseAskedDate,
  parseInstant,
  type BusinessDate,
  type Instant,
} from "../../domain/calendar.ts";
import type { Text } from "../../domain/text.ts";

/** A lower-case UUID. */
export const idInput = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const noControls: Text = {
  en: "text without control characters",
  zh: "不含控制字符的文本",
};

// Line breaks and tabs are text; the rest of C0, DEL and C1 only serve to deceive a terminal.
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Text with at least one visible character, at most `maxLength` characters, without control characters. */
export function textInput(maxLength: number): z.ZodType<string, string> {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !controls.test(text) && text.trim() !== "", {
      params: { expected: noControls },
    });
}

/** An existing day, `YYYY-MM-DD`. */
export const dateInput = z
  .string()
  .meta({ format: "date" })
  .refine((text) => parseAskedDate(text) !== null, {
    params: {
      expected: {
        en: "an existing day as YYYY-MM-DD, years 1800 to 2999",
        zh: "存在的日期，格式为 YYYY-MM-DD，年份 1800 至 2999",
      },
    },
  })
  .transform((text) => text as BusinessDate);

/** An instant in UTC, `YYYY-MM-DDThh:mm:ss.sssZ`. */
export const instantInput = z
  .string()
  .meta({ format: "date-time" })
  .refine((text) => parseInstant(text) !== null, {
    params: {
      expected: {
        en: "an instant as 2026-03-31T08:00:00.000Z",
        zh: "时间，格式如 2026-03-31T08:00:00.000Z",
      },
    },
  })
  .transform((text) => text as Instant);
