// How one demo line lives, month by month: balance, payments, delinquency, scores. Everything follows from the line and
// its own stream of chance. The life begins a year before the history, so that averages and trends exist from the start.

import { demoMonths, demoShock, shockArrived } from "./demo-calendar.ts";
import type { DemoLine } from "./demo-line.ts";
import { randomOf, type Random } from "./demo-random.ts";
import { daysOf, nextRoll, type RollState } from "./demo-roll.ts";

/** One month end of a line. Amounts in minor units; ratios in ten-thousandths. */
export type DemoMonth = Readonly<{
  /** 0: the opening balance; 1 to 12: the history */
  month: number;
  roll: RollState;
  daysPastDue: number;
  drawnMinor: number;
  pendingMinor: number;
  behaviourScore: number;
  bureauScore: number;
  incomeMinor: number;
  lenders: number | null;
  overdueOthers: boolean | null;
  repaymentRatio: number | null;
  monthsUnused: number;
}>;

/** Months before the opening balance. */
export const demoWarmUp = 12;

/** State of a life while it is being lived. */
type Living = {
  roll: RollState;
  monthsInWorst: number;
  use: number;
  noise: number;
  bureauNoise: number;
  unused: number;
  /** month from which a dormant line is not used any more */
  readonly restsFrom: number;
};

/**
 * All month ends, the warm-up included: index `demoWarmUp + month`.
 * @returns `demoWarmUp + demoMonths + 1` months
 */
export function demoLife(line: DemoLine): readonly DemoMonth[] {
  const random = randomOf(line.seed, 4, line.number);
  const target = useTarget(random, line);
  const living: Living = {
    roll: null,
    monthsInWorst: 0,
    use: target,
    noise: 0,
    bureauNoise: 0,
    unused: 0,
    restsFrom: random.between(-2, 10),
  };
  const months: DemoMonth[] = [];
  for (let month = -demoWarmUp; month <= demoMonths; month += 1) {
    months.push(liveMonth(random, line, living, month, target));
  }
  return months;
}

/** Part of the limit that a line tends to use. */
function useTarget(random: Random, { behaviour }: DemoLine): number {
  switch (behaviour) {
    case "transactor":
      return random.share(0.04, 0.3);
    case "revolver":
      return random.share(0.15, 0.78);
    case "seasonal":
      return random.share(0.2, 0.7);
    case "dormant":
      return 0;
    case "multi-borrower":
      return random.share(0.5, 0.97);
  }
}

function liveMonth(
  random: Random,
  line: DemoLine,
  living: Living,
  month: number,
  target: number,
): DemoMonth {
  const points = lostPoints(line, month);
  const stress = Math.min(1, points / 110);
  moveRoll(random, line, living, month);
  moveUse(random, line, living, month, target + 0.3 * stress);
  const idle = living.use === 0;
  living.unused = idle ? living.unused + 1 : 0;
  living.noise = 0.8 * living.noise + 4.5 * random.bell();
  living.bureauNoise = 0.85 * living.bureauNoise + 4 * random.bell();
  const { roll } = living;
  return {
    ...{ month, roll },
    daysPastDue: daysOf(random, roll, living.monthsInWorst),
    drawnMinor:
      Math.round((line.limitMinor * living.use) / 100) * 100 + (idle ? 0 : random.between(0, 99)),
    pendingMinor: !idle && random.chance(0.05) ? random.between(20, 800) * 100 : 0,
    behaviourScore: scoreOf(
      line.scoreBase + living.noise - points - rollPoints(roll) - fullPoints(living.use),
    ),
    bureauScore: scoreOf(
      line.customer.bureauBase + living.bureauNoise - 0.7 * points - 0.5 * rollPoints(roll),
    ),
    incomeMinor: incomeOf(random, line, month, stress),
    lenders: line.lenders === null ? null : line.lenders + Math.floor(stress * 3.4),
    overdueOthers: line.lenders === null ? null : overdueElsewhere(line, stress, roll),
    repaymentRatio: repaidOf(random, line, living, stress),
    monthsUnused: Math.max(0, living.unused),
  };
}

/** Points lost to the customer's own trouble, which takes three months to arrive and then stays, and to the shock. */
export function lostPoints({ customer }: DemoLine, month: number): number {
  const { troubleMonth, troublePoints, shockPoints } = customer;
  const own = troubleMonth === null ? 0 : Math.min(3, Math.max(0, month - troubleMonth + 1)) / 3;
  return troublePoints * own + shockPoints * arrived(month);
}

/** How much of the shock is there: 0 before it, then more each month. */
function arrived(month: number): number {
  const since = month - demoShock.month;
  return since < 0 ? 0 : (shockArrived[since] ?? shockArrived.at(-1)!);
}

/** A line without a balance has nothing to pay late. */
function moveRoll(random: Random, line: DemoLine, living: Living, month: number): void {
  if (living.use === 0) {
    living.roll = null;
    return;
  }
  const shock = line.customer.shockStrength * arrived(month);
  living.roll = nextRoll(random, living.roll, entryRate(line), shock);
  living.monthsInWorst = living.roll === 5 ? living.monthsInWorst + 1 : 0;
}

/** Monthly rate of falling behind, by kind of line and tier. */
function entryRate({ behaviour, customer }: DemoLine): number {
  const base = {
    transactor: 0.008,
    revolver: 0.022,
    seasonal: 0.015,
    dormant: 0,
    "multi-borrower": 0.06,
  };
  const tier = { premium: 0.5, standard: 1, basic: 1.6 };
  return base[behaviour] * tier[customer.tier];
}

function moveUse(
  random: Random,
  line: DemoLine,
  living: Living,
  month: number,
  target: number,
): void {
  if (line.behaviour === "dormant") {
    living.use = month < living.restsFrom ? random.share(0.02, 0.2) : 0;
    return;
  }
  const season = line.behaviour === "seasonal" ? seasonOf(line, month) : 1;
  const next = 0.65 * living.use + 0.35 * target * season + 0.035 * random.bell();
  const late = living.roll === null ? 0 : 0.04;
  living.use = Math.min(1.05, Math.max(0.01, next + late));
}

/** Two busy quarters a year, which ones depends on the line. */
function seasonOf({ number }: DemoLine, month: number): number {
  return (((month + number) % 6) + 6) % 6 < 3 ? 1.3 : 0.05;
}

function rollPoints(roll: RollState): number {
  return roll === null ? 0 : [26, 85, 125, 155, 175, 190][roll]!;
}

/** A line that is nearly full costs points. */
function fullPoints(use: number): number {
  return use > 0.8 ? (use - 0.8) * 140 : 0;
}

function scoreOf(points: number): number {
  return Math.round(Math.min(900, Math.max(300, points)));
}

function incomeOf(random: Random, line: DemoLine, month: number, stress: number): number {
  const drift = 1 + 0.003 * month + 0.015 * random.bell();
  return Math.round((line.customer.incomeMinor * drift * (1 - 0.42 * stress)) / 100) * 100;
}

function overdueElsewhere({ number }: DemoLine, stress: number, roll: RollState): boolean {
  return stress * 10 > 4 + (number % 9) || (roll !== null && roll > 0 && number % 2 === 0);
}

/** Part of the bills of three months that was paid; null without bills. */
function repaidOf(random: Random, line: DemoLine, living: Living, stress: number): number | null {
  if (living.use === 0) return null;
  const draw = random.next();
  if (living.roll !== null) return Math.round(10_000 * draw * (living.roll === 0 ? 0.3 : 0.1));
  if (line.behaviour === "transactor") return 10_000;
  const [low, high] = line.behaviour === "multi-borrower" ? [0.06, 0.45] : [0.18, 0.75];
  return Math.round(10_000 * (low + (high - low) * draw) * (1 - 0.6 * stress));
}
