// The check of whatever somebody wrote: what the language refuses, facts that are declared otherwise than the signals make
// them, and what the check of a strategy finds, in one report. Whoever checks a document asks here.

import type { DeclaredFacts } from "../../domain/declared-fact.ts";
import type { CompiledStrategy, Sha256 } from "../compile.ts";
import { compileStrategy } from "../compile.ts";
import { lowerStrategy } from "../lower.ts";
import { type Locate, located, parseStrategy } from "../parse.ts";
import type { Problem } from "../problem.ts";
import type { Strategy } from "../strategy.ts";
import { checkStrategy } from "./check-strategy.ts";
import { declaredFactProblems } from "./declared-facts.ts";
import { problemFindings } from "./document-findings.ts";
import type { CheckReport } from "./finding.ts";

/** `strategy` is null when the language refuses the document. */
export type ReadDocument = Readonly<{ strategy: Strategy | null; problems: readonly Problem[] }>;

/** What is wrong with a document that can be told without looking at any line. */
export function readDocument(
  source: unknown,
  declared: DeclaredFacts,
  locate?: Locate,
): ReadDocument {
  const { strategy, problems } = parseStrategy(source, locate);
  if (strategy === null) return { strategy, problems };
  const otherwise = declaredFactProblems(declared, strategy);
  return { strategy, problems: otherwise.map((problem) => located(problem, locate)) };
}

/** The findings say every problem too. */
export type CheckedDocument = ReadDocument & Readonly<{ report: CheckReport }>;

/** Checks an untyped document. Rows that overlap are told with a line that hits both, where there is one. */
export function checkDocument(
  source: unknown,
  declared: DeclaredFacts,
  hash: Sha256,
  locate?: Locate,
): CheckedDocument {
  const { strategy, problems } = readDocument(source, declared, locate);
  if (strategy !== null) {
    const report = checkStrategy(compileStrategy(strategy, hash));
    const findings = [...problemFindings(source, problems), ...report.findings];
    return { strategy, problems, report: { ...report, findings } };
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
