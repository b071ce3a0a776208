// `tidemark strategy check`: defects and laws of a strategy file, for people and, with --json, for programs. Examples are
// written as golden cases write facts, so that one can be copied into the file beside the strategy.

import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readYamlFile, withPlace } from "../adapters/files/strategy-file.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { declaredIn } from "../compose.ts";
import type { Text } from "../domain/text.ts";
import { type CheckedDocument, checkDocument } from "../policy/check/check-document.ts";
import { exampleTexts } from "../policy/check/example-text.ts";
import {
  type CheckReport,
  type Example,
  type Finding,
  isBlocked,
  type Law,
  type Severity,
  undecidedLaws,
  type Verdict,
} from "../policy/check/finding.ts";
import { caretBelow } from "../policy/feel/feel-problem.ts";
import type { Strategy } from "../policy/strategy.ts";
import { type Frame, note, print, printJson } from "./frame.ts";
import { printProblems } from "./import.ts";

/** Checks a file, or the `strategy.yaml` of a folder; success only if nothing stands in the way of activation. */
export async function checkFile(frame: Frame, file: string): Promise<number> {
  const path = await strategyPath(resolve(frame.terminal.workingFolder, file));
  const read = await readYamlFile(path);
  if ("problems" in read)
    return printProblems(
      frame,
      read.problems.map(({ message }) => message),
    );
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  const checked = checkDocument(read.value, declaredIn(frame.config), sha256, read.locate);
  printJson(frame, wireOf(frame, path, checked));
  if (!frame.json) tellAll(frame, path, checked);
  const { report } = checked;
  return isBlocked(report) || undecidedLaws(report).length > 0
    ? exitCodes.usage
    : exitCodes.success;
}

/** The file that was named, or the `strategy.yaml` of a folder. */
export async function strategyPath(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true ? join(path, "strategy.yaml") : path;
}

function wireOf(frame: Frame, path: string, { strategy, problems, report }: CheckedDocument) {
  return {
    ...(strategy === null
      ? {}
      : { id: strategy.id, version: strategy.version, label: strategy.label }),
    problems: problems.map((problem) => withPlace(path, problem).message[frame.language]),
    findings: report.findings.map((one) => ({
      ...one,
      example: wireExample(strategy, one.example),
    })),
    laws: report.laws.map((one) => ({ ...one, example: wireExample(strategy, one.example) })),
    steps: report.steps,
  };
}

function wireExample(strategy: Strategy | null, example: Example | null) {
  if (example === null) return null;
  return {
    ...example,
    facts: exampleTexts(strategy, example.facts),
    changed: example.changed === null ? null : exampleTexts(strategy, example.changed),
  };
}

const severityWords = {
  error: { en: "error", zh: "错误" },
  warning: { en: "warning", zh: "警告" },
  note: { en: "note", zh: "提示" },
} as const satisfies Readonly<Record<Severity, Text>>;

const verdictWords = {
  proved: { en: "proved", zh: "已证明" },
  refuted: { en: "refuted", zh: "被推翻" },
  undecided: { en: "undecided", zh: "未决" },
} as const satisfies Readonly<Record<Verdict, Text>>;

function tellAll(
  frame: Frame,
  path: string,
  { strategy, problems, report }: CheckedDocument,
): void {
  for (const problem of problems) {
    note(frame, withPlace(path, problem).message);
    if (problem.written === undefined) continue;
    const caret = caretBelow(problem.written);
    note(frame, { en: caret, zh: caret });
  }
  const told = new Set(problems.map((problem) => problem.message));
  for (const finding of report.findings) {
    if (!told.has(finding.text)) print(frame, findingLine(finding));
  }
  for (const law of report.laws) print(frame, lawLine(law));
  if (strategy !== null) print(frame, summary(strategy, report));
}

function findingLine({ severity, at, text }: Finding): Text {
  const word = severityWords[severity];
  return { en: `${word.en} ${at.path}: ${text.en}`, zh: `${word.zh} ${at.path}：${text.zh}` };
}

function lawLine({ verdict, text }: Law): Text {
  const word = verdictWords[verdict];
  return { en: `${word.en}: ${text.en}`, zh: `${word.zh}：${text.zh}` };
}

function summary({ id, version, label }: Strategy, report: CheckReport): Text {
  const { findings, laws } = report;
  const count = (verdict: Verdict): number => laws.filter((law) => law.verdict === verdict).length;
  const [proved, refuted, undecided] = [count("proved"), count("refuted"), count("undecided")];
  const found = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [found("error"), found("warning")];
  const name = {
    en: `Strategy ${id} version ${version} (${label.en})`,
    zh: `策略 ${id} 第 ${version} 版（${label.zh}）`,
  };
  if (refuted + undecided + errors + warnings === 0) {
    return {
      en: `${name.en}: no problems, ${proved} laws proved`,
      zh: `${name.zh}：未发现问题，${proved} 项定律已证明`,
    };
  }
  return {
    en: `${name.en}: ${proved} laws proved, ${refuted} refuted, ${undecided} undecided; errors: ${errors}, warnings: ${warnings}`,
    zh: `${name.zh}：${proved} 项定律已证明、${refuted} 项被推翻、${undecided} 项未决；错误 ${errors} 个，警告 ${warnings} 条`,
  };
}
