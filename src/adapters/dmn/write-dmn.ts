// DMN models as files that other tools read: DMN 1.5 XML, one element a line. It writes what the models of strategies
// hold, and refuses to write less than it was given.

import type {
  DmnDecision,
  DmnExpression,
  DmnKnowledge,
  DmnModel,
  DmnTable,
  FeelSource,
  Requirements,
} from "../../policy/dmn/dmn-model.ts";

const modelNamespace = "https://www.omg.org/spec/DMN/20230324/MODEL/";

type Attributes = Readonly<Record<string, string | null | undefined>>;
type Xml = readonly string[];

/** A model as XML; reading it again gives the same model but for its lines. */
export function writeDmn(model: DmnModel): string {
  if (model.items.length > 0 || model.services.length > 0) {
    throw new Error("Cannot write model: found item definitions or services, expected none");
  }
  const children = [
    ...model.inputs.flatMap(({ id, name, label, typeRef }) =>
      element("inputData", { id, name, label }, [...element("variable", { name, typeRef }, [])]),
    ),
    ...model.knowledge.flatMap(knowledgeXml),
    ...model.decisions.flatMap(decisionXml),
  ];
  const { name, namespace } = model;
  const root = { xmlns: modelNamespace, id: "model", name, namespace };
  const lines = element("definitions", root, children);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines.join("\n")}\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
}

function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => (value == null ? [] : [` ${name}="${escaped(value)}"`]))
    .join("");
}

function element(name: string, attributes: Attributes, children: Xml): Xml {
  const open = `<${name}${attributesText(attributes)}`;
  if (children.length === 0) return [`${open}/>`];
  return [`${open}>`, ...children.map((line) => `  ${line}`), `</${name}>`];
}

/** Text stands on one line with its element: spaces around it would become part of it. */
function textElement(name: string, text: string): Xml {
  return [`<${name}>${escaped(text)}</${name}>`];
}

function feel(name: string, attributes: Attributes, { text }: FeelSource): Xml {
  return element(name, attributes, textElement("text", text));
}

function requirementsXml({ inputs, decisions, knowledge }: Requirements): Xml {
  const required = (wrap: string, name: string, id: string): Xml =>
    element(wrap, {}, element(name, { href: `#${id}` }, []));
  return [
    ...inputs.flatMap((id) => required("informationRequirement", "requiredInput", id)),
    ...decisions.flatMap((id) => required("informationRequirement", "requiredDecision", id)),
    ...knowledge.flatMap((id) => required("knowledgeRequirement", "requiredKnowledge", id)),
  ];
}

function decisionXml({ id, name, label, typeRef, requires, logic }: DmnDecision): Xml {
  return element("decision", { id, name, label }, [
    ...element("variable", { name, typeRef }, []),
    ...requirementsXml(requires),
    ...(logic === null ? [] : logicXml(logic)),
  ]);
}

function knowledgeXml({ id, name, label, requires, logic }: DmnKnowledge): Xml {
  const parameters = logic?.parameters ?? [];
  const body = logic === null ? [] : logicXml(logic.body);
  const inside = parameters.flatMap((one) => element("formalParameter", one, []));
  return element("businessKnowledgeModel", { id, name, label }, [
    ...element("variable", { name }, []),
    ...(logic === null ? [] : element("encapsulatedLogic", {}, [...inside, ...body])),
    ...requirementsXml(requires),
  ]);
}

function logicXml(logic: DmnExpression): Xml {
  switch (logic.kind) {
    case "literal":
      return feel("literalExpression", {}, logic.source);
    case "table":
      return tableXml(logic.table);
    default:
      throw new Error(`Cannot write model: found boxed ${logic.kind}, expected a table or literal`);
  }
}

function tableXml({ hitPolicy, aggregation, inputs, outputs, rules }: DmnTable): Xml {
  return element("decisionTable", { hitPolicy, aggregation }, [
    ...inputs.flatMap(({ label, source, allowed }) =>
      element("input", { label }, [
        ...feel("inputExpression", {}, source),
        ...(allowed === null ? [] : feel("inputValues", {}, allowed)),
      ]),
    ),
    ...outputs.flatMap(({ name, allowed, fallback }) =>
      element("output", { name }, [
        ...(allowed === null ? [] : feel("outputValues", {}, allowed)),
        ...(fallback === null ? [] : feel("defaultOutputEntry", {}, fallback)),
      ]),
    ),
    ...rules.flatMap((rule) =>
      element("rule", { id: rule.id }, [
        ...(rule.note === "" ? [] : textElement("description", rule.note)),
        ...rule.inputs.flatMap((one) => feel("inputEntry", {}, one)),
        ...rule.outputs.flatMap((one) => feel("outputEntry", {}, one)),
      ]),
    ),
  ]);
}
