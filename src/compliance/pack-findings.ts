// What a person should know of a pack before trusting it, beyond its form: values that nobody confirmed and how they
// are read, duties of which nothing was read, years without a holiday table, and texts or terms that are wrong.

import type { BusinessDate, HolidayTable } from "../domain/calendar.ts";
import type { Text } from "../domain/text.ts";
import { periodText } from "./notice-gate.ts";
import type { CompliancePack, NoticePeriod, Value } from "./pack.ts";
import { openPlaces, valuesOf, type PlacedValue } from "./pack-values.ts";
import { foundText, pointerTo } from "./schema-check.ts";
import { appliedPeriod, carriesNotice } from "./strict-reading.ts";

/** A "problem" makes the pack wrong; a "note" is true of it and must be known. */
export type PackFinding = Readonly<{ level: "problem" | "note"; pointer: string; text: Text }>;

/** What the findings are about. `terms` are the numbers of the product terms beside the pack; null: not looked at. */
type Looked = Readonly<{
  pack: CompliancePack;
  holidays: HolidayTable;
  today: BusinessDate;
  terms: ReadonlySet<string> | null;
}>;

/** Everything to be said of a pack, problems first. */
export function packFindings(looked: Looked): readonly PackFinding[] {
  const { pack, terms } = looked;
  return [
    ...textsOf(pack, "").flatMap(textProblem),
    ...channelsProblem(pack),
    ...(terms === null ? [] : valuesOf(pack).flatMap((value) => termProblem(value, terms))),
    ...valuesOf(pack).flatMap(unconfirmedNote),
    ...holidayNote(looked),
    ...openNote(pack),
  ];
}

/** Parts of a pack that set a clock or take a notice away: what is unconfirmed there needs a person. */
const decisive = /^\/(?:notice|adverseAction|humanReview\/mandatory)\//;

function unconfirmedNote(placed: PlacedValue): readonly PackFinding[] {
  const { pointer, status, source } = placed;
  if (status !== "unconfirmed") return [];
  const reading = strictReading(placed);
  const person = decisive.test(pointer)
    ? { en: ", a person must agree", zh: "，须由人工同意" }
    : { en: "", zh: "" };
  return [
    {
      level: "note",
      pointer,
      text: {
        en: `Unconfirmed${person.en}: ${source}${reading.en}`,
        zh: `尚未核实${person.zh}：${source}${reading.zh}`,
      },
    },
  ];
}

/** How a period is applied as long as nobody confirmed it; nothing for other values. */
function strictReading({ value, status, source }: PlacedValue): Text {
  const period = periodOf(value);
  if (period === null) return { en: "", zh: "" };
  const applied = periodText(appliedPeriod({ value: period, status, source }), false);
  return { en: `; read as: ${applied.en}`, zh: `；适用为：${applied.zh}` };
}

function periodOf(value: unknown): NoticePeriod | null {
  if (typeof value !== "object" || value === null) return null;
  if ("when" in value) return value as NoticePeriod;
  return "period" in value ? (value as Readonly<{ period: NoticePeriod }>).period : null;
}

/** This year and the next, as far as the pack holds in them. */
function holidayNote({ pack, holidays, today }: Looked): readonly PackFinding[] {
  const from = Math.max(yearOf(today), yearOf(pack.effectiveFrom));
  const years = [from, from + 1].filter(
    (year) => pack.effectiveTo === null || year <= yearOf(pack.effectiveTo),
  );
  const missing = years.filter((year) => !holidays.publishedYears.includes(year)).join(", ");
  if (missing === "") return [];
  return [
    {
      level: "note",
      pointer: "/calendar",
      text: {
        en: `Calendar ${pack.calendar} has no holiday table for ${missing}: only weekends are left out, these years are unconfirmed`,
        zh: `日历 ${pack.calendar} 没有 ${missing} 年的节假日表：仅扣除周末，该年视为未核实`,
      },
    },
  ];
}

function yearOf(date: BusinessDate): number {
  return Number(date.slice(0, 4));
}

function openNote(pack: CompliancePack): readonly PackFinding[] {
  const places = openPlaces(pack);
  if (places.length === 0) return [];
  const listed = places.map((place) => place.replace("/duties/", "")).join(", ");
  return [
    {
      level: "note",
      pointer: "/duties",
      text: { en: `Nothing was read of: ${listed}`, zh: `下列事项尚无取值：${listed}` },
    },
  ];
}

function termProblem(
  { pointer, status, source }: Readonly<{ pointer: string }> & Value<unknown>,
  terms: ReadonlySet<string>,
): readonly PackFinding[] {
  if (status !== "contract") return [];
  const number = /Product terms (\d+\.\d+)/.exec(source)?.[1];
  if (number !== undefined && terms.has(number)) return [];
  return [
    {
      level: "problem",
      pointer,
      text: {
        en: `Found source ${foundText(source).en}, expected a term that product-terms.md holds in both languages`,
        zh: `出处为 ${foundText(source).zh}，应为 product-terms.md 中有中英文的条款`,
      },
    },
  ];
}

/** A pack under which no notice could ever be given. */
function channelsProblem(pack: CompliancePack): readonly PackFinding[] {
  const channels = pack.notice.channels.value;
  if (channels.some((channel) => carriesNotice(pack, channel))) return [];
  const listed = channels.join(", ");
  return [
    {
      level: "problem",
      pointer: "/notice/channels",
      text: {
        en: `Found ${listed}, expected also a channel that carries the whole notice, because a short form is not enough`,
        zh: `渠道为 ${listed}，短文本不足以构成通知，须另列可承载完整通知的渠道`,
      },
    },
  ];
}

type PlacedText = Readonly<{ pointer: string; text: Text }>;

function textsOf(node: unknown, pointer: string): readonly PlacedText[] {
  if (typeof node !== "object" || node === null) return [];
  if ("zh" in node && "en" in node) return [{ pointer, text: node as Text }];
  return Object.entries(node).flatMap(([key, member]) => textsOf(member, pointerTo(pointer, key)));
}

const han = /\p{Script=Han}/u;

function textProblem({ pointer, text }: PlacedText): readonly PackFinding[] {
  if (han.test(text.zh) && !han.test(text.en)) return [];
  return [
    {
      level: "problem",
      pointer,
      text: {
        en: "Found one language twice, expected Chinese under zh and English under en",
        zh: "两处为同一语言，zh 应为中文、en 应为英文",
      },
    },
  ];
}
