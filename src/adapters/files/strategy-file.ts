// Strategy files on disk: YAML 1.2 (hence also JSON) with the place of every value kept, so that a problem
// names file, line and column. The file is data: no tags, no more aliases than a person would write.

import { open } from "node:fs/promises";
import { isNode, LineCounter, parseDocument, stringify, type Document, type YAMLError } from "yaml";
import { type Locate, parseStrategy } from "../../policy/parse.ts";
import type { Problem } from "../../policy/problem.ts";
import type { Strategy } from "../../policy/strategy.ts";

const maximumBytes = 8 * 1024 * 1024;
const maximumAliases = 1_000;

/** The strategy of a file, or what is wrong with it. Messages begin with `file:line:column: `. */
export type StrategyFile =
  | Readonly<{ strategy: Strategy; problems: readonly [] }>
  | Readonly<{ strategy: null; problems: readonly Problem[] }>;

/** A YAML file as plain data, with the place of each JSON pointer in it; or what is wrong with it. */
export type YamlFile =
  | Readonly<{ value: unknown; locate: Locate }>
  | Readonly<{ problems: readonly Problem[] }>;

/** Reads and checks a strategy file. Never throws on bad input; an unreadable file is a problem too. */
export async function readStrategyFile(path: string): Promise<StrategyFile> {
  const file = await readYamlFile(path);
  if ("problems" in file) return { strategy: null, problems: file.problems };
  const parsed = parseStrategy(file.value, file.locate);
  if (parsed.strategy !== null) return parsed;
  return { strategy: null, problems: parsed.problems.map((problem) => withPlace(path, problem)) };
}

/** Reads one YAML document of at most 8 MiB. Problems carry `file:line:column: ` in their messages. */
export async function readYamlFile(path: string): Promise<YamlFile> {
  const text = await readText(path);
  if (typeof text !== "string") return { problems: [text] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", uniqueKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return { problems: faults.map((fault) => withPlace(path, syntaxProblem(fault, lines))) };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: maximumAliases });
    return { value, locate: locator(document, lines) };
  } catch (error) {
    return { problems: [withPlace(path, syntaxMessage(String(error), undefined))] };
  }
}

/**
 * A strategy as a YAML file for people and their version control: parts in the order of evaluation, one value a line.
 * Read again it is the same document with the same hash; comments are no part of a strategy and are not in it.
 */
export function strategyYaml(strategy: Strategy): string {
  return yamlText(strategy);
}

/** Plain data as YAML for people: one value a line, nothing abbreviated. */
export function yamlText(value: unknown): string {
  return stringify(value, { version: "1.2", lineWidth: 0, aliasDuplicateObjects: false });
}

async function readText(path: string): Promise<string | Problem> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > maximumBytes) {
      return {
        path: "",
        code: "too-large",
        message: {
          en: `Cannot read ${path}: found ${size} bytes, expected at most ${maximumBytes}`,
          zh: `无法读取 ${path}：文件有 ${size} 字节，最多 ${maximumBytes} 字节`,
        },
      };
    }
    return await file.readFile("utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      path: "",
      code: "unreadable-file",
      message: { en: `Cannot read ${path}: ${why}`, zh: `无法读取 ${path}：${why}` },
    };
  }
}

function syntaxProblem(fault: YAMLError, lines: LineCounter): Problem {
  const place = lines.linePos(fault.pos[0]);
  return syntaxMessage(fault.message.split("\n")[0] ?? fault.code, {
    line: place.line,
    column: place.col,
  });
}

function syntaxMessage(
  why: string,
  place: Readonly<{ line: number; column: number }> | undefined,
): Problem {
  return {
    path: "",
    code: "syntax",
    ...place,
    message: { en: `Cannot read YAML: ${why}`, zh: `无法读取 YAML：${why}` },
  };
}

/** Finds the place of a JSON pointer: that of the value, counted from 1. */
function locator(document: Document, lines: LineCounter): Locate {
  return (pointer) => {
    const steps = pointer
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const node = steps.length === 0 ? document.contents : document.getIn(steps, true);
    if (!isNode(node) || node.range == null) return undefined;
    const place = lines.linePos(node.range[0]);
    return { line: place.line, column: place.col };
  };
}

/** A problem whose message begins with `file:line:column: `, where its place is known. */
export function withPlace(path: string, problem: Problem): Problem {
  if (problem.line === undefined) return problem;
  const place = `${path}:${problem.line}:${problem.column ?? 1}: `;
  return {
    ...problem,
    message: { en: place + problem.message.en, zh: place + problem.message.zh },
  };
}
