// What is known of a line's balance: the newest word on it, and the movements of the days after that. Words of
// different days lead to the same balance in whatever order they arrive: an older balance changes nothing, a newer one
// covers the movements up to its own day, and those of later days count on top. Movements always do; a balance that
// arrives after more than `daysKept` later days have moved may come too late.

import type { BusinessDate } from "./calendar.ts";

/** What one day's movements come to, minor units: drawn less repaid. */
export type DayMovement = Readonly<{ on: BusinessDate; netMinor: number }>;

/** The part of a credit line that is told by balances and movements, minor units. */
export type Balance = Readonly<{
  drawnMinor: number;
  pendingMinor: number;
  /** business date of the newest word on drawn and pending: older words change nothing */
  balanceAsOf: BusinessDate | null;
  /** counted in `drawnMinor`; days after `balanceAsOf` in their order, null when there is none */
  movements: readonly DayMovement[] | null;
}>;

/** A word on drawn and pending as they are at the end of `asOf`, as far as it was known when it came. */
export type ToldBalance = Readonly<{
  asOf: BusinessDate;
  drawnMinor: number;
  pendingMinor: number;
}>;

/** Days of movements that are kept apart; what is told of earlier ones is one sum under the last of their dates. */
export const daysKept = 31;

/**
 * The row after a balance. Movements of its day that came before it are covered by it, those that come later count on
 * top; of two balances of one day the later to arrive holds. A balance that is older than the newest one changes
 * nothing, nor does one that cuts through the sum of the earliest days.
 */
export function afterBalance<Row extends Balance>(row: Row, told: ToldBalance): Row {
  const { asOf, drawnMinor, pendingMinor } = told;
  const known = row.movements ?? [];
  const since = known.length > daysKept ? known[0]!.on : row.balanceAsOf;
  if (since !== null && asOf < since) return row;
  const later = known.filter(({ on }) => on > asOf);
  return {
    ...row,
    drawnMinor: later.reduce((sum, { netMinor }) => sum + netMinor, drawnMinor),
    pendingMinor,
    balanceAsOf: asOf,
    movements: later.length === 0 ? null : later,
  };
}

/** The row after a movement; one of a day before the newest balance is covered by that and changes nothing. */
export function afterMovement<Row extends Balance>(row: Row, { on, netMinor }: DayMovement): Row {
  const { balanceAsOf } = row;
  if (balanceAsOf !== null && on < balanceAsOf) return row;
  const moved = { ...row, drawnMinor: row.drawnMinor + netMinor };
  if (on === balanceAsOf) return moved;
  return { ...moved, movements: withMovement(row.movements ?? [], { on, netMinor }) };
}

function withMovement(
  known: readonly DayMovement[],
  { on, netMinor }: DayMovement,
): readonly DayMovement[] {
  const sameDay = known.find((day) => day.on === on)?.netMinor ?? 0;
  const days = [
    ...known.filter((day) => day.on < on),
    { on, netMinor: sameDay + netMinor },
    ...known.filter((day) => day.on > on),
  ];
  if (days.length <= daysKept + 1) return days;
  const [first, second, ...rest] = days as [DayMovement, DayMovement, ...DayMovement[]];
  return [{ on: second.on, netMinor: first.netMinor + second.netMinor }, ...rest];
}
