// The one step that differs on a cluster: telling Citus that the bucket is where rows live. Everything else is the
// same SQL, because every customer-scoped key already leads with the bucket.

import type { Database } from "./pool.ts";

/** Tables with a bucket, all placed together; the first one is what the others are placed with. */
export const bucketTables = [
  ...["bucket", "customer", "customer_key", "customer_identity", "customer_link"],
  ...["credit_line", "line_facts", "fact_pane", "line_profile"],
  ...["limit_change", "signal", "event", "log_leaf", "decision", "review_case", "notice", "timer"],
  ...["outbox", "idempotency", "sweep_bucket", "proposal", "proposal_grant"],
  ...["customer_digit", "shadow_assessment", "undone_line", "review_attachment", "offer"],
  ...["alert", "reminder"],
] as const;

/** Small tables that every node keeps whole. The rest stays where it is. */
export const referenceTables = [
  "strategy",
  "strategy_step",
  "notice_texts",
  "experiment",
  "account",
  "session",
  "api_key",
  "installation",
] as const;

/** Whether the database is a cluster, where two buckets may lie on two machines. */
export async function isCluster(db: Database): Promise<boolean> {
  const [found] = await db.query<Readonly<{ citus: boolean }>>(
    "select exists (select 1 from pg_extension where extname = 'citus') as citus",
  );
  return found?.citus === true;
}

/**
 * Distributes the tables by bucket where the extension `citus` exists, otherwise does nothing. May be run again:
 * tables that are placed already stay as they are.
 * @returns the tables placed by this call
 */
export async function distributeTables(db: Database): Promise<readonly string[]> {
  if (!(await isCluster(db))) return [];
  const placed = await db.query<Readonly<{ name: string }>>(
    "select logicalrelid::text as name from pg_dist_partition",
  );
  const known = new Set(placed.map(({ name }) => name));
  const added: string[] = [];
  for (const name of bucketTables) {
    if (known.has(name)) continue;
    const together = name === bucketTables[0] ? "default" : bucketTables[0];
    await db.query("select create_distributed_table($1, 'bucket', colocate_with => $2)", [
      name,
      together,
    ]);
    added.push(name);
  }
  for (const name of referenceTables) {
    if (known.has(name)) continue;
    await db.query("select create_reference_table($1)", [name]);
    added.push(name);
  }
  return added;
}
