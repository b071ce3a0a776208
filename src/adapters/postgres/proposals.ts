// What pass one of a sweep wants to do, and who has a turn. Proposals are written once and are wide; turns are narrow
// rows beside them, so that granting half a million takes seconds. Ranking streams: it never holds all proposals.

import { bucketCount, isId, type Bucket, type Id } from "../../domain/id.ts";
import type { BucketAssessed, Proposal, SweepCounts } from "../../portfolio/ports.ts";
import { saveDigits } from "./experiments.ts";
import type { Database, Transaction } from "./pool.ts";
import * as rows from "./rows.ts";
import { arrayLiteral } from "./set-statement.ts";

const bucketsPerPage = 64;

const rankOrder = "order by p.expected_loss_avoided_minor desc, p.line_id";

const withGrants = `proposal p left join proposal_grant g
  on g.bucket = p.bucket and g.sweep_id = p.sweep_id and g.line_id = p.line_id`;

const mark = `update sweep_bucket set assessed = true, packed = $3, assess_counts = $4, lease_owner = null,
  lease_until = null, decided = $5 where bucket = $1 and sweep_id = $2 and not assessed`;

const keepShadow = `insert into shadow_assessment (bucket, sweep_id, strategy_hash, packed)
  values ($1, $2, $3, $4)`;

/** Stores what pass one found of buckets, except of those of which it was stored before. */
export async function saveAssessed(
  db: Database,
  sweepId: Id,
  found: readonly BucketAssessed[],
): Promise<void> {
  if (found.length === 0) return;
  await db.transaction(async (tx) => {
    let text = "";
    // One bucket in a statement: a cluster can route that.
    for (const { bucket, packed, proposals, counts, digits, shadows } of found) {
      const decided = proposals.length === 0;
      const values = [bucket, sweepId, packed, JSON.stringify(counts), decided];
      if ((await tx.execute(mark, values)) === 0) continue;
      await saveDigits(tx, bucket, digits);
      for (const [hash, said] of shadows) {
        await tx.execute(keepShadow, [bucket, sweepId, hash, said]);
      }
      text += rows.proposals.copyText(bucket, proposals);
    }
    if (text !== "") await tx.copyTextFrom(rows.proposals.copy(), text);
  });
}

const markDecided = `update sweep_bucket set decided = true, decide_counts = $3, lease_owner = null,
  lease_until = null where bucket = $1 and sweep_id = $2 and not decided`;

/** Stores that pass two of buckets is done, and the counts of those that were not done before. */
export async function saveDecided(
  db: Database,
  sweepId: Id,
  decided: ReadonlyMap<Bucket, SweepCounts>,
): Promise<void> {
  if (decided.size === 0) return;
  await db.transaction(async (tx) => {
    for (const [bucket, counts] of decided) {
      await tx.execute(markDecided, [bucket, sweepId, JSON.stringify(counts)]);
    }
  });
}

/** Proposals of buckets, of each in rank order. */
export async function readProposals(
  db: Database,
  sweepId: Id,
  buckets: readonly Bucket[],
): Promise<ReadonlyMap<Bucket, readonly Proposal[]>> {
  const all = await grantedAll(db, sweepId);
  const text = `select ${rows.proposals.select("p")}, g.line_id is not null as "granted" from ${withGrants}
    where p.bucket = any($1::smallint[]) and p.sweep_id = $2 ${rankOrder}`;
  const list = arrayLiteral("integer", buckets, (bucket) => bucket);
  const found = new Map<Bucket, Proposal[]>(buckets.map((bucket) => [bucket, []]));
  for (const proposal of await db.query<Proposal>(text, [list, sweepId])) {
    const granted = turnOf(all, proposal.granted === true);
    found.get(proposal.bucket)!.push({ ...proposal, granted });
  }
  return found;
}

/** Null until the sweep was ranked, then whether all proposals have a turn. */
async function grantedAll(db: Database, sweepId: Id): Promise<boolean | null> {
  const text = `select granted_all as "all" from sweep where id = $1`;
  const [row] = await db.query<Readonly<{ all: boolean | null }>>(text, [sweepId]);
  return row?.all ?? null;
}

function turnOf(all: boolean | null, named: boolean): boolean | null {
  return all === null ? null : all || named;
}

/** All proposals of a sweep in rank order, as one stream of one statement. */
export async function* ranked(
  db: Database,
  sweepId: Id,
): AsyncGenerator<Omit<Proposal, "assessment">> {
  if (!isId(sweepId)) return;
  const all = await grantedAll(db, sweepId);
  // COPY takes no parameters; what passed isId holds nothing but digits, letters a to f and hyphens.
  const stream =
    db.copyTo(`copy (select p.bucket, p.line_id, p.customer_id, p.line_ver, p.portfolio, p.segment,
      p.removed_minor, p.expected_loss_avoided_minor, p.arm, g.line_id is not null
    from ${withGrants} where p.sweep_id = '${sweepId}' ${rankOrder}) to stdout`);
  for await (const row of stream) {
    const [bucket, lineId, customerId, lineVer, portfolio, segment, removed, loss, arm, named] =
      row;
    yield {
      sweepId,
      bucket: Number(bucket),
      lineId: kept(lineId ?? ""),
      customerId: customerId ?? "",
      lineVer: Number(lineVer),
      portfolio: portfolio ?? "",
      segment: segment ?? null,
      removedMinor: Number(removed),
      expectedLossAvoidedMinor: Number(loss),
      arm: arm ?? null,
      granted: turnOf(all, named === "t"),
    };
  }
}

/** A field is a window on the text of many rows; a copy that is kept for long does not hold on to all of them. */
function kept(field: string): string {
  return Buffer.from(field, "latin1").toString("latin1");
}

/** Stores who has a turn and moves the sweep on to deciding, unless that was done before. */
export async function saveGrants(
  tx: Transaction,
  sweepId: Id,
  granted: readonly Readonly<{ bucket: Bucket; lineId: Id }>[],
  all: boolean,
): Promise<void> {
  const move = `update sweep set state = 'deciding', granted_all = $2
    where id = $1 and state in ('assessing', 'ranking')`;
  if ((await tx.execute(move, [sweepId, all])) === 0 || all) return;
  const turns = function* (): Generator<readonly unknown[]> {
    for (const { bucket, lineId } of granted) yield [bucket, sweepId, lineId];
  };
  await tx.copyFrom("copy proposal_grant (bucket, sweep_id, line_id) from stdin", turns());
}

/** What one strategy said in the shadow, bucket by bucket: a page of buckets at a time, because one may hold megabytes. */
export async function* shadowed(
  db: Database,
  sweepId: Id,
  strategyHash: string,
  first: Bucket = 0,
): AsyncGenerator<string> {
  if (!isId(sweepId)) return;
  const text = `select packed from shadow_assessment
    where bucket = any($1::smallint[]) and sweep_id = $2 and strategy_hash = $3 order by bucket`;
  for (let from = first; from < bucketCount; from += bucketsPerPage) {
    const page = Array.from({ length: bucketsPerPage }, (_, at) => from + at);
    const list = arrayLiteral("integer", page, (bucket) => bucket);
    type Found = Readonly<{ packed: string }>;
    for (const { packed } of await db.query<Found>(text, [list, sweepId, strategyHash])) {
      yield packed;
    }
  }
}
