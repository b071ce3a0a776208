// Who is in which arm. A customer's digit in a decision area is drawn once and kept; arms own digits, and a new layout of
// arms takes over the digits of the one before as far as it can, so that changing shares moves as few customers as
// possible, and never from one challenger straight to another while the champion has some to give. Pure: the keyed hash is
// an argument.

import { championArm, holdoutArm } from "../domain/arm.ts";
import type { Id } from "../domain/id.ts";
import type { Arm, ArmShare, CustomerDigit, DigitRange } from "./experiment-ports.ts";

/** Shares are basis points of all customers, so there are as many digits. */
export const digitCount = 10_000;

/**
 * HMAC-SHA-256(secret, area, customer) mod 10,000.
 * @param hmac HMAC-SHA-256 of a text under the installation's secret, hex
 */
export function digitOf(hmac: (text: string) => string, area: string, customerId: Id): number {
  return Number(BigInt(`0x${hmac(`${area}\0${customerId}`)}`) % BigInt(digitCount));
}

/** The arm of a customer; who was ever held out stays so, whatever the shares are now. */
export function armOf<One extends Readonly<{ name: string; ranges: readonly DigitRange[] }>>(
  arms: readonly One[],
  { digit, heldOut }: Pick<CustomerDigit, "digit" | "heldOut">,
): string {
  if (heldOut) return holdoutArm;
  const found = arms.find(({ ranges }) =>
    ranges.some(({ from, to }) => from <= digit && digit < to),
  );
  if (found === undefined) throw new Error(`No arm has digit ${digit}`);
  return found.name;
}

/**
 * Gives each arm as many digits as its share. An arm keeps what it had under the same name; one that grows takes from
 * what the champion had, and only when that is used up from what others gave up; one that shrinks gives to the champion.
 * @param shares sum to 10,000, one of them the champion's
 * @param before the arms of the area's experiment before; null: there was none
 */
export function layOut(shares: readonly ArmShare[], before: readonly Arm[] | null): readonly Arm[] {
  const had = new Map((before ?? []).map(({ name, ranges }) => [name, ranges]));
  const others = shares.filter(({ name }) => name !== championArm);
  const kept = new Map<string, readonly DigitRange[]>();
  const givenUp: DigitRange[] = [];
  for (const [name, ranges] of had) {
    if (name === championArm) continue;
    const share = others.find((one) => one.name === name)?.shareBp ?? 0;
    const [keeps, gives] = split(ranges, share);
    kept.set(name, keeps);
    givenUp.push(...gives);
  }
  let pool: readonly DigitRange[] = [
    ...(had.get(championArm) ?? [{ from: 0, to: digitCount }]),
    ...givenUp,
  ];
  const ranges = new Map<string, readonly DigitRange[]>();
  for (const { name, shareBp } of others) {
    const own = kept.get(name) ?? [];
    const [taken, rest] = split(pool, shareBp - sizeOf(own));
    ranges.set(name, joined([...own, ...taken]));
    pool = rest;
  }
  ranges.set(championArm, joined(pool));
  return shares.map((share) => ({ ...share, ranges: ranges.get(share.name)! }));
}

/** How many digits are in another arm than before: the share of customers that a new layout moves, basis points. */
export function movedBp(before: readonly Arm[], after: readonly Arm[]): number {
  return after.reduce((moved, { name, ranges }) => {
    const own = before.find((arm) => arm.name === name)?.ranges ?? [];
    return moved + sizeOf(ranges) - commonBp(own, ranges);
  }, 0);
}

function commonBp(left: readonly DigitRange[], right: readonly DigitRange[]): number {
  let common = 0;
  for (const one of left) {
    for (const other of right) {
      common += Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
    }
  }
  return common;
}

function sizeOf(ranges: readonly DigitRange[]): number {
  return ranges.reduce((size, { from, to }) => size + to - from, 0);
}

/** The first `size` digits of the ranges in their order, and the others. */
function split(
  ranges: readonly DigitRange[],
  size: number,
): readonly [readonly DigitRange[], readonly DigitRange[]] {
  const first: DigitRange[] = [];
  const rest: DigitRange[] = [];
  let left = size;
  for (const { from, to } of ranges) {
    const cut = from + Math.min(left, to - from);
    left -= cut - from;
    if (cut > from) first.push({ from, to: cut });
    if (cut < to) rest.push({ from: cut, to });
  }
  return [first, rest];
}

/** In order, neighbours as one. */
function joined(ranges: readonly DigitRange[]): readonly DigitRange[] {
  const whole: DigitRange[] = [];
  for (const range of ranges.toSorted((left, right) => left.from - right.from)) {
    const last = whole.at(-1);
    if (last?.to === range.from) whole[whole.length - 1] = { from: last.from, to: range.to };
    else whole.push(range);
  }
  return whole;
}
