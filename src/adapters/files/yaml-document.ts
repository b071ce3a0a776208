// Problems in a YAML file are told where its author sees them: file, line and field. The pure parsers speak in
// JSON pointers; this file turns a pointer into a line.

import { readFileSync } from "node:fs";
import { LineCounter, parseDocument, type Document } from "yaml";

/** A YAML file as plain data, with the line of every value. */
export type YamlDocument = Readonly<{
  path: string;
  value: unknown;
  /** what the YAML reader itself complained about, with its line */
  problems: readonly string[];
  /** one-based line of the value at a JSON pointer, or of the nearest value around it */
  lineOf: (pointer: string) => number;
}>;

/** Reads a YAML 1.2 file. Syntax errors are returned as problems, a missing file is thrown. */
export function readYamlDocument(path: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), {
    lineCounter: lines,
    uniqueKeys: true,
  });
  const problems = [...document.errors, ...document.warnings].map((problem) => {
    const [summary = ""] = problem.message.split("\n");
    return `${path}:${lines.linePos(problem.pos[0]).line} ${summary.replace(/ at line \d+.*$/, "")}`;
  });
  return {
    path,
    value: document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
    problems,
    lineOf: (pointer) => lines.linePos(offsetOf(document, pointer)).line,
  };
}

function offsetOf(document: Document, pointer: string): number {
  const path = pointer.split("/").slice(1).map(unescapeMember);
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}

function unescapeMember(member: string): string | number {
  if (/^\d+$/.test(member)) return Number(member);
  return member.replaceAll("~1", "/").replaceAll("~0", "~");
}
