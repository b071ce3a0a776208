// Which tables a backup holds and in which order they can be stored: all of the schema, as the database itself tells,
// so that a table added by a later migration can never be forgotten. The list of migrations is not among them: it says
// what the tables look like and is compared, never copied.

import { Fault } from "../fault.ts";
import type { BackupMigration } from "./backup-manifest.ts";
import type { Queryable } from "./pool.ts";

/** One table with its columns in order. */
export type SchemaTable = Readonly<{ name: string; columns: readonly string[] }>;

type Found = SchemaTable & Readonly<{ needs: readonly string[] }>;

// Tables of an extension belong to the server, not to the installation.
const findTables = `
select c.relname::text as name,
  (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
  array(select f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
    where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
from pg_class c
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  and c.relname <> 'schema_migration'
  and not exists (select 1 from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by c.relname`;

/** All tables of the schema, each after those that its foreign keys name. */
export async function schemaTables(
  database: Pick<Queryable, "query">,
): Promise<readonly SchemaTable[]> {
  return inStoringOrder(await database.query<Found>(findTables));
}

/** Tables ordered so that each comes after those it needs; otherwise as given. Throws a Fault for a circle. */
export function inStoringOrder(tables: readonly Found[]): readonly SchemaTable[] {
  const ordered: SchemaTable[] = [];
  const placed = new Set<string>();
  while (ordered.length < tables.length) {
    const next = tables.find(
      ({ name, needs }) => !placed.has(name) && needs.every((one) => placed.has(one)),
    );
    if (next === undefined) {
      const left = tables.filter(({ name }) => !placed.has(name)).map(({ name }) => name);
      throw new Fault(`Cannot order tables: ${left.join(", ")} need each other`, {
        retryable: false,
      });
    }
    placed.add(next.name);
    ordered.push({ name: next.name, columns: next.columns });
  }
  return ordered;
}

/** The migrations that a database has applied, in order. */
export function appliedMigrations(database: Pick<Queryable, "query">): Promise<BackupMigration[]> {
  return database.query<BackupMigration>(
    "select version, name, checksum from schema_migration where version > 0 order by version",
  );
}

/** A name inside a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"table" ("column", …)`, as COPY takes it. */
export function copyTarget({ name, columns }: SchemaTable): string {
  return `${quoted(name)} (${columns.map(quoted).join(", ")})`;
}
