// Packs and holiday tables are data that people write, so their form is a JSON Schema and nothing else. This
// file holds the few keywords of JSON Schema 2020-12 that those schemas use, because a pure layer may import no
// package; a test holds it against a full validator.

import type { Text } from "../domain/text.ts";
import { parseBusinessDate } from "../domain/calendar.ts";

type JsonType = "object" | "array" | "string" | "integer" | "boolean" | "null";

/** The keywords that are understood. `format` is "date": an existing day written YYYY-MM-DD. */
export type Schema = Readonly<{
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  type?: JsonType | readonly JsonType[];
  enum?: readonly (string | null)[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: false;
  items?: Schema;
  minItems?: number;
  uniqueItems?: true;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  pattern?: string;
  format?: "date";
}>;

/** What is wrong in a document: where (RFC 6901 JSON pointer), what was found, what was expected. */
export type Problem = Readonly<{ pointer: string; found: Text; expected: Text }>;

const typeNames: Readonly<Record<JsonType, Text>> = {
  object: { en: "an object", zh: "对象" },
  array: { en: "a list", zh: "列表" },
  string: { en: "a text", zh: "文本" },
  integer: { en: "a whole number", zh: "整数" },
  boolean: { en: "true or false", zh: "true 或 false" },
  null: { en: "null", zh: "null" },
};

const nothing: Text = { en: "nothing", zh: "无" };

/** All problems of a value under a schema, in document order; none when it fits. */
export function checkSchema(schema: Schema, value: unknown, pointer = ""): readonly Problem[] {
  const own = checkOne(schema, value);
  if (own !== null) return [{ pointer, found: foundText(value), expected: own }];
  if (Array.isArray(value)) return checkItems(schema, value, pointer);
  if (isObject(value)) return checkMembers(schema, value, pointer);
  return [];
}

/** A value as it is shown in a problem: its JSON, shortened to 60 characters. */
export function foundText(value: unknown): Text {
  if (value === undefined) return nothing;
  const json = JSON.stringify(value) ?? typeof value;
  const text = json.length > 60 ? `${json.slice(0, 57)}...` : json;
  return { en: text, zh: text };
}

/** One problem as a sentence for people. */
export function problemText(problem: Problem): Text {
  const { pointer, found, expected } = problem;
  return {
    en: `found ${found.en} at ${pointer || "/"}, expected ${expected.en}`,
    zh: `${pointer || "/"} 处为 ${found.zh}，应为 ${expected.zh}`,
  };
}

/** Adds one member name or index to a JSON pointer. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function checkMembers(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  pointer: string,
): readonly Problem[] {
  const known = schema.properties ?? {};
  const problems: Problem[] = [];
  for (const [key, member] of Object.entries(value)) {
    const at = pointerTo(pointer, key);
    const inner = Object.hasOwn(known, key) ? known[key] : undefined;
    if (inner !== undefined) problems.push(...checkSchema(inner, member, at));
    else if (schema.additionalProperties === false) problems.push(unknownField(at, member, known));
  }
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(value, key)) continue;
    const expected = expectedText(known[key] ?? {});
    problems.push({ pointer: pointerTo(pointer, key), found: nothing, expected });
  }
  return problems;
}

function unknownField(
  pointer: string,
  value: unknown,
  known: Readonly<Record<string, Schema>>,
): Problem {
  const names = Object.keys(known).join(", ");
  return {
    pointer,
    found: foundText(value),
    expected: {
      en: `no field of this name (known: ${names})`,
      zh: `无此字段（可用字段：${names}）`,
    },
  };
}

function checkItems(
  schema: Schema,
  value: readonly unknown[],
  pointer: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const at = pointerTo(pointer, index);
    if (schema.items !== undefined) problems.push(...checkSchema(schema.items, item, at));
    const json = JSON.stringify(item);
    if (schema.uniqueItems === true && seen.has(json)) {
      const expected = { en: "each value only once", zh: "不重复的值" };
      problems.push({ pointer: at, found: foundText(item), expected });
    }
    seen.add(json);
  }
  return problems;
}

/** What was expected when the value itself does not fit, its members aside; null when it does. */
function checkOne(schema: Schema, value: unknown): Text | null {
  const types = typesOf(schema);
  const fits =
    (types.length === 0 || types.some((type) => hasType(type, value))) && inBounds(schema, value);
  return fits ? null : expectedText(schema);
}

function inBounds(schema: Schema, value: unknown): boolean {
  if (typeof value === "string") return textFits(schema, value);
  if (typeof value === "number") {
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  }
  if (Array.isArray(value)) return value.length >= (schema.minItems ?? 0);
  return true;
}

function textFits(schema: Schema, value: string): boolean {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (value.length < (schema.minLength ?? 0)) return false;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) return false;
  return schema.format !== "date" || parseBusinessDate(value) !== null;
}

function expectedText(schema: Schema): Text {
  const types = typesOf(schema);
  if (schema.enum !== undefined) {
    const names = schema.enum.map(String).join(", ");
    return { en: `one of ${names}`, zh: `${names} 之一` };
  }
  const base = types.map((type) => typeText(type, schema));
  return {
    en: base.map((text) => text.en).join(" or ") || "any value",
    zh: base.map((text) => text.zh).join("或") || "任意值",
  };
}

function typeText(type: JsonType, schema: Schema): Text {
  const name = typeNames[type];
  if (type === "string") {
    if (schema.format === "date")
      return { en: "a day written YYYY-MM-DD", zh: "YYYY-MM-DD 格式的日期" };
    if (schema.pattern !== undefined) {
      return { en: `a text like ${schema.pattern}`, zh: `符合 ${schema.pattern} 的文本` };
    }
    if (schema.minLength !== undefined) return { en: "a text that is not empty", zh: "非空文本" };
  }
  if (type === "integer") return integerText(schema);
  if (type === "array" && schema.minItems !== undefined) {
    return { en: `a list of at least ${schema.minItems}`, zh: `至少 ${schema.minItems} 项的列表` };
  }
  return name;
}

function integerText(schema: Schema): Text {
  const { en, zh } = typeNames.integer;
  const from =
    schema.minimum === undefined ? { en: "", zh: "" } : bound("from", "不小于", schema.minimum);
  const to =
    schema.maximum === undefined ? { en: "", zh: "" } : bound("to", "不大于", schema.maximum);
  return { en: `${en}${from.en}${to.en}`, zh: `${zh}${from.zh}${to.zh}` };
}

function bound(en: string, zh: string, value: number): Text {
  return { en: ` ${en} ${value}`, zh: `（${zh} ${value}）` };
}

function typesOf(schema: Schema): readonly JsonType[] {
  if (schema.type === undefined) return [];
  return typeof schema.type === "string" ? [schema.type] : schema.type;
}

function hasType(type: JsonType, value: unknown): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "null":
      return value === null;
    case "string":
    case "boolean":
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
