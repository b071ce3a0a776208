// One table as data, and from it the set statements that write a thousand rows as fast as one: columns go in as
// arrays, every statement names the bucket as a constant, and a row comes back under the names of its properties.

import pg from "pg";
import { escapeCopyText } from "./copy.ts";

/** Column types in use. jsonb values are written with JSON.stringify; null is always SQL null. */
export type SqlType =
  | "bigint"
  | "boolean"
  | "bytea"
  | "date"
  | "integer"
  | "jsonb"
  | "text"
  | "timestamptz"
  | "uuid";

/** The columns of a table beside `bucket`, by property name; the column is the same name in snake case. */
export type Columns<Row> = { readonly [Key in Exclude<keyof Row, "bucket">]: SqlType };

export type Table<Row> = Readonly<{
  name: string;
  /** properties and types in order, without `bucket` */
  columns: readonly (readonly [keyof Row & string, SqlType])[];
  /** `bucket` and all columns, named as properties, each prefixed with the alias when one is given */
  select: (alias?: string) => string;
  /** `$1` is the bucket, `$2` … the column arrays; `tail` is an `on conflict` clause */
  insert: (tail?: string) => string;
  /** updates by (id, ver = loaded ver); `$1` the bucket, then the columns, then the loaded versions */
  update: () => string;
  /** `copy … from stdin` of bucket and columns, for `copyText` */
  copy: () => string;
  /** rows in COPY text format, each with its line end */
  copyText: (bucket: number, rows: readonly Row[]) => string;
  /** the values for `insert`, and for `update` with the loaded versions behind them */
  values: (bucket: number, rows: readonly Row[]) => unknown[];
}>;

/** Describes a table. */
export function table<Row extends object>(name: string, columns: Columns<Row>): Table<Row> {
  const list = Object.entries(columns) as [keyof Row & string, SqlType][];
  const names = list.map(([property]) => columnName(property));
  const unnested = list.map(([, type], index) => `$${index + 2}::${type}[]`).join(", ");
  const source = `unnest(${unnested}) as v(${names.join(", ")})`;
  const withVersion = `unnest(${unnested}, $${list.length + 2}::integer[]) as v(${names.join(", ")}, loaded_ver)`;
  const assigned = names
    .filter((column) => column !== "id")
    .map((column) => `${column} = v.${column}`);
  return {
    name,
    columns: list,
    select: (alias) => selectList(list, alias),
    insert: (tail = "") =>
      `insert into ${name} (bucket, ${names.join(", ")}) select $1::smallint, v.* from ${source} ${tail}`,
    update: () =>
      `update ${name} t set ${assigned.join(", ")} from ${withVersion}
        where t.bucket = $1::smallint and t.id = v.id and t.ver = v.loaded_ver`,
    copy: () => `copy ${name} (bucket, ${names.join(", ")}) from stdin`,
    copyText: (bucket, rows) => copyText(list, bucket, rows),
    values: (bucket, rows) => [
      bucket,
      ...list.map(([property, type]) => arrayLiteral(type, rows, (row) => row[property])),
    ],
  };
}

function selectList<Row>(
  list: readonly (readonly [keyof Row & string, SqlType])[],
  alias: string | undefined,
): string {
  const prefix = alias === undefined ? "" : `${alias}.`;
  const named = list.map(([property]) => `${prefix}${columnName(property)} as "${property}"`);
  return [`${prefix}bucket as "bucket"`, ...named].join(", ");
}

/** `customerId` → `customer_id`. */
export function columnName(property: string): string {
  return property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A PostgreSQL array literal of one value per row. The driver's own is several times slower on long texts. */
export function arrayLiteral<Row>(
  type: SqlType,
  rows: readonly Row[],
  valueOf: (row: Row) => unknown,
): string {
  let literal = "{";
  for (let index = 0; index < rows.length; index++) {
    if (index > 0) literal += ",";
    literal += element(type, valueOf(rows[index]!));
  }
  return `${literal}}`;
}

function element(type: SqlType, value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  switch (type) {
    case "bigint":
    case "integer":
      return integerText(value);
    case "boolean":
      return value === true ? "t" : "f";
    case "bytea":
      return `"\\\\x${hexOf(value as Uint8Array)}"`;
    case "jsonb":
      return quoted(JSON.stringify(value));
    case "date":
    case "text":
    case "timestamptz":
    case "uuid":
      return quoted(value as string);
  }
}

/** A number that is no safe integer is a bug above; it must not become a rounded amount here. */
function integerText(value: unknown): string {
  if (Number.isSafeInteger(value)) return String(value);
  throw new RangeError(`Cannot store ${String(value)}: expected a safe integer`);
}

function quoted(text: string): string {
  const escaped = /["\\]/.test(text) ? text.replaceAll(/["\\]/g, "\\$&") : text;
  return `"${escaped}"`;
}

function copyText<Row>(
  list: readonly (readonly [keyof Row & string, SqlType])[],
  bucket: number,
  rows: readonly Row[],
): string {
  let text = "";
  for (const row of rows) {
    text += bucket;
    for (const [property, type] of list) text += `\t${copyField(type, row[property])}`;
    text += "\n";
  }
  return text;
}

function copyField(type: SqlType, value: unknown): string {
  if (value === null || value === undefined) return "\\N";
  switch (type) {
    case "bigint":
    case "integer":
      return integerText(value);
    case "boolean":
      return value === true ? "t" : "f";
    case "bytea":
      return `\\\\x${hexOf(value as Uint8Array)}`;
    case "jsonb":
      return escapeCopyText(JSON.stringify(value));
    case "text":
      return escapeCopyText(value as string);
    case "date":
    case "timestamptz":
    case "uuid":
      return value as string;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

/** A text as a literal inside a COPY, which takes no parameters. */
export function copyLiteral(text: string): string {
  return pg.escapeLiteral(text);
}
