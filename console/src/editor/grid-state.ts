// Where somebody is in a grid, what is chosen and what is being typed; and what keys and the clipboard do with it.
import {
  useEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
} from "react";
import {
  actOf,
  boundsOf,
  movedTo,
  type Bounds,
  type Cell,
  type Range,
  type Size,
} from "./grid-keys.ts";
import type { GridProps } from "./grid.tsx";
import { pageOf, reveal } from "./grid-window.ts";
import type { CellChange, SheetColumn } from "./sheet.ts";
import { readBlock, writeBlock } from "./tsv.ts";

export type GridState = Readonly<{
  scroller: RefObject<HTMLDivElement | null>;
  input: RefObject<HTMLInputElement | null>;
  help: RefObject<HTMLParagraphElement | null>;
  size: Size;
  row: number;
  column: number;
  bounds: Bounds;
  /** what stands in the input while somebody writes; null: nobody does */
  typed: string | null;
  type: (text: string | null) => void;
  /** writes what was typed */
  commit: () => void;
  go: (to: Cell, extend?: boolean) => void;
  choose: (range: Range) => void;
  /** the chosen cells get a text each */
  fill: (text: (column: SheetColumn) => string) => void;
}>;

export function useGridState(props: GridProps): GridState {
  const { columns, entries, textAt, goTo = null, onWrite } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const help = useRef<HTMLParagraphElement>(null);
  const [range, choose] = useState<Range>({ row: 0, column: 0, toRow: 0, toColumn: 0 });
  const [typed, type] = useState<string | null>(null);
  const size = { rows: entries.length, columns: columns.length };
  const row = Math.max(0, Math.min(range.toRow, size.rows - 1));
  const column = Math.min(range.toColumn, size.columns - 1);
  const bounds = boundsOf(range, size);
  const go = (to: Cell, extend = false): void => {
    const next = { toRow: to.row, toColumn: to.column };
    choose(extend ? { ...range, ...next } : { ...to, ...next });
    reveal(scroller.current, to, columns);
    input.current?.focus({ preventScroll: true });
  };
  // Only a new wish moves the reader, not every change of the entries.
  useEffect(() => {
    if (goTo !== null && goTo.row < size.rows) go({ row: goTo.row, column: goTo.column ?? 0 });
  }, [goTo]);
  const commit = (): void => {
    if (typed !== null && typed !== textAt(row, column)) onWrite([{ row, column, text: typed }]);
    type(null);
  };
  const fill = (text: (column: SheetColumn) => string): void => {
    const { top, bottom, left, right } = bounds;
    onWrite(
      between(top, bottom).flatMap((at) =>
        between(left, right).map((to): CellChange => ({
          row: at,
          column: to,
          text: text(columns[to]!),
        })),
      ),
    );
  };
  return {
    scroller,
    input,
    help,
    size,
    row,
    column,
    bounds,
    typed,
    type,
    commit,
    go,
    choose,
    fill,
  };
}

/** What keys and clipboard do. */
export type GridHands = Readonly<{
  onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
  onCopy: (event: ClipboardEvent, cut: boolean) => void;
  onPaste: (event: ClipboardEvent) => void;
  onMouse: (event: MouseEvent, extend: boolean) => void;
}>;

const cleared = ({ clear = "" }: SheetColumn): string => clear;

export function gridHands(props: GridProps, grid: GridState): GridHands {
  const { bounds, typed, fill } = grid;
  return {
    onKeyDown: (event) => {
      if (event.nativeEvent.isComposing) return;
      if (typed !== null) write(event, grid);
      else move(event, props, grid);
    },
    onCopy: (event, cut) => {
      if (typed !== null) return;
      event.preventDefault();
      const block = between(bounds.top, bounds.bottom).map((row) =>
        between(bounds.left, bounds.right).map((column) => props.textAt(row, column)),
      );
      event.clipboardData.setData("text/plain", writeBlock(block));
      if (cut) fill(cleared);
    },
    onPaste: (event) => {
      if (typed !== null) return;
      event.preventDefault();
      paste(readBlock(event.clipboardData.getData("text/plain")), props, grid);
    },
    onMouse: (event, extend) => {
      const cell = (event.target as Element).closest<HTMLElement>("[data-column]");
      const line = cell?.closest<HTMLElement>("[data-row]");
      if (cell === null || line === null || line === undefined || event.button !== 0) return;
      event.preventDefault();
      grid.commit();
      const to = { row: Number(line.dataset["row"]), column: Number(cell.dataset["column"]) };
      grid.go(to, extend);
    },
  };
}

function write(event: KeyboardEvent, { row, column, size, type, commit, go }: GridState): void {
  const { key, shiftKey } = event;
  if (key !== "Escape" && key !== "Enter" && key !== "Tab") return;
  event.preventDefault();
  if (key === "Escape") return type(null);
  commit();
  const by = shiftKey ? -1 : 1;
  go({
    row: key === "Enter" ? clamped(row + by, size.rows) : row,
    column: key === "Tab" ? clamped(column + by, size.columns) : column,
  });
}

function move(event: KeyboardEvent, props: GridProps, grid: GridState): void {
  const { row, column, size, bounds } = grid;
  const act = actOf(event);
  if (act === null) {
    const to = movedTo(event, { row, column }, size, pageOf(grid.scroller.current));
    if (to === null) return;
    event.preventDefault();
    return grid.go(to, event.shiftKey && event.key !== "Tab");
  }
  event.preventDefault();
  const count = bounds.bottom - bounds.top + 1;
  switch (act) {
    case "edit":
      return grid.type(props.textAt(row, column));
    case "clear":
      return grid.fill(cleared);
    case "undo":
      return props.onUndo();
    case "redo":
      return props.onRedo();
    case "leave":
      return grid.help.current?.focus();
    case "insert":
      props.onInsert(bounds.bottom + 1);
      return grid.go({ row: bounds.bottom + 1, column });
    case "delete":
      return props.onDelete(bounds.top, count);
    default: {
      const by = act === "up" ? -1 : 1;
      if (bounds.top + by < 0 || bounds.bottom + by >= size.rows) return;
      props.onMove(bounds.top, count, by);
      const { top, bottom, left, right } = bounds;
      grid.choose({ row: top + by, toRow: bottom + by, column: left, toColumn: right });
    }
  }
}

function paste(block: readonly (readonly string[])[], props: GridProps, grid: GridState): void {
  const { top, left } = grid.bounds;
  const [only = ""] = block[0] ?? [];
  if (block.length === 1 && block[0]?.length === 1) return grid.fill(() => only);
  props.onWrite(
    block.flatMap((cells, down) =>
      cells.map((text, right) => ({ row: top + down, column: left + right, text })),
    ),
  );
  const width = Math.max(...block.map((cells) => cells.length));
  grid.choose({
    ...{ row: top, column: left, toRow: top + block.length - 1 },
    toColumn: clamped(left + width - 1, grid.size.columns),
  });
}

function clamped(value: number, count: number): number {
  return Math.max(0, Math.min(value, count - 1));
}

/** Whole numbers from one to the other, both included. */
export function between(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}
