// Dates and amounts in notices are written the same on every machine: no locale data, no time zone, only the
// digits of the value. The forms are those that people in each language expect to read.

import { decimalText, currencyExponents, type Currency } from "../../domain/money.ts";
import type { BusinessDate } from "../../domain/calendar.ts";
import type { Span } from "../../compliance/pack.ts";
import type { Language, Text } from "../../domain/text.ts";

const signs: Readonly<Record<Currency, string>> = {
  AUD: "A$",
  BRL: "R$",
  CNY: "¥",
  EUR: "€",
  GBP: "£",
  HKD: "HK$",
  INR: "₹",
  JPY: "JP¥",
  KRW: "₩",
  SGD: "S$",
  TWD: "NT$",
  USD: "US$",
  ZAR: "R",
};

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** "¥35,000", "NT$50,000", "¥35,000.50": decimals only where there are some. */
export function amountForm(amountMinor: number, currency: Currency): string {
  const text = decimalText(Math.abs(amountMinor), currencyExponents[currency]);
  const [whole = "", fraction = ""] = text.split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  const decimals = /[1-9]/.test(fraction) ? `.${fraction}` : "";
  return `${amountMinor < 0 ? "-" : ""}${signs[currency]}${grouped}${decimals}`;
}

/** "INR 35,000" for "₹35,000": one sign that the alphabet of SMS lacks would leave room for less than half of the text. */
export function withoutRareSigns(text: string): string {
  return text.replaceAll(signs.INR, "INR ").replaceAll(signs.KRW, "KRW ");
}

/** "2026年3月2日", "2 March 2026". */
export function dateForm(date: BusinessDate, language: Language): string {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  if (language === "zh") return `${year}年${month}月${day}日`;
  return `${day} ${months[month - 1] ?? ""} ${year}`;
}

const units: Readonly<Record<Span["unit"], Text>> = {
  day: { zh: "天", en: "day" },
  "business-day": { zh: "个工作日", en: "business day" },
  week: { zh: "周", en: "week" },
  month: { zh: "个月", en: "month" },
  year: { zh: "年", en: "year" },
};

/** "30 天", "30 days". */
export function spanForm({ length, unit }: Span, language: Language): string {
  const name = units[unit][language];
  return `${length} ${name}${language === "en" && length !== 1 ? "s" : ""}`;
}
