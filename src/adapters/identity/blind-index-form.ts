// The normal form that a blind index is taken over, per identity field: what people write differently but
// mean the same must give the same index. Changing a form makes existing indexes blind, so it is for ever.

import type { IdentityField } from "../../domain/customer.ts";

const forms: Readonly<Record<IdentityField, (text: string) => string>> = {
  name: (text) => singleSpaced(text).toLowerCase(),
  phone: (text) => text.replaceAll(/\D/g, ""),
  email: (text) => text.trim().toLowerCase(),
  address: (text) => singleSpaced(text).toLowerCase(),
  document: (text) => text.replaceAll(/[\s-]/g, "").toUpperCase(),
};

/**
 * Full-width letters and digits become plain first (NFKC); case, spaces and separators go as the field allows.
 * Throws RangeError for a field that no identity has.
 */
export function normalIdentity(field: string, text: string): string {
  if (!isIdentityField(field)) throw new RangeError(`Cannot index ${field}: no identity field`);
  return forms[field](text.normalize("NFKC"));
}

function isIdentityField(field: string): field is IdentityField {
  return Object.hasOwn(forms, field);
}

function singleSpaced(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
