// How commands read a decision model: the file within its bound, the model, and what is wrong with it in both languages.

import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { readDmn } from "../adapters/dmn/read-dmn.ts";
import { largestXml } from "../adapters/dmn/xml-tree.ts";
import { Fault } from "../adapters/fault.ts";
import type { Text } from "../domain/text.ts";
import { compileModel, type ReadyModel } from "../policy/dmn/compile-model.ts";
import type { DmnProblem } from "../policy/dmn/dmn-problem.ts";
import { note, printJson, say, type Frame } from "./frame.ts";

/** A model of a file, and everything that is wrong with it. */
export type Loaded = Readonly<{ ready: ReadyModel | null; problems: readonly DmnProblem[] }>;

/** Reads a model and compiles what can be compiled. Throws a usage fault where the file cannot be read. */
export function loaded(frame: Frame, file: string): Loaded {
  const { model, problems } = readDmn(readText(frame, file));
  const ready = model && compileModel(model);
  return { ready, problems: [...problems, ...(ready?.problems ?? [])] };
}

/** A text file that is not larger than any XML may be. Throws a usage fault otherwise. */
export function readText(frame: Frame, file: string): string {
  const path = resolve(frame.terminal.workingFolder, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestXml) {
    throw usageFault({
      en: `Cannot read file: ${file} has ${size} bytes, expected at most ${largestXml}`,
      zh: `无法读取文件：${file} 有 ${size} 字节，最多 ${largestXml} 字节`,
    });
  }
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw usageFault({ en: `Cannot read file: ${file}`, zh: `无法读取文件：${file}` });
  }
}

export function usageFault(text: Text): Fault {
  return new Fault(text.en, { code: "usage", retryable: false, text });
}

/** The model, or null after its problems were written. */
export function loadModel(frame: Frame, file: string): ReadyModel | null {
  const { ready, problems } = loaded(frame, file);
  if (problems.length === 0) return ready;
  reportProblems(frame, file, problems);
  printJson(frame, { file, problems: problems.map((one) => plainProblem(frame, one)) });
  return null;
}

export function reportProblems(frame: Frame, file: string, problems: readonly DmnProblem[]): void {
  for (const { where, line, message } of problems) {
    note(frame, {
      en: `${file}:${line} ${where}: ${message.en}`,
      zh: `${file}:${line} ${where}：${message.zh}`,
    });
  }
}

export function plainProblem(frame: Frame, { code, where, line, message }: DmnProblem): object {
  return { code, where, line, message: say(frame, message) };
}
