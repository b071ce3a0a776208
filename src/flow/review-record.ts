// What lies beside a review case: its notes, its files, and the figures over resolved cases. Opening a file is written
// down before anybody sees it.

import type { Actor } from "../domain/actor.ts";
import type { NewAttachment } from "../domain/attachment.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { bucketOfId, type Id } from "../domain/id.ts";
import { notFound, type Refusal } from "../domain/refusal.ts";
import type { ReviewCase } from "../domain/review-case.ts";
import { reviewStatistics, type ReviewStatistics } from "../domain/review-statistics.ts";
import { allRows } from "./page.ts";
import type { IdempotencyKey, Reads, RowScope, World } from "./ports.ts";
import type { ReviewNote } from "./review-ports.ts";
import type { Event } from "./state.ts";
import { transact } from "./transact.ts";

const rowsAtOnce = 1_000;

/** The notes of a case, oldest first. */
export async function reviewNotes(
  reads: Pick<Reads, "timeline">,
  { id, lineId }: Pick<ReviewCase, "id" | "lineId">,
): Promise<readonly ReviewNote[]> {
  const events = await reads.timeline(lineId);
  return events
    .filter((event) => isNoteOf(event, id))
    .map(({ actor, at, body }) => ({
      by: actor,
      at,
      text: String(body["text"]),
    }));
}

function isNoteOf({ kind, body }: Event, reviewId: Id): boolean {
  return kind === "ReviewNoted" && body["reviewId"] === reviewId;
}

/** Lays a file beside a case; its id. Refused as AttachToReview is. */
export async function attachFile(
  world: World,
  asked: Readonly<{ reviewId: Id; name: string; bytes: Uint8Array; sha256: string; actor: Actor }>,
  options: Readonly<{ dryRun?: boolean; idempotency?: IdempotencyKey }> = {},
): Promise<Readonly<{ attachmentId: Id }> | Refusal> {
  const { reviewId, actor, ...body } = asked;
  const id = world.ids.fresh();
  const bucket = bucketOfId(reviewId);
  const command = { id, kind: "AttachToReview", subject: reviewId, actor, cause: id, body };
  const [result] = await transact(world, bucket, [command], options);
  if (result === undefined) throw new Error("Command without result: AttachToReview");
  if ("refusal" in result) return result.refusal;
  return { attachmentId: String(result.events[0]?.body["attachmentId"]) };
}

/** One file of a case with its contents, after it was written down who opened it. */
export async function openFile(
  world: World,
  asked: Readonly<{ reviewId: Id; attachmentId: Id; actor: Actor }>,
): Promise<NewAttachment | Refusal> {
  const { reviewId, attachmentId, actor } = asked;
  const listed = await world.store.attachments.list(reviewId);
  const missing = notFound({ en: "attachment", zh: "附件" }, attachmentId);
  if (!listed.some(({ id }) => id === attachmentId)) return missing;
  const id = world.ids.fresh();
  const body = { attachmentId };
  const command = { id, kind: "OpenAttachment", subject: reviewId, actor, cause: id, body };
  const [result] = await transact(world, bucketOfId(reviewId), [command]);
  if (result !== undefined && "refusal" in result) return result.refusal;
  return (await world.store.attachments.open(attachmentId)) ?? missing;
}

/** Figures over the cases that were resolved from the start of one business date until before that of another. */
export async function statisticsOf(
  { store, clock }: Pick<World, "store" | "clock">,
  scope: RowScope,
  { from, before }: Readonly<{ from: BusinessDate; before: BusinessDate }>,
): Promise<ReviewStatistics> {
  const filter = {
    ...scope,
    state: "resolved",
    resolvedFrom: clock.startOf(from),
    resolvedBefore: clock.startOf(before),
  };
  const found = await allRows((page) => store.reads.reviews(page, filter), rowsAtOnce);
  return reviewStatistics(found, (at) => clock.dateOf(at).slice(0, 7));
}
