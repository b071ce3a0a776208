// How wide the columns of a printed table are: as wide as their longest cell where all fit, in a smaller size where that
// helps, and narrower text columns that wrap as the last resort. Numbers never wrap.

import { sum } from "../../domain/sum.ts";
import type { ViewTable } from "./view-shape.ts";

const sizes = [8, 7.5, 7, 6.5, 6, 5.5] as const;

export type Columns = Readonly<{ size: number; widths: readonly number[] }>;

/**
 * Font size and widths in points.
 * @param measure width of a text at a font size, points
 */
export function columnWidths(
  { columns, rows }: ViewTable,
  available: number,
  padding: number,
  measure: (text: string, size: number) => number,
): Columns {
  for (const size of sizes) {
    const widths = columns.map(({ label }, place) => {
      const cells = [label, ...rows.map((row) => row[place] ?? "")];
      return Math.max(...cells.map((cell) => measure(cell, size))) + 2 * padding + 1;
    });
    const whole = sum(widths);
    if (whole <= available) return { size, widths };
    if (size === sizes.at(-1)) return { size, widths: squeezed(columns, widths, available) };
  }
  throw new Error("Table without font sizes");
}

function squeezed(
  columns: ViewTable["columns"],
  widths: readonly number[],
  available: number,
): readonly number[] {
  const numbers = sum(widths.filter((_, place) => columns[place]!.number));
  const texts = sum(widths) - numbers;
  const share = Math.max(0.2, (available - numbers) / texts);
  const narrower = widths.map((width, place) => (columns[place]!.number ? width : width * share));
  const over = Math.min(1, available / sum(narrower));
  return narrower.map((width) => width * over);
}
