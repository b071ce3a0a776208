// One table as data, and from it the set statements that write a thousand rows as fast as one: columns go in as
// arrays, and a row comes back under the names of its properties. A statement for one bucket names it as a constant,
// which a cluster needs to find the machine; one for several buckets has a column of them.

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
  /** `$1` is the bucket or the column of buckets, `$2` … the column arrays; `tail` is an `on conflict` clause */
  insert: (tail?: string, across?: Across) => string;
  /** updates by (id, ver = loaded ver); `$1` as for `insert`, then the columns, then the loaded versions */
  update: (across?: Across) => string;
  /** `copy … from stdin` of bucket and columns, for `copyText` */
  copy: () => string;
  /** rows in COPY text format, each with its line end */
  copyText: (bucket: number | Across, rows: readonly Row[]) => string;
  /** the values for `insert`, and for `update` with the loaded versions behind them */
  values: (bucket: number | Across, rows: readonly Row[]) => unknown[];
}>;

/** In the place of a bucket: rows of several, each in its own. */
export type Across = "each-its-own";

/** Describes a table. */
export function table<Row extends object>(name: string, columns: Columns<Row>): Table<Row> {
  const list = Object.entries(columns) as [keyof Row & string, SqlType][];
  const names = list.map(([property]) => columnName(property));
  const unnested = list.map(([, type], index) => `$${index + 2}::${type}[]`).join(", ");
  const columnsOf = (across: Across | undefined): readonly [string, string, string] =>
    across === undefined
      ? [unnested, names.join(", "), "$1::smallint"]
      : [`$1::smallint[], ${unnested}`, `bucket, ${names.join(", ")}`, "v.bucket"];
  const assigned = names
    .filter((column) => column !== "id")
    .map((column) => `${column} = v.${column}`);
  return {
    name,
    columns: list,
    select: (alias) => selectList(list, alias),
    insert: (tail = "", across) => {
      const [arrays, columnsIn] = columnsOf(across);
      const all = across === undefined ? "$1::smallint, v.*" : "v.*";
      return `insert into ${name} (bucket, ${names.join(", ")}) select ${all} from unnest(${arrays}) as v(${columnsIn}) ${tail}`;
    },
    update: (across) => {
      const [arrays, columnsIn, bucket] = columnsOf(across);
      return `update ${name} t set ${assigned.join(", ")}
        from unnest(${arrays}, $${list.length + 2}::integer[]) as v(${columnsIn}, loaded_ver)
        where t.bucket = ${bucket} and t.id = v.id and t.ver = v.loaded_ver`;
    },
    copy: () => `copy ${name} (bucket, ${names.join(", ")}) from stdin`,
    copyText: (bucket, rows) => copyText(list, bucket, rows),
    values: (bucket, rows) => [
      bucket === "each-its-own" ? arrayLiteral("integer", rows, bucketIn) : bucket,
      ...list.map(([property, type]) => arrayLiteral(type, rows, (row) => row[property])),
    ],
  };
}

function bucketIn(row: object): unknown {
  return (row as Readonly<{ bucket?: unknown }>).bucket;
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
  bucket: number | Across,
  rows: readonly (Row & object)[],
): string {
  let text = "";
  for (const row of rows) {
    text += bucket === "each-its-own" ? integerText(bucketIn(row)) : bucket;
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
