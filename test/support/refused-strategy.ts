// One refusal of the strategy language: one change to a good document, and what must be said about it.

import { expect } from "vitest";
import type { ProblemCode } from "../../src/policy/problem.ts";
import { parseChanged } from "./strategy-document.ts";

/** What is wrong, where the document is changed, to what, and the code, place and English wording of the problem. */
export type RefusalRow = [
  what: string,
  path: string,
  value: unknown,
  code: ProblemCode,
  at: string,
  says: RegExp,
];

/** The document is refused with that problem, and every problem is worded properly in both languages. */
export function expectRefusal([, path, value, code, at, says]: RefusalRow): void {
  const { strategy, problems } = parseChanged(path, value);
  expect(strategy).toBeNull();
  const found = problems.filter((problem) => problem.code === code && problem.path === at);
  expect(found.map((problem) => problem.message.en).join("\n"), JSON.stringify(problems)).toMatch(
    says,
  );
  for (const { message } of problems) {
    expect(message.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(message.en).toMatch(/^Cannot .*[^.]$/);
  }
}
