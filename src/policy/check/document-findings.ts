// Defects that need no line to be seen: facts that nothing reads, segments, grades and treatments that nobody comes to,
// texts that stand in one language only; and what the language itself refuses, told in the same form.

import { languages, type Text } from "../../domain/text.ts";
import type { FactIr } from "../ir.ts";
import type { Problem, ProblemCode } from "../problem.ts";
import { pointer } from "../problem.ts";
import type { Strategy } from "../strategy.ts";
import { choose, constant, valuesOf } from "./diagram.ts";
import { type Finding, type FindingKind, type Place, placeAt } from "./finding.ts";
import { excluded, type Graph } from "./graph.ts";
import { readsOf } from "./reads.ts";

/** Facts that are declared, may be read, and matter to no outcome, route or way back. */
export function unusedFacts({ program }: Graph, document: Strategy): readonly Finding[] {
  const reads = readsOf(program);
  const wayBack = new Set(document.restoration.criteria.flatMap(({ when }) => Object.keys(when)));
  return program.facts.flatMap((fact): Finding[] => {
    const { slot, name, declaration } = fact;
    if (reads.has(slot) || wayBack.has(name)) return [];
    const path = declarationPath(document, fact);
    return [
      finding("unused-fact", "note", placeAt(path), {
        zh: `事实“${name}”（${declaration.label.zh}）未被任何影响结果的规则读取`,
        en: `Fact "${name}" (${declaration.label.en}) is read by nothing that leads to an outcome`,
      }),
    ];
  });
}

/** Where the document declares a fact, or a model that is read as one. */
export function declarationPath(
  { facts, models = [] }: Strategy,
  { name, declaration }: FactIr,
): string {
  const at = facts.indexOf(declaration);
  return at >= 0
    ? `/facts/${at}`
    : `/models/${models.findIndex(({ id }) => `model.${id}` === name)}`;
}

function finding(kind: FindingKind, severity: Finding["severity"], at: Place, text: Text): Finding {
  return { kind, severity, at, example: null, text };
}

/** Segments, grades and treatments that no line comes to. Scores and all tables must have been added to the graph. */
export function neverReached(graph: Graph): readonly Finding[] {
  const { program, diagram, slots } = graph;
  const met = (slot: number): ReadonlySet<number> =>
    valuesOf(
      diagram,
      choose(diagram, graph.included, slots.get(slot)!, constant(diagram, excluded)),
    );
  const missing = (slot: number, ids: readonly string[], zh: string, en: string): Finding[] => {
    const found = met(slot);
    return ids.flatMap((id, at) =>
      found.has(at)
        ? []
        : [
            finding("unreachable", "warning", placeAt(pathOf(en)), {
              zh: `没有额度会得到${zh}“${id}”`,
              en: `No line comes to ${en} "${id}"`,
            }),
          ],
    );
  };
  const { segmentSlot, segmentIds, grades, limit } = program;
  const treatments = limit.treatments.map((one) => one.id);
  return [
    ...(segmentSlot < 0 ? [] : missing(segmentSlot, segmentIds, "客群", "segment")),
    ...(grades === null
      ? []
      : missing(
          grades.slot,
          grades.bands.map((band) => band.grade),
          "等级",
          "grade",
        )),
    ...missing(limit.selectSlot, treatments, "处置", "treatment"),
  ];
}

function pathOf(what: string): string {
  return (
    { segment: "/segmentation", grade: "/grades/bands", treatment: "/limitRule/treatments" }[
      what
    ] ?? ""
  );
}

const hanCharacters = /\p{Script=Han}/u;
const words = /\p{Script=Latin}{4,}/u;

/** Bilingual texts of which one language repeats the other or is written in it. */
export function untranslated(document: Strategy): readonly Finding[] {
  const findings: Finding[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (isText(value)) {
      const same = value.zh === value.en && words.test(value.zh);
      if (same || hanCharacters.test(value.en)) findings.push(untranslatedAt(path, value));
      return;
    }
    for (const [key, member] of Object.entries(value)) visit(member, pointer(path, key));
  };
  visit(document, "");
  return findings;
}

function isText(value: object): value is Text {
  return languages.every((language) => typeof Object(value)[language] === "string");
}

function untranslatedAt(path: string, text: Text): Finding {
  return finding("missing-translation", "warning", placeAt(path), {
    zh: `中英文本未各自翻译：“${text.zh}” / “${text.en}”`,
    en: `Not translated: "${text.zh}" / "${text.en}"`,
  });
}

const kinds: Partial<Readonly<Record<ProblemCode, FindingKind>>> = {
  "overlapping-rows": "overlap",
  "overlapping-bins": "overlap",
  "overlapping-bands": "overlap",
  gap: "gap",
  "never-matches": "unreachable",
  "missing-reasons": "missing-reason",
  "unprovable-reason": "missing-reason",
  "missing-translation": "missing-translation",
};

/** What the language refuses, as findings. `document` is what was read, whatever it is. */
export function problemFindings(
  document: unknown,
  problems: readonly Problem[],
): readonly Finding[] {
  return problems.map((problem) =>
    finding(
      kinds[problem.code] ?? "invalid",
      "error",
      placeIn(document, problem.path),
      problem.message,
    ),
  );
}

/** Table, row and column by their ids, as far as the document has them. */
function placeIn(document: unknown, path: string): Place {
  const [part, table, list, row, cells, column] = path.split("/").slice(1);
  if (part !== "tables" || table === undefined) return placeAt(path);
  const found = member(member(document, "tables"), table);
  const inRow =
    list === "rows" && row !== undefined ? member(member(found, "rows"), row) : undefined;
  const named =
    cells === "when" && column !== undefined
      ? member(member(found, "inputs"), column)
      : cells === "then" && column !== undefined
        ? member(member(member(found, "outputs"), column), "name")
        : undefined;
  return placeAt(path, {
    table: textOf(member(found, "id")),
    row: textOf(member(inRow, "id")),
    column: textOf(named),
  });
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
