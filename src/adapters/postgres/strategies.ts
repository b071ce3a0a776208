// Strategy versions as stored documents. Only a draft's document is ever replaced, by an update that names the one it
// replaces, and at most one version of a strategy is active, which the table's keys hold and not care.

import type {
  StoredStrategy,
  Strategies,
  StrategyApproval,
  StrategyState,
  StrategyStep,
} from "../../flow/ports.ts";
import { sameStrategy, unknownStrategy } from "../store/strategy-faults.ts";
import { firstStep, inOrderOfLife, replacedStep } from "../store/strategy-steps.ts";
import type { Database, Transaction } from "./pool.ts";

const columns = `id, version, hash, state, author, edited_by as "editedBy", approved_by as "approvedBy", signed_off as "signedOff",
  effective_on as "effectiveOn", restores, document, added_at as "addedAt"`;
const select = `select ${columns} from strategy`;

/** The port over one database. */
export function strategiesIn(db: Database): Strategies {
  const one = async (tail: string, values: readonly unknown[]): Promise<StoredStrategy | null> => {
    const [row] = await db.query<StoredStrategy>(`${select} ${tail}`, values);
    return row ?? null;
  };
  return {
    add: (strategy, reason = null) => db.transaction((tx) => add(tx, strategy, reason)),
    enter: (steps, from, approval) => db.transaction((tx) => enter(tx, steps, from, approval)),
    edit: (draft, was, by) => db.transaction((tx) => edit(tx, draft, was, by)),
    find: (id, version) =>
      version === undefined
        ? one("where id = $1 order by version desc limit 1", [id])
        : one("where id = $1 and version = $2", [id, version]),
    active: (id) => one("where id = $1 and state = 'active'", [id]),
    byHash: (hash) => one("where hash = $1", [hash]),
    list: () => db.query<StoredStrategy>(`${select} order by id, version`),
    history: async (id) => {
      const text = "select id, version, state, at, by, reason from strategy_step where id = $1";
      return inOrderOfLife(await db.query<StrategyStep>(text, [id]));
    },
  };
}

async function add(
  tx: Transaction,
  strategy: StoredStrategy,
  reason: string | null,
): Promise<"added" | "exists" | "taken"> {
  const { id, version, hash, state, author, approvedBy, effectiveOn, restores } = strategy;
  const { document, addedAt } = strategy;
  const signedOff = JSON.stringify(strategy.signedOff);
  const text = `insert into strategy
    (id, version, hash, state, author, edited_by, approved_by, signed_off, effective_on, restores, document, added_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`;
  const values = [
    ...[id, version, hash, state, author, JSON.stringify(strategy.editedBy), approvedBy, signedOff],
    ...[effectiveOn, restores, document, addedAt],
  ];
  if ((await tx.execute(text, values)) === 1) {
    await keepStep(tx, firstStep(strategy, reason));
    return "added";
  }
  const where =
    "where (id = $1 and version = $2) or hash = $3 or (id = $1 and state = 'active') order by version";
  const found = await tx.query<StoredStrategy>(`${select} ${where}`, [id, version, hash]);
  return sameStrategy(strategy, found);
}

async function enter(
  tx: Transaction,
  steps: readonly StrategyStep[],
  from: readonly StrategyState[],
  approval: StrategyApproval | undefined,
): Promise<boolean> {
  const { id, version, state } = steps.at(-1)!;
  const lock = "select version, state from strategy where id = $1 order by version for update";
  const versions = await tx.query<Pick<StoredStrategy, "version" | "state">>(lock, [id]);
  const found = versions.find((row) => row.version === version);
  if (found === undefined) throw unknownStrategy(id, version);
  if (!from.includes(found.state)) return false;
  const move = "update strategy set state = $3 where id = $1 and version = $2";
  const active = state === "active" ? versions.find((row) => row.state === "active") : undefined;
  if (active !== undefined) {
    await tx.execute(move, [id, active.version, "retired"]);
    await keepStep(tx, replacedStep(steps.at(-1)!, active.version));
  }
  await tx.execute(move, [id, version, state]);
  if (approval !== undefined) await keepApproval(tx, id, version, approval);
  for (const step of steps) await keepStep(tx, step);
  return true;
}

async function edit(
  tx: Transaction,
  { id, version, hash, document }: Parameters<Strategies["edit"]>[0],
  was: string,
  by: string,
): Promise<boolean> {
  const text = `update strategy set hash = $4, document = $5,
    edited_by = case when edited_by @> $6::jsonb then edited_by else edited_by || $6::jsonb end
    where id = $1 and version = $2 and hash = $3 and state = 'draft'`;
  return (await tx.execute(text, [id, version, was, hash, document, JSON.stringify([by])])) === 1;
}

async function keepApproval(
  tx: Transaction,
  id: string,
  version: number,
  { approvedBy, signedOff, effectiveOn }: StrategyApproval,
): Promise<void> {
  const text = `update strategy set approved_by = $3, signed_off = $4, effective_on = $5
    where id = $1 and version = $2`;
  await tx.execute(text, [id, version, approvedBy, JSON.stringify(signedOff), effectiveOn]);
}

async function keepStep(tx: Transaction, step: StrategyStep): Promise<void> {
  const { id, version, state, at, by, reason } = step;
  const text = `insert into strategy_step (id, version, state, at, by, reason)
    values ($1, $2, $3, $4, $5, $6)`;
  await tx.execute(text, [id, version, state, at, by, reason]);
}
