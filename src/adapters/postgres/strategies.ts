// Strategy versions as stored documents. A version never changes once it is stored, and at most one version of a
// strategy is active; both are held by the table's keys, not by care.

import type { StoredStrategy, Strategies, StrategyApproval } from "../../flow/ports.ts";
import { Fault } from "../fault.ts";
import { sameStrategy, unknownStrategy } from "../store/strategy-faults.ts";
import type { Database, Transaction } from "./pool.ts";

const columns = `id, version, hash, state, author, approved_by as "approvedBy", signed_off as "signedOff", document, added_at as "addedAt"`;
const select = `select ${columns} from strategy`;

/** The port over one database. */
export function strategiesIn(db: Database): Strategies {
  const one = async (tail: string, values: readonly unknown[]): Promise<StoredStrategy | null> => {
    const [row] = await db.query<StoredStrategy>(`${select} ${tail}`, values);
    return row ?? null;
  };
  return {
    add: (strategy) => add(db, strategy),
    activate: (id, version, approval) =>
      db.transaction((tx) => activate(tx, id, version, approval)),
    find: (id, version) =>
      version === undefined
        ? one("where id = $1 order by version desc limit 1", [id])
        : one("where id = $1 and version = $2", [id, version]),
    active: (id) => one("where id = $1 and state = 'active'", [id]),
    byHash: (hash) => one("where hash = $1", [hash]),
    list: () => db.query<StoredStrategy>(`${select} order by id, version`),
  };
}

async function add(db: Database, strategy: StoredStrategy): Promise<"added" | "exists"> {
  const { id, version, hash, state, author, approvedBy, document, addedAt } = strategy;
  const signedOff = JSON.stringify(strategy.signedOff);
  const text = `insert into strategy (id, version, hash, state, author, approved_by, document, added_at, signed_off)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`;
  const values = [id, version, hash, state, author, approvedBy, document, addedAt, signedOff];
  if ((await db.execute(text, values)) === 1) return "added";
  const where =
    "where (id = $1 and version = $2) or hash = $3 or (id = $1 and state = 'active') order by version";
  const found = await db.query<StoredStrategy>(`${select} ${where}`, [id, version, hash]);
  return sameStrategy(strategy, found);
}

async function activate(
  tx: Transaction,
  id: string,
  version: number,
  { approvedBy, signedOff }: StrategyApproval,
): Promise<void> {
  const lock = "select version from strategy where id = $1 order by version for update";
  const versions = await tx.query<Readonly<{ version: number }>>(lock, [id]);
  if (!versions.some((row) => row.version === version)) throw unknownStrategy(id, version);
  const retire = `update strategy set state = 'retired' where id = $1 and version <> $2 and state = 'active'`;
  await tx.execute(retire, [id, version]);
  const start = `update strategy set state = 'active', approved_by = $3, signed_off = $4 where id = $1 and version = $2`;
  const changed = await tx.execute(start, [id, version, approvedBy, JSON.stringify(signedOff)]);
  if (changed !== 1)
    throw new Fault(`Cannot activate strategy ${id}: ${changed} rows changed`, {
      retryable: false,
    });
}
