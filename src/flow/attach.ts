// A file laid beside a review case: which are taken, and what the event says of one, which is neither its name nor its
// contents.

import { attachmentBounds, attachmentTypeOf, isAttachmentName } from "../domain/attachment.ts";
import type { Decision } from "../domain/decision.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { ReviewCase } from "../domain/review-case.ts";
import { about } from "./decision-life.ts";
import type { Command, Context } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** Body of AttachToReview. `sha256` is over the contents, hex. */
export type AttachBody = Readonly<{ name: string; sha256: string; bytes: Uint8Array }>;

/** Lays a file beside a case. Refused (invalid): its name, its size, its kind, one too many. */
export function attach(
  review: ReviewCase,
  decision: Decision,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const { name, sha256, bytes } = command.body as unknown as AttachBody;
  const type = attachmentTypeOf(bytes);
  const wrong = (en: string, zh: string, field: string): Refusal =>
    refuse("invalid", { en: `Attachment: ${en}`, zh: `附件：${zh}` }, `/${field}`);
  if (!isAttachmentName(name)) {
    return wrong(
      `found a name of ${name.length} characters, expected 1 to ${attachmentBounds.nameCharacters} without slashes and control characters`,
      `文件名长度 ${name.length}，应为 1 至 ${attachmentBounds.nameCharacters} 个字符，且不含斜杠与控制字符`,
      "name",
    );
  }
  if (bytes.length === 0 || bytes.length > attachmentBounds.bytes) {
    return wrong(
      `found ${bytes.length} bytes, expected 1 to ${attachmentBounds.bytes}`,
      `大小为 ${bytes.length} 字节，应为 1 至 ${attachmentBounds.bytes}`,
      "bytes",
    );
  }
  if (type === null) {
    return wrong(
      "found contents of another kind, expected PDF, JPEG, PNG or plain text in UTF-8",
      "内容类型不受支持，应为 PDF、JPEG、PNG 或 UTF-8 纯文本",
      "bytes",
    );
  }
  if (review.files >= attachmentBounds.files) {
    return wrong(
      `found ${review.files} files at the case already, expected at most ${attachmentBounds.files}`,
      `该复核件已有 ${review.files} 个附件，最多 ${attachmentBounds.files} 个`,
      "bytes",
    );
  }
  const attachmentId = context.derive("attachment", review.id, command.id);
  const kept = { attachmentId, type, sizeBytes: bytes.length, sha256 };
  return [
    {
      ...about(decision, "AttachmentAdded", { reviewId: review.id, ...kept }),
      attached: { name, bytes },
    },
  ];
}

/** The file that an event speaks of, to be stored. */
export function attachmentOf(review: ReviewCase, event: Event): State["attachments"][number] {
  const { attachmentId, type, sizeBytes, sha256 } = event.body as Readonly<{
    attachmentId: string;
    type: State["attachments"][number]["type"];
    sizeBytes: number;
    sha256: string;
  }>;
  const { bucket, id: reviewId, customerId } = review;
  return {
    ...{ bucket, id: attachmentId, reviewId, customerId, type, sizeBytes, sha256 },
    ...{ addedBy: event.actor, addedAt: event.at },
    ...(event.attached as Readonly<{ name: string; bytes: Uint8Array }>),
  };
}
