// The fields of a command's body as options of the command line, read the same strict way the API reads them:
// what was found and what was expected, and nothing repaired.

import { readFileSync } from "node:fs";
import { Option, type Command as CommandLine } from "commander";
import { parseAskedDate } from "../domain/calendar.ts";
import type { Currency } from "../domain/money.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { Field } from "../flow/step.ts";
import { parseAmount } from "./amount.ts";
import type { Program } from "./program.ts";

type Fields = Readonly<Record<string, Field>>;

/** Adds one option per field: `expiresOn` becomes `--expires-on <date>`. */
export function addFieldOptions(program: Program, command: CommandLine, fields: Fields): void {
  for (const [name, field] of Object.entries(fields)) {
    const option = new Option(flagOf(name, field), program.text(field.label));
    if (field.type === "enum") option.choices(field.values ?? []);
    if (field.required) option.makeOptionMandatory();
    command.addOption(option);
  }
}

const placeholders: Readonly<Record<Exclude<Field["type"], "boolean">, string>> = {
  text: "text",
  account: "login",
  integer: "number",
  money: "amount",
  date: "date",
  enum: "value",
  json: "json",
};

function flagOf(name: string, field: Field): string {
  const flag = `--${kebab(name)}`;
  return field.type === "boolean" ? flag : `${flag} <${placeholders[field.type]}>`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The body that the options state. `currency` is that of the line, for amounts that name none. */
export function bodyOf(
  fields: Fields,
  options: Readonly<Record<string, unknown>>,
  currency: Currency,
): Readonly<Record<string, unknown>> | Refusal {
  const body: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const given = options[name];
    if (given === undefined) continue;
    const value =
      field.type === "boolean" ? given === true : valueOf(name, field, given as string, currency);
    if (isRefusal(value)) return value;
    body[name] = value;
  }
  return body;
}

function valueOf(name: string, field: Field, text: string, currency: Currency): unknown {
  const option = `--${kebab(name)}`;
  const wrong = (en: string, zh: string): Refusal =>
    refuse(
      "invalid",
      {
        en: `${option}: found ${JSON.stringify(text.slice(0, 80))}, expected ${en}`,
        zh: `${option}：为 ${JSON.stringify(text.slice(0, 80))}，应为${zh}`,
      },
      `/${name}`,
    );
  switch (field.type) {
    case "text":
    case "account":
      return (
        textOf(field, text) ??
        wrong(
          `1 to ${field.maxLength ?? 2000} characters`,
          ` 1 至 ${field.maxLength ?? 2000} 个字符`,
        )
      );
    case "integer":
      return /^[+-]?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))
        ? Number(text)
        : wrong("a whole number", "整数");
    case "money":
      return parseAmount(text, currency, option);
    case "date":
      return parseAskedDate(text) ?? wrong("a date such as 2026-03-31", "日期，如 2026-03-31");
    case "json":
      return jsonOf(text) ?? wrong("a JSON object, or @FILE with one", "JSON 对象，或 @文件");
    case "enum":
    case "boolean":
      return text;
  }
}

function textOf(field: Field, text: string): string | null {
  const trimmed = text.trim();
  return trimmed.length > 0 && trimmed.length <= (field.maxLength ?? 2000) ? trimmed : null;
}

function jsonOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(
      text.startsWith("@") ? readFileSync(text.slice(1), "utf8") : text,
    );
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
