// Values that have a type in their file (Parquet, workbooks) written as the text of a cell, in the notation that the
// mapping declares, so that the reader of cells has one form to read. Nothing is rounded: every digit that the file holds
// reaches the cell.

import type { Notation } from "./lines-format.ts";

/** A decimal number as digits: `-12.5`; as many digits before the point as `leastWhole`, after it `leastFraction`. */
export type Digits = Readonly<{
  plain: string;
  leastWhole?: number;
  leastFraction?: number;
  /** written with the notation's grouping mark, if it has one */
  grouped?: boolean;
}>;

/** A number as text. */
export function numberCell(notation: Notation, digits: Digits): string {
  const { plain, leastWhole = 1, leastFraction = 0, grouped = false } = digits;
  const negative = plain.startsWith("-");
  const [whole = "", fraction = ""] = plain.replace(/^[+-]/, "").split(".");
  const padded = whole.padStart(leastWhole, "0");
  const mark = notation.grouping === "none" || !grouped ? "" : notation.grouping;
  const wholeText = mark === "" ? padded : padded.replaceAll(/\B(?=(?:\d{3})+$)/g, mark);
  const fractionText = fraction.padEnd(leastFraction, "0");
  const text = fractionText === "" ? wholeText : `${wholeText}${notation.decimal}${fractionText}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

/** An integer scaled by 10^scale. */
export function scaledCell(notation: Notation, value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? `.${digits.slice(-scale)}` : "";
  return numberCell(notation, { plain: `${value < 0n ? "-" : ""}${whole}${fraction}` });
}

/** A binary number by its shortest decimal form, without exponent: `1e-7` → `0.0000001`. */
export function floatCell(notation: Notation, value: number): string {
  return Number.isFinite(value)
    ? numberCell(notation, { plain: plainDigits(String(value)) })
    : String(value);
}

/** Moves the point instead of an exponent. */
export function plainDigits(text: string): string {
  const [mantissa = "", exponent] = text.toLowerCase().split("e");
  if (exponent === undefined) return mantissa;
  const negative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const point = whole.length + Number(exponent);
  const all = `${"0".repeat(Math.max(0, 1 - point))}${whole}${fraction}`;
  const at = Math.max(1, point);
  const padded = all.padEnd(at, "0");
  const rest = padded.slice(at).replace(/0+$/, "");
  return `${negative ? "-" : ""}${padded.slice(0, at)}${rest === "" ? "" : `.${rest}`}`;
}

const millisecondsPerDay = 86_400_000;

/** A day, counted from 1970-01-01, as a date of the notation. */
export function dayCell({ dates }: Notation, days: number): string {
  const instant = new Date(days * millisecondsPerDay);
  if (Number.isNaN(instant.getTime())) return String(days);
  const [year = "", month = "", day = ""] = instant.toISOString().slice(0, -14).split("-");
  return dates.replace("YYYY", year).replace("MM", month).replace("DD", day);
}

/**
 * A moment in milliseconds since 1970: the date alone at midnight, else ISO 8601; `zone` is "Z" for instants and "" for
 * wall-clock times.
 */
export function momentCell(notation: Notation, milliseconds: number, zone: "Z" | ""): string {
  const days = milliseconds / millisecondsPerDay;
  if (Number.isInteger(days)) return dayCell(notation, days);
  const instant = new Date(milliseconds);
  if (Number.isNaN(instant.getTime())) return String(milliseconds);
  const text = instant.toISOString().replace(/\.?0*Z$/, "");
  return `${text}${zone}`;
}
