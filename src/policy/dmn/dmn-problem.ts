// What is wrong with a DMN model, said with the element, the line of the file and, for FEEL, a caret in the text.

import type { Text } from "../../domain/text.ts";
import { caretText, type FeelProblem } from "../feel/feel-problem.ts";

export type DmnProblemCode =
  | "unreadable"
  | "unsupported"
  | "feel"
  | "cycle"
  | "unknown-reference"
  | "duplicate-name"
  | "row-width";

/** `where` names the element, `line` is that of the file; messages in both languages. */
export type DmnProblem = Readonly<{
  code: DmnProblemCode;
  where: string;
  line: number;
  message: Text;
}>;

/** A problem of FEEL as one of the model. */
export function feelInModel(
  where: string,
  line: number,
  text: string,
  problem: FeelProblem,
): DmnProblem {
  const message = { en: caretText(text, problem, "en"), zh: caretText(text, problem, "zh") };
  return { code: "feel", where, line: line + problem.span.line - 1, message };
}
