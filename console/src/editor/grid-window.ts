// Which rows of a grid are drawn: those that the window shows and a few more. All rows are of one height, so that this is
// arithmetic and nothing has to be measured.
import { useEffect, useState, type RefObject } from "react";
import type { Cell } from "./grid-keys.ts";
import type { SheetColumn } from "./sheet.ts";

export const rowHeight = 32;
export const headHeight = 48;
const spareRows = 4;

/** The first row that is drawn, the one behind the last, and how many are drawn at most. */
export function useWindow(
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
): Readonly<{ first: number; last: number; most: number }> {
  const [seen, setSeen] = useState({ top: 0, rows: 30 });
  // After painting: what stands within the scroller has its layout effects before the scroller is there.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      const top = Math.floor(element.scrollTop / rowHeight);
      const rows = Math.ceil(element.clientHeight / rowHeight);
      setSeen((before) => (before.top === top && before.rows === rows ? before : { top, rows }));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [scroller]);
  const first = Math.max(0, Math.min(seen.top, count) - spareRows);
  const last = Math.min(count, seen.top + seen.rows + spareRows);
  return { first, last, most: seen.rows + 2 * spareRows };
}

/** Left edges of the columns, and the right one of the last. */
export function leftsOf(columns: readonly SheetColumn[]): readonly number[] {
  const lefts = [0];
  for (const { width } of columns) lefts.push(lefts.at(-1)! + width);
  return lefts;
}

/** Rows that one key moves by a page. */
export function pageOf(element: HTMLElement | null): number {
  return Math.max(1, Math.floor((element?.clientHeight ?? 0) / rowHeight) - 2);
}

const saidHeight = 150;

/** True where what is said of a cell has its room above it. */
export function isLow(element: HTMLElement | null, row: number): boolean {
  if (element === null) return false;
  const top = headHeight + row * rowHeight - element.scrollTop;
  return top > saidHeight && top > element.clientHeight / 2;
}

/** Scrolls just as far as it takes to see the cell beside the first column, which stays. */
export function reveal(
  element: HTMLElement | null,
  { row, column }: Cell,
  columns: readonly SheetColumn[],
): void {
  if (element === null) return;
  const lefts = leftsOf(columns);
  const { scrollTop, scrollLeft, clientHeight, clientWidth } = element;
  const top = row * rowHeight;
  const least = top + rowHeight + headHeight - clientHeight;
  if (top < scrollTop) element.scrollTop = top;
  else if (least > scrollTop) element.scrollTop = least;
  const left = column === 0 ? 0 : lefts[column]! - lefts[1]!;
  const right = lefts[column + 1]! - clientWidth;
  if (left < scrollLeft) element.scrollLeft = left;
  else if (right > scrollLeft) element.scrollLeft = Math.min(left, right);
}
