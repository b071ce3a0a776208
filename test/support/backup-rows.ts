// Rows in every table of a database, made from the catalogue so that a table of a later migration is filled too, with
// the texts that COPY has to escape; and one hash per table, to see whether two databases hold the same.

import { createHash } from "node:crypto";
import { copyTarget, schemaTables } from "../../src/adapters/postgres/backup-tables.ts";
import type { Database } from "../../src/adapters/postgres/pool.ts";

const texts = [
  "plain",
  "tab\tline\nreturn\r",
  "\\N",
  "\\.",
  "",
  "潮位 🌊",
  'a "quote", {brace} \\ back',
];

type Column = Readonly<{ table: string; name: string; type: string }>;

/** Values that a check or a foreign key asks for; the rest is made from the type. */
const special: Readonly<Record<string, (row: number) => unknown>> = {
  "decision.record": (row) =>
    JSON.stringify({ assessment: { segment: texts[row % texts.length] } }),
  "log_leaf.hash": (row) => bytes(32, row),
  "session.token_hash": (row) => bytes(32, row),
  "budget_window.cap": () => 9_007_199_254_000_000,
  "halt.lifted_at": () => "2026-03-02T00:00:00.123456Z",
  "installation.id": () => 1,
  "installation.mode": () => "sandbox",
  "account.id": (row) => `account-${row}`,
  "session.account_id": (row) => `account-${row}`,
  "api_key.account_id": (row) => `account-${row}`,
  "notice_texts.version": (row) => row + 1,
  "notice_texts.hash": (row) => `hash-${row}`,
};

/** Puts `rows` rows into every table but those that hold one row or their rows already. */
export async function fillEveryTable(db: Database, rows: number): Promise<void> {
  const columns = await db.query<Column>(
    `select table_name::text as table, column_name::text as name, data_type::text as type
     from information_schema.columns where table_schema = current_schema() and is_generated = 'NEVER'
     order by ordinal_position`,
  );
  for (const table of await schemaTables(db)) {
    if (table.name === "bucket") continue;
    const own = columns.filter((column) => column.table === table.name);
    const count = table.name === "installation" ? 1 : rows;
    const made = Array.from({ length: count }, (_, row) =>
      own.map((column) => valueOf(column, row)),
    );
    await db.copyFrom(
      `copy ${copyTarget({ name: table.name, columns: own.map(({ name }) => name) })} from stdin`,
      made,
    );
  }
  await db.execute("update bucket set next_seq = bucket * 3 + 1");
}

/** A hash of the rows of every table, in an order of their own. */
export async function tableHashes(db: Database): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  for (const { name, columns } of await schemaTables(db)) {
    const hash = createHash("sha256");
    const list = columns.map((column) => `"${column}"`).join(", ");
    const copy = `copy (select ${list} from ${name} t order by t::text collate "C") to stdout`;
    for await (const chunk of db.copyChunksTo(copy)) hash.update(chunk);
    hashes[name] = hash.digest("hex");
  }
  return hashes;
}

function valueOf({ table, name, type }: Column, row: number): unknown {
  const fixed = special[`${table}.${name}`];
  if (fixed !== undefined) return fixed(row);
  switch (type) {
    case "smallint":
      return row % 1024;
    case "integer":
      return row;
    case "bigint":
      return name === "remaining" ? 1 : 9_007_199_254_000_000 + row;
    case "boolean":
      return row % 3 === 0 && name === "granted_all" ? null : row % 2 === 0;
    case "uuid":
      return `00000000-0000-4000-8000-${row.toString(16).padStart(12, "0")}`;
    case "bytea":
      return bytes(row % 5, row);
    case "date":
      return "2026-02-28";
    case "timestamp with time zone":
      return row % 2 === 0 ? "infinity" : "2026-03-02T01:02:03.456789Z";
    case "json":
    case "jsonb":
      return JSON.stringify({ b: [row, null, texts[row % texts.length]], a: "\\u0041\t" });
    case "ARRAY":
      return ["analyst", texts[row % texts.length]];
    default:
      return `${row} ${texts[row % texts.length]}`;
  }
}

function bytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 37 + seed) % 256);
}
