// XML from outside as a small tree: no document type, no entities beyond the five of XML, bounded in size, depth and
// number of elements, so that no file can make the reader fetch, expand or fill memory.

import { SaxesParser, type SaxesTagNS } from "saxes";
import type { Text } from "../../domain/text.ts";

/** An element with its namespace, the line it starts on and its text without that of its children. */
export type XmlElement = Readonly<{
  name: string;
  namespace: string;
  attributes: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  text: string;
  line: number;
}>;

/** What is wrong with a file and where. */
export type XmlProblem = Readonly<{ line: number; message: Text }>;

/** Most characters of a document, and most bytes of a file. */
export const largestXml = 10_000_000;
const deepestElement = 100;
const mostElements = 400_000;

class XmlError extends Error {
  readonly problem: XmlProblem;
  constructor(problem: XmlProblem) {
    super(problem.message.en);
    this.problem = problem;
  }
}

type Open = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: XmlElement[] };

/** Reads a document; the problem says what was refused. */
export function readXml(text: string): Readonly<{ root: XmlElement } | { problem: XmlProblem }> {
  if (text.length > largestXml) {
    return problemAt(
      1,
      `the file is larger than ${largestXml} characters`,
      `文件超过 ${largestXml} 个字符`,
    );
  }
  try {
    return { root: parse(text) };
  } catch (error) {
    if (error instanceof XmlError) return { problem: error.problem };
    throw error;
  }
}

function problemAt(line: number, en: string, zh: string): { problem: XmlProblem } {
  return {
    problem: { line, message: { en: `Cannot read XML: ${en}`, zh: `无法读取 XML：${zh}` } },
  };
}

function refuse(line: number, en: string, zh: string): never {
  throw new XmlError(problemAt(line, en, zh).problem);
}

function parse(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: Open[] = [];
  let root: XmlElement | null = null;
  let count = 0;
  parser.on("doctype", () =>
    refuse(parser.line, "a document type is not allowed", "不允许文档类型声明"),
  );
  parser.on("error", (error) => refuse(parser.line, error.message, error.message));
  parser.on("opentag", (tag) => {
    count += 1;
    if (open.length >= deepestElement || count > mostElements) {
      refuse(parser.line, "it has too many or too deep elements", "元素过多或嵌套过深");
    }
    open.push(elementOf(tag, parser.line));
  });
  const keep = (more: string): void => {
    const last = open.at(-1);
    if (last !== undefined) last.text += more;
  };
  parser.on("text", keep);
  parser.on("cdata", keep);
  parser.on("closetag", () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  return root ?? refuse(1, "it has no element", "没有元素");
}

function elementOf(tag: SaxesTagNS, line: number): Open {
  const attributes = new Map(
    Object.entries(tag.attributes).map(([, { local, value }]) => [local, value]),
  );
  return { name: tag.local, namespace: tag.uri, attributes, children: [], text: "", line };
}

/** The first child of that name, undefined for none. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Children of that name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** An attribute, null for none. */
export function attributeOf(element: XmlElement | undefined, name: string): string | null {
  return element?.attributes.get(name) ?? null;
}
