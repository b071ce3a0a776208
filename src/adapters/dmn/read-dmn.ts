// DMN 1.1 to 1.5 files become the model of the language. Elements of other namespaces (diagrams, vendors' additions) are
// left out; logic that this reader does not know is reported with its line and never guessed.

import type {
  DmnDecision,
  DmnExpression,
  DmnKnowledge,
  DmnModel,
  DmnService,
  ItemDefinition,
  Requirements,
} from "../../policy/dmn/dmn-model.ts";
import type { DmnProblem } from "../../policy/dmn/dmn-problem.ts";
import { readTable, sourceOf } from "./read-dmn-table.ts";
import { attributeOf, childOf, childrenOf, readXml, type XmlElement } from "./xml-tree.ts";

/** A model, or why there is none. */
export type DmnRead = Readonly<{ model: DmnModel | null; problems: readonly DmnProblem[] }>;

const modelNamespace = /omg\.org\/spec\/DMN\/\d+\/(?:MODEL\/|dmn\.xsd)$/;

/** Reads a file of DMN. */
export function readDmn(text: string): DmnRead {
  const read = readXml(text);
  if ("problem" in read) {
    const { line, message } = read.problem;
    return { model: null, problems: [{ code: "unreadable", where: "XML", line, message }] };
  }
  const { root } = read;
  if (root.name !== "definitions" || !modelNamespace.test(root.namespace)) {
    const message = {
      en: `Cannot read model: found <${root.name}>, expected DMN <definitions>`,
      zh: `无法读取模型：遇到 <${root.name}>，应为 DMN 的 <definitions>`,
    };
    return {
      model: null,
      problems: [{ code: "unreadable", where: root.name, line: root.line, message }],
    };
  }
  const problems: DmnProblem[] = [];
  return { model: modelOf(own(root), problems), problems };
}

/** Only elements of DMN's own namespace. */
function own(element: XmlElement): XmlElement {
  const children = element.children
    .filter(({ namespace }) => modelNamespace.test(namespace))
    .map(own);
  return { ...element, children };
}

function modelOf(root: XmlElement, problems: DmnProblem[]): DmnModel {
  for (const element of childrenOf(root, "import")) {
    problems.push(unsupported(element, "import of other models", "引用其他模型"));
  }
  return {
    name: nameOf(root),
    namespace: attributeOf(root, "namespace") ?? "",
    items: childrenOf(root, "itemDefinition").map(itemOf),
    inputs: childrenOf(root, "inputData").map((element) => ({
      ...labelled(element),
      typeRef: attributeOf(childOf(element, "variable"), "typeRef"),
    })),
    decisions: childrenOf(root, "decision").map((element) => decisionOf(element, problems)),
    knowledge: childrenOf(root, "businessKnowledgeModel").map((one) => knowledgeOf(one, problems)),
    services: childrenOf(root, "decisionService").map(serviceOf),
  };
}

function unsupported(element: XmlElement, en: string, zh: string): DmnProblem {
  const message = { en: `Cannot use ${en}: it is not supported`, zh: `不支持：${zh}` };
  return { code: "unsupported", where: nameOf(element), line: element.line, message };
}

const nameOf = (element: XmlElement): string => attributeOf(element, "name") ?? element.name;
const idOf = (element: XmlElement): string => attributeOf(element, "id") ?? nameOf(element);
const labelled = (element: XmlElement) => {
  const label = attributeOf(element, "label");
  const named = { id: idOf(element), name: nameOf(element), line: element.line };
  return label === null ? named : { ...named, label };
};
const hrefOf = (element: XmlElement | undefined): string =>
  (attributeOf(element, "href") ?? "").replace(/^.*#/, "");

function itemOf(element: XmlElement): ItemDefinition {
  const allowed = childOf(element, "allowedValues");
  return {
    ...{ name: nameOf(element), line: element.line },
    typeRef: childOf(element, "typeRef")?.text.trim() ?? null,
    allowed: allowed === undefined ? null : sourceOf(allowed),
    components: childrenOf(element, "itemComponent").map(itemOf),
    isCollection: attributeOf(element, "isCollection") === "true",
  };
}

function requirementsOf(element: XmlElement): Requirements {
  const information = childrenOf(element, "informationRequirement");
  const hrefs = (name: string, from: readonly XmlElement[]): readonly string[] =>
    from.map((one) => hrefOf(childOf(one, name))).filter((id) => id !== "");
  return {
    inputs: hrefs("requiredInput", information),
    decisions: hrefs("requiredDecision", information),
    knowledge: hrefs("requiredKnowledge", childrenOf(element, "knowledgeRequirement")),
  };
}

function decisionOf(element: XmlElement, problems: DmnProblem[]): DmnDecision {
  return {
    ...labelled(element),
    typeRef: attributeOf(childOf(element, "variable"), "typeRef"),
    requires: requirementsOf(element),
    logic: logicIn(element, problems),
  };
}

function knowledgeOf(element: XmlElement, problems: DmnProblem[]): DmnKnowledge {
  const encapsulated = childOf(element, "encapsulatedLogic");
  return {
    ...labelled(element),
    requires: requirementsOf(element),
    logic: encapsulated === undefined ? null : functionOf(encapsulated, problems),
  };
}

function serviceOf(element: XmlElement): DmnService {
  const ids = (name: string): readonly string[] => childrenOf(element, name).map(hrefOf);
  return {
    ...{ id: idOf(element), name: nameOf(element), line: element.line },
    ...{ outputs: ids("outputDecision"), encapsulated: ids("encapsulatedDecision") },
    ...{ inputDecisions: ids("inputDecision"), inputs: ids("inputData") },
  };
}

const empty: DmnExpression = { kind: "literal", source: { text: "", line: 1 } };

const boxed = new Set([
  ...["literalExpression", "decisionTable", "context", "list", "relation"],
  ...["functionDefinition", "invocation", "conditional", "for", "every", "some", "filter"],
]);

/** The expression that an element holds; null for none. */
function logicIn(element: XmlElement | undefined, problems: DmnProblem[]): DmnExpression | null {
  const found = element?.children.find(({ name }) => boxed.has(name));
  return found === undefined ? null : logicOf(found, problems);
}

function logicOf(element: XmlElement, problems: DmnProblem[]): DmnExpression {
  const inside = (one: XmlElement | undefined): DmnExpression => logicIn(one, problems) ?? empty;
  switch (element.name) {
    case "literalExpression":
      return { kind: "literal", source: sourceOf(element) };
    case "decisionTable":
      return { kind: "table", table: readTable(element, problems) };
    case "context":
      return contextOf(element, inside);
    case "list":
      return { kind: "list", items: expressionsIn(element, problems) };
    case "relation":
      return {
        kind: "relation",
        columns: childrenOf(element, "column").map(nameOf),
        rows: childrenOf(element, "row").map((row) => expressionsIn(row, problems)),
      };
    case "functionDefinition":
      return functionOf(element, problems);
    case "invocation":
      return invocationOf(element, inside);
    case "conditional": {
      const part = (name: string): DmnExpression => inside(childOf(element, name));
      return { kind: "conditional", test: part("if"), then: part("then"), otherwise: part("else") };
    }
    case "for":
    case "some":
    case "every": {
      const part = (name: string): DmnExpression => inside(childOf(element, name));
      const variable = attributeOf(element, "iteratorVariable") ?? "";
      const body = part(element.name === "for" ? "return" : "satisfies");
      return { kind: element.name, variable, over: part("in"), body };
    }
    case "filter": {
      const part = (name: string): DmnExpression => inside(childOf(element, name));
      return { kind: "filter", over: part("in"), match: part("match") };
    }
    default:
      problems.push(unsupported(element, `boxed ${element.name}`, `方框表达式 ${element.name}`));
      return empty;
  }
}

function expressionsIn(element: XmlElement, problems: DmnProblem[]): readonly DmnExpression[] {
  return element.children
    .filter(({ name }) => boxed.has(name))
    .map((one) => logicOf(one, problems));
}

type Inside = (element: XmlElement | undefined) => DmnExpression;

function contextOf(element: XmlElement, inside: Inside): DmnExpression {
  const entries = childrenOf(element, "contextEntry");
  const named = entries.filter((entry) => childOf(entry, "variable") !== undefined);
  const last = entries.find((entry) => childOf(entry, "variable") === undefined);
  return {
    kind: "context",
    entries: named.map((entry) => ({
      name: attributeOf(childOf(entry, "variable"), "name") ?? "",
      typeRef: attributeOf(childOf(entry, "variable"), "typeRef"),
      value: inside(entry),
    })),
    result: last === undefined ? null : inside(last),
  };
}

function functionOf(
  element: XmlElement,
  problems: DmnProblem[],
): Extract<DmnExpression, { kind: "function" }> {
  const kind = attributeOf(element, "kind");
  if (kind !== null && kind !== "FEEL") {
    problems.push(unsupported(element, `functions of kind ${kind}`, `${kind} 类型的函数`));
  }
  return {
    kind: "function",
    parameters: childrenOf(element, "formalParameter").map((one) => ({
      name: nameOf(one),
      typeRef: attributeOf(one, "typeRef"),
    })),
    body: logicIn(element, problems) ?? empty,
    line: element.line,
  };
}

function invocationOf(element: XmlElement, inside: Inside): DmnExpression {
  return {
    kind: "invocation",
    target: inside(element),
    bindings: childrenOf(element, "binding").map((one) => ({
      name: attributeOf(childOf(one, "parameter"), "name") ?? "",
      value: inside(one),
    })),
  };
}
