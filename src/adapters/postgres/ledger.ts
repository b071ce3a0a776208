// Budget windows that cannot be overspent: `remaining >= amount` is checked inside the UPDATE that takes it, and a
// reservation is a row under its key, so that asking twice takes once, whoever asks at the same time.

import type { Ledger } from "../../flow/ports.ts";
import type { BusinessDate } from "../../domain/calendar.ts";
import { checkAmounts } from "../store/amounts.ts";
import type { Database } from "./pool.ts";
import { codeOf } from "./sql-fault.ts";

// One statement: either both rows change or none. A rival under the same key fails the insert, and all of it.
const take = `with held as (select 1 from reservation where budget = $1 and key = $3),
  taken as (update budget_window set remaining = remaining - $4::bigint
    where budget = $1 and window_on = $2::date and remaining >= $4::bigint and not exists (select 1 from held)
    returning budget),
  kept as (insert into reservation (budget, key, window_on, amount)
    select $1, $3, $2::date, $4::bigint from taken returning budget)
  select exists (select 1 from held) or exists (select 1 from kept) as reserved,
    exists (select 1 from budget_window where budget = $1 and window_on = $2::date) as opened`;

// A rival under the same key may have taken the last of the window while this statement waited for it.
const look = "select 1 from reservation where budget = $1 and key = $2";

// Locks in the order in which `take` does: window first, then reservation.
const lockWindow = `select remaining from budget_window where budget = $1
  and window_on = (select window_on from reservation where budget = $1 and key = $2) for update`;

const giveBack = `with gone as (delete from reservation where budget = $1 and key = $2 returning window_on, amount)
  update budget_window w set remaining = w.remaining + gone.amount from gone
  where w.budget = $1 and w.window_on = gone.window_on`;

const open = `insert into budget_window (budget, window_on, cap, remaining) values ($1, $2, $3, $3)
  on conflict (budget, window_on) do nothing`;

/** The port over one database. Refuses (RangeError) an amount or cap that is no whole number of 0 or more. */
export function ledgerIn(db: Database): Ledger {
  return {
    reserve: async (budget, window, cap, key, amount) => {
      checkAmounts(cap, amount);
      return reserve(db, budget, window, cap, key, amount);
    },
    release: (budget, key) =>
      db.transaction(async (tx) => {
        const held = await tx.query(lockWindow, [budget, key]);
        if (held.length > 0) await tx.execute(giveBack, [budget, key]);
      }),
    remaining: async (budget, window, cap) => {
      const text = "select remaining from budget_window where budget = $1 and window_on = $2";
      const [row] = await db.query<Readonly<{ remaining: number }>>(text, [budget, window]);
      return row?.remaining ?? cap;
    },
  };
}

async function reserve(
  db: Database,
  budget: string,
  window: BusinessDate,
  cap: number,
  key: string,
  amount: number,
): Promise<boolean> {
  for (;;) {
    try {
      const values = [budget, window, key, amount];
      const [row] = await db.query<Readonly<{ reserved: boolean; opened: boolean }>>(take, values);
      if (row?.reserved === true) return true;
      if (row?.opened === true) return (await db.query(look, [budget, key])).length > 0;
      await db.execute(open, [budget, window, cap]);
    } catch (error) {
      // The same key was reserved at the same moment: the next look finds it held.
      if (codeOf(error) !== "23505") throw error;
    }
  }
}
