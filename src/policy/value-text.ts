// How values look where a person reads them, in both languages: enum labels, money with its currency, rates
// in percent, and in place of an unknown value what it means to the lender.

import { dateOfDay } from "../domain/calendar.ts";
import { type Currency, decimalText, moneyText } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import type { FactIr } from "./ir.ts";
import type { OperandType } from "./operand.ts";

const unknown: Text = { zh: "未知", en: "unknown" };

function same(text: string): Text {
  return { zh: text, en: text };
}

/** A value of a run for people. */
export function readableValue(value: number, type: OperandType, currency: Currency): Text {
  if (Number.isNaN(value)) return unknown;
  switch (type.kind) {
    case "money":
      return same(moneyText({ amountMinor: value, currency }));
    case "number":
      return same(decimalText(value, type.scale));
    case "boolean":
      return value === 1 ? { zh: "是", en: "yes" } : { zh: "否", en: "no" };
    case "date":
      return same(dateOfDay(value));
    case "enum":
      return type.labels[value] ?? same(type.values[value] ?? String(value));
  }
}

/** A fact's value for people; an unknown one with what it means. */
export function readableFact(fact: FactIr, value: number, currency: Currency): Text {
  if (!Number.isNaN(value)) return readableValue(value, fact.type, currency);
  const means = fact.declaration.missingMeans;
  if (means === undefined) return unknown;
  return { zh: `${unknown.zh}（${means.zh}）`, en: `${unknown.en} (${means.en})` };
}

/** Basis points as a percentage: 3000 → "30.00 %". */
export function percentText(bp: number): string {
  return `${decimalText(bp, 2)} %`;
}
