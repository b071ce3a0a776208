// What is wrong with an expression, said so that its author can mend it: the place, what was found, what was expected,
// in both languages, with a caret below the text. Parser, checker and evaluation all speak through here.

import type { Text } from "../../domain/text.ts";

/** A place in a text: `at` and `length` count UTF-16 units from 0, `line` and `column` from 1. */
export type Span = Readonly<{ at: number; length: number; line: number; column: number }>;

/** The closed list of kinds of problems. */
export type FeelProblemCode =
  | "syntax"
  | "too-large"
  | "too-deep"
  | "unsupported"
  | "unknown-name"
  | "unknown-member"
  | "type-mismatch"
  | "undeclared-value"
  | "wrong-arguments"
  | "null-result"
  | "out-of-budget";

/** One problem of one expression. */
export type FeelProblem = Readonly<{ code: FeelProblemCode; span: Span; message: Text }>;

/** Thrown inside parser and checker only; their exported functions return the problem. */
export class FeelSyntaxError extends Error {
  readonly problem: FeelProblem;
  constructor(problem: FeelProblem) {
    super(problem.message.en);
    this.problem = problem;
  }
}

/** Stops parsing with a problem. */
export function refuse(code: FeelProblemCode, span: Span, en: string, zh: string): never {
  throw new FeelSyntaxError({ code, span, message: { en, zh } });
}

/** What a message says without its action, for a message with an action of its own: `found 1, expected 2`. */
export function stateOf({ en, zh }: Text): Text {
  return { en: en.slice(en.indexOf(": ") + 2), zh: zh.slice(zh.indexOf("：") + 1) };
}

/** The smallest span that holds both. */
export function spanning(from: Span, to: Span): Span {
  const { at, line, column } = from;
  return { at, line, column, length: Math.max(from.length, to.at + to.length - at) };
}

const widestLine = 120;
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u;

/**
 * The message, the line and a caret below the place, in one language. Chinese characters take two columns, so that the
 * caret stands below what it means; of a long line the part around the place is shown.
 */
export function caretText(text: string, problem: FeelProblem, language: keyof Text): string {
  const { span, message } = problem;
  return `${message[language]}\n${caretBelow({ text, at: span.at, length: span.length })}`;
}

/** The line of a text that a place is in, and a caret below that place. */
export function caretBelow({
  text,
  at,
  length,
}: Readonly<{ text: string; at: number; length: number }>): string {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const line = text.slice(start).split(/\r?\n/, 1)[0] ?? "";
  const column = at - start;
  const from = Math.max(0, column - widestLine / 2);
  const shown = line.slice(from, from + widestLine);
  const before = shown.slice(0, column - from);
  const marked = shown.slice(before.length, before.length + Math.max(1, length));
  const carets = "^".repeat(Math.max(1, columnsOf(marked)));
  return `  ${shown}\n  ${" ".repeat(columnsOf(before))}${carets}`;
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += wide.test(character) ? 2 : 1;
  return columns;
}
