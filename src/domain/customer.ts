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

/** What ties one customer to another; "guarantor": the other vouches for this one, "guarantees": the reverse. */
export const customerLinkKinds = [
  "guarantor",
  "guarantees",
  "spouse",
  "same-company",
  "same-device",
  "same-account",
] as const;

export type CustomerLinkKind = (typeof customerLinkKinds)[number];

/** One tie, as the customer that has it knows it. The other customer may not be registered yet. */
export type CustomerLink = Readonly<{
  bucket: Bucket;
  customerId: Id;
  kind: CustomerLinkKind;
  linkedId: Id;
  linkedReference: string;
}>;

/** The fields that may hold personal data; each is encrypted on its own. */
export const identityFields = ["name", "phone", "email", "address", "document"] as const;

export type IdentityField = (typeof identityFields)[number];
