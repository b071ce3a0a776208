// A line as the lender's systems list it: what a registration says, and the source under which registrations are remembered
// as recorded.

import type { BusinessDate } from "../domain/calendar.ts";
import type { LineStatus } from "../domain/credit-line.ts";
import type { CustomerLinkKind } from "../domain/customer.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Id } from "../domain/id.ts";
import type { Currency } from "../domain/money.ts";
import type { Language } from "../domain/text.ts";

/**
 * Body of RegisterLine. The command's id is derived from the content without personal data, so that the
 * same row is the same command however often and in whatever order it is read: one line as of one date. Amounts in minor units of `currency`. */
export type Registration = Readonly<{
  customerId: Id;
  customerReference: string;
  lineReference: string;
  portfolio: string;
  product: string;
  jurisdiction: string;
  currency: Currency;
  language: Language;
  limitMinor: number;
  drawnMinor: number;
  pendingMinor: number;
  status: LineStatus;
  openedOn: BusinessDate | null;
  asOf: BusinessDate;
  facts: FactValues;
  /** facts of earlier dates, oldest first, each date once and before `asOf`: what the lender kept before Tidemark */
  history?: readonly Readonly<{ asOf: BusinessDate; facts: FactValues }>[];
  /** personal data, by identity field; goes to the encrypted table and nowhere else */
  identity: Readonly<Record<string, string>>;
  /** ties to other customers, who may be registered later or never */
  links?: readonly Readonly<{
    kind: CustomerLinkKind;
    customerId: Id;
    customerReference: string;
  }>[];
}>;

/** Registrations count as signals of this source, by the id of their command. */
export const registrations = "registration";
