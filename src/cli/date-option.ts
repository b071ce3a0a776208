// Dates as people type them on the command line.

import type { Command } from "commander";
import {
  parseAskedDate,
  parseInstant,
  type BusinessDate,
  type Instant,
} from "../domain/calendar.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Program } from "./program.ts";

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

/** Adds --as-of and --known-at. */
export function addWhen(program: Program, command: Command): void {
  command
    .option(
      "--as-of <date>",
      program.text({ en: "on this day, else today", zh: "截至该日，缺省为今天" }),
    )
    .option(
      "--known-at <instant>",
      program.text({ en: "as known then, else now", zh: "截至该时刻所知，缺省为现在" }),
    );
}

/** The day and the moment of knowledge that were asked for; null: now. Refused: invalid. */
export function whenOf(
  options: Readonly<Record<string, unknown>>,
): Readonly<{ asOf: BusinessDate | null; knownAt: Instant | null }> | Refusal {
  const { asOf: date, knownAt: instant } = options;
  const asOf = date === undefined ? null : parseAskedDate(date);
  const knownAt = instant === undefined ? null : parseInstant(instant);
  if (date !== undefined && asOf === null) return notA("--as-of", date, "2026-03-31");
  if (instant !== undefined && knownAt === null) {
    return notA("--known-at", instant, "2026-03-31T08:00:00.000Z");
  }
  return { asOf, knownAt };
}

function notA(option: string, found: unknown, example: string): Refusal {
  return refuse("invalid", {
    en: `${option}: found ${JSON.stringify(found)}, expected the form of ${example}`,
    zh: `${option}：为 ${JSON.stringify(found)}，格式应如 ${example}`,
  });
}
