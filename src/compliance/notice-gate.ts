// The notice gate: a line changes only when what the compliance pack asks before that change is true. The gate
// is pure, answers with the rule that decided, and is the same for a sweep, a person, a timer and a replay.

import {
  addBusinessDays,
  addDays,
  addMonths,
  type BusinessDate,
  type CountedDate,
  type HolidayTable,
} from "../domain/calendar.ts";
import type { Cause } from "../domain/decision.ts";
import { reachedNobody, type NoticeChannel, type NoticeState } from "../domain/notice.ts";
import type { Text } from "../domain/text.ts";
import { classifyAdverseAction, type CitedRule } from "./adverse-action.ts";
import type {
  Agreement,
  CompliancePack,
  GatedAction,
  NoticePeriod,
  PackRef,
  ValueStatus,
} from "./pack.ts";
import {
  carriesNotice,
  isStricter,
  needsProofOfDelivery,
  periodReadings,
  sureSubstitute,
  type PeriodReading,
} from "./strict-reading.ts";

export type { GatedAction } from "./pack.ts";

/** What decided: the value of the pack with its source and status, and how its days were counted. */
export type Rule = Readonly<{
  pack: PackRef;
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

/**
 * Open: `noticeDueBy` is the last day for a notice that may follow and does not stand yet, counted from a change made
 * today; `exempt` is the rule under which no notice is owed at all. Closed: `opensOn` is null while an act is missing
 * (issue, delivery): then no date can be named.
 */
export type GateAnswer =
  | Readonly<{
      open: true;
      rule: Rule;
      noticeDueBy: BusinessDate | null;
      exempt: CitedRule | null;
    }>
  | Readonly<{ open: false; because: Text; opensOn: BusinessDate | null; rule: Rule }>;

/**
 * What the gate needs to know of a notice. Without a channel nothing stands in place of proof of delivery, and the whole
 * notice went out. `sentOn` is the day on which it left through that channel, null while it has not; absent: the day of issue.
 */
export type GateNotice = Readonly<{
  state: NoticeState;
  channel?: NoticeChannel;
  sentOn?: BusinessDate | null;
  issuedOn: BusinessDate;
  deliveredOn: BusinessDate | null;
}>;

/**
 * A change and the law it is under. `holidays` must be the table of `pack.calendar`. Left out: one customer's line, not
 * known to be overdue, without the customer's agreement.
 */
type Asked = Readonly<{
  pack: CompliancePack;
  action: GatedAction;
  cause: Cause;
  classWide?: boolean;
  presentlyOverdue?: boolean;
  agreement?: Agreement;
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
 * A notice that bounced or was escalated has reached nobody and keeps the gate closed except under "after". Where proof of delivery is
 * asked for, a sure substitute of the pack for the notice's channel counts as delivery on its day. A short form counts for
 * nothing unless the pack surely says that it is enough. A change that is no
 * adverse action by a sure rule needs no notice. Once open for a notice, the gate stays open on every later day.
 */
export function noticeGate(
  input: Asked & Readonly<{ notice: GateNotice | null; today: BusinessDate }>,
): GateAnswer {
  const { notice, today } = input;
  const start = clockStart(input, notice);
  const { date, rule } = decidingRule(input, start ?? countedFrom(today));
  const exempt = exemption(input);
  if (exempt !== null) return { open: true, rule, noticeDueBy: null, exempt };
  const missing = missingAct(input.pack, notice, start);
  if (rule.applied.when === "after") {
    const due = missing === null ? null : count(today, rule.applied, input.holidays).date;
    return { open: true, rule, noticeDueBy: due, exempt: null };
  }
  if (missing !== null) return { open: false, because: missing, opensOn: null, rule };
  if (date <= today) return { open: true, rule, noticeDueBy: null, exempt: null };
  return { open: false, because: tooEarly(rule, today, date), opensOn: date, rule };
}

/**
 * First business date on which the change may take effect when its notice is issued, and where proof is asked
 * for also delivered, on `issuedOn`. A later delivery moves the gate, not this date.
 */
export function firstEffect(
  input: Asked & Readonly<{ issuedOn: BusinessDate }>,
): Readonly<{ date: BusinessDate; rule: Rule }> {
  const deciding = decidingRule(input, countedFrom(input.issuedOn));
  return exemption(input) === null ? deciding : { ...deciding, date: input.issuedOn };
}

/** Last day for the notice of a change that took effect before it; null where notice must come first or none is owed. */
export function noticeDueBy(
  input: Asked & Readonly<{ effectiveOn: BusinessDate }>,
): Readonly<{ date: BusinessDate; rule: Rule }> | null {
  const { rule } = decidingRule(input, countedFrom(input.effectiveOn));
  if (rule.applied.when !== "after" || exemption(input) !== null) return null;
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

/** The sure rule under which no notice is owed; null where one is. */
function exemption(asked: Asked): CitedRule | null {
  const { notifiable, rule } = classifyAdverseAction(asked.pack, asked);
  return notifiable ? null : rule;
}

/** The strictest reading when the clock starts at `start`: later effect first, then "before" over "at" over "after". */
function decidingRule(
  asked: Asked,
  start: CountedDate,
): Readonly<{ date: BusinessDate; rule: Rule }> {
  const { pack, holidays } = asked;
  if (holidays.id !== pack.calendar) {
    throw new Error(
      `Cannot count notice period: found calendar ${holidays.id}, expected ${pack.calendar}`,
    );
  }
  const [first, ...others] = periodReadings(pack, asked.action, asked.cause).map((reading) => ({
    reading,
    effect: effectDate(start.date, reading.applied, holidays),
  })) as [Counted, ...Counted[]];
  const { reading, effect } = others.reduce(
    (best, next) => (opensLater(next, best) ? next : best),
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
    unconfirmedYears: [...new Set([...start.unconfirmedYears, ...effect.unconfirmedYears])],
  };
  return { date: effect.date, rule };
}

type Counted = Readonly<{ reading: PeriodReading; effect: CountedDate }>;

function opensLater(one: Counted, other: Counted): boolean {
  if (one.effect.date !== other.effect.date) return one.effect.date > other.effect.date;
  return isStricter(one.reading.applied, other.reading.applied);
}

function countedFrom(date: BusinessDate): CountedDate {
  return { date, unconfirmedYears: [] };
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
  { months = 0, days, counting }: Pick<NoticePeriod, "months" | "days" | "counting">,
  holidays: HolidayTable,
): CountedDate {
  const from = addMonths(start, months);
  return counting === "business"
    ? addBusinessDays(from, days, holidays)
    : { date: addDays(from, days), unconfirmedYears: [] };
}

/** The day the clock of a notice starts; null while it has not started. */
function clockStart(asked: Asked, notice: GateNotice | null): CountedDate | null {
  if (notice === null || reachedNobody(notice.state)) return null;
  if (isShortFormOnly(asked.pack, notice)) return null;
  const { issuedOn, deliveredOn } = notice;
  if (!needsProofOfDelivery(asked.pack)) return countedFrom(issuedOn);
  if (deliveredOn === null) return deemedDelivery(asked, notice);
  return countedFrom(deliveredOn > issuedOn ? deliveredOn : issuedOn);
}

/** The day on which a notice without proof counts as delivered; null where the pack has no sure substitute for it. */
function deemedDelivery({ pack, holidays }: Asked, notice: GateNotice): CountedDate | null {
  const { channel, issuedOn, sentOn = issuedOn } = notice;
  const substitute = sureSubstitute(pack, channel);
  return substitute === null || sentOn === null ? null : count(sentOn, substitute, holidays);
}

/** True where only a message went out that the law does not take for the notice. */
function isShortFormOnly(pack: CompliancePack, { channel }: GateNotice): boolean {
  return channel !== undefined && !carriesNotice(pack, channel);
}

function missingAct(
  pack: CompliancePack,
  notice: GateNotice | null,
  clockStart: CountedDate | null,
): Text | null {
  if (notice === null) {
    return { en: "Cannot change line: no notice was issued", zh: "无法变更额度：尚未发出通知" };
  }
  if (reachedNobody(notice.state)) {
    return {
      en: "Cannot change line: the notice came back undelivered",
      zh: "无法变更额度：通知未能送达，已退回",
    };
  }
  if (isShortFormOnly(pack, notice)) {
    const { status, source } = pack.notice.shortFormSuffices;
    return {
      en: `Cannot change line: found a short form by ${notice.channel}, expected the whole notice (${status}: ${source})`,
      zh: `无法变更额度：仅以${notice.channel === "push" ? "推送" : "短信"}发出短文本，须送达完整通知（${statusText[status]}：${source}）`,
    };
  }
  if (clockStart === null) {
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

/** A period in words. */
export function periodText(period: NoticePeriod, fromDelivery: boolean): Text {
  const { when } = period;
  const length = lengthText(period);
  const act = fromDelivery ? { en: "delivered", zh: "送达" } : { en: "issued", zh: "发出" };
  if (when === "before") {
    return {
      en: `notice must be ${act.en} ${length.en} before`,
      zh: `须提前 ${length.zh}${act.zh}通知`,
    };
  }
  if (when === "at") return { en: `notice must be ${act.en} first`, zh: `须先${act.zh}通知` };
  return {
    en: `notice must follow within ${length.en}`,
    zh: `须在其后 ${length.zh}内通知`,
  };
}

function lengthText({ months = 0, days, counting }: NoticePeriod): Text {
  const inMonths = { en: `${months} ${months === 1 ? "month" : "months"}`, zh: `${months} 个月` };
  const inDays = {
    en: `${days} ${counting} ${days === 1 ? "day" : "days"}`,
    zh: `${days} ${counting === "business" ? "个工作日" : "天"}`,
  };
  if (months === 0) return inDays;
  if (days === 0) return inMonths;
  return { en: `${inMonths.en} and ${inDays.en}`, zh: `${inMonths.zh}又 ${inDays.zh}` };
}
