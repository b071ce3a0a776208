// A file is what its first bytes say, whatever it is called.

import { describe, expect, test } from "vitest";
import { attachmentTypeOf, isAttachmentName } from "./attachment.ts";

const bytes = (...values: readonly number[]): Uint8Array => new Uint8Array(values);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

describe("the type of a file", () => {
  test.each([
    ["a PDF", text("%PDF-1.7 …"), "application/pdf"],
    ["a JPEG", bytes(0xff, 0xd8, 0xff, 0xe0), "image/jpeg"],
    ["a PNG", bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0), "image/png"],
    ["a text in Chinese", text("收入证明\n已核对"), "text/plain"],
    ["a program", bytes(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), null],
    ["a text in another encoding", bytes(0xca, 0xd5, 0xc8, 0xeb), null],
    ["a text with control characters", text("a\u0000b"), null],
  ])("is told from its contents: %s", (_name, contents, type) => {
    expect(attachmentTypeOf(contents)).toBe(type);
  });
});

test.each([
  ["收入证明.pdf", true],
  ["a".repeat(120), true],
  ["a".repeat(121), false],
  ["../../etc/passwd", false],
  ["a\\b.pdf", false],
  ["a\nb", false],
  ["  ", false],
])("%j as a name: %s", (name, usable) => {
  expect(isAttachmentName(name)).toBe(usable);
});
