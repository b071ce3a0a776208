// The sum of plain numbers: counts, widths, points. Amounts of money are added where their currency is known.

/** The sum, 0 for none. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
