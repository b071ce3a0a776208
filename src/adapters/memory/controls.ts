// Halts, the pace ledger and references in memory. JavaScript runs one step at a time, so what PostgreSQL promises
// by constraints holds here by never awaiting in between.

import type { Halt, Halts } from "../../flow/hold-ports.ts";
import type { Ledger, LineReference, References, TurnRequest } from "../../flow/ports.ts";
import { checkAmounts } from "../store/amounts.ts";
import { compareText, keyOf, type Tables } from "./tables.ts";

/** Halts in force at an instant, by area. */
export function haltsAt(tables: Tables, now: string): readonly Halt[] {
  return [...tables.halts.values()]
    .filter((halt) => halt.expiresAt > now)
    .toSorted((left, right) => compareText(left.area, right.area));
}

/** The port over the tables. */
export function haltsIn(tables: Tables): Halts {
  return {
    set: async (halt) => {
      if (tables.halts.has(halt.area)) tables.liftedHalts.set(halt.area, halt.at);
      tables.halts.set(halt.area, halt);
    },
    lift: async (area, _by, at) => {
      const held = tables.halts.get(area);
      tables.halts.delete(area);
      if (held !== undefined) tables.liftedHalts.set(area, at);
      return held !== undefined && held.expiresAt > at;
    },
    list: async (now) => haltsAt(tables, now),
    liftedAt: async (area) => tables.liftedHalts.get(area) ?? null,
  };
}

function reserve(tables: Tables, key: string, turn: TurnRequest["turns"][number]): boolean {
  const { budget, window, cap, amount } = turn;
  checkAmounts(cap, amount);
  if (tables.reservations.has(keyOf(budget, key))) return true;
  const windowKey = keyOf(budget, window);
  const open = tables.windows.get(windowKey) ?? { remaining: cap };
  tables.windows.set(windowKey, open);
  if (open.remaining < amount) return false;
  open.remaining -= amount;
  tables.reservations.set(keyOf(budget, key), { window, amount });
  return true;
}

function release(tables: Tables, budget: string, key: string): void {
  const held = tables.reservations.get(keyOf(budget, key));
  if (held === undefined) return;
  tables.reservations.delete(keyOf(budget, key));
  const open = tables.windows.get(keyOf(budget, held.window));
  if (open !== undefined) open.remaining += held.amount;
}

/** The port over the tables. */
export function ledgerIn(tables: Tables): Ledger {
  return {
    reserve: async (budget, window, cap, key, amount) =>
      reserve(tables, key, { budget, window, cap, amount }),
    release: async (budget, key) => release(tables, budget, key),
    reserveAll: async (requests) => {
      const granted = new Set<string>();
      for (const { key, turns } of requests) {
        if (turns.every((turn) => reserve(tables, key, turn))) granted.add(key);
        else for (const { budget } of turns) release(tables, budget, key);
      }
      return granted;
    },
    releaseAll: async (budgets, keys) => {
      for (const budget of budgets) for (const key of keys) release(tables, budget, key);
    },
    remaining: async (budget, window, cap) =>
      tables.windows.get(keyOf(budget, window))?.remaining ?? cap,
  };
}

/** The port over the tables. */
export function referencesIn({ references }: Tables): References {
  const holders = (wanted: readonly string[]): readonly LineReference[] =>
    [...new Set(wanted)].flatMap((reference) => references.get(reference) ?? []);
  return {
    claim: async (lines) => {
      for (const line of lines) {
        if (!references.has(line.reference)) references.set(line.reference, line);
      }
      const elsewhere = lines.filter(
        ({ reference, lineId }) => references.get(reference)!.lineId !== lineId,
      );
      return holders(elsewhere.map(({ reference }) => reference));
    },
    holders: async (wanted) => holders(wanted),
  };
}
