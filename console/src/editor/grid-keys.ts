// Where keys lead in a grid.

export type Cell = Readonly<{ row: number; column: number }>;
/** From where a choice began to where it is. */
export type Range = Cell & Readonly<{ toRow: number; toColumn: number }>;
export type Size = Readonly<{ rows: number; columns: number }>;
export type Bounds = Readonly<{ top: number; bottom: number; left: number; right: number }>;

/** The rectangle that is chosen, within the sheet. */
export function boundsOf({ row, column, toRow, toColumn }: Range, { rows, columns }: Size): Bounds {
  const within = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1));
  return {
    top: within(Math.min(row, toRow), rows),
    bottom: within(Math.max(row, toRow), rows),
    left: within(Math.min(column, toColumn), columns),
    right: within(Math.max(column, toColumn), columns),
  };
}

type Key = Readonly<{ key: string; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }>;

/** The cell that a key leads to; null where it leads nowhere, so that tabbing past an end leaves the grid. */
export function movedTo(
  { key, ctrlKey, metaKey, shiftKey }: Key,
  { row, column }: Cell,
  { rows, columns }: Size,
  page: number,
): Cell | null {
  const far = ctrlKey || metaKey;
  const [bottom, right] = [rows - 1, columns - 1];
  const downTo = (next: number): Cell => ({ row: Math.max(0, Math.min(next, bottom)), column });
  const rightTo = (next: number): Cell => ({ row, column: Math.max(0, Math.min(next, right)) });
  switch (key) {
    case "ArrowUp":
      return downTo(far ? 0 : row - 1);
    case "ArrowDown":
      return downTo(far ? bottom : row + 1);
    case "ArrowLeft":
      return rightTo(far ? 0 : column - 1);
    case "ArrowRight":
      return rightTo(far ? right : column + 1);
    case "PageUp":
      return downTo(row - page);
    case "PageDown":
      return downTo(row + page);
    case "Home":
      return { row: far ? 0 : row, column: 0 };
    case "End":
      return { row: far ? bottom : row, column: right };
    case "Tab":
      return nextCell(row * columns + column + (shiftKey ? -1 : 1), rows, columns);
    default:
      return null;
  }
}

function nextCell(place: number, rows: number, columns: number): Cell | null {
  if (place < 0 || place >= rows * columns) return null;
  return { row: Math.floor(place / columns), column: place % columns };
}

/** leave: on to what stands behind the grid, which Tab alone only reaches from its last cell. */
export type Act =
  | "edit"
  | "clear"
  | "undo"
  | "redo"
  | "leave"
  | "insert"
  | "delete"
  | "up"
  | "down";

const plainActs: Readonly<Record<string, Act>> = {
  ...{ Enter: "edit", F2: "edit", Delete: "clear", Backspace: "clear" },
  ...{ Escape: "leave", Insert: "insert" },
};

const altActs: Readonly<Record<string, Act>> = {
  ...{ ArrowUp: "up", ArrowDown: "down" },
  ...{ Enter: "insert", Delete: "delete", Backspace: "delete" },
};

/** What a key does to the sheet; null: it moves, or begins to write. */
export function actOf({
  key,
  altKey,
  ctrlKey,
  metaKey,
  shiftKey,
}: Key & Readonly<{ altKey: boolean }>): Act | null {
  if (altKey) return altActs[key] ?? null;
  if (!ctrlKey && !metaKey) return plainActs[key] ?? null;
  const letter = key.toLowerCase();
  if (letter === "z") return shiftKey ? "redo" : "undo";
  return letter === "y" ? "redo" : null;
}
