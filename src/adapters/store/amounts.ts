// Budgets are counted in whole units; anything else would be rounded somewhere, and a negative amount would give
// a budget more than it ever had.

/** Throws RangeError unless all amounts are safe integers of 0 or more. */
export function checkAmounts(...amounts: readonly number[]): void {
  for (const amount of amounts) {
    if (Number.isSafeInteger(amount) && amount >= 0) continue;
    throw new RangeError(`Cannot reserve: found ${amount}, expected a whole number of 0 or more`);
  }
}
