// The invented credit lines of the demo portfolio: what each is from the start. How it lives is in demo-life.ts.

import { dateOfDay, dayNumber, type BusinessDate } from "../domain/calendar.ts";
import { demoMonthEnds } from "./demo-calendar.ts";
import { demoOwner } from "./demo-block.ts";
import { demoCustomer, digits, type DemoCustomer, type DemoTier } from "./demo-customer.ts";
import { pickWeighted, randomOf, type Random, type Weighted } from "./demo-random.ts";

/** transactors pay in full, revolvers carry a balance, seasonal lines rest most of the year, … */
export type DemoBehaviour = "transactor" | "revolver" | "seasonal" | "dormant" | "multi-borrower";

/** One line. Amounts in minor units. */
export type DemoLine = Readonly<{
  seed: number;
  /** from 0 */
  number: number;
  reference: string;
  customer: DemoCustomer;
  behaviour: DemoBehaviour;
  purpose: "consumption" | "business";
  product: "card" | "cash-line" | "business-line";
  campaign: string;
  limitMinor: number;
  openedOn: BusinessDate;
  /** month end (0 to 11) at which the line is first known */
  firstMonth: number;
  /** frozen already when its history begins */
  frozen: boolean;
  scoreBase: number;
  hardship: boolean;
  openDispute: boolean;
  disasterArea: boolean;
  /** result of the check of what a loan was used for; null: not checked */
  purposeBreach: boolean | null;
  /** null: the bureau was not asked */
  lenders: number | null;
}>;

const behaviours: Weighted<DemoBehaviour> = [
  ["transactor", 30],
  ["revolver", 41],
  ["seasonal", 10],
  ["dormant", 7],
  ["multi-borrower", 12],
];

const campaigns: Weighted<string> = [
  ["organic", 45],
  ["spring-festival", 12],
  ["double-eleven", 15],
  ["partner-app", 20],
  ["branch", 8],
];

const scoreByTier: Readonly<Record<DemoTier, number>> = { premium: 800, standard: 755, basic: 722 };

/** The line of a number, with its customer. */
export function demoLine(seed: number, number: number): DemoLine {
  const random = randomOf(seed, 3, number);
  const customer = demoCustomer(seed, demoOwner(seed, number));
  const behaviour = pickWeighted(random, behaviours);
  const purpose = random.chance(0.2) ? "business" : "consumption";
  return {
    ...{ seed, number, customer, behaviour, purpose },
    reference: `TL${digits(number, 7)}`,
    product: purpose === "business" ? "business-line" : random.chance(0.6) ? "card" : "cash-line",
    campaign: pickWeighted(random, campaigns),
    limitMinor: limitOf(random, customer, purpose),
    ...openingOf(random, behaviour),
    frozen: random.chance(0.004),
    scoreBase: scoreBaseOf(random, customer, behaviour),
    hardship: random.chance(0.01),
    openDispute: random.chance(0.008),
    disasterArea: random.chance(0.003),
    purposeBreach: breachOf(random, purpose),
    lenders: random.chance(0.04) ? null : lendersOf(random, behaviour),
  };
}

/** One to six monthly incomes for consumption, six to thirty for a business, in steps of 1,000 yuan. */
function limitOf(
  random: Random,
  { incomeMinor }: DemoCustomer,
  purpose: DemoLine["purpose"],
): number {
  const times = purpose === "business" ? random.share(6, 30) : random.share(1, 6);
  const step = 100_000;
  return Math.min(Math.max(Math.round((incomeMinor * times) / step), 3), 1_500) * step;
}

/** One line in fifteen is opened during the history; those that rest were opened long before. */
function openingOf(
  random: Random,
  behaviour: DemoBehaviour,
): Pick<DemoLine, "openedOn" | "firstMonth"> {
  const within = random.chance(0.07) && behaviour !== "dormant";
  const firstMonth = within ? random.between(1, 11) : 0;
  const before = within ? random.between(0, 26) : random.between(within ? 0 : 150, 3_300);
  const day = dayNumber(demoMonthEnds[firstMonth]!) - before;
  return { openedOn: dateOfDay(day), firstMonth };
}

function scoreBaseOf(
  random: Random,
  { tier, troublePoints }: DemoCustomer,
  behaviour: DemoBehaviour,
): number {
  const lift = { transactor: 25, revolver: 0, seasonal: 8, dormant: 15, "multi-borrower": -38 };
  const weak = troublePoints > 0 ? -12 : 0;
  return Math.round(scoreByTier[tier] + lift[behaviour] + weak + 24 * random.bell());
}

function breachOf(random: Random, purpose: DemoLine["purpose"]): boolean | null {
  const checked = random.chance(purpose === "business" ? 0.5 : 0.15);
  const breached = random.chance(purpose === "business" ? 0.008 : 0.002);
  return checked ? breached : null;
}

function lendersOf(random: Random, behaviour: DemoBehaviour): number {
  return behaviour === "multi-borrower" ? random.between(1, 4) : random.chance(0.25) ? 1 : 0;
}
