// Built-in functions that make one kind of value from another (DMN 1.5 table 75), and `not`. A text that says nothing
// gives null, never a guess.

import { type BuiltIn, builtIn, type Work } from "./built-in.ts";
import { negation } from "./logic.ts";
import { nothing, type Run, spendText } from "./run.ts";
import {
  makeDate,
  makeDateTime,
  makeTime,
  nanosPerSecond,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
} from "./temporal.ts";
import { feelNumber, type FeelValue, isNumber, ofKind } from "./value.ts";
import { feelText } from "./value-text.ts";

const midnight = { kind: "time", nanos: 0, offset: null } as const;

function whole(value: FeelValue | undefined): number {
  return value !== undefined && isNumber(value) ? value.toNumber() : Number.NaN;
}

function read(run: Run, text: FeelValue, value: FeelValue, en: string, zh: string): FeelValue {
  if (value !== null) return value;
  const shown = typeof text === "string" ? JSON.stringify(text.slice(0, 40)) : "value";
  return nothing(run, `Cannot read ${shown}: expected ${en}`, `无法读取 ${shown}：应为${zh}`);
}

const toDate: Work = (run, [from = null]) => {
  if (ofKind(from, "date")) return from;
  if (ofKind(from, "date-time")) return from.date;
  return read(run, from, typeof from === "string" ? parseDate(from) : null, "a date", "日期");
};

const toDateOfParts: Work = (run, [year, month, day]) =>
  read(
    run,
    null,
    makeDate(whole(year), whole(month), whole(day)),
    "a date that exists",
    "存在的日期",
  );

const toTime: Work = (run, [from = null]) => {
  if (ofKind(from, "time")) return from;
  if (ofKind(from, "date-time")) return from.time;
  if (ofKind(from, "date")) return { ...midnight, offset: 0 };
  return read(run, from, typeof from === "string" ? parseTime(from) : null, "a time", "时间");
};

const toTimeOfParts: Work = (run, [hour, minute, second, offset = null]) => {
  const seconds = ofKind(offset, "days-time")
    ? Number(offset.nanos / BigInt(nanosPerSecond))
    : null;
  const nanos = Math.floor(whole(second) * nanosPerSecond);
  return read(
    run,
    null,
    makeTime(whole(hour), whole(minute), nanos, seconds),
    "a time that exists",
    "存在的时间",
  );
};

const toDateTime: Work = (run, [from = null]) => {
  if (ofKind(from, "date-time")) return from;
  if (ofKind(from, "date")) return makeDateTime(from, { ...midnight, offset: 0 });
  const value = typeof from === "string" ? parseDateTime(from) : null;
  return read(run, from, value, "a date and time", "日期时间");
};

const toDateTimeOfParts: Work = (_, [date = null, time = null]) => {
  const day = ofKind(date, "date-time") ? date.date : date;
  return ofKind(day, "date") && ofKind(time, "time") ? makeDateTime(day, time) : null;
};

const toNumber: Work = (run, [from = null, grouping = null, decimal = null]) => {
  if (isNumber(from)) return from;
  if (typeof from !== "string" || from.length > 200) return null;
  const group = typeof grouping === "string" ? grouping : "";
  const point = typeof decimal === "string" ? decimal : ".";
  const known = ["", " ", ",", "."].includes(group) && [".", ","].includes(point);
  if (!known || group === point) {
    return nothing(run, "Cannot read number: the separators are none", "无法读取数字：分隔符无效");
  }
  const bare = group === "" ? from : from.replaceAll(group, "");
  const text = bare.replaceAll(point, ".");
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,5})?$/.test(text)
    ? feelNumber(text)
    : null;
  return read(run, from, value, "a number", "数字");
};

const toText: Work = (run, [from = null]) => {
  if (from === null || typeof from === "string") return from;
  const text = feelText(from, (length) => spendText(run, length));
  spendText(run, text.length);
  return text;
};

const toDuration: Work = (run, [from = null]) => {
  if (ofKind(from, "years-months") || ofKind(from, "days-time")) return from;
  return read(
    run,
    from,
    typeof from === "string" ? parseDuration(from) : null,
    "a duration",
    "时长",
  );
};

export const conversionFunctions: readonly BuiltIn[] = [
  builtIn(
    "date",
    "date",
    ["from: string|date|date and time", toDate],
    ["year: number, month: number, day: number", toDateOfParts],
  ),
  builtIn(
    "time",
    "time",
    ["from: string|time|date|date and time", toTime],
    [
      "hour: number, minute: number, second: number, offset?: days and time duration",
      toTimeOfParts,
    ],
  ),
  builtIn(
    "date and time",
    "date and time",
    ["from: string|date|date and time", toDateTime],
    ["date: date|date and time, time: time", toDateTimeOfParts],
  ),
  builtIn("number", "number", [
    "from: string|number, grouping separator?: string, decimal separator?: string",
    toNumber,
  ]),
  builtIn("string", "string", ["from: any", toText]),
  builtIn("duration", "any", [
    "from: string|days and time duration|years and months duration",
    toDuration,
  ]),
  builtIn("not", "boolean", ["negand: any", (_, [value = null]) => negation(value)]),
];
