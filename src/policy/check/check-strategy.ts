// The check of a strategy before it comes into force: defects and laws, over everything that the dictionary allows. It is
// pure and bounded: the same strategy gives the same report, and what exceeds the bound is told as undecided.

import type { Text } from "../../domain/text.ts";
import type { CompiledStrategy } from "../compile.ts";
import type { TableIr } from "../ir.ts";
import { attempt, stepsOf } from "./diagram.ts";
import { neverReached, untranslated, unusedFacts } from "./document-findings.ts";
import { type Effects, effectsOf } from "./effect.ts";
import { type CheckReport, type Finding, placeAt } from "./finding.ts";
import { addRules, addScores, addTable, type Graph, openGraph } from "./graph.ts";
import { lawsOf } from "./laws.ts";
import { tableFindings } from "./table-findings.ts";

/**
 * Checks a strategy that compiles. Each table and each law is looked at within {@link mostSteps} cells, and all of them
 * together within {@link mostPieces} times as many; what exceeds either is undecided.
 * @param most another bound than {@link mostSteps}
 */
export function checkStrategy(compiled: CompiledStrategy, most?: number): CheckReport {
  const { program, document } = compiled;
  const findings: Finding[] = [];
  const graph = openGraph(program, most);
  const built = attempt(graph.diagram, () => {
    addRules(graph);
    addScores(graph);
    return graph;
  });
  const followed =
    built !== null &&
    program.tables.every((table, at) => lookAt(compiled, graph, table, at, findings));
  const effects = followed ? attempt(graph.diagram, (): Effects => effectsOf(graph)) : null;
  if (effects !== null) findings.push(...(attempt(graph.diagram, () => neverReached(graph)) ?? []));
  findings.push(...unusedFacts(graph, document), ...untranslated(document));
  return { findings, laws: lawsOf({ compiled, graph, effects }), steps: stepsOf(graph.diagram) };
}

/** Adds a table to the graph and looks for its defects; false when it was too large to be followed. */
function lookAt(
  compiled: CompiledStrategy,
  graph: Graph,
  table: TableIr,
  at: number,
  findings: Finding[],
): boolean {
  const added = attempt(graph.diagram, () => {
    addTable(graph, table);
    return graph.tables[at]!;
  });
  const found =
    added === null ? null : attempt(graph.diagram, () => tableFindings(compiled, graph, added));
  findings.push(...(found ?? [tooLarge(table, at)]));
  return added !== null;
}

function tooLarge({ id }: TableIr, at: number): Finding {
  const text: Text = {
    zh: `决策表“${id}”过大，未能逐格检查`,
    en: `Table "${id}" is too large to be checked cell by cell`,
  };
  const place = placeAt(`/tables/${at}`, { table: id });
  return { kind: "undecided", severity: "warning", at: place, example: null, text };
}
