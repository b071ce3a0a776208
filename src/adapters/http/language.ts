// Chinese and English are equal: which one an answer speaks is the client's choice alone, by RFC 9110
// §12.5.4, and only without a choice the account's or the installation's.

import { languages, type Language } from "../../domain/text.ts";

/** The language that the header prefers, or null when it names neither. Later entries of equal weight lose. */
export function preferredLanguage(acceptLanguage: string | undefined): Language | null {
  let best: Readonly<{ language: Language; weight: number }> | null = null;
  for (const entry of (acceptLanguage ?? "").slice(0, 500).split(",")) {
    const [range = "", ...parameters] = entry.trim().toLowerCase().split(";");
    const language = languages.find((one) => range === one || range.startsWith(`${one}-`));
    const weight = weightOf(parameters);
    if (language === undefined || weight === 0) continue;
    if (best === null || weight > best.weight) best = { language, weight };
  }
  return best?.language ?? null;
}

function weightOf(parameters: readonly string[]): number {
  const quality = parameters.map((one) => one.trim()).find((one) => one.startsWith("q="));
  if (quality === undefined) return 1;
  const weight = Number(quality.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
