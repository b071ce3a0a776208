// The facts of a demo line at a month end, under the names of the dictionary of strategies/consumer-cn, and which of
// them are news since the month before. Money is in minor units, ratios have four decimals.

import type { FactValue, FactValues } from "../domain/facts.ts";
import { demoWarmUp, type DemoMonth } from "./demo-life.ts";
import type { DemoLine } from "./demo-line.ts";

/** All facts at a month end (0 to 12). */
export function demoFacts(line: DemoLine, life: readonly DemoMonth[], month: number): FactValues {
  const { customer } = line;
  const at = demoWarmUp + month;
  const now = life[at]!;
  const onBook = month - openedMonth(line);
  return {
    behaviourScore: now.behaviourScore,
    scoreChange90Days: onBook < 3 ? null : now.behaviourScore - life[at - 3]!.behaviourScore,
    bureauScore: now.bureauScore,
    daysPastDue: now.daysPastDue,
    utilisation: ratio(now.drawnMinor, line.limitMinor),
    utilisation12mAverage: onBook < 12 ? null : averageUse(line, life, at),
    multiLenderCount3m: now.lenders,
    overdueOthers: now.overdueOthers,
    income: customer.incomeKnown ? now.incomeMinor : null,
    incomeChange: customer.incomeKnown ? change(now.incomeMinor, life[at - 6]!.incomeMinor) : null,
    repaymentRatio3m: now.repaymentRatio,
    monthsSinceLastUse: now.monthsUnused,
    loanPurpose: line.purpose,
    productType: line.product,
    campaign: line.campaign,
    purposeBreach: line.purposeBreach,
    industry: customer.industry,
    region: customer.region,
    customerTier: customer.tier,
    hardship: line.hardship ? true : null,
    openDispute: line.openDispute ? true : null,
    disasterArea: line.disasterArea ? true : null,
  };
}

/** The facts that differ from the month before; empty when nothing does. */
export function demoNews(line: DemoLine, life: readonly DemoMonth[], month: number): FactValues {
  const before = demoFacts(line, life, month - 1);
  const news: Record<string, FactValue> = {};
  for (const [name, value] of Object.entries(demoFacts(line, life, month))) {
    if (value !== before[name]) news[name] = value;
  }
  return news;
}

/** Month in which the line was opened, as far as the history tells: long before it for most. */
function openedMonth({ firstMonth }: DemoLine): number {
  return firstMonth > 0 ? firstMonth : -demoWarmUp;
}

function averageUse(line: DemoLine, life: readonly DemoMonth[], at: number): number {
  const year = life.slice(at - 11, at + 1);
  const sum = year.reduce((total, { drawnMinor }) => total + drawnMinor, 0);
  return ratio(sum / year.length, line.limitMinor);
}

function ratio(part: number, whole: number): number {
  return Math.round((10_000 * part) / whole);
}

function change(now: number, before: number): number {
  return Math.round((10_000 * (now - before)) / before);
}
