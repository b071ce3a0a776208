// Dates as people type them on the command line.

import { parseAskedDate, type BusinessDate } from "../domain/calendar.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";

/** The date of an option. Refused: invalid. */
export function dateOption(given: unknown, option: string): BusinessDate | Refusal {
  return (
    parseAskedDate(given) ??
    refuse("invalid", {
      en: `${option}: found ${JSON.stringify(given ?? "")}, expected a date such as 2026-03-31`,
      zh: `${option}：为 ${JSON.stringify(given ?? "")}，应为日期，如 2026-03-31`,
    })
  );
}
