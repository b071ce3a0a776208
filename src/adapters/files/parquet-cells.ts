// How the values of a Parquet column become cells (parquet-format, LogicalTypes.md). Decimals and times are taken from the
// stored integers themselves: the usual conversion goes through binary fractions and would change amounts.

import { isUtf8 } from "node:buffer";
import type { SchemaElement } from "hyparquet";
import type { Notation } from "./lines-format.ts";
import { dayCell, floatCell, momentCell, scaledCell } from "./typed-cells.ts";

/** One value, as decoded with `storedForm`, as text; null is an empty cell. */
export type CellWriter = (value: unknown) => string;

/** Text in a column that is not UTF-8. */
export class BrokenText extends Error {}

/** The element as the decoder is told to see it: text as text, everything else as it is stored. */
export function storedForm(element: SchemaElement): SchemaElement {
  const { converted_type: converted, logical_type: logical, ...stored } = element;
  if (stored.type === "BYTE_ARRAY" && !isDecimal(element)) {
    return { ...stored, converted_type: "UTF8" };
  }
  const kept = logical?.type === "UUID" || logical?.type === "FLOAT16" || isUnsigned(element);
  if (!kept) return stored;
  return {
    ...stored,
    ...(converted === undefined ? {} : { converted_type: converted }),
    ...(logical === undefined ? {} : { logical_type: logical }),
  };
}

/** Decodes what `storedForm` leaves to decode. */
export const storedParsers = {
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined => {
    if (bytes === undefined) return undefined;
    if (!isUtf8(bytes)) throw new BrokenText("Cannot read text: it is not UTF-8");
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  },
  /** Only INT96 comes here: nanoseconds since 1970. */
  timestampFromNanoseconds: (nanoseconds: bigint): bigint => nanoseconds,
};

/** How the column is written; null for a type that no cell can hold. */
export function cellWriter(element: SchemaElement, notation: Notation): CellWriter | null {
  const write = writerOf(element, notation);
  return write === null
    ? null
    : (value) => (value === null || value === undefined ? "" : write(value));
}

function writerOf(element: SchemaElement, notation: Notation): CellWriter | null {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === "BSON" || converted === "INTERVAL") return null;
  if (isDecimal(element)) return decimalWriter(element, notation);
  if (converted === "DATE" || logical?.type === "DATE") {
    return (value) => dayCell(notation, Number(value));
  }
  const moment = momentUnit(element);
  if (moment !== null) {
    const { perMillisecond, zone } = moment;
    return (value) => momentCell(notation, toMilliseconds(value, perMillisecond), zone);
  }
  if (converted?.startsWith("TIME_") === true || logical?.type === "TIME") return null;
  switch (type) {
    case "FLOAT":
      return (value) => floatCell(notation, shortestFloat(Number(value)));
    case "DOUBLE":
      return (value) => floatCell(notation, Number(value));
    case "FIXED_LEN_BYTE_ARRAY":
      if (logical?.type === "FLOAT16") return (value) => floatCell(notation, Number(value));
      return logical?.type === "UUID" ? String : null;
    case "BYTE_ARRAY":
    case "BOOLEAN":
    case "INT32":
    case "INT64":
      return String;
    default:
      return null;
  }
}

function isDecimal({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === "DECIMAL" || logical?.type === "DECIMAL";
}

function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  if (logical?.type === "INTEGER") return !logical.isSigned;
  return converted?.startsWith("UINT_") === true;
}

function decimalWriter(
  { scale, logical_type: logical }: SchemaElement,
  notation: Notation,
): CellWriter {
  const digits = logical?.type === "DECIMAL" ? logical.scale : (scale ?? 0);
  return (value) => {
    const integer =
      value instanceof Uint8Array ? bigEndian(value) : BigInt(value as number | bigint);
    return scaledCell(notation, integer, digits);
  };
}

/** Two's complement, most significant byte first. */
function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

type Moment = Readonly<{ perMillisecond: bigint; zone: "Z" | "" }>;

function momentUnit({
  type,
  converted_type: converted,
  logical_type: logical,
}: SchemaElement): Moment | null {
  if (type === "INT96") return { perMillisecond: 1_000_000n, zone: "" };
  if (logical?.type === "TIMESTAMP") {
    const perMillisecond = { MILLIS: 1n, MICROS: 1_000n, NANOS: 1_000_000n }[logical.unit];
    return { perMillisecond, zone: logical.isAdjustedToUTC ? "Z" : "" };
  }
  if (converted === "TIMESTAMP_MILLIS") return { perMillisecond: 1n, zone: "Z" };
  return converted === "TIMESTAMP_MICROS" ? { perMillisecond: 1_000n, zone: "Z" } : null;
}

function toMilliseconds(value: unknown, perMillisecond: bigint): number {
  return Number((value as bigint) / perMillisecond);
}

/** The fewest digits that give the same 32-bit number: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
