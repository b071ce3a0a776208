// What a person may decide at the review desk beside his role: what he is trained for, and up to which amount. A review
// case says what it needs; a role alone never reaches beyond the limit of its account.

import type { Currency, Money } from "./money.ts";

/** `authority` is the largest impact that may be decided, one amount a currency, none in the others; null: no limit. */
export type DeskRights = Readonly<{
  skills: readonly string[];
  authority: readonly Money[] | null;
}>;

/** Of an account that nobody gave any: no special skill, and no limit beside that of the role. */
export const plainDeskRights: DeskRights = { skills: [], authority: null };

/** The form of a skill: a short word that strategies and accounts share. */
export const skillForm = /^[a-z][a-z0-9-]{0,31}$/;

/** The largest impact that the rights reach in a currency, minor units; null: any. */
export function authorityIn({ authority }: DeskRights, currency: Currency): number | null {
  if (authority === null) return null;
  return authority.find((one) => one.currency === currency)?.amountMinor ?? 0;
}
