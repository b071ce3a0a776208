// Whether a lower limit needs the customer's own word first is read off the pack: the law of the place may ask for it, or
// the terms of one product. What is unconfirmed is read strictly, and what the law asks for no strategy may go without.

import type { CompliancePack, GatedAction, ValueStatus } from "./pack.ts";

/** What asks for the customer's consent. "terms": the lender's own word, so that its strategy may go on without it. */
export type ConsentRule = Readonly<{
  by: "law" | "terms";
  /** JSON pointer of the value in the pack */
  pointer: string;
  source: string;
  status: ValueStatus;
}>;

/** The rule under which a change of a product's line needs consent; null where none does. Only decreases can be agreed on. */
export function consentRule(
  { duties }: CompliancePack,
  { action, product }: Readonly<{ action: GatedAction; product: string }>,
): ConsentRule | null {
  if (action !== "decrease") return null;
  const { decrease, products } = duties.consent;
  if (decrease !== null && (decrease.value || decrease.status === "unconfirmed")) {
    const { source, status } = decrease;
    const by = status === "contract" ? "terms" : "law";
    return { by, pointer: "/duties/consent/decrease", source, status };
  }
  if (products?.value.includes(product) !== true) return null;
  const { source, status } = products;
  return { by: "terms", pointer: "/duties/consent/products", source, status };
}
