// The check of whatever somebody wrote: what the language refuses and what the check of a strategy finds, in one report.

import type { CompiledStrategy, Sha256 } from "../compile.ts";
import { compileStrategy } from "../compile.ts";
import { lowerStrategy } from "../lower.ts";
import { type Locate, parseStrategy } from "../parse.ts";
import type { Problem } from "../problem.ts";
import type { Strategy } from "../strategy.ts";
import { checkStrategy } from "./check-strategy.ts";
import { problemFindings } from "./document-findings.ts";
import type { CheckReport } from "./finding.ts";

/** `strategy` is null when the language refuses the document; `problems` then say the same as the findings, with places. */
export type CheckedDocument = Readonly<{
  strategy: Strategy | null;
  problems: readonly Problem[];
  report: CheckReport;
}>;

/** Checks an untyped document. Rows that overlap are told with a line that hits both, where there is one. */
export function checkDocument(source: unknown, hash: Sha256, locate?: Locate): CheckedDocument {
  const { strategy, problems } = parseStrategy(source, locate);
  if (strategy !== null) {
    return { strategy, problems, report: checkStrategy(compileStrategy(strategy, hash)) };
  }
  const refused = problemFindings(source, problems);
  const runnable = problems.every((problem) => problem.code === "overlapping-rows");
  const report = runnable ? overlapReport(source as Strategy) : null;
  if (report === null)
    return { strategy, problems, report: { findings: refused, laws: [], steps: 0 } };
  const shown = report.findings.filter((finding) => finding.kind === "overlap");
  const others = refused.filter(({ at }) => !shown.some((one) => one.at.path === at.path));
  const rest = report.findings.filter((finding) => finding.kind !== "overlap");
  return { strategy, problems, report: { ...report, findings: [...shown, ...others, ...rest] } };
}

/** The check of a document that only breaks the promise of U or A tables. */
function overlapReport(document: Strategy): CheckReport | null {
  const { program } = lowerStrategy(document);
  if (program === null) return null;
  const { id, version } = document;
  const unapproved: CompiledStrategy = { ref: { id, version, hash: "" }, document, program };
  return checkStrategy(unapproved);
}
