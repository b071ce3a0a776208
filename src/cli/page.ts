// Lists on the command line: one page, its cursor for the next, and a line that says what is left out.

import type { Command } from "commander";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { Page, PageRequest } from "../flow/ports.ts";
import { note, print, printJson, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { tableText, type Column } from "./table.ts";

const usualLimit = 50;
const largestLimit = 1_000;

/** Adds --limit and --after. */
export function addPaging(program: Program, command: Command): Command {
  return command
    .option("--limit <number>", `${program.text(limitLabel)} (${usualLimit})`)
    .option("--after <cursor>", program.text(afterLabel));
}

const limitLabel: Text = { en: "most rows to show", zh: "最多显示行数" };
const afterLabel: Text = { en: "go on after this cursor", zh: "从该游标之后继续" };

/** The page that the options ask for. Refused: invalid. */
export function pageOf(options: Readonly<Record<string, unknown>>): PageRequest | Refusal {
  const limit = wholeNumber(options["limit"], usualLimit, "--limit", largestLimit);
  if (typeof limit !== "number") return limit;
  const after = options["after"];
  return { limit, after: typeof after === "string" ? after : null };
}

/** A whole number from 1 to `most`, or the refusal. */
export function wholeNumber(
  given: unknown,
  fallback: number,
  option: string,
  most = Number.MAX_SAFE_INTEGER,
): number | Refusal {
  if (given === undefined) return fallback;
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  return refuse("invalid", {
    en: `${option}: found ${JSON.stringify(given)}, expected a whole number from 1 to ${most}`,
    zh: `${option}：为 ${JSON.stringify(given)}，应为 1 至 ${most} 的整数`,
  });
}

/** Writes a page: as JSON `{data, next}`, or as a table. */
export function printPage<Row>(
  frame: Frame,
  { rows, next }: Page<Row>,
  wire: (row: Row) => unknown,
  columns: readonly Column[],
  cells: (row: Row) => readonly string[],
): void {
  printJson(frame, { data: rows.map(wire), next });
  if (frame.json) return;
  if (rows.length === 0) return print(frame, { en: "Nothing found", zh: "没有记录" });
  frame.terminal.out(tableText(frame, columns, rows.map(cells)));
  if (next !== null) {
    note(frame, { en: `More: --after ${next}`, zh: `还有更多：--after ${next}` });
  }
}
