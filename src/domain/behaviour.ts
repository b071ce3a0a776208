// Whether a line is used as it used to be. Each look holds the newest days against the line's own earlier ones by median
// and median absolute deviation, which a few wild days cannot move, and says in words and figures what it found. Nothing
// here is a judgement of the customer, and nothing is said where the line has too little history.

import { type BusinessDate, dayNumber, type Instant } from "./calendar.ts";
import type { BehaviourMeasures } from "./declared-fact.ts";
import type { DayPane } from "./derive-facts.ts";
import { type Currency, moneyText } from "./money.ts";
import type { Text } from "./text.ts";

export const behaviourLooks = [
  "amount",
  "hour",
  "frequency",
  "full-draw",
  "borrowed-payment",
  "cash-out",
] as const;

export type BehaviourLook = (typeof behaviourLooks)[number];

/** `isUnusual` null: too little history to say. Figures: amounts in minor units, shares in basis points, else counts or hours. */
export type BehaviourFinding = Readonly<{
  look: BehaviourLook;
  isUnusual: boolean | null;
  figures: Readonly<Record<string, number>>;
  text: Text;
}>;

/** `hourOf`: hour of the day of an instant in the lender's time zone. Limit in minor units. */
export type BehaviourContext = Readonly<{
  asOf: BusinessDate;
  limitMinor: number;
  currency: Currency;
  hourOf: (at: Instant) => number;
}>;

/** Newest days that are looked at, and days before them that they are held against. */
const newestDays = 7;
const earlierDays = 182;
const fewestDays = 8;
/** how many deviations from the median count as unusual; about 3.4 standard deviations of a normal distribution */
const deviations = 5;

/** All looks at a line, from its panes in any order. */
export function lookAtBehaviour(
  panes: readonly DayPane[],
  measures: BehaviourMeasures,
  context: BehaviourContext,
): readonly BehaviourFinding[] {
  const today = dayNumber(context.asOf);
  const daysOf = (measure: string): readonly Day[] =>
    panes
      .filter((pane) => pane.measure === measure && pane.count > 0 && pane.onDate <= context.asOf)
      .map((pane) => ({ ...pane, back: today - dayNumber(pane.onDate) }));
  const seen: Seen = {
    ...{ drawn: daysOf(measures.drawn), repaid: daysOf(measures.repaid) },
    ...{ cash: daysOf(measures.cash), context },
  };
  return behaviourLooks.map((look) => looks[look](seen));
}

/** `back`: days before today, 0 for today. */
type Day = DayPane & Readonly<{ back: number }>;

type Seen = Readonly<{
  drawn: readonly Day[];
  repaid: readonly Day[];
  cash: readonly Day[];
  context: BehaviourContext;
}>;

const looks: Readonly<Record<BehaviourLook, (seen: Seen) => BehaviourFinding>> = {
  amount: lookAtAmount,
  hour: lookAtHour,
  frequency: lookAtFrequency,
  "full-draw": lookAtFullDraw,
  "borrowed-payment": lookAtBorrowedPayment,
  "cash-out": lookAtCashOut,
};

function isNewest({ back }: Day): boolean {
  return back < newestDays;
}

function isEarlier({ back }: Day): boolean {
  return back >= newestDays && back < newestDays + earlierDays;
}

function lookAtAmount({ drawn, context }: Seen): BehaviourFinding {
  const earlier = drawn.filter(isEarlier).map(({ high }) => high ?? 0);
  const newest = Math.max(0, ...drawn.filter(isNewest).map(({ high }) => high ?? 0));
  if (earlier.length < fewestDays) return unknown("amount", earlier.length);
  const median = medianOf(earlier);
  const deviation = Math.max(deviationOf(earlier), Math.ceil(median / 10));
  const figures = { newest, median, deviation, days: earlier.length };
  const money = (minor: number): string =>
    moneyText({ amountMinor: minor, currency: context.currency });
  return {
    ...{ look: "amount", isUnusual: newest > median + deviations * deviation, figures },
    text: {
      en: `Largest drawdown of ${newestDays} days ${money(newest)}; usual ${money(median)}, deviation ${money(deviation)}, by ${earlier.length} days`,
      zh: `近 ${newestDays} 天最大单笔支用 ${money(newest)}；通常 ${money(median)}，偏差 ${money(deviation)}，依据 ${earlier.length} 天`,
    },
  };
}

/** Hours lie on a circle: 23 is next to 0. */
function lookAtHour({ drawn, context: { hourOf } }: Seen): BehaviourFinding {
  const hoursOf = (days: readonly Day[]): readonly number[] =>
    days.flatMap(({ lastAt }) => (lastAt === null ? [] : [hourOf(lastAt)]));
  const earlier = hoursOf(drawn.filter(isEarlier));
  const newest = hoursOf(drawn.filter(isNewest));
  if (earlier.length < fewestDays) return unknown("hour", earlier.length);
  const median = middleHour(earlier);
  const deviation = Math.max(1, medianOf(earlier.map((hour) => hoursApart(hour, median))));
  const apart = newest.map((hour) => hoursApart(hour, median));
  const farthest = newest[apart.indexOf(Math.max(...apart))] ?? median;
  const figures = { newest: farthest, median, deviation, days: earlier.length };
  return {
    look: "hour",
    isUnusual: hoursApart(farthest, median) > Math.max(4, deviations * deviation),
    figures,
    text: {
      en: `Drawn at ${farthest} o'clock in the last ${newestDays} days; usual ${median} o'clock, give or take ${deviation} hours, by ${earlier.length} days`,
      zh: `近 ${newestDays} 天在 ${farthest} 时支用；通常 ${median} 时，偏差 ${deviation} 小时，依据 ${earlier.length} 天`,
    },
  };
}

function hoursApart(one: number, other: number): number {
  const apart = Math.abs(one - other);
  return Math.min(apart, 24 - apart);
}

/** The hour with the smallest sum of distances; of equal ones the earliest. */
function middleHour(hours: readonly number[]): number {
  const sumAt = (at: number): number => hours.reduce((sum, hour) => sum + hoursApart(hour, at), 0);
  let middle = 0;
  for (let at = 1; at < 24; at += 1) if (sumAt(at) < sumAt(middle)) middle = at;
  return middle;
}

function lookAtFrequency({ drawn }: Seen): BehaviourFinding {
  const days = drawn.filter(isEarlier);
  if (days.length < fewestDays) return unknown("frequency", days.length);
  const weeks = Array.from({ length: earlierDays / newestDays }, () => 0);
  for (const { back, count } of days) weeks[Math.floor(back / newestDays) - 1]! += count;
  const newest = drawn.filter(isNewest).reduce((sum, { count }) => sum + count, 0);
  const median = medianOf(weeks);
  const deviation = Math.max(1, deviationOf(weeks));
  return {
    look: "frequency",
    isUnusual: newest > median + deviations * deviation,
    figures: { newest, median, deviation, weeks: weeks.length },
    text: {
      en: `${newest} drawdowns in ${newestDays} days; usual ${median} a week, deviation ${deviation}, by ${weeks.length} weeks`,
      zh: `近 ${newestDays} 天支用 ${newest} 次；通常每周 ${median} 次，偏差 ${deviation}，依据 ${weeks.length} 周`,
    },
  };
}

const fullShareBp = 8_000;

/** Most of the limit within three days, on a line that never drew half as much of it at once. */
function lookAtFullDraw({ drawn, context: { limitMinor } }: Seen): BehaviourFinding {
  if (limitMinor <= 0 || drawn.length === 0) return unknown("full-draw", 0);
  const newest = shareBp(sumWithin(drawn, 0, 3), limitMinor);
  const most = Math.max(
    0,
    ...drawn.filter(isEarlier).map(({ back }) => shareBp(sumWithin(drawn, back, 3), limitMinor)),
  );
  return {
    look: "full-draw",
    isUnusual: newest >= fullShareBp && most * 2 <= newest,
    figures: { newestBp: newest, mostBp: most },
    text: {
      en: `${percent(newest)} of the limit drawn within 3 days; before at most ${percent(most)}`,
      zh: `近 3 天支用占额度 ${percent(newest)}；此前最高 ${percent(most)}`,
    },
  };
}

const fewestPayments = 2;

/** Payments of the last 30 days for which as much was drawn in the three days before, against those of the days before. */
function lookAtBorrowedPayment({ drawn, repaid }: Seen): BehaviourFinding {
  const shareOf = (payments: readonly Day[]): number => {
    const covered = payments.reduce(
      (sum, { back, sum: paid }) => sum + Math.min(paid ?? 0, sumWithin(drawn, back, 4)),
      0,
    );
    return shareBp(
      covered,
      payments.reduce((sum, { sum: paid }) => sum + (paid ?? 0), 0),
    );
  };
  const payments = repaid.filter(({ back }) => back < 30);
  const before = repaid.filter(({ back }) => back >= 30 && back < 30 + earlierDays);
  if (payments.length < fewestPayments) return unknown("borrowed-payment", payments.length);
  const [newest, usual] = [shareOf(payments), shareOf(before)];
  return {
    look: "borrowed-payment",
    isUnusual: newest >= fullShareBp && usual * 2 <= newest,
    figures: { newestBp: newest, usualBp: usual, payments: payments.length },
    text: {
      en: `${percent(newest)} of ${payments.length} payments in 30 days was drawn within 3 days before them; before ${percent(usual)}`,
      zh: `近 30 天 ${payments.length} 笔还款中，${percent(newest)} 在还款前 3 天内新支用；此前为 ${percent(usual)}`,
    },
  };
}

const leastCashBp = 3_000;

/** A good part of the limit taken as cash or transferred at once, where that used to be less than half of what was drawn. */
function lookAtCashOut({ drawn, cash, context: { limitMinor } }: Seen): BehaviourFinding {
  if (limitMinor <= 0 || drawn.length === 0) return unknown("cash-out", 0);
  const total = (days: readonly Day[]): number =>
    days.reduce((sum, one) => sum + (one.sum ?? 0), 0);
  const newest = shareBp(total(cash.filter(isNewest)), limitMinor);
  const usual = shareBp(total(cash.filter(isEarlier)), total(drawn.filter(isEarlier)));
  return {
    look: "cash-out",
    isUnusual: newest >= leastCashBp && usual < 5_000,
    figures: { newestBp: newest, usualBp: usual },
    text: {
      en: `Cash and transfers of ${percent(newest)} of the limit in ${newestDays} days; before ${percent(usual)} of what was drawn`,
      zh: `近 ${newestDays} 天取现与转账占额度 ${percent(newest)}；此前占支用的 ${percent(usual)}`,
    },
  };
}

/** What was told of `days` days up to the one that lies `back` days before today. */
function sumWithin(days: readonly Day[], back: number, length: number): number {
  return days.reduce(
    (sum, day) => (day.back >= back && day.back < back + length ? sum + (day.sum ?? 0) : sum),
    0,
  );
}

/** Basis points, rounded down; 0 of nothing. */
function shareBp(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.floor((part / whole) * 10_000);
}

function percent(basisPoints: number): string {
  return `${(basisPoints / 100).toFixed(1)} %`;
}

/** The middle value, of two the lower one; 0 of none. */
function medianOf(values: readonly number[]): number {
  const ordered = values.toSorted((one, other) => one - other);
  return ordered[Math.floor((ordered.length - 1) / 2)] ?? 0;
}

/** The median absolute deviation from the median. */
function deviationOf(values: readonly number[]): number {
  const median = medianOf(values);
  return medianOf(values.map((value) => Math.abs(value - median)));
}

function unknown(look: BehaviourLook, days: number): BehaviourFinding {
  return {
    ...{ look, isUnusual: null, figures: { days } },
    text: {
      en: `Too little is known: ${days} days`,
      zh: `历史不足：${days} 天`,
    },
  };
}
