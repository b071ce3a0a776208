// One verdict or move for many review cases: shown first, with what it would do and what would be refused, and then done
// case by case through the one write path. Each case is decided by itself, as if it had been asked for alone; sent again
// under the same key, what was done is not done twice.

import { bucketOfId, isId } from "../domain/id.ts";
import type { Currency, Money } from "../domain/money.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { ReviewCase } from "../domain/review-case.ts";
import type { World } from "./ports.ts";
import {
  bulkMost,
  type BulkItem,
  type BulkOptions,
  type BulkRequest,
  type BulkResult,
} from "./review-ports.ts";
import { transact } from "./transact.ts";

const mostExamples = 5;

/** Does it, or with `dryRun` says what it would do. Refused as a whole: no reason, no cases, too many, one named twice. */
export async function bulkReview(
  world: World,
  request: BulkRequest,
  options: BulkOptions,
): Promise<BulkResult | Refusal> {
  const refusal = bulkRefusal(request);
  if (refusal !== null) return refusal;
  const items: BulkItem[] = [];
  const through: ReviewCase[] = [];
  for (const one of request.cases) {
    if (options.stop?.() === true) break;
    // As it was before: afterwards it is resolved.
    const review = await world.store.reads.review(one.id);
    const refused = await decideOne(world, request, one, options);
    items.push({ id: one.id, refusal: refused });
    if (refused === null && review !== null) through.push(review);
    options.onItem?.(items.length);
  }
  return {
    items,
    done: through.length,
    refusals: refusalsOf(items),
    impact: impactOf(through),
    examples: through
      .toSorted((left, right) => right.impactMinor - left.impactMinor)
      .slice(0, mostExamples),
  };
}

function bulkRefusal({ reason, cases, verb, to, until }: BulkRequest): Refusal | null {
  const wrong = (en: string, zh: string, field: string): Refusal =>
    refuse("invalid", { en: `Bulk ${verb}: ${en}`, zh: `批量操作：${zh}` }, `/${field}`);
  if (reason.trim() === "") return wrong("found no reason", "未填写理由", "reason");
  if (cases.length === 0 || cases.length > bulkMost) {
    return wrong(
      `found ${cases.length} cases, expected 1 to ${bulkMost}`,
      `共 ${cases.length} 件，应为 1 至 ${bulkMost} 件`,
      "cases",
    );
  }
  if (new Set(cases.map(({ id }) => id)).size < cases.length) {
    return wrong("found a case twice, expected each once", "复核件重复，每件只能出现一次", "cases");
  }
  if (verb === "assign" && to === undefined) {
    return wrong("found nobody to assign to", "未指定分派对象", "to");
  }
  if (verb === "snooze" && until === undefined) {
    return wrong("found no date until which", "未指定暂缓日期", "until");
  }
  return null;
}

async function decideOne(
  world: World,
  request: BulkRequest,
  { id, ver }: BulkRequest["cases"][number],
  { dryRun, idempotency }: BulkOptions,
): Promise<Refusal | null> {
  if (!isId(id)) {
    return refuse("invalid", {
      en: `Id: found ${JSON.stringify(id)}, expected a UUID`,
      zh: `编号：为 ${JSON.stringify(id)}，应为 UUID`,
    });
  }
  const bucket = bucketOfId(id);
  const key =
    idempotency === undefined ? null : { ...idempotency, key: `${idempotency.key}:${id}` };
  const commandId =
    key === null ? world.ids.fresh() : world.ids.derive(bucket, "command", key.client, key.key);
  const command = {
    ...{ id: commandId, cause: commandId, subject: id, actor: request.actor },
    ...commandOf(request),
    ...(ver === undefined ? {} : { expectedVer: ver }),
  };
  const keyed = dryRun || key === null ? { dryRun } : { idempotency: key };
  const [result] = await transact(world, bucket, [command], keyed);
  return result !== undefined && "refusal" in result ? result.refusal : null;
}

function commandOf({ verb, reason, to, until, pastDue }: BulkRequest): Readonly<{
  kind: string;
  body: Readonly<Record<string, unknown>>;
}> {
  switch (verb) {
    case "approve":
      return { kind: "Approve", body: { note: reason } };
    case "reject":
      return { kind: "Reject", body: { reason } };
    case "assign":
      return { kind: "AssignReview", body: { to, reason } };
    case "snooze":
      return {
        kind: "SnoozeReview",
        body: { until, reason, ...(pastDue === true ? { pastDue } : {}) },
      };
  }
}

function refusalsOf(items: readonly BulkItem[]): BulkResult["refusals"] {
  const refused = items.flatMap(({ refusal }) => (refusal === null ? [] : [refusal]));
  return Array.from(
    Map.groupBy(refused, (one) => one.refused),
    ([code, group]) => ({ code, count: group.length, first: group[0]!.detail }),
  );
}

function impactOf(reviews: readonly ReviewCase[]): readonly Money[] {
  const sums = new Map<Currency, number>();
  for (const { currency, impactMinor } of reviews) {
    sums.set(currency, (sums.get(currency) ?? 0) + impactMinor);
  }
  return Array.from(sums, ([currency, amountMinor]) => ({ currency, amountMinor }));
}
