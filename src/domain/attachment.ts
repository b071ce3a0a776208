// Files that reviewers lay beside a case. They may hold anybody's personal data, so that only a few kinds are taken, of
// bounded size, known by their own first bytes and not by what somebody calls them.

import type { Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";

export const attachmentTypes = [
  "application/pdf",
  "image/jpeg",
  "image/png",
  "text/plain",
] as const;

export type AttachmentType = (typeof attachmentTypes)[number];

/** Largest file, and most files of one case. */
export const attachmentBounds = { bytes: 5 * 1024 * 1024, files: 20, nameCharacters: 120 } as const;

/** What is kept of a file beside its contents. `sha256` is over the contents, hex. */
export type Attachment = Readonly<{
  bucket: Bucket;
  id: Id;
  reviewId: Id;
  customerId: Id;
  type: AttachmentType;
  sizeBytes: number;
  sha256: string;
  addedBy: string;
  addedAt: Instant;
}>;

/** A file as it comes in. Its name may say whom it is about and is kept like its contents. */
export type NewAttachment = Attachment & Readonly<{ name: string; bytes: Uint8Array }>;

const beginnings: readonly (readonly [AttachmentType, readonly number[]])[] = [
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/** The type of a file by its contents: a known beginning, or UTF-8 text without control characters; null for all else. */
export function attachmentTypeOf(bytes: Uint8Array): AttachmentType | null {
  const known = beginnings.find(([, start]) => start.every((byte, at) => bytes[at] === byte));
  if (known !== undefined) return known[0];
  return isPlainText(bytes) ? "text/plain" : null;
}

function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex
    return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
  } catch {
    return false;
  }
}

/** True for names that can be shown and saved anywhere: no path, no control characters, not too long. */
export function isAttachmentName(name: string): boolean {
  const { length } = name.trim();
  return length > 0 && name.length <= attachmentBounds.nameCharacters && !/[\p{Cc}/\\]/u.test(name);
}
