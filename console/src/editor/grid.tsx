// A grid of cells as a spreadsheet has it. However large the sheet is, only the cells in the window are drawn. One input
// lies over the active cell and takes the keys, so that writing begins with the first character, in every script.
import { memo, useEffect, useId, useMemo, useState, type ReactNode } from "react";
import { useText } from "../app/text.ts";
import { between, gridHands, useGridState, type GridHands, type GridState } from "./grid-state.ts";
import { headHeight, isLow, leftsOf, rowHeight, useShown } from "./grid-window.ts";
import { isAsked, type CellChange, type SheetColumn } from "./sheet.ts";

/** What is wrong with a cell; `at` is the character, from 1, where reading ended. */
export type CellFault = Readonly<{ text: string; at: number | null }>;

/** What the check says of a row. */
export type RowMark = Readonly<{ severity: "error" | "warning" | "note"; text: string }>;

export type GridProps = Readonly<{
  label: string;
  columns: readonly SheetColumn[];
  /** what stands in the rows */
  entries: readonly unknown[];
  textAt: (row: number, column: number) => string;
  faultAt: (row: number, column: number) => CellFault | null;
  /** asked while somebody types; null: nothing is wrong */
  check: (row: number, column: number, text: string) => Promise<CellFault | null>;
  markAt?: (row: number) => RowMark | null;
  isLit?: (row: number) => boolean;
  /** a row to go to; another object goes there again */
  goTo?: Readonly<{ row: number; column?: number }> | null;
  /** rows below the last one are to be made */
  onWrite: (changes: readonly CellChange[]) => void;
  onInsert: (at: number) => void;
  onDelete: (at: number, count: number) => void;
  onMove: (at: number, count: number, by: -1 | 1) => void;
  onUndo: () => void;
  onRedo: () => void;
}>;

export function Grid(props: GridProps): ReactNode {
  const { label, columns, entries } = props;
  const t = useText();
  const grid = useGridState(props);
  const hands = gridHands(props, grid);
  return (
    <div className="grid-frame">
      <div className="grid-scroller" ref={grid.scroller} data-rows={entries.length}>
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={entries.length + 1}
          aria-colcount={columns.length}
          style={{ width: leftsOf(columns).at(-1) }}
          onMouseDown={(event) => hands.onMouse(event, event.shiftKey)}
          onMouseMove={(event) => {
            if (event.buttons === 1) hands.onMouse(event, true);
          }}
          onDoubleClick={() => grid.type(props.textAt(grid.row, grid.column))}
        >
          <Head columns={columns} />
          <Body props={props} grid={grid} />
        </div>
        {entries.length > 0 && <Over props={props} grid={grid} hands={hands} />}
      </div>
      <p className="quiet grid-help" ref={grid.help} tabIndex={-1}>
        {t("grid.keys")}
      </p>
    </div>
  );
}

type Parts = Readonly<{ props: GridProps; grid: GridState }>;

/** The cells in the window. Scrolling draws nothing else anew, and a row that leaves lends its place to one that comes. */
function Body({ props, grid }: Parts): ReactNode {
  const { columns, entries, textAt, faultAt, markAt, isLit } = props;
  const { row, column, bounds } = grid;
  const lefts = useMemo(() => leftsOf(columns), [columns]);
  const shown = useShown(grid.scroller, entries.length, lefts);
  // Rows and columns may have been taken out since somebody looked.
  const last = Math.min(shown.bottom, entries.length) - 1;
  const [left, right] = [shown.left, shown.right].map((at) => Math.min(at, columns.length));
  return (
    <div role="rowgroup" style={{ height: entries.length * rowHeight }} className="grid-body">
      {between(shown.top, last).map((at) => {
        const chosen = at >= bounds.top && at <= bounds.bottom;
        return (
          <Row
            key={at % shown.most}
            at={at}
            columns={columns}
            left={left!}
            right={right!}
            textAt={textAt}
            faultAt={faultAt}
            mark={markAt?.(at) ?? null}
            lit={isLit?.(at) ?? false}
            from={chosen ? bounds.left : -1}
            to={chosen ? bounds.right : -1}
            active={at === row ? column : -1}
          />
        );
      })}
    </div>
  );
}

type HeadProps = Readonly<{ columns: readonly SheetColumn[] }>;

const Head = memo(function Head({ columns }: HeadProps): ReactNode {
  return (
    <div role="rowgroup" className="grid-head">
      <div role="row" aria-rowindex={1} className="grid-line">
        {columns.map(({ title, name, width }, at) => (
          <div
            key={at}
            role="columnheader"
            aria-colindex={at + 1}
            className={at === 0 ? "grid-first" : undefined}
            style={{ width }}
            title={name ?? title}
          >
            <span>{title}</span>
            {name !== undefined && name !== title && <code>{name}</code>}
          </div>
        ))}
      </div>
    </div>
  );
});

type RowProps = Readonly<{
  at: number;
  columns: readonly SheetColumn[];
  /** the columns in the window beside the first one, and the one behind them */
  left: number;
  right: number;
  textAt: GridProps["textAt"];
  faultAt: GridProps["faultAt"];
  mark: RowMark | null;
  lit: boolean;
  /** the chosen cells, and the active one; −1: none */
  from: number;
  to: number;
  active: number;
}>;

const signs = { error: "✕", warning: "▲", note: "●" } as const;

const Row = memo(function Row(props: RowProps): ReactNode {
  const { at, columns, left, right, textAt, faultAt, mark, lit, from, to, active } = props;
  const passed = columns.slice(1, left).reduce((sum, { width }) => sum + width, 0);
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      data-row={at}
      className={lit ? "grid-line grid-row grid-hit" : "grid-line grid-row"}
      style={{ top: at * rowHeight }}
    >
      {[0, ...between(left, right - 1)].map((column) => {
        const { width } = columns[column]!;
        const fault = faultAt(at, column);
        const text = textAt(at, column);
        const chosen = from >= 0 && column >= from && column <= to;
        const names = [
          column === 0 ? "grid-first" : "",
          chosen ? "chosen" : "",
          active === column ? "active" : "",
          fault === null ? "" : "faulty",
        ];
        return (
          <div
            key={column}
            role={column === 0 ? "rowheader" : "gridcell"}
            aria-colindex={column + 1}
            aria-selected={chosen}
            data-column={column}
            className={names.join(" ").trim()}
            style={column === left ? { width, marginLeft: passed } : { width }}
            title={fault?.text ?? text}
          >
            {column === 0 && mark !== null && <Mark mark={mark} />}
            {text}
          </div>
        );
      })}
    </div>
  );
});

function Mark({ mark: { severity, text } }: Readonly<{ mark: RowMark }>): ReactNode {
  return (
    <span className={`grid-mark ${severity}`} title={text}>
      <span aria-hidden="true">{signs[severity]}</span>
      <span className="unseen">{text}</span>
    </span>
  );
}

/** The input over the active cell, with what is offered and what is wrong. */
function Over({ props, grid, hands }: Parts & Readonly<{ hands: GridHands }>): ReactNode {
  const { columns, textAt, faultAt, markAt, check } = props;
  const { row, column, typed } = grid;
  const t = useText();
  const id = useId();
  const active = columns[column]!;
  const text = textAt(row, column);
  const typedFault = useTypedFault(check, row, column, isAsked(active) ? typed : null);
  const fault = typed === null ? faultAt(row, column) : typedFault;
  const mark = typed === null && column === 0 ? (markAt?.(row) ?? null) : null;
  const told = fault?.text ?? mark?.text ?? null;
  const writing = typed !== null;
  return (
    <div
      className={fault === null ? "grid-over" : "grid-over faulty"}
      style={{
        top: headHeight + row * rowHeight,
        left: leftsOf(columns)[column],
        width: writing ? Math.max(active.width, 220) : active.width,
      }}
    >
      <input
        ref={grid.input}
        className={writing ? "grid-input" : "grid-input idle"}
        value={typed ?? ""}
        aria-label={t("grid.cell", { row: textAt(row, 0), column: active.title, text })}
        aria-invalid={fault !== null}
        {...(told === null ? {} : { "aria-describedby": `${id}fault` })}
        {...(writing && active.offers !== undefined ? { list: `${id}offers` } : {})}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => grid.type(event.target.value)}
        onKeyDown={hands.onKeyDown}
        onCopy={(event) => hands.onCopy(event, false)}
        onCut={(event) => hands.onCopy(event, true)}
        onPaste={hands.onPaste}
        onBlur={grid.commit}
      />
      <datalist id={`${id}offers`}>
        {(active.offers ?? []).map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
      {told !== null && (
        <div
          className={isLow(grid.scroller.current, row) ? "grid-fault above" : "grid-fault"}
          id={`${id}fault`}
          role="status"
        >
          {fault !== null && fault.at !== null && (
            <pre aria-hidden="true">{`${typed ?? text}\n${" ".repeat(fault.at - 1)}^`}</pre>
          )}
          {told}
        </div>
      )}
    </div>
  );
}

const typingMs = 150;

/** Asks a little after the last character. */
function useTypedFault(
  check: GridProps["check"],
  row: number,
  column: number,
  typed: string | null,
): CellFault | null {
  const [fault, setFault] = useState<CellFault | null>(null);
  useEffect(() => {
    if (typed === null) return setFault(null);
    let over = false;
    const timer = setTimeout(() => {
      void check(row, column, typed).then((found) => {
        if (!over) setFault(found);
      });
    }, typingMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [check, row, column, typed]);
  return fault;
}
