// Tables for people: no frame, columns aligned by what a character takes on the screen, so that Chinese and
// English line up, and numbers to the right.

import Table from "cli-table3";
import type { Text } from "../domain/text.ts";
import { type Frame, say } from "./frame.ts";

/** One column: its heading, and whether its cells are numbers. */
export type Column = Readonly<{ label: Text; right?: boolean }>;

const bare = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
};

/** Writes rows under their headings; "" for no rows. */
export function tableText(
  frame: Pick<Frame, "language">,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return "";
  const table = new Table({
    head: columns.map((column) => say(frame, column.label)),
    chars: bare,
    colAligns: columns.map((column) => (column.right === true ? "right" : "left")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return `${trimmed(table.toString())}\n`;
}

/** Label and value, one pair a line; values of several lines are indented under their first. */
export function detailsText(
  frame: Pick<Frame, "language">,
  details: readonly (readonly [Text, string])[],
): string {
  const table = new Table({
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  table.push(...details.map(([label, value]) => [say(frame, label), value]));
  return `${trimmed(table.toString())}\n`;
}

function trimmed(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
