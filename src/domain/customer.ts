// A customer is an id and a bucket. Names, phones, addresses and document numbers are not here: they live
// only in the encrypted identity table and never in events, logs or file names.

import type { Bucket, Id } from "./id.ts";
import type { Language } from "./text.ts";

export type Customer = Readonly<{
  bucket: Bucket;
  id: Id;
  /** the lender's own reference */
  reference: string;
  language: Language;
}>;

/** The fields that may hold personal data; each is encrypted on its own. */
export const identityFields = ["name", "phone", "email", "address", "document"] as const;

export type IdentityField = (typeof identityFields)[number];
