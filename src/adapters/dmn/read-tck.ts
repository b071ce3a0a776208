// Files of the DMN TCK: per case the inputs and what each decision must answer, as values of FEEL.

import { parseTemporal } from "../../policy/feel/temporal.ts";
import { feelNumber, type FeelValue } from "../../policy/feel/value.ts";
import {
  attributeOf,
  childOf,
  childrenOf,
  readXml,
  type XmlElement,
  type XmlProblem,
} from "./xml-tree.ts";

/** One case: inputs by name, and the answer that is wanted by decision. */
export type TckRow = Readonly<{
  id: string;
  inputs: ReadonlyMap<string, FeelValue>;
  results: readonly Readonly<{ name: string; expected: FeelValue }>[];
}>;

/** Reads a test file. */
export function readTck(
  text: string,
): Readonly<{ rows: readonly TckRow[] } | { problem: XmlProblem }> {
  const read = readXml(text);
  if ("problem" in read) return read;
  if (read.root.name !== "testCases") {
    const { name, line } = read.root;
    const message = {
      en: `Cannot read tests: found <${name}>, expected <testCases>`,
      zh: `无法读取测试：遇到 <${name}>，应为 <testCases>`,
    };
    return { problem: { line, message } };
  }
  return { rows: childrenOf(read.root, "testCase").map(rowOf) };
}

function rowOf(element: XmlElement): TckRow {
  const name = (one: XmlElement): string => attributeOf(one, "name") ?? "";
  return {
    id: attributeOf(element, "id") ?? "",
    inputs: new Map(childrenOf(element, "inputNode").map((one) => [name(one), valueOf(one)])),
    results: childrenOf(element, "resultNode").map((one) => {
      const expected = childOf(one, "expected");
      return { name: name(one), expected: expected === undefined ? null : valueOf(expected) };
    }),
  };
}

function valueOf(element: XmlElement): FeelValue {
  const list = childOf(element, "list");
  if (list !== undefined) return childrenOf(list, "item").map(valueOf);
  const components = childrenOf(element, "component");
  if (components.length > 0) {
    return new Map(components.map((one) => [attributeOf(one, "name") ?? "", valueOf(one)]));
  }
  const value = childOf(element, "value");
  if (value === undefined || attributeOf(value, "nil") === "true") return null;
  return scalar(value.text, attributeOf(value, "type"));
}

function scalar(text: string, type: string | null): FeelValue {
  switch (type?.replace(/^.*:/, "")) {
    case "decimal":
    case "double":
    case "integer":
    case "int":
    case "float":
      return feelNumber(text.trim());
    case "boolean":
      return text.trim() === "true";
    case "date":
    case "time":
    case "dateTime":
    case "duration":
      return parseTemporal(text.trim());
    default:
      return text;
  }
}
