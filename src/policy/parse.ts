// The border of the strategy language: unknown input becomes a strategy that can be run on any line, or a
// list of problems that says where and why. Nothing is repaired or guessed.

import { lowerStrategy } from "./lower.ts";
import { collectProblems, pointer, type Problem, type Problems } from "./problem.ts";
import { limits, strategyShape } from "./strategy-shape.ts";
import type { Strategy } from "./strategy.ts";

/** Where a JSON pointer stands in the source, counted from 1. */
export type Locate = (path: string) => Readonly<{ line: number; column: number }> | undefined;

export type ParsedStrategy =
  | Readonly<{ strategy: Strategy; problems: readonly [] }>
  | Readonly<{ strategy: null; problems: readonly Problem[] }>;

const maximumDepth = 40;
const maximumNodes = 2_000_000;

/**
 * Reads a strategy document: size, shape, types, and every check of the language. The result is a frozen
 * copy. At most 200 problems are listed, in document order of the checks.
 */
export function parseStrategy(source: unknown, locate?: Locate): ParsedStrategy {
  const problems = collectProblems();
  checkSize(source, problems);
  if (problems.list.length === 0) strategyShape.read(source, "", problems);
  if (problems.list.length > 0) return refused(problems.list, locate);
  const strategy = frozenCopy(source) as Strategy;
  const lowered = lowerStrategy(strategy);
  if (lowered.problems.length > 0) return refused(lowered.problems, locate);
  return { strategy, problems: [] };
}

function refused(problems: readonly Problem[], locate: Locate | undefined): ParsedStrategy {
  return { strategy: null, problems: problems.map((problem) => located(problem, locate)) };
}

/** The problem with the place of its pointer, or of the nearest parent that stands in the source. */
export function located(problem: Problem, locate: Locate | undefined): Problem {
  if (locate === undefined) return problem;
  for (let path = problem.path; ; path = path.slice(0, path.lastIndexOf("/"))) {
    const place = locate(path);
    if (place !== undefined) return { ...problem, ...place };
    if (path === "") return problem;
  }
}

type Count = { nodes: number };

function checkSize(source: unknown, problems: Problems): void {
  const count: Count = { nodes: 0 };
  measure(source, "", 0, count, problems);
  if (count.nodes <= maximumNodes) return;
  problems.add(
    "too-large",
    "",
    `Cannot read document: found more than ${maximumNodes} values, expected at most that many`,
    `无法读取文档：取值超过 ${maximumNodes} 个`,
  );
}

function measure(
  value: unknown,
  path: string,
  depth: number,
  count: Count,
  problems: Problems,
): void {
  count.nodes += 1;
  if (count.nodes > maximumNodes || problems.list.length > 0) return;
  if (depth > maximumDepth) {
    problems.add(
      "too-deep",
      path,
      `Cannot read document: found more than ${maximumDepth} levels, expected at most that many`,
      `无法读取文档：嵌套超过 ${maximumDepth} 层`,
    );
    return;
  }
  if (typeof value === "string" && value.length > limits.cellCharacters) {
    problems.add(
      "too-large",
      path,
      `Cannot read ${path}: found a text of ${value.length} characters, expected at most ${limits.cellCharacters}`,
      `无法读取 ${path}：文本有 ${value.length} 个字符，最多 ${limits.cellCharacters} 个`,
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    measure(member, pointer(path, key), depth + 1, count, problems);
  }
}

function frozenCopy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  const entries = Object.entries(value).map(([key, member]) => [key, frozenCopy(member)]);
  return Object.freeze(Object.fromEntries(entries));
}
