// A list of the document as a grid: what is written, pasted, put in or taken out is one step of the document.
import { Button } from "antd";
import { useCallback, useMemo, type ReactNode } from "react";
import { useText } from "../app/text.ts";
import { listOf, moved, pathOf, recordOf, spliced, textOf, valueAt } from "./document.ts";
import { useEditing, useFaults } from "./editing.ts";
import { Grid, type CellFault } from "./grid.tsx";
import { cellText, written, type Blank, type SheetColumn } from "./sheet.ts";

type SheetViewProps = Readonly<{
  /** pointer of the list */
  list: string;
  label: string;
  columns: readonly SheetColumn[];
  blank: Blank;
  isLit?: (id: string) => boolean;
  /** where more than the list changes with its entries */
  onChange?: (entries: readonly unknown[]) => void;
}>;

export function SheetView(props: SheetViewProps): ReactNode {
  const { list, label, columns, blank, isLit, onChange } = props;
  const t = useText();
  const { document, change, undo, redo, place } = useEditing();
  const { faultAt, markAt, check } = useFaults(list);
  const path = pathOf(list);
  const entries = listOf(valueAt(document, path));
  const textAt = useCallback(
    (row: number, column: number): string => cellText(entries[row], columns[column]!),
    [entries, columns],
  );
  const faultOf = useCallback(
    (row: number, column: number): CellFault | null => faultAt(entries[row], columns[column]!),
    [entries, columns, faultAt],
  );
  const ask = useCallback(
    (row: number, column: number, text: string) => check(entries[row], columns[column]!, text),
    [entries, columns, check],
  );
  const goTo = useMemo(() => placeIn(list, columns, place?.path), [place]);
  const put = onChange ?? ((next: readonly unknown[]): void => change(path, next));
  const ids = (): readonly string[] => entries.map((entry) => textOf(recordOf(entry)["id"]));
  if (entries.length === 0) {
    return (
      <Button size="small" className="first-row" onClick={() => put([blank([])])}>
        {t("editor.firstRow")}
      </Button>
    );
  }
  return (
    <Grid
      label={label}
      columns={columns}
      entries={entries}
      textAt={textAt}
      faultAt={faultOf}
      check={ask}
      markAt={(row) => markAt(entries[row])}
      isLit={(row) => isLit?.(textOf(recordOf(entries[row])["id"])) ?? false}
      goTo={goTo}
      onWrite={(changes) => put(written(entries, columns, changes, blank))}
      onInsert={(at) => put(spliced(entries, at, 0, blank(ids())))}
      onDelete={(at, count) => put(spliced(entries, at, count))}
      onMove={(at, count, by) => put(moved(entries, at, count, by))}
      onUndo={undo}
      onRedo={redo}
    />
  );
}

/** The row, and the column where the pointer says which. */
function placeIn(
  list: string,
  columns: readonly SheetColumn[],
  pointer: string | undefined,
): Readonly<{ row: number; column: number }> | null {
  if (pointer === undefined || !pointer.startsWith(`${list}/`)) return null;
  const [row, ...rest] = pointer.slice(list.length + 1).split("/");
  const within = rest.join("/");
  const column = columns.findIndex(({ at }) => {
    const place = at.join("/");
    return within === place || within.startsWith(`${place}/`) || place.startsWith(`${within}/`);
  });
  return { row: Number(row), column: within === "" ? 0 : Math.max(0, column) };
}
