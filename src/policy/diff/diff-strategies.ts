// What changed between two strategy documents, as a person who approves must see it: part by part, rows by their id, cells
// by the column that they stand in. Nothing is left out: two documents without a difference have the same content hash.

import { canonicalJson } from "../../domain/canonical-json.ts";
import type { DecisionTable, Strategy } from "../strategy.ts";
import { alignMembers } from "./align-members.ts";
import type { Change, ChangeKind } from "./change.ts";
import { changeText, wordsOf, type Words } from "./change-text.ts";

/** All differences in the order of the later document; none exactly where both are the same document. */
export function diffStrategies(before: Strategy, after: Strategy): readonly Change[] {
  const words = wordsOf(before, after);
  return walk(words, [], readable(before), readable(after));
}

/** Cells are told by their column: a column put in between is then one difference. */
function readable(strategy: Strategy): unknown {
  return { ...strategy, tables: strategy.tables.map(readableTable) };
}

function readableTable(table: DecisionTable): unknown {
  const { inputs, outputs } = table;
  const names = outputs.map(({ name }) => name);
  return {
    ...table,
    rows: table.rows.map((row) => ({
      ...row,
      when: byColumn(inputs, row.when, "-"),
      then: byColumn(names, row.then),
    })),
    ...(table.default === undefined ? {} : { default: byColumn(names, table.default) }),
  };
}

/** A cell that says nothing is as good as a column that is not there. */
function byColumn(
  columns: readonly string[],
  cells: readonly string[],
  nothing?: string,
): Readonly<Record<string, string>> {
  const entries = columns.map((column, at) => {
    const before = columns.slice(0, at).filter((other) => other === column).length;
    return [before === 0 ? column : `${column}#${before + 1}`, cells[at]!] as const;
  });
  return Object.fromEntries(entries.filter(([, cell]) => cell !== nothing));
}

function walk(
  words: Words,
  trail: readonly string[],
  before: unknown,
  after: unknown,
): readonly Change[] {
  if (isNothing(before) && isNothing(after)) return [];
  const from = isNothing(before) && isFull(after) ? [] : before;
  const to = isNothing(after) && isFull(before) ? [] : after;
  return walkPresent(words, trail, from, to);
}

/** A list that has members: where the other document has no such list, each of them is told. */
function isFull(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function walkPresent(
  words: Words,
  trail: readonly string[],
  before: unknown,
  after: unknown,
): readonly Change[] {
  if (isNothing(before)) return [change(words, trail, "added", null, after)];
  if (isNothing(after)) return [change(words, trail, "removed", before, null)];
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    return (
      walkList(words, trail, before, after) ?? [change(words, trail, "changed", before, after)]
    );
  }
  if (!isPart(before) || !isPart(after)) return [change(words, trail, "changed", before, after)];
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.flatMap((name) => walk(words, [...trail, name], before[name], after[name]));
}

function walkList(
  words: Words,
  trail: readonly string[],
  before: readonly unknown[],
  after: readonly unknown[],
): readonly Change[] | null {
  const members = alignMembers(before, after);
  if (members === null) return null;
  return members.flatMap((member) => {
    const path = [...trail, member.key];
    const { from, to } = member;
    const moved = member.moved ? [change(words, path, "moved", from! + 1, to! + 1)] : [];
    return [...moved, ...walk(words, path, member.before, member.after)];
  });
}

function change(
  words: Words,
  trail: readonly string[],
  kind: ChangeKind,
  before: unknown,
  after: unknown,
): Change {
  const cell = trail[0] === "tables" && trail[2] === "rows" && trail[4] === "when";
  const found = cell && trail.length === 6 ? cellChange(before, after) : { kind, before, after };
  return { path: trail.join("/"), ...found, text: changeText(words, trail, found) };
}

/** A row always has a cell in a column; one that says nothing was left out above. */
function cellChange(before: unknown, after: unknown): Pick<Change, "kind" | "before" | "after"> {
  return { kind: "changed", before: before ?? "-", after: after ?? "-" };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A text in two languages is one value, everything else with members is told member by member. */
function isPart(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("zh" in value);
}
