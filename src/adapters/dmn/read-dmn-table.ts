// Decision tables from DMN files: hit policy, aggregation, columns and rows. A row that has not one cell for each column
// is reported with its line, since a shifted cell would decide something else.

import {
  type Aggregation,
  type DmnRule,
  type DmnTable,
  type FeelSource,
  hitPolicies,
} from "../../policy/dmn/dmn-model.ts";
import type { DmnProblem } from "../../policy/dmn/dmn-problem.ts";
import { attributeOf, childOf, childrenOf, type XmlElement } from "./xml-tree.ts";

const aggregations: readonly Aggregation[] = ["SUM", "MIN", "MAX", "COUNT"];

/** What its `<text>` says, and in which line; empty for an element that is absent. */
export function sourceOf(element: XmlElement | undefined): FeelSource {
  const text = childOf(element, "text");
  return { text: text?.text.trim() ?? "", line: text?.line ?? element?.line ?? 1 };
}

const optional = (element: XmlElement | undefined): FeelSource | null =>
  element === undefined || sourceOf(element).text === "" ? null : sourceOf(element);

/** Reads a `<decisionTable>`. */
export function readTable(element: XmlElement, problems: DmnProblem[]): DmnTable {
  const named = attributeOf(element, "hitPolicy") ?? "UNIQUE";
  const hitPolicy = hitPolicies.find((one) => one === named) ?? "UNIQUE";
  const outputs = childrenOf(element, "output").map((one) => ({
    name: attributeOf(one, "name") ?? attributeOf(element, "outputLabel") ?? "",
    allowed: optional(childOf(one, "outputValues")),
    fallback: optional(childOf(one, "defaultOutputEntry")),
  }));
  const inputs = childrenOf(element, "input").map((one) => {
    const source = sourceOf(childOf(one, "inputExpression"));
    const label = attributeOf(one, "label") ?? source.text;
    return { label, source, allowed: optional(childOf(one, "inputValues")) };
  });
  const rules = childrenOf(element, "rule").map(ruleOf);
  for (const [at, rule] of rules.entries()) {
    if (rule.inputs.length === inputs.length && rule.outputs.length === outputs.length) continue;
    problems.push(rowWidth(rule, at, inputs.length, outputs.length));
  }
  const aggregation =
    aggregations.find((one) => one === attributeOf(element, "aggregation")) ?? null;
  return { hitPolicy, aggregation, inputs, outputs, rules, line: element.line };
}

function ruleOf(element: XmlElement, index: number): DmnRule {
  return {
    id: attributeOf(element, "id") ?? `row ${index + 1}`,
    inputs: childrenOf(element, "inputEntry").map(sourceOf),
    outputs: childrenOf(element, "outputEntry").map(sourceOf),
    note: childOf(element, "description")?.text.trim() ?? "",
    line: element.line,
  };
}

function rowWidth(rule: DmnRule, at: number, inputs: number, outputs: number): DmnProblem {
  const found = `${rule.inputs.length} + ${rule.outputs.length}`;
  const message = {
    en: `Cannot read row ${at + 1}: found ${found} cells, expected ${inputs} + ${outputs}`,
    zh: `无法读取第 ${at + 1} 行：有 ${found} 个单元格，应为 ${inputs} + ${outputs}`,
  };
  return { code: "row-width", where: rule.id, line: rule.line, message };
}
