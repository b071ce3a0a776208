// Amounts on the command line: read in major units, exactly, and written the same on every machine.

import { isCurrency, minorUnits, moneyText, type Currency, type Money } from "../domain/money.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";

/**
 * Reads "1,200.00" or "1200 CNY". Refused (invalid): no such amount in the currency, another unknown
 * currency. `currency` counts where the text names none.
 */
export function parseAmount(text: string, currency: Currency, option: string): Money | Refusal {
  const match = /^\s*([+-]?\d[\d,]*(?:\.\d+)?)\s*([A-Za-z]{3})?\s*$/.exec(text);
  const code = match?.[2]?.toUpperCase() ?? currency;
  const amountMinor =
    match !== null && isCurrency(code) ? minorUnits(match[1]!.replaceAll(",", ""), code) : null;
  if (amountMinor !== null && isCurrency(code)) return { amountMinor, currency: code };
  return refuse("invalid", {
    en: `${option}: found ${JSON.stringify(text)}, expected an amount such as 1200.00 or "1200.00 ${currency}"`,
    zh: `${option}：为 ${JSON.stringify(text)}，应为金额，如 1200.00 或 “1200.00 ${currency}”`,
  });
}

/** "1,200.00 CNY", or "–" for none. */
export function amountText(amountMinor: number | null, currency: Currency): string {
  return amountMinor === null ? "–" : moneyText({ amountMinor, currency });
}
