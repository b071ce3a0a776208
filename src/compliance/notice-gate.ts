// The notice gate: a line changes only when what the compliance pack asks before that change is true. The gate
// is pure, answers with the rule that decided, and is the same for a sweep, a person, a timer and a replay.

import {
  addBusinessDays,
  addDays,
  type BusinessDate,
  type CountedDate,
  type HolidayTable,
} from "../domain/calendar.ts";
import type { Cause } from "../domain/decision.ts";
import type { NoticeState } from "../domain/notice.ts";
import type { Text } from "../domain/text.ts";
import type { CompliancePack, NoticePeriod, Value, ValueStatus } from "./pack.ts";
import { appliedPeriod, needsProofOfDelivery } from "./strict-reading.ts";

/** The changes that need a notice. */
export type GatedAction = "decrease" | "freeze" | "close";

/** What decided: the value of the pack with its source and status, and how its days were counted. */
export type Rule = Readonly<{
  pack: Readonly<{ id: string; version: number }>;
  /** JSON pointer of the value in the pack */
  pointer: string;
  source: string;
  status: ValueStatus;
  /** as the pack writes it */
  period: NoticePeriod;
  /** as it was read: differs from `period` only where the stricter reading of an unconfirmed value was taken */
  applied: NoticePeriod;
  /** the clock starts with delivery and not with issue */
  fromDelivery: boolean;
  /** years that were counted without a published holiday table: weekends only */
  unconfirmedYears: readonly number[];
}>;

/** `opensOn` is null while an act is missing (issue, delivery): then no date can be named. */
export type GateAnswer =
  | Readonly<{ open: true; rule: Rule }>
  | Readonly<{ open: false; because: Text; opensOn: BusinessDate | null; rule: Rule }>;

/** What the gate needs to know of a notice. */
export type GateNotice = Readonly<{
  state: NoticeState;
  issuedOn: BusinessDate;
  deliveredOn: BusinessDate | null;
}>;

/** A change and the law it is under. `holidays` must be the table of `pack.calendar`. */
type Asked = Readonly<{
  pack: CompliancePack;
  action: GatedAction;
  cause: Cause;
  holidays: HolidayTable;
}>;

/**
 * May the change take effect today?
 *
 * - "before": not before issue + days, or delivery + days where the pack asks for proof of delivery. Whole days
 *   are counted and the day of the notice is not: 10 days from the 1st end on the 11th, the first day allowed.
 * - "at": from the day of issue (or delivery) on.
 * - "after": at once; the notice must follow, see {@link noticeDueBy}.
 *
 * A notice that bounced has reached nobody and keeps the gate closed except under "after". Once open for a
 * notice, the gate stays open on every later day.
 */
export function noticeGate(
  input: Asked & Readonly<{ notice: GateNotice | null; today: BusinessDate }>,
): GateAnswer {
  const { pack, notice, today } = input;
  const { date, rule } = decidingRule(input, clockStart(pack, notice) ?? today);
  if (rule.applied.when === "after") return { open: true, rule };
  const missing = missingAct(notice, rule.fromDelivery);
  if (missing !== null) return { open: false, because: missing, opensOn: null, rule };
  if (date <= today) return { open: true, rule };
  return { open: false, because: tooEarly(rule, today, date), opensOn: date, rule };
}

/**
 * First business date on which the change may take effect when its notice is issued, and where proof is asked
 * for also delivered, on `issuedOn`. A later delivery moves the gate, not this date.
 */
export function firstEffect(
  input: Asked & Readonly<{ issuedOn: BusinessDate }>,
): Readonly<{ date: BusinessDate; rule: Rule }> {
  return decidingRule(input, input.issuedOn);
}

/** Last day for the notice of a change that took effect before it; null where notice must come first. */
export function noticeDueBy(
  input: Asked & Readonly<{ effectiveOn: BusinessDate }>,
): Readonly<{ date: BusinessDate; rule: Rule }> | null {
  const { rule } = decidingRule(input, input.effectiveOn);
  if (rule.applied.when !== "after") return null;
  const due = count(input.effectiveOn, rule.applied, input.holidays);
  return { date: due.date, rule: { ...rule, unconfirmedYears: due.unconfirmedYears } };
}

/** The rule in words, for refusals and explanations. */
export function ruleText(rule: Rule): Text {
  const { applied, source, status } = rule;
  const unconfirmed = rule.unconfirmedYears.join(", ");
  const years =
    unconfirmed === ""
      ? { en: "", zh: "" }
      : {
          en: `, no published holiday table for ${unconfirmed}`,
          zh: `，${unconfirmed} 年无已公布的节假日表`,
        };
  const period = periodText(applied, rule.fromDelivery);
  return {
    en: `${period.en} (${status}: ${source}${years.en})`,
    zh: `${period.zh}（${statusText[status]}：${source}${years.zh}）`,
  };
}

const statusText: Readonly<Record<ValueStatus, string>> = {
  confirmed: "已核实",
  unconfirmed: "未核实，从严适用",
  contract: "合同约定",
};

type Reading = Readonly<{ pointer: string; value: Value<NoticePeriod>; applied: NoticePeriod }>;

/**
 * The values that could decide. An exception for the cause stands in place of the action's own period; an
 * unconfirmed exception only stands beside it, so that it can make the clock longer but never shorter.
 */
function readings({ pack, action, cause }: Asked): readonly [Reading, ...Reading[]] {
  const base = read(`/notice/${action}`, pack.notice[action]);
  const index = pack.notice.exceptions.findIndex(({ value }) => value.causes.includes(cause));
  const found = pack.notice.exceptions[index];
  if (found === undefined) return [base];
  const { source, status } = found;
  const exception = read(`/notice/exceptions/${index}`, {
    value: found.value.period,
    status,
    source,
  });
  return status === "unconfirmed" ? [base, exception] : [exception];
}

function read(pointer: string, value: Value<NoticePeriod>): Reading {
  return { pointer, value, applied: appliedPeriod(value) };
}

const strictness: Readonly<Record<NoticePeriod["when"], number>> = { after: 0, at: 1, before: 2 };

/** The strictest reading when the clock starts at `start`: later effect first, then "before" over "at" over "after". */
function decidingRule(
  asked: Asked,
  start: BusinessDate,
): Readonly<{ date: BusinessDate; rule: Rule }> {
  const { pack, holidays } = asked;
  if (holidays.id !== pack.calendar) {
    throw new Error(
      `Cannot count notice period: found calendar ${holidays.id}, expected ${pack.calendar}`,
    );
  }
  const [first, ...others] = readings(asked).map((reading) => ({
    reading,
    effect: effectDate(start, reading.applied, holidays),
  })) as [Counted, ...Counted[]];
  const { reading, effect } = others.reduce(
    (best, next) => (isStricter(next, best) ? next : best),
    first,
  );
  const rule: Rule = {
    pack: { id: pack.id, version: pack.version },
    pointer: reading.pointer,
    source: reading.value.source,
    status: reading.value.status,
    period: reading.value.value,
    applied: reading.applied,
    fromDelivery: needsProofOfDelivery(pack),
    unconfirmedYears: effect.unconfirmedYears,
  };
  return { date: effect.date, rule };
}

type Counted = Readonly<{ reading: Reading; effect: CountedDate }>;

function isStricter(one: Counted, other: Counted): boolean {
  if (one.effect.date !== other.effect.date) return one.effect.date > other.effect.date;
  return strictness[one.reading.applied.when] > strictness[other.reading.applied.when];
}

function effectDate(
  start: BusinessDate,
  period: NoticePeriod,
  holidays: HolidayTable,
): CountedDate {
  return period.when === "before"
    ? count(start, period, holidays)
    : { date: start, unconfirmedYears: [] };
}

function count(
  start: BusinessDate,
  { days, counting }: NoticePeriod,
  holidays: HolidayTable,
): CountedDate {
  return counting === "business"
    ? addBusinessDays(start, days, holidays)
    : { date: addDays(start, days), unconfirmedYears: [] };
}

/** The day the clock of a notice starts; null while it has not started. */
function clockStart(pack: CompliancePack, notice: GateNotice | null): BusinessDate | null {
  if (notice === null || !needsProofOfDelivery(pack)) return notice?.issuedOn ?? null;
  const { issuedOn, deliveredOn } = notice;
  return deliveredOn === null || deliveredOn > issuedOn ? deliveredOn : issuedOn;
}

function missingAct(notice: GateNotice | null, fromDelivery: boolean): Text | null {
  if (notice === null) {
    return { en: "Cannot change line: no notice was issued", zh: "无法变更额度：尚未发出通知" };
  }
  if (notice.state === "bounced") {
    return {
      en: "Cannot change line: the notice came back undelivered",
      zh: "无法变更额度：通知未能送达，已退回",
    };
  }
  if (fromDelivery && notice.deliveredOn === null) {
    return {
      en: "Cannot change line: the notice is not yet delivered",
      zh: "无法变更额度：通知尚未送达",
    };
  }
  return null;
}

function tooEarly(rule: Rule, today: BusinessDate, opensOn: BusinessDate): Text {
  const quoted = ruleText(rule);
  return {
    en: `Cannot change line: today is ${today}, the gate opens on ${opensOn}, ${quoted.en}`,
    zh: `无法变更额度：今天是 ${today}，最早可于 ${opensOn} 执行，${quoted.zh}`,
  };
}

function periodText({ when, days, counting }: NoticePeriod, fromDelivery: boolean): Text {
  const unit = {
    en: `${counting} ${days === 1 ? "day" : "days"}`,
    zh: counting === "business" ? "个工作日" : "天",
  };
  const act = fromDelivery ? { en: "delivered", zh: "送达" } : { en: "issued", zh: "发出" };
  if (when === "before") {
    return {
      en: `notice must be ${act.en} ${days} ${unit.en} before`,
      zh: `须提前 ${days} ${unit.zh}${act.zh}通知`,
    };
  }
  if (when === "at") return { en: `notice must be ${act.en} first`, zh: `须先${act.zh}通知` };
  return {
    en: `notice must follow within ${days} ${unit.en}`,
    zh: `须在其后 ${days} ${unit.zh}内通知`,
  };
}
