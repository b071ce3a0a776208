// How a file of a macro series is read: which column holds the period, which the value, which place it is about, and how long
// after its period such a value is published. Exact: values are whole units of 1/10,000, rounded half to even once.

import { addDays, parseAskedDate, type BusinessDate } from "../domain/calendar.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { collectProblems, type Problem } from "../policy/problem.ts";
import { integer, keyed, object, oneOf, optional, record, string } from "../policy/shape.ts";
import type { Shape } from "../policy/shape.ts";

/** The same place for every row, or one for each code of a column; rows with other codes are left out. */
export type MacroPlace =
  | Readonly<{ fixed: string }>
  | Readonly<{ byCode: Readonly<{ column: string; values: Readonly<Record<string, string>> }> }>;

export const periodForms = ["date", "year"] as const;

/** The document: `publishedAfterDays` counts from the first day of the period. */
export type MacroMapping = Readonly<{
  series: string;
  source: string;
  place: MacroPlace;
  period: Readonly<{ column: string; form: (typeof periodForms)[number] }>;
  /** `divideBy`: the file counts in smaller units than the series */
  value: Readonly<{ column: string; divideBy?: number }>;
  publishedAfterDays: number;
}>;

const code = string({
  pattern: /^[A-Za-z0-9._:-]{1,64}$/,
  maximum: 64,
  en: "1 to 64 letters, digits and - . _ :",
  zh: "1 至 64 个字母、数字及 - . _ :",
});
const place = string({
  pattern: /^(?:country|region|industry)\/[A-Za-z0-9._:-]{1,64}$/,
  maximum: 80,
  en: "a place such as country/cn, region/GD or industry/retail",
  zh: "地点，如 country/cn、region/GD 或 industry/retail",
});
const column = string({
  pattern: /\S/,
  maximum: 200,
  en: "the name of a column",
  zh: "列名",
});

const shape: Shape<MacroMapping> = object<MacroMapping>({
  series: code,
  source: code,
  place: keyed<MacroPlace>({
    fixed: object({ fixed: place }),
    byCode: object({ byCode: object({ column, values: record(place, /\S/, 1_000) }) }),
  }),
  period: object({ column, form: oneOf(periodForms) }),
  value: object({ column, divideBy: optional(integer(1, 1e15)) }),
  publishedAfterDays: integer(0, 1_000),
});

/** The mapping, or every problem with its JSON pointer. */
export function parseMacroMapping(
  found: unknown,
): Readonly<{ mapping: MacroMapping }> | Readonly<{ problems: readonly Problem[] }> {
  const problems = collectProblems();
  shape.read(found, "", problems);
  return problems.list.length > 0
    ? { problems: problems.list }
    : { mapping: found as MacroMapping };
}

/** One value of the series as a row tells it. */
export type MacroRow = Readonly<{
  place: string;
  period: BusinessDate;
  /** units of 1/10,000 */
  value: number;
  /** from this day on it could be known */
  asOf: BusinessDate;
}>;

/** Reads rows of a file with this header. Refused (invalid): a column that the file does not have. */
export function macroReader(
  mapping: MacroMapping,
  columns: readonly string[],
  today: BusinessDate,
): ((cells: readonly string[]) => MacroRow | "left-out" | Refusal) | Refusal {
  const { place: where, period, value } = mapping;
  const placeColumn = "byCode" in where ? where.byCode.column : null;
  const places = new Map("byCode" in where ? Object.entries(where.byCode.values) : []);
  for (const name of [placeColumn, period.column, value.column]) {
    if (name === null || columns.includes(name)) continue;
    return refuse("invalid", {
      en: `Cannot find column ${name}: found ${columns.join(", ")}`,
      zh: `未找到列 ${name}：文件的列为 ${columns.join("、")}`,
    });
  }
  const cell = (cells: readonly string[], name: string): string =>
    (cells[columns.indexOf(name)] ?? "").trim();
  return (cells) => {
    const written = cell(cells, value.column);
    const at = "fixed" in where ? where.fixed : places.get(cell(cells, where.byCode.column));
    // "." is how FRED writes that there is no value.
    if (at === undefined || ["", ".", "NA"].includes(written)) return "left-out";
    const begins = periodOf(cell(cells, period.column), period.form);
    if (begins === null || begins > today) return wrongPeriod(mapping, cell(cells, period.column));
    const scaled = scaledValue(written, value.divideBy ?? 1);
    if (isRefusal(scaled)) return scaled;
    const published = addDays(begins, mapping.publishedAfterDays);
    // What stands in the file is published, however early that is.
    return {
      place: at,
      period: begins,
      value: scaled,
      asOf: published < today ? published : today,
    };
  };
}

function periodOf(text: string, form: (typeof periodForms)[number]): BusinessDate | null {
  return parseAskedDate(form === "year" ? `${text}-01-01` : text);
}

function wrongPeriod({ period }: MacroMapping, found: string): Refusal {
  const expected =
    period.form === "year"
      ? { en: "a year such as 2025", zh: "年份，如 2025" }
      : { en: "a day such as 2025-06-01", zh: "日期，如 2025-06-01" };
  return refuse(
    "invalid",
    {
      en: `${period.column}: found ${JSON.stringify(found.slice(0, 40))}, expected ${expected.en} that has begun`,
      zh: `${period.column}：为 ${JSON.stringify(found.slice(0, 40))}，应为已开始的${expected.zh}`,
    },
    "/period",
  );
}

const decimal = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/;
const scale = 10_000n;
const largest = 10n ** 15n;

/** Exact units of 1/10,000 of a decimal over a divisor, half to even. Refused: invalid. */
export function scaledValue(text: string, divideBy: number): number | Refusal {
  const [, sign, whole = "", fraction = ""] = decimal.exec(text) ?? [];
  if (whole === "") return notANumber(text);
  const dividend = BigInt(whole + fraction) * scale;
  const divisor = 10n ** BigInt(fraction.length) * BigInt(divideBy);
  const [floor, rest] = [dividend / divisor, dividend % divisor];
  const isUp = rest * 2n > divisor || (rest * 2n === divisor && floor % 2n === 1n);
  const value = isUp ? floor + 1n : floor;
  if (value > largest) return notANumber(text);
  return sign === "-" && value !== 0n ? -Number(value) : Number(value);
}

function notANumber(found: string): Refusal {
  return refuse(
    "invalid",
    {
      en: `Value: found ${JSON.stringify(found.slice(0, 40))}, expected a decimal number of at most 100,000,000,000 after dividing`,
      zh: `取值：为 ${JSON.stringify(found.slice(0, 40))}，应为十进制数，且换算后不超过 100,000,000,000`,
    },
    "/value",
  );
}
