// What is wrong with a strategy, said so that its author can mend it: where, what was found, what was
// expected, in both languages. Everything in this layer that refuses a document speaks through here.

import type { Text } from "../domain/text.ts";

/** The closed list of kinds of problems. */
export type ProblemCode =
  | "syntax"
  | "too-large"
  | "too-deep"
  | "unknown-field"
  | "missing-field"
  | "missing-translation"
  | "type-mismatch"
  | "out-of-range"
  | "duplicate-id"
  | "unknown-name"
  | "undeclared-value"
  | "excess-digits"
  | "never-matches"
  | "protected-fact"
  | "row-width"
  | "overlapping-bins"
  | "overlapping-rows"
  | "overlapping-bands"
  | "gap"
  | "missing-reasons"
  | "unprovable-reason"
  | "could-raise-limit"
  | "could-leave-limit"
  | "unsafe-range"
  | "cycle"
  | "may-be-unknown"
  | "not-as-declared"
  | "unreadable-file";

/** One thing that is wrong. `path` is a JSON pointer (RFC 6901) into the document; lines and columns from 1. */
export type Problem = Readonly<{
  path: string;
  line?: number;
  column?: number;
  code: ProblemCode;
  message: Text;
  /** the text that could not be read, and where in it: what a caret points at */
  written?: Written;
}>;

/** A place in a text of the document, in UTF-16 units from 0. */
export type Written = Readonly<{ text: string; at: number; length: number }>;

/** Collects problems while a document is read; after `limit` the rest is counted but not kept. */
export type Problems = Readonly<{
  add: (code: ProblemCode, path: string, en: string, zh: string, written?: Written) => void;
  list: readonly Problem[];
}>;

/** A fresh, empty collection. */
export function collectProblems(limit = 200): Problems {
  const list: Problem[] = [];
  return {
    list,
    add: (code, path, en, zh, written) => {
      if (list.length >= limit) return;
      list.push({ path, code, message: { zh, en }, ...(written === undefined ? {} : { written }) });
    },
  };
}

/** Appends one step to a JSON pointer. */
export function pointer(path: string, step: string | number): string {
  return `${path}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** How a found value is shown in messages: short, quoted, never more than 60 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
