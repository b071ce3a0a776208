// A file beside a review case as both stores keep it: its name and contents sealed under the key of the customer whom the
// case is about, so that destroying the key erases them and leaves only the hash.

import type { Attachment, NewAttachment } from "../../domain/attachment.ts";
import type { Keys, WrappedKey } from "./keys.ts";
import type { RowKeys } from "./row-keys.ts";

export type SealedAttachment = Attachment & Readonly<{ name: Uint8Array; contents: Uint8Array }>;

const table = "review_attachment";

/** The row to store. Throws a fault when the customer's key was destroyed. */
export function sealAttachment(rowKeys: RowKeys, added: NewAttachment): SealedAttachment {
  const { name, bytes, ...kept } = added;
  const seal = (column: string, text: string): Uint8Array =>
    rowKeys.encrypt(added.customerId, { table, column, rowId: added.id }, text);
  // One way of sealing for all personal data: it takes text.
  const contents = seal("contents", Buffer.from(bytes).toString("base64"));
  return { ...kept, name: seal("name", name), contents };
}

/** What opening takes; a key that is null was destroyed. */
export type Opening = Readonly<{
  keys: Pick<Keys, "unwrap" | "decryptField">;
  key: WrappedKey | null;
}>;

/** The file with its name, null instead of it where the key was destroyed. */
export function namedAttachment(
  opening: Opening,
  {
    name,
    contents: _contents,
    ...kept
  }: Omit<SealedAttachment, "contents"> & Partial<SealedAttachment>,
): Attachment & Readonly<{ name: string | null }> {
  return { ...kept, name: openText(opening, "name", kept.id, name) };
}

/** The file with its contents; null where the key was destroyed. Throws the faults of the keys. */
export function openAttachment(
  opening: Opening,
  { name, contents, ...kept }: SealedAttachment,
): NewAttachment | null {
  const opened = openText(opening, "name", kept.id, name);
  const text = openText(opening, "contents", kept.id, contents);
  if (opened === null || text === null) return null;
  return { ...kept, name: opened, bytes: new Uint8Array(Buffer.from(text, "base64")) };
}

function openText(
  { keys, key }: Opening,
  column: string,
  id: string,
  sealed: Uint8Array,
): string | null {
  if (key === null) return null;
  return keys.decryptField(keys.unwrap(key.wrapped, key.keyId), table, column, id, sealed);
}
