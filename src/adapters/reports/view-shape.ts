// What a view is made of: titled sections of notes, tables and charts in one language. Cells are text as it is shown, so
// that no form formats a number by itself.

import type { Language } from "../../domain/text.ts";
import type { DailyReport } from "../../portfolio/report-document.ts";
import type { Say } from "./report-texts.ts";

/** A table; cells are text as it is shown. */
export type ViewTable = Readonly<{
  caption: string;
  columns: readonly Readonly<{ label: string; number: boolean }>[];
  rows: readonly (readonly string[])[];
}>;

/** A bar chart: one group of bars per category. `id` is unique in the report. */
export type ViewChart = Readonly<{
  id: string;
  title: string;
  categories: readonly string[];
  series: readonly Readonly<{ name: string; values: readonly number[] }>[];
}>;

export type ViewSection = Readonly<{
  id: string;
  title: string;
  notes: readonly string[];
  charts: readonly ViewChart[];
  tables: readonly ViewTable[];
}>;

export type ReportView = Readonly<{
  language: Language;
  title: string;
  /** label and value */
  details: readonly (readonly [string, string])[];
  sections: readonly ViewSection[];
  footer: string;
}>;

/** What a section is written from. */
export type ViewParts = Readonly<{ report: DailyReport; say: Say; language: Language }>;
