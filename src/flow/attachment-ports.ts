// What the application asks of whoever keeps the files beside review cases.

import type { Attachment, NewAttachment } from "../domain/attachment.ts";
import type { Id } from "../domain/id.ts";

/** Files beside review cases. Who opens one says so first: see OpenAttachment. */
export type Attachments = Readonly<{
  /** in the order in which they were added; `name` is null once the customer's key is destroyed */
  list: (reviewId: Id) => Promise<readonly (Attachment & Readonly<{ name: string | null }>)[]>;
  /** its contents; null where there is no such file, or its customer's key was destroyed */
  open: (id: Id) => Promise<NewAttachment | null>;
}>;
