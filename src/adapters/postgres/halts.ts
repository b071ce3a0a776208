// Stop switches. A halt is one row that stays as the record of who stopped what and why; an area has at most one
// that is neither lifted nor replaced, and a transaction reads them under its bucket's lock.

import { randomUUID } from "node:crypto";
import type { Instant } from "../../domain/calendar.ts";
import type { Halt, Halts } from "../../flow/hold-ports.ts";
import type { Database, Queryable, Transaction } from "./pool.ts";
import { codeOf } from "./sql-fault.ts";

/** Halts that nobody has lifted, by area: in force until they expire. */
export async function readHalts(db: Queryable): Promise<readonly Halt[]> {
  const text = `select area, reason, set_by as "by", at, expires_at as "expiresAt" from halt
    where lifted_at is null order by area`;
  return db.query<Halt>(text);
}

/** Those of them that are in force at an instant. */
export function inForce(halts: readonly Halt[], now: Instant): readonly Halt[] {
  return halts.filter(({ expiresAt }) => expiresAt > now);
}

/** The port over one database. Setting a halt replaces the one in force for the same area. */
export function haltsIn(db: Database): Halts {
  const replace = (halt: Halt) => (tx: Transaction) => setHalt(tx, halt);
  return {
    set: async (halt) => {
      try {
        await db.transaction(replace(halt));
      } catch (error) {
        // Somebody halted the same area at the same moment: the later one replaces it.
        if (codeOf(error) !== "23505") throw error;
        await db.transaction(replace(halt));
      }
    },
    lift: async (area, by, at, because) => {
      const text = `update halt set lifted_by = $2, lifted_at = $3, lifted_because = $4
        where area = $1 and lifted_at is null returning expires_at > $3 as "inForce"`;
      const [row] = await db.query<Readonly<{ inForce: boolean }>>(text, [
        ...[area, by, at, because ?? null],
      ]);
      return row?.inForce ?? false;
    },
    list: async (now) => inForce(await readHalts(db), now),
    liftedAt: async (area) => {
      const text = "select max(lifted_at) as at from halt where area = $1";
      const [row] = await db.query<Readonly<{ at: Instant | null }>>(text, [area]);
      return row?.at ?? null;
    },
  };
}

async function setHalt(tx: Transaction, halt: Halt): Promise<void> {
  const lift = `update halt set lifted_by = $2, lifted_at = $3 where area = $1 and lifted_at is null`;
  await tx.execute(lift, [halt.area, halt.by, halt.at]);
  const add = `insert into halt (id, area, reason, set_by, at, expires_at) values ($1, $2, $3, $4, $5, $6)`;
  const { area, reason, by, at, expiresAt } = halt;
  await tx.execute(add, [randomUUID(), area, reason, by, at, expiresAt]);
}
