// Shapes: one description of a document's form, from which both the reader of untrusted input and the
// published JSON Schema are made, so that the two cannot differ. The compiler holds each shape against the
// type it promises.

import type { Text } from "../domain/text.ts";
import { pointer, type Problems, shown } from "./problem.ts";

/** A JSON Schema (draft 2020-12) node. */
export type JsonSchema = Readonly<{ [keyword: string]: unknown }>;

/** Reads one kind of value. `read` reports everything that is wrong and otherwise guarantees the type. */
export type Shape<T> = Readonly<{
  read: (value: unknown, path: string, problems: Problems) => void;
  schema: JsonSchema;
  optional?: true;
  /** never set: carries the type */
  type?: T;
}>;

function mismatch(problems: Problems, path: string, value: unknown, en: string, zh: string): void {
  const code = value === undefined ? "missing-field" : "type-mismatch";
  const found = shown(value);
  problems.add(
    code,
    path,
    `Cannot read ${path || "document"}: found ${found}, expected ${en}`,
    `无法读取 ${path || "文档"}：发现 ${found}，应为${zh}`,
  );
}

/** A string that fits a pattern. `en` and `zh` say what is expected. */
export function string<T extends string = string>(options: {
  pattern: RegExp;
  maximum: number;
  en: string;
  zh: string;
}): Shape<T> {
  return {
    schema: { type: "string", pattern: options.pattern.source, maxLength: options.maximum },
    read: (value, path, problems) => {
      const fits =
        typeof value === "string" && value.length <= options.maximum && options.pattern.test(value);
      if (!fits) mismatch(problems, path, value, options.en, options.zh);
    },
  };
}

/** A whole number within bounds, both included. */
export function integer(minimum: number, maximum: number): Shape<number> {
  return {
    schema: { type: "integer", minimum, maximum },
    read: (value, path, problems) => {
      if (typeof value !== "number" || !Number.isSafeInteger(value)) {
        mismatch(
          problems,
          path,
          value,
          `a whole number from ${minimum} to ${maximum}`,
          ` ${minimum} 至 ${maximum} 的整数`,
        );
      } else if (value < minimum || value > maximum) {
        problems.add(
          "out-of-range",
          path,
          `Cannot read ${path}: found ${value}, expected a whole number from ${minimum} to ${maximum}`,
          `无法读取 ${path}：发现 ${value}，应为 ${minimum} 至 ${maximum} 的整数`,
        );
      }
    },
  };
}

/** One of a closed list of strings. */
export function oneOf<T extends string>(values: readonly T[]): Shape<T> {
  const listed = values.map((value) => JSON.stringify(value)).join(", ");
  return {
    schema: { enum: [...values] },
    read: (value, path, problems) => {
      if (typeof value === "string" && (values as readonly string[]).includes(value)) return;
      if (typeof value !== "string")
        return mismatch(problems, path, value, `one of ${listed}`, `以下之一：${listed}`);
      problems.add(
        "undeclared-value",
        path,
        `Cannot read ${path}: found ${shown(value)}, expected one of ${listed}`,
        `无法读取 ${path}：发现 ${shown(value)}，应为以下之一：${listed}`,
      );
    },
  };
}

/** A text in Chinese and English, neither empty. */
export function bilingual(maximum = 2_000): Shape<Text> {
  const one = { type: "string", minLength: 1, maxLength: maximum, pattern: "\\S" };
  return {
    schema: {
      type: "object",
      properties: { zh: one, en: one },
      required: ["zh", "en"],
      additionalProperties: false,
    },
    read: (value, path, problems) => {
      if (!isRecord(value))
        return mismatch(problems, path, value, "a text with zh and en", "含 zh 与 en 的文本");
      for (const key of Object.keys(value)) {
        if (key !== "zh" && key !== "en") unknownField(problems, path, key, ["zh", "en"]);
      }
      for (const language of ["zh", "en"] as const) {
        const text = Object.hasOwn(value, language) ? value[language] : undefined;
        if (typeof text === "string" && text.trim() !== "" && text.length <= maximum) continue;
        problems.add(
          "missing-translation",
          pointer(path, language),
          `Cannot read text ${path}: found ${shown(text)} for "${language}", expected a text of 1 to ${maximum} characters in both languages`,
          `无法读取文本 ${path}：“${language}”为 ${shown(text)}，中英文均应为 1 至 ${maximum} 个字符`,
        );
      }
    },
  };
}

/** A list of one kind of value. */
export function list<T>(
  item: Shape<T>,
  bounds: { minimum?: number; maximum: number },
): Shape<readonly T[]> {
  const minimum = bounds.minimum ?? 0;
  return {
    schema: { type: "array", items: item.schema, minItems: minimum, maxItems: bounds.maximum },
    read: (value, path, problems) => {
      if (!Array.isArray(value)) return mismatch(problems, path, value, "a list", "列表");
      if (value.length < minimum || value.length > bounds.maximum) {
        problems.add(
          value.length > bounds.maximum ? "too-large" : "out-of-range",
          path,
          `Cannot read ${path}: found ${value.length} entries, expected ${minimum} to ${bounds.maximum}`,
          `无法读取 ${path}：发现 ${value.length} 项，应为 ${minimum} 至 ${bounds.maximum} 项`,
        );
        return;
      }
      value.forEach((entry, index) => item.read(entry, pointer(path, index), problems));
    },
  };
}

/** An object with free keys and one kind of value. */
export function record<T>(
  item: Shape<T>,
  key: RegExp,
  maximum: number,
): Shape<Readonly<Record<string, T>>> {
  return {
    schema: {
      type: "object",
      propertyNames: { pattern: key.source },
      additionalProperties: item.schema,
      maxProperties: maximum,
    },
    read: (value, path, problems) => {
      if (!isRecord(value)) return mismatch(problems, path, value, "an object", "对象");
      const keys = Object.keys(value);
      if (keys.length > maximum) {
        return mismatch(problems, path, value, `at most ${maximum} entries`, `最多 ${maximum} 项`);
      }
      for (const name of keys) {
        if (key.test(name)) item.read(value[name], pointer(path, name), problems);
        else unknownField(problems, path, name, []);
      }
    },
  };
}

/** Marks a field that may be absent. */
export function optional<T>(shape: Shape<T>): Shape<T> & { readonly optional: true } {
  return { ...shape, optional: true };
}

/** The value, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    schema: { anyOf: [shape.schema, { type: "null" }] },
    read: (value, path, problems) => {
      if (value !== null) shape.read(value, path, problems);
    },
  };
}

type Fields<T> = {
  readonly [K in keyof T]-?: {} extends Pick<T, K>
    ? Shape<Exclude<T[K], undefined>> & { readonly optional: true }
    : Shape<T[K]>;
};

/** An object with exactly these fields; any other field is refused by name. */
export function object<T extends object>(fields: Fields<T>): Shape<T> {
  const shapes = fields as Readonly<Record<string, Shape<unknown>>>;
  const names = Object.keys(shapes);
  const required = names.filter((name) => shapes[name]?.optional !== true);
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, shapes[name]?.schema])),
      required,
      additionalProperties: false,
    },
    read: (value, path, problems) => {
      if (!isRecord(value)) return mismatch(problems, path, value, "an object", "对象");
      for (const key of Object.keys(value)) {
        if (!Object.hasOwn(shapes, key)) unknownField(problems, path, key, names);
      }
      for (const name of names) readField(value, name, shapes[name]!, path, problems);
    },
  };
}

function readField(
  owner: Record<string, unknown>,
  name: string,
  shape: Shape<unknown>,
  path: string,
  problems: Problems,
): void {
  if (Object.hasOwn(owner, name)) return shape.read(owner[name], pointer(path, name), problems);
  if (shape.optional === true) return;
  problems.add(
    "missing-field",
    path,
    `Cannot read ${path || "document"}: found no field "${name}", expected one`,
    `无法读取 ${path || "文档"}：缺少字段“${name}”`,
  );
}

/** An object whose form depends on one of its fields, e.g. `kind`. */
export function tagged<T extends object>(
  tag: keyof T & string,
  forms: Readonly<Record<string, Shape<unknown>>>,
): Shape<T> {
  const tags = Object.keys(forms);
  const which = oneOf(tags);
  return {
    schema: { oneOf: tags.map((name) => forms[name]?.schema) },
    read: (value, path, problems) => {
      if (!isRecord(value)) return mismatch(problems, path, value, "an object", "对象");
      const found = Object.hasOwn(value, tag) ? value[tag] : undefined;
      const form =
        typeof found === "string" && Object.hasOwn(forms, found) ? forms[found] : undefined;
      if (form === undefined) which.read(found, pointer(path, tag), problems);
      else form.read(value, path, problems);
    },
  };
}

/** An object that has exactly one of several keys, which says which form it has. */
export function keyed<T extends object>(forms: Readonly<Record<string, Shape<unknown>>>): Shape<T> {
  const keys = Object.keys(forms);
  return {
    schema: { oneOf: keys.map((key) => forms[key]?.schema) },
    read: (value, path, problems) => {
      if (!isRecord(value)) return mismatch(problems, path, value, "an object", "对象");
      const present = keys.filter((key) => Object.hasOwn(value, key));
      if (present.length === 1) return forms[present[0]!]!.read(value, path, problems);
      const listed = keys.map((key) => `"${key}"`).join(", ");
      problems.add(
        present.length === 0 ? "missing-field" : "unknown-field",
        path,
        `Cannot read ${path}: found ${present.length} of the fields ${listed}, expected exactly one`,
        `无法读取 ${path}：字段 ${listed} 中出现 ${present.length} 个，应恰有一个`,
      );
    },
  };
}

/** A shape that refers to itself; `name` is its place under `$defs` in the schema. */
export function recursive<T>(
  name: string,
  make: () => Shape<T>,
): Shape<T> & { readonly definition: () => JsonSchema } {
  return {
    schema: { $ref: `#/$defs/${name}` },
    read: (value, path, problems) => make().read(value, path, problems),
    definition: () => make().schema,
  };
}

/** True for plain JSON objects. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownField(
  problems: Problems,
  path: string,
  key: string,
  known: readonly string[],
): void {
  const near = known.find((name) => closeTo(name, key));
  const listed = known.map((name) => `"${name}"`).join(", ");
  const expected =
    near === undefined ? (listed === "" ? "a valid name" : `one of ${listed}`) : `"${near}"`;
  const expectedZh =
    near === undefined ? (listed === "" ? "合法名称" : `以下之一：${listed}`) : `“${near}”`;
  problems.add(
    "unknown-field",
    pointer(path, key),
    `Cannot read ${path || "document"}: found unknown field ${shown(key)}, expected ${expected}`,
    `无法读取 ${path || "文档"}：发现未知字段 ${shown(key)}，应为${expectedZh}`,
  );
}

function closeTo(name: string, typed: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_ ]/g, "");
  if (plain(name) === plain(typed)) return true;
  return Math.abs(name.length - typed.length) <= 2 && editDistance(plain(name), plain(typed)) <= 2;
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = previous[column - 1]! + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[right.length]!;
}
