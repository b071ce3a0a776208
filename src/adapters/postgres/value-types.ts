// How PostgreSQL's values become JavaScript's, the same on every connection: money in minor units is a safe integer or
// an error, dates never become moments of some time zone, and instants are always UTC with milliseconds.
import pg from "pg";
import { Fault } from "../fault.ts";

const oid = {
  int8: 20,
  int8Array: 1016,
  date: 1082,
  dateArray: 1182,
  timestamp: 1114,
  timestamptz: 1184,
  timestamptzArray: 1185,
};

type Parser = (text: string) => unknown;

const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [oid.int8, parseInt8],
  [oid.int8Array, arrayOf(parseInt8)],
  [oid.date, (text) => text],
  [oid.dateArray, arrayOf((text) => text)],
  [oid.timestamp, (text) => text],
  [oid.timestamptz, parseTimestamptz],
  [oid.timestamptzArray, arrayOf(parseTimestamptz)],
]);

/**
 * The `types` option of a `pg` connection. int8 → number (throws beyond ±(2^53 − 1)); date → `YYYY-MM-DD`; timestamptz →
 * `YYYY-MM-DDTHH:mm:ss.sssZ`, microseconds cut off; timestamp → PostgreSQL's text; numeric → string; the rest as `pg` does.
 */
export const valueTypes = {
  getTypeParser(type: number, format?: string): Parser {
    const own = format === "binary" ? undefined : parsers.get(type);
    return own ?? (pg.types.getTypeParser(type, (format ?? "text") as "text") as Parser);
  },
};

/** Exact integer of a `bigint` column; throws a `Fault` when a JavaScript number cannot hold it. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new Fault(`Cannot read bigint ${text}: it is beyond 2^53 - 1`, { retryable: false });
}

/** ISO 8601 in UTC; `infinity` and `-infinity` stay as they are. */
export function parseTimestamptz(text: string): string {
  // Sessions run in UTC, so this is the only form that comes: 2026-01-31 08:00:00[.123456]+00
  if (text.length >= 22 && text.length <= 29 && text.endsWith("+00") && text.charCodeAt(4) === 45) {
    const fraction = text.length === 22 ? "000" : text.slice(20, -3).padEnd(3, "0").slice(0, 3);
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
  }
  if (text === "infinity" || text === "-infinity") return text;
  const instant = new Date(text.replace(/([+-]\d\d)$/, "$1:00").replace(" ", "T"));
  if (!Number.isNaN(instant.getTime())) return instant.toISOString();
  throw new Fault(`Cannot read timestamptz ${text}: expected a year from 0001 to 9999`, {
    retryable: false,
  });
}

function arrayOf(parse: Parser): Parser {
  const parseTexts = pg.types.getTypeParser(1009 as never, "text") as (
    text: string,
  ) => readonly unknown[];
  const deep = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(deep) : typeof value === "string" ? parse(value) : value;
  return (text) => deep(parseTexts(text));
}
