// Where a cell stands, as the people who write tables say it: by table, row and column, not by position.

import type { Text } from "../domain/text.ts";
import type { Strategy } from "./strategy.ts";

/** The place of a JSON pointer into a strategy: table, row and column of a cell, the pointer itself of everything else. */
export function cellPlace({ tables }: Pick<Strategy, "tables">, path: string): Text {
  const found = /^\/tables\/(\d+)\/(?:rows\/(\d+)\/(when|then)|default)\/(\d+)$/.exec(path);
  const table = tables[Number(found?.[1] ?? -1)];
  if (found === null || table === undefined) return { en: path, zh: `“${path}”` };
  const [, , row, part, column] = found;
  const at = Number(column);
  const name = part === "when" ? table.inputs[at] : table.outputs[at]?.name;
  const id = row === undefined ? "default" : (table.rows[Number(row)]?.id ?? row);
  return {
    en: `in table "${table.id}", row "${id}", column "${name ?? column}"`,
    zh: `（决策表“${table.id}”，行“${id}”，列“${name ?? column}”）`,
  };
}
