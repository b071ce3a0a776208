// What an installation says about its demo data: nothing, or which invented portfolio it holds and how far loading it
// got. It lies in the one row of the installation, so that every process and every backup knows that nobody in it exists.

import type { DemoMark, DemoMarks } from "../portfolio/ports.ts";
import type { Queryable } from "./postgres/pool.ts";

/** The mark of the installation in this database. */
export function demoMarks(database: Pick<Queryable, "query" | "execute">): DemoMarks {
  return {
    read: async () => {
      const [row] = await database.query<Readonly<{ demo: DemoMark | null }>>(
        "select demo from installation where id = 1",
      );
      return row?.demo ?? null;
    },
    write: async (mark) => {
      await database.execute("update installation set demo = $1::jsonb where id = 1", [
        JSON.stringify(mark),
      ]);
    },
  };
}

/** Bytes that the database takes on disk, indexes included. */
export async function databaseBytes(database: Pick<Queryable, "query">): Promise<number> {
  const [row] = await database.query<Readonly<{ bytes: number }>>(
    "select pg_database_size(current_database()) as bytes",
  );
  return row?.bytes ?? 0;
}
