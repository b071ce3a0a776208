// Which cells of a grid are drawn: those that the window shows and a few more. All rows are of one height and columns say
// their width, so that this is arithmetic and no cell has to be measured.
import { useEffect, useState, type RefObject } from "react";
import type { Cell } from "./grid-keys.ts";
import type { SheetColumn } from "./sheet.ts";

export const rowHeight = 32;
export const headHeight = 48;
const spareRows = 4;
const spareColumns = 2;

/** What the window shows: rows and columns from the first to the one behind the last; the first column always. */
export type Shown = Readonly<{
  top: number;
  bottom: number;
  left: number;
  right: number;
  /** how many rows are drawn at most */
  most: number;
}>;

/** Where the reader is, in pixels. */
export type View = Readonly<{ top: number; left: number; height: number; width: number }>;

/** The rows and columns of a view, and a few more beside them. `lefts` as of {@link leftsOf}. */
export function shownIn(
  { top, left, height, width }: View,
  rows: number,
  lefts: readonly number[],
): Shown {
  const first = Math.floor(top / rowHeight);
  const seen = Math.ceil(height / rowHeight);
  const columns = lefts.length - 1;
  // The first column covers what lies below it.
  const after = left + (lefts[1] ?? 0);
  const covered = lefts.findIndex((_, at) => (lefts[at + 1] ?? Infinity) > after);
  const behind = lefts.findIndex((edge) => edge >= left + width);
  return {
    top: Math.max(0, Math.min(first, rows) - spareRows),
    bottom: Math.min(rows, first + seen + spareRows),
    left: Math.min(columns, Math.max(1, covered - spareColumns)),
    right: Math.min(columns, (behind < 0 ? columns : behind) + spareColumns),
    most: seen + 2 * spareRows,
  };
}

const atFirst: View = { top: 0, left: 0, height: 30 * rowHeight, width: 2_000 };

/** What of a grid of so many rows is drawn, as its reader scrolls. */
export function useShown(
  scroller: RefObject<HTMLDivElement | null>,
  rows: number,
  lefts: readonly number[],
): Shown {
  const [shown, setShown] = useState(() => shownIn(atFirst, rows, lefts));
  // After painting: what stands within the scroller has its layout effects before the scroller is there.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // Measured when it changes and in no frame of scrolling.
    const measured = () => ({ height: element.clientHeight, width: element.clientWidth });
    let size = measured();
    const look = (): void => {
      const next = shownIn(
        { top: element.scrollTop, left: element.scrollLeft, ...size },
        rows,
        lefts,
      );
      setShown((before) => (isSame(before, next) ? before : next));
    };
    const observer = new ResizeObserver(() => {
      size = measured();
      look();
    });
    look();
    element.addEventListener("scroll", look, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [scroller, rows, lefts]);
  return shown;
}

function isSame(one: Shown, other: Shown): boolean {
  return (Object.keys(one) as (keyof Shown)[]).every((edge) => one[edge] === other[edge]);
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
