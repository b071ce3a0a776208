// Budget windows that cannot be overspent: `remaining >= amount` is checked inside the UPDATE that takes it, and a
// reservation is a row under its key, so that asking twice takes once, whoever asks at the same time.

import type { Ledger, TurnRequest } from "../../flow/ports.ts";
import type { BusinessDate } from "../../domain/calendar.ts";
import { checkAmounts } from "../store/amounts.ts";
import type { Database, Transaction } from "./pool.ts";
import { arrayLiteral } from "./set-statement.ts";
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
    reserveAll: async (requests) => {
      for (const { turns } of requests) {
        for (const { cap, amount } of turns) checkAmounts(cap, amount);
      }
      const wanting = requests.filter(({ turns }) => turns.length > 0);
      const free = requests.filter(({ turns }) => turns.length === 0).map(({ key }) => key);
      if (wanting.length === 0) return new Set(free);
      for (;;) {
        try {
          const granted = await db.transaction((tx) => reserveAll(tx, wanting));
          return new Set([...free, ...granted]);
        } catch (error) {
          if (codeOf(error) !== "23505") throw error;
        }
      }
    },
    releaseAll: async (budgets, keys) => {
      if (budgets.length === 0 || keys.length === 0) return;
      await db.transaction((tx) => releaseAll(tx, budgets, keys));
    },
    remaining: async (budget, window, cap) => {
      const text = "select remaining from budget_window where budget = $1 and window_on = $2";
      const [row] = await db.query<Readonly<{ remaining: number }>>(text, [budget, window]);
      return row?.remaining ?? cap;
    },
  };
}

type Turn = TurnRequest["turns"][number];
type Held = Readonly<{ budget: string; key: string; window: BusinessDate; amount: number }>;

const nameOf = (...parts: readonly string[]): string => JSON.stringify(parts);

// Everybody locks windows in this order, then reservations: nobody waits in a circle.
const lockWindows = `select budget, window_on as "window", remaining from budget_window
  where (budget, window_on) in (select * from unnest($1::text[], $2::date[]))
  order by budget, window_on for update`;

const openAll = `insert into budget_window (budget, window_on, cap, remaining)
  select w.budget, w.window_on, w.cap, w.cap from unnest($1::text[], $2::date[], $3::bigint[]) as w(budget, window_on, cap)
  order by w.budget, w.window_on on conflict (budget, window_on) do nothing`;

const heldBy = `select budget, key, window_on as "window", amount from reservation
  where budget = any($1::text[]) and key = any($2::text[])`;

const takeAll = `update budget_window w set remaining = w.remaining - v.amount
  from unnest($1::text[], $2::date[], $3::bigint[]) as v(budget, window_on, amount)
  where w.budget = v.budget and w.window_on = v.window_on and w.remaining >= v.amount`;

const keepAll = `insert into reservation (budget, key, window_on, amount)
  select * from unnest($1::text[], $2::text[], $3::date[], $4::bigint[])`;

const dropAll = `delete from reservation r using unnest($1::text[], $2::text[]) as v(budget, key)
  where r.budget = v.budget and r.key = v.key
  returning r.budget, r.key, r.window_on as "window", r.amount`;

/**
 * All windows are locked first, so that what is read under the lock is what is taken. A rival that reserves one of the
 * keys in another window at the same moment makes the insert fail, and everything is looked at again.
 */
async function reserveAll(
  tx: Transaction,
  requests: readonly TurnRequest[],
): Promise<readonly string[]> {
  const windows = windowsOf(requests);
  const remaining = await lockAll(tx, windows);
  const keys = arrayLiteral("text", requests, ({ key }) => key);
  const budgets = arrayLiteral("text", windows, ({ budget }) => budget);
  const held = await tx.query<Held>(heldBy, [budgets, keys]);
  const { granted, taken, dropped } = share(requests, remaining, held);
  await book(tx, taken, dropped);
  return granted;
}

function windowsOf(requests: readonly TurnRequest[]): readonly Turn[] {
  const windows = new Map<string, Turn>();
  for (const { turns } of requests) {
    for (const turn of turns) {
      const name = nameOf(turn.budget, turn.window);
      if (!windows.has(name)) windows.set(name, turn);
    }
  }
  return [...windows.values()];
}

async function lockAll(tx: Transaction, windows: readonly Turn[]): Promise<Map<string, number>> {
  type Open = Readonly<{ budget: string; window: BusinessDate; remaining: number }>;
  const budgets = arrayLiteral("text", windows, ({ budget }) => budget);
  const days = arrayLiteral("date", windows, ({ window }) => window);
  let open = await tx.query<Open>(lockWindows, [budgets, days]);
  if (open.length < windows.length) {
    const caps = arrayLiteral("bigint", windows, ({ cap }) => cap);
    await tx.execute(openAll, [budgets, days, caps]);
    open = await tx.query<Open>(lockWindows, [budgets, days]);
  }
  return new Map(open.map(({ budget, window, remaining }) => [nameOf(budget, window), remaining]));
}

type Shares = Readonly<{
  granted: readonly string[];
  /** new reservations */
  taken: readonly Held[];
  /** reservations of keys that cannot have all their turns */
  dropped: readonly Held[];
}>;

function share(
  requests: readonly TurnRequest[],
  remaining: Map<string, number>,
  held: readonly Held[],
): Shares {
  const known = new Map(held.map((one) => [nameOf(one.budget, one.key), one]));
  const granted: string[] = [];
  const taken: Held[] = [];
  const dropped: Held[] = [];
  for (const { key, turns } of requests) {
    const open = turns.filter(({ budget }) => !known.has(nameOf(budget, key)));
    const fits = open.every(
      ({ budget, window, amount }) => amount <= (remaining.get(nameOf(budget, window)) ?? 0),
    );
    if (fits) {
      granted.push(key);
      for (const { budget, window, amount } of open) {
        const one: Held = { budget, key, window, amount };
        remaining.set(nameOf(budget, window), remaining.get(nameOf(budget, window))! - amount);
        known.set(nameOf(budget, key), one);
        taken.push(one);
      }
      continue;
    }
    for (const { budget } of turns) {
      const one = known.get(nameOf(budget, key));
      if (one !== undefined && known.delete(nameOf(budget, key))) dropped.push(one);
    }
  }
  return { granted, taken, dropped };
}

async function book(
  tx: Transaction,
  taken: readonly Held[],
  dropped: readonly Held[],
): Promise<void> {
  if (taken.length > 0) {
    const sums = sumsOf(taken);
    if ((await tx.execute(takeAll, sumValues(sums))) !== sums.length) {
      throw new Error("Cannot reserve turns: a locked window changed");
    }
    await tx.execute(keepAll, heldValues(taken));
  }
  if (dropped.length > 0) await giveBackAll(tx, dropped);
}

async function releaseAll(
  tx: Transaction,
  budgets: readonly string[],
  keys: readonly string[],
): Promise<void> {
  const names = [
    arrayLiteral("text", budgets, (budget) => budget),
    arrayLiteral("text", keys, (key) => key),
  ];
  const windows = windowsOf(
    (await tx.query<Held>(heldBy, names)).map((one) => ({
      key: one.key,
      turns: [{ ...one, cap: 0 }],
    })),
  );
  if (windows.length === 0) return;
  await tx.query(lockWindows, [
    arrayLiteral("text", windows, ({ budget }) => budget),
    arrayLiteral("date", windows, ({ window }) => window),
  ]);
  await giveBackAll(tx, await tx.query<Held>(heldBy, names));
}

const returnAll = `update budget_window w set remaining = w.remaining + v.amount
  from unnest($1::text[], $2::date[], $3::bigint[]) as v(budget, window_on, amount)
  where w.budget = v.budget and w.window_on = v.window_on`;

async function giveBackAll(tx: Transaction, held: readonly Held[]): Promise<void> {
  if (held.length === 0) return;
  const [budgets, keys] = heldValues(held);
  const gone = await tx.query<Held>(dropAll, [budgets, keys]);
  if (gone.length > 0) await tx.execute(returnAll, sumValues(sumsOf(gone)));
}

type Sum = Pick<Held, "budget" | "window" | "amount">;

function sumsOf(held: readonly Held[]): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const { budget, window, amount } of held) {
    const name = nameOf(budget, window);
    sums.set(name, { budget, window, amount: amount + (sums.get(name)?.amount ?? 0) });
  }
  return [...sums.values()];
}

function sumValues(sums: readonly Sum[]): readonly string[] {
  return [
    arrayLiteral("text", sums, ({ budget }) => budget),
    arrayLiteral("date", sums, ({ window }) => window),
    arrayLiteral("bigint", sums, ({ amount }) => amount),
  ];
}

function heldValues(held: readonly Held[]): readonly string[] {
  return [
    arrayLiteral("text", held, ({ budget }) => budget),
    arrayLiteral("text", held, ({ key }) => key),
    arrayLiteral("date", held, ({ window }) => window),
    arrayLiteral("bigint", held, ({ amount }) => amount),
  ];
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
