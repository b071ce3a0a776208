// Numbers in reports are written the same on every machine: no locale data, only the digits of the value, grouped by
// commas as both languages do in finance.

import { currencyExponents, decimalText, type Currency } from "../../domain/money.ts";

/** "1,234". */
export function countText(count: number): string {
  return grouped(String(count));
}

/** "+1,234", "0", "-5". */
export function changeText(change: number): string {
  return change > 0 ? `+${countText(change)}` : countText(change);
}

/** "1,234.00", without its currency, which the table names. */
export function amountText(amountMinor: number, currency: Currency): string {
  return grouped(decimalText(amountMinor, currencyExponents[currency]));
}

export function amountChangeText(changeMinor: number, currency: Currency): string {
  return changeMinor > 0
    ? `+${amountText(changeMinor, currency)}`
    : amountText(changeMinor, currency);
}

/** Ten-thousandths as "12.34%". */
export function shareText(shareE4: number | null): string {
  return shareE4 === null ? "–" : `${decimalText(shareE4, 2)}%`;
}

/** Part of a whole in ten-thousandths, half up; null where the whole is 0. */
export function shareE4(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 20_000 + whole) / (2 * whole));
}

/** Ten-thousandths as "0.1234". */
export function indexText(indexE4: number | null): string {
  return indexE4 === null ? "–" : decimalText(indexE4, 4);
}

/** A whole number at a scale: (6125, 1) → "612.5". */
export function scaledText(value: number | null, scale: number): string {
  return value === null ? "–" : grouped(decimalText(value, scale));
}

function grouped(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const digits = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}
