// What a check of a strategy says: defects with their place and an input that shows them, and laws with a verdict.
// "proved" holds for every input that the dictionary allows; whatever could not be shown either way is "undecided".

import type { Outcome } from "../../domain/assessment.ts";
import type { FactValues } from "../../domain/facts.ts";
import type { Text } from "../../domain/text.ts";

/**
 * invalid: the document is refused by the language · overlap: rows of a U or A table that contradict each other ·
 * gap: an input that no row of its own takes · unreachable: a row, segment, grade or treatment that no line comes to ·
 * redundant: a row without which everything stays the same · unused-fact: declared and read by nothing ·
 * unhandled-value: a value that no row takes · missing-reason: a harsh row that cannot say why ·
 * missing-translation: one language says nothing, or what the other says · undecided: too large to be looked at
 */
export type FindingKind =
  | "invalid"
  | "overlap"
  | "gap"
  | "unreachable"
  | "redundant"
  | "unused-fact"
  | "unhandled-value"
  | "missing-reason"
  | "missing-translation"
  | "undecided";

/** error: the strategy cannot run or be activated · warning: most likely a mistake · note: worth knowing. */
export type Severity = "error" | "warning" | "note";

/** Where in the document. `path` is a JSON pointer; table, row and column by id or name where there is one. */
export type Place = Readonly<{
  path: string;
  table: string | null;
  row: string | null;
  column: string | null;
}>;

/** Facts as {@link evaluate} takes them, every one that the strategy reads. */
export type Example = Readonly<{
  facts: FactValues;
  /** the facts that were put to another value for the comparison; null when one input shows it */
  changed: FactValues | null;
  /** what evaluation makes of `facts`, and of `facts` with `changed`; null for inputs that it was not asked about */
  outcome: Outcome | null;
  outcomeChanged: Outcome | null;
}>;

export type Finding = Readonly<{
  kind: FindingKind;
  severity: Severity;
  at: Place;
  example: Example | null;
  text: Text;
}>;

export type Verdict = "proved" | "refuted" | "undecided";

/**
 * never-milder: the outcome never becomes milder when `fact` grows worse, all other facts equal ·
 * never-raises: no treatment asks for more than the present limit ·
 * within-caps: no decrease goes below a floor of the limit rule or of a guard ·
 * protected-apart: no protected fact reaches the outcome
 */
export type LawName = "never-milder" | "never-raises" | "within-caps" | "protected-apart";

export type Law = Readonly<{
  law: LawName;
  /** the fact of never-milder */
  fact: string | null;
  verdict: Verdict;
  /** where it was broken or could not be decided */
  where: Place | null;
  /** refuted laws: verified by evaluation, except protected-apart, which is about what is read */
  example: Example | null;
  text: Text;
}>;

export type CheckReport = Readonly<{
  findings: readonly Finding[];
  laws: readonly Law[];
  /** cells that were looked at; bounded, see {@link mostSteps} */
  steps: number;
}>;

/** The name under which a law is signed off: `never-milder:daysPastDue`, `within-caps`. */
export function lawKey({ law, fact }: Pick<Law, "law" | "fact">): string {
  return fact === null ? law : `${law}:${fact}`;
}

/** A place in the document without table, row or column. */
export function placeAt(path: string, more: Partial<Omit<Place, "path">> = {}): Place {
  return { path, table: null, row: null, column: null, ...more };
}

/** A refuted law, or an error: such a strategy cannot be brought into force. */
export function isBlocked({ findings, laws }: CheckReport): boolean {
  return (
    laws.some((law) => law.verdict === "refuted") ||
    findings.some((finding) => finding.severity === "error")
  );
}

/** Laws that somebody must answer for by name before activation. */
export function undecidedLaws({ laws }: CheckReport): readonly Law[] {
  return laws.filter((law) => law.verdict === "undecided");
}
