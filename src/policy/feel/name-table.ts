// Which names an expression may read, so that `Monthly Salary` is one name and `a-b` one name or a difference as the
// scope decides (DMN 1.5 §10.3.1.5): the longest name in scope wins.

import { type Token, tokenise } from "./token.ts";

/** Names in scope, innermost first; `parent` is the scope around it. */
export type NameTable = Readonly<{
  /** the name as declared, by its tokens joined with spaces */
  keys: ReadonlyMap<string, string>;
  longest: number;
  parent: NameTable | null;
}>;

/** A table with these names. Names that are no tokens of FEEL are left out: nobody could write them. */
export function nameTable(names: Iterable<string>, parent: NameTable | null = null): NameTable {
  const keys = new Map<string, string>();
  let longest = parent?.longest ?? 1;
  for (const name of names) {
    const parts = partsOfName(name);
    if (parts === null) continue;
    keys.set(parts.join(" "), name);
    longest = Math.max(longest, parts.length);
  }
  return { keys, longest, parent };
}

/** A table that grows while a context is read: each entry sees those before it. */
export function growingTable(
  parent: NameTable,
): NameTable & Readonly<{ add: (name: string) => void; has: (name: string) => boolean }> {
  const keys = new Map<string, string>();
  const seen = new Set<string>();
  const table = {
    keys,
    longest: parent.longest,
    parent,
    has: (name: string) => seen.has(name),
    add: (name: string) => {
      seen.add(name);
      const parts = partsOfName(name);
      if (parts === null) return;
      keys.set(parts.join(" "), name);
      table.longest = Math.max(table.longest, parts.length);
    },
  };
  return table;
}

function partsOfName(name: string): readonly string[] | null {
  if (/^\w+$/.test(name)) return [name];
  try {
    return tokenise(name)
      .filter(({ kind }) => kind !== "end")
      .map(({ text }) => text);
  } catch {
    return null;
  }
}

/** The longest name in scope that starts at `index`, as declared, and how many tokens it takes; null for none. */
export function matchName(
  table: NameTable,
  tokens: readonly Token[],
  index: number,
): Readonly<{ name: string; count: number }> | null {
  const most = Math.min(table.longest, tokens.length - 1 - index);
  let text = "";
  let found: Readonly<{ name: string; count: number }> | null = null;
  for (let count = 1; count <= most; count++) {
    const token = tokens[index + count - 1];
    if (token === undefined || token.kind === "string") break;
    text = count === 1 ? token.text : `${text} ${token.text}`;
    const name = declared(table, text);
    if (name !== undefined) found = { name, count };
  }
  return found;
}

function declared(table: NameTable, key: string): string | undefined {
  for (let at: NameTable | null = table; at !== null; at = at.parent) {
    const name = at.keys.get(key);
    if (name !== undefined) return name;
  }
  return undefined;
}
