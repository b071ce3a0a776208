// Which tables leave the installation for analysis and which never do. A table that stands in neither list stays inside
// until somebody has decided: what a later migration adds is not given away by accident.

import type { Queryable } from "./pool.ts";
import { quoted } from "./backup-tables.ts";
import type { CellType, ExportColumn } from "../files/export-column.ts";

/** Tables for analysis. They hold the lender's references and facts about customers, but no identity. */
export const openTables = [
  "alert",
  "blackout",
  "bucket",
  "budget_window",
  "connector_ask",
  "connector_breaker",
  "credit_line",
  "customer",
  "customer_digit",
  "customer_link",
  "decision",
  "emergency_profile",
  "environment_news",
  "environment_signal",
  "event",
  "experiment",
  "fact_pane",
  "halt",
  "installation",
  "limit_change",
  "line_facts",
  "line_profile",
  "line_reference",
  "log_leaf",
  "notice",
  "notice_texts",
  "offer",
  "outbox",
  "proposal",
  "proposal_grant",
  "reminder",
  "report",
  "reservation",
  "review_case",
  "shadow_assessment",
  "signal",
  "strategy",
  "strategy_step",
  "sweep",
  "sweep_bucket",
  "timer",
  "undone_line",
  "wave_undo",
] as const;

/** Tables that are never exported, and why. */
export const withheldTables: Readonly<Record<string, string>> = {
  account: "people who sign in, with the hashes of their passwords",
  api_key: "hashes of keys",
  customer_identity: "personal data, encrypted",
  customer_key: "the keys of personal data",
  dead_letter: "what senders wrote, encrypted, which may hold personal data",
  idempotency: "answers given to callers, which may hold personal data",
  idempotency_global: "answers given to callers",
  report_reading: "who has read what",
  review_attachment: "files of reviewers, encrypted, which may hold personal data",
  session: "hashes of tokens",
};

/** One table of the schema that may be exported. */
export type ExportTable = Readonly<{ name: string; columns: readonly ExportColumn[] }>;

type Found = Readonly<{ name: string; columns: readonly string[]; types: readonly string[] }>;

const findTables = `
select c.relname::text as name,
  array_agg(a.attname::text order by a.attnum) as columns,
  array_agg(format_type(a.atttypid, null) order by a.attnum) as types
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  and c.relname = any($1)
group by c.relname order by c.relname`;

/** The open tables that the database has, with all their columns. */
export async function exportTablesOf(
  database: Pick<Queryable, "query">,
): Promise<readonly ExportTable[]> {
  const found = await database.query<Found>(findTables, [openTables]);
  return found.map(({ name, columns, types }) => ({
    name,
    columns: columns.map((column, at) => ({ name: column, type: cellTypes[types[at]!] ?? "text" })),
  }));
}

const cellTypes: Readonly<Record<string, CellType>> = {
  smallint: "int32",
  integer: "int32",
  bigint: "int64",
  boolean: "boolean",
  date: "date",
  "timestamp with time zone": "instant",
  uuid: "text",
  text: "text",
  json: "json",
  jsonb: "json",
  "text[]": "json",
  bytea: "bytes",
};

/** The statement whose COPY text has one field per column, in the forms that `ExportColumn` names. */
export function copyOut({ name, columns }: ExportTable): string {
  const fields = columns.map((column) =>
    column.type === "json" ? `to_json(${quoted(column.name)})::text` : quoted(column.name),
  );
  return `copy (select ${fields.join(", ")} from ${quoted(name)}) to stdout`;
}
