// What the simulated bureau knows of people, by the lender's reference: a report made from a seed, what somebody set
// instead, and how often it was asked, for every inquiry leaves its trace. What happened is a record; memory is nothing but
// the records in order, so that a restart ends in the same state.

import { chanceBp } from "../chance.ts";

/** A report in the bureau's own words: amounts as decimal text in yuan. */
export type BureauReport = Readonly<{
  score: number;
  inquiries: Readonly<{ days30: number }>;
  lenders: Readonly<{ months3: number }>;
  accounts: Readonly<{ open: number }>;
  debts: string;
  overdue: boolean;
  publicRecords: number;
}>;

export type BureauRecord =
  | Readonly<{ kind: "inquiry"; reference: string }>
  | Readonly<{ kind: "score"; reference: string; score: number }>;

/** Changed by {@link applyRecord} only. */
export type BureauBook = Readonly<{ inquiries: Map<string, number>; scores: Map<string, number> }>;

export function emptyBureau(): BureauBook {
  return { inquiries: new Map(), scores: new Map() };
}

/** Puts a record into the book: at once when it happens and again at every start. */
export function applyRecord({ inquiries, scores }: BureauBook, record: BureauRecord): void {
  const { reference } = record;
  if (record.kind === "score") scores.set(reference, record.score);
  else inquiries.set(reference, (inquiries.get(reference) ?? 0) + 1);
}

/** The report of a reference as it is now. */
export function reportOf(book: BureauBook, reference: string, seed: string): BureauReport {
  const part = (name: string, most: number): number => chanceBp(seed, name, reference) % (most + 1);
  const asked = book.inquiries.get(reference) ?? 0;
  return {
    score: book.scores.get(reference) ?? 450 + part("score", 400),
    inquiries: { days30: part("inquiries", 6) + asked },
    lenders: { months3: part("lenders", 5) },
    accounts: { open: 1 + part("accounts", 8) },
    debts: `${part("debts", 9_999) * 20}.50`,
    overdue: part("overdue", 99) < 4,
    publicRecords: part("records", 99) < 2 ? 1 : 0,
  };
}
