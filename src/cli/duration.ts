// Spans of time as people type them: 30s, 90m, 12h, 30d, 2w.

import { refuse, type Refusal } from "../domain/refusal.ts";

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a span. Refused: invalid. */
export function parseDuration(text: string, option: string): number | Refusal {
  const match = /^(\d{1,5})([smhdw])$/.exec(text.trim());
  const unit = match === null ? undefined : unitMs[match[2]!];
  if (match !== null && unit !== undefined) return Number(match[1]) * unit;
  return refuse("invalid", {
    en: `${option}: found ${JSON.stringify(text)}, expected a span such as 30s, 90m, 12h, 30d or 2w`,
    zh: `${option}：为 ${JSON.stringify(text)}，应为时长，如 30s、90m、12h、30d、2w`,
  });
}
