// Whose installation this is: one row, written once on the first start and only read from then on. The mode can
// never change, so that a test clock never reaches real customers.

import type { Currency } from "../domain/money.ts";
import type { Queryable } from "./postgres/pool.ts";

export type Installation = Readonly<{
  lender: string;
  timeZone: string;
  /** currency of totals over portfolios */
  currency: Currency;
  mode: "sandbox" | "live";
}>;

type Statements = Pick<Queryable, "query" | "execute">;

/** The installation of a migrated database; `first` is written when there is none yet. */
export async function ensureInstallation(
  database: Statements,
  first: Installation,
): Promise<Installation> {
  const { lender, timeZone, currency, mode } = first;
  const insert = `insert into installation (id, lender, time_zone, currency, mode) values (1, $1, $2, $3, $4)
    on conflict (id) do nothing`;
  const found = await readInstallation(database);
  if (found !== null) return found;
  await database.execute(insert, [lender, timeZone, currency, mode]);
  return (await readInstallation(database)) ?? first;
}

async function readInstallation(database: Statements): Promise<Installation | null> {
  const [row] = await database.query<Installation>(
    `select lender, time_zone as "timeZone", currency, mode from installation where id = 1`,
  );
  return row ?? null;
}

/** True once anything has happened: from then on time only goes forward. */
export async function hasHistory(database: Statements): Promise<boolean> {
  return (await database.query("select 1 from event limit 1")).length > 0;
}
