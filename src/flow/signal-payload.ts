// The payload of a signal against the catalogue: every field declared, of its type and within its bounds, and nothing
// else. What was found is told by its kind, never by its words: a refusal must not repeat what a person wrote.

import { parseAskedDate } from "../domain/calendar.ts";
import type { FactValue, FactValues } from "../domain/facts.ts";
import { isCurrency, type Currency } from "../domain/money.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import { codePattern, type PayloadField, type SignalSpec } from "../domain/signal-catalogue.ts";
import type { SignalData } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";

/**
 * The first field that breaks the catalogue, in the order of the catalogue, or null. `told` opens the message, `at` is
 * the JSON pointer of the payload; without a currency any known one will do.
 */
export function payloadRefusal(
  spec: SignalSpec,
  data: SignalData,
  { told, at, currency }: Readonly<{ told: Text; at: string; currency: Currency | null }>,
): Refusal | null {
  for (const [name, field] of Object.entries(spec.fields)) {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined && field.required !== true) continue;
    const pointer = `${at}/${name}`;
    const foreign = field.type === "money" ? foreignCurrency(value, currency) : null;
    if (foreign !== null) {
      return refuse("currency-mismatch", message(told, name, foreign, currency!), pointer);
    }
    if (!fits(field, value)) {
      return refuse("invalid", wrong(told, name, value, expectedOf(field)), pointer);
    }
  }
  const unknown = Object.keys(data).find((name) => !Object.hasOwn(spec.fields, name));
  if (unknown === undefined) return null;
  const known = Object.keys(spec.fields).join(", ");
  return refuse(
    "invalid",
    {
      en: `${told.en}: found a field that the type does not have, expected only ${known}`,
      zh: `${told.zh}：含该类型没有的字段，仅可为 ${known}`,
    },
    at === "" ? "/" : at,
  );
}

/** True for a type whose signals may tell facts of a line. */
export function tellsFacts({ tells, fields }: SignalSpec): boolean {
  return (
    tells !== undefined ||
    Object.values(fields).some(({ fact, type }) => fact !== undefined || type === "facts")
  );
}

/** The facts that a payload tells: those its fields name, and those that go with the type. */
export function factsTold(spec: SignalSpec, data: SignalData): FactValues {
  const told: Record<string, FactValue> = { ...spec.tells };
  for (const [name, { fact, type }] of Object.entries(spec.fields)) {
    if (fact === undefined || data[name] === undefined) continue;
    const value = data[name];
    told[fact] =
      type === "money" ? (value as Readonly<{ amount: number }>).amount : (value as FactValue);
  }
  return told;
}

function fits(field: PayloadField, value: unknown): boolean {
  switch (field.type) {
    case "integer":
      return isWithin(field, value);
    case "money":
      return isMoney(value) && isWithin(field, value.amount);
    case "date":
      return parseAskedDate(value) !== null;
    case "boolean":
      return typeof value === "boolean";
    case "code":
      return typeof value === "string" && codePattern.test(value);
    case "enum":
      return typeof value === "string" && field.values!.includes(value);
    case "facts":
      return isObject(value) && Object.values(value).every(isFactValue);
  }
}

function isWithin({ minimum, maximum }: PayloadField, value: unknown): boolean {
  return (
    Number.isSafeInteger(value) && (value as number) >= minimum! && (value as number) <= maximum!
  );
}

type WireMoney = Readonly<{ amount: number; currency: Currency }>;

function isMoney(value: unknown): value is WireMoney {
  return isObject(value) && Object.keys(value).length === 2 && isCurrency(value["currency"]);
}

function foreignCurrency(value: unknown, currency: Currency | null): Currency | null {
  return currency !== null && isMoney(value) && value.currency !== currency ? value.currency : null;
}

function isFactValue(value: unknown): boolean {
  return (
    value === null ||
    typeof value === "boolean" ||
    Number.isSafeInteger(value) ||
    (typeof value === "string" && value.length <= 200 && !/\p{C}/u.test(value))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function message(told: Text, name: string, found: string, expected: string): Text {
  return {
    en: `${told.en}: ${name}: found ${found}, expected ${expected}`,
    zh: `${told.zh}：${name}：为 ${found}，应为 ${expected}`,
  };
}

function wrong(told: Text, name: string, value: unknown, expected: Text): Text {
  const found = kindOf(value);
  return {
    en: message(told, name, found.en, expected.en).en,
    zh: message(told, name, found.zh, expected.zh).zh,
  };
}

/** What was found, without its words. */
export function kindOf(value: unknown): Text {
  if (value === undefined) return { en: "nothing", zh: "空" };
  if (Array.isArray(value)) {
    return { en: `a list of ${value.length}`, zh: `${value.length} 项的列表` };
  }
  if (isObject(value)) {
    const { amount } = value;
    return typeof amount === "number"
      ? { en: `an amount of ${amount}`, zh: `金额 ${amount}` }
      : { en: "an object", zh: "对象" };
  }
  if (typeof value === "string") {
    return { en: `text of ${value.length} characters`, zh: `${value.length} 个字符的文本` };
  }
  const text = JSON.stringify(value);
  return { en: text, zh: text };
}

function expectedOf(field: PayloadField): Text {
  const { minimum, maximum, unit } = field;
  switch (field.type) {
    case "integer":
      return {
        en: `a whole number from ${minimum} to ${maximum} (${unit})`,
        zh: `${minimum} 至 ${maximum} 的整数（${unit}）`,
      };
    case "money":
      return {
        en: `{amount, currency} with whole minor units from ${minimum}`,
        zh: `{amount, currency}，金额为不小于 ${minimum} 的最小货币单位整数`,
      };
    case "date":
      return { en: "an existing day as YYYY-MM-DD", zh: "存在的日期，格式为 YYYY-MM-DD" };
    case "boolean":
      return { en: "true or false", zh: "true 或 false" };
    case "code":
      return {
        en: "1 to 64 letters, digits and - . _ : /",
        zh: "1 至 64 个字母、数字及 - . _ : /",
      };
    case "enum":
      return { en: `one of ${field.values!.join(", ")}`, zh: `${field.values!.join("、")} 之一` };
    case "facts":
      return { en: "values of facts by name", zh: "按事实名称列出的取值" };
  }
}
