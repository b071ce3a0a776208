// What a cell of a workbook shows, as the text of a cell of a table (ECMA-376 part 1, §18.8.30). Dates and numbers come in
// the notation that the mapping declares; zeros that a number format adds are kept, digits that it hides are not lost.

import type { Notation } from "./lines-format.ts";
import { dayCell, numberCell, plainDigits } from "./typed-cells.ts";

/** How a number format shows a number. */
export type CellFormat =
  | Readonly<{ kind: "date"; withTime: boolean; onlyTime: boolean }>
  | Readonly<{
      kind: "number";
      percent: boolean;
      grouped: boolean;
      leastWhole: number;
      leastFraction: number;
    }>;

export const general: CellFormat = {
  kind: "number",
  percent: false,
  grouped: false,
  leastWhole: 1,
  leastFraction: 0,
};

/** Formats that workbooks name by number only; 27–36 and 50–58 are dates in Chinese Excel. */
const builtIn: Readonly<Record<number, string>> = {
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  9: "0%",
  10: "0.00%",
  14: "yyyy-mm-dd",
  15: "d-mmm-yy",
  16: "d-mmm",
  17: "mmm-yy",
  18: "h:mm",
  19: "h:mm:ss",
  20: "h:mm",
  21: "h:mm:ss",
  22: "yyyy-mm-dd h:mm",
  37: "#,##0",
  38: "#,##0",
  39: "#,##0.00",
  40: "#,##0.00",
  45: "mm:ss",
  46: "h:mm:ss",
  47: "mm:ss",
};

/** The format of a number format id; `codes` are those that the workbook defines itself. */
export function formatOf(id: number, codes: ReadonlyMap<number, string>): CellFormat {
  const code = codes.get(id) ?? builtIn[id];
  if (code !== undefined) return readFormat(code);
  const chineseDate = (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  return chineseDate ? readFormat("yyyy-mm-dd") : general;
}

/** Reads a format code; its first section counts, for the others only colour and sign differ. */
export function readFormat(code: string): CellFormat {
  const plain = code
    .replaceAll(/"[^"]*"|\\.|_.|\*./g, "")
    .replaceAll(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "")
    .split(";")[0]!;
  const letters = plain.replaceAll(/general/gi, "").replaceAll(/am\/pm|a\/p/gi, "h");
  if (/[ymdhs]/i.test(letters) && !/[0#?]/.test(letters.replaceAll(/s\.0+/gi, ""))) {
    const withTime = /[hs]/i.test(letters);
    return { kind: "date", withTime, onlyTime: withTime && !/[yd]/i.test(letters) };
  }
  const [whole = "", fraction = ""] = plain.split(".");
  // Fractions and powers of ten are given as plain decimals.
  if (/[/e]/i.test(plain)) return general;
  return {
    kind: "number",
    percent: plain.includes("%"),
    grouped: /[0#?],[0#?]/.test(plain),
    leastWhole: Math.max(1, countOf(whole, "0")),
    leastFraction: countOf(fraction, "0"),
  };
}

function countOf(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

/** More significant digits than a workbook keeps: the last ones of this whole number are lost. */
export function hasLostDigits(stored: string): boolean {
  const value = Math.abs(Number(stored));
  return Number.isInteger(value) && value >= 1e15;
}

/** A stored number as the format shows it; text that is no number stays as it is. */
export function shownNumber(
  stored: string,
  format: CellFormat,
  notation: Notation,
  epoch: "1900" | "1904",
): string {
  const value = Number(stored);
  if (stored.trim() === "" || !Number.isFinite(value)) return stored;
  if (format.kind === "date") return shownMoment(value, format, notation, epoch);
  const { percent, grouped, leastWhole, leastFraction } = format;
  // Workbooks keep 15 significant digits: 0.1 + 0.2 is stored as 0.30000000000000004 and shown as 0.3.
  const rounded = Number((percent ? value * 100 : value).toPrecision(15));
  const plain = plainDigits(String(rounded));
  const text = numberCell(notation, { plain, leastWhole, leastFraction, grouped });
  return percent ? `${text}%` : text;
}

const secondsPerDay = 86_400;

function shownMoment(
  serial: number,
  { withTime, onlyTime }: Extract<CellFormat, { kind: "date" }>,
  notation: Notation,
  epoch: "1900" | "1904",
): string {
  const seconds = Math.round(serial * secondsPerDay);
  const days = Math.floor(seconds / secondsPerDay);
  const time = clockText(seconds - days * secondsPerDay);
  if (onlyTime && serial < 1) return time;
  const date = dayCell(notation, days - daysBefore1970(days, epoch));
  return withTime && time !== "00:00:00" ? `${date} ${time}` : date;
}

/** Day 60 of the 1900 calendar is 29 February 1900, which never was; days before it count from one day later. */
function daysBefore1970(days: number, epoch: "1900" | "1904"): number {
  if (epoch === "1904") return 24_107;
  return days < 60 ? 25_568 : 25_569;
}

function clockText(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
