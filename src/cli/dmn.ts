// `tidemark dmn`: decision models of other tools, checked and run as the standard says, with the standard's own test
// files. Nothing here needs a database.

import { readTck, type TckRow } from "../adapters/dmn/read-tck.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import type { ReadyModel } from "../policy/dmn/compile-model.ts";
import { itemTypes } from "../policy/dmn/item-type.ts";
import { isSameAnswer } from "../policy/dmn/same-answer.ts";
import { feelValueOf } from "../policy/feel/from-plain.ts";
import type { FeelValue } from "../policy/feel/value.ts";
import { feelText, plainValue } from "../policy/feel/value-text.ts";
import { registerDmnFiles } from "./dmn-files.ts";
import {
  loaded,
  loadModel,
  plainProblem,
  readText,
  reportProblems,
  usageFault,
} from "./dmn-model.ts";
import { note, print, printJson, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { tableText } from "./table.ts";

export function registerDmn(program: Program): void {
  const noun = program.noun("dmn", { en: "Decision models (DMN 1.5)", zh: "决策模型（DMN 1.5）" });
  const model = program.text({ en: "a .dmn file", zh: ".dmn 文件" });
  const run = program.add(
    noun,
    "run",
    { en: "Run a model on an input, or on its test file", zh: "以输入或测试文件运行模型" },
    [`dmn run model.dmn --input '{"Age": 30}'`, "dmn run model.dmn --test model-test-01.xml"],
  );
  run
    .argument("<model>", model)
    .option(
      "--input <json>",
      program.text({ en: "inputs by name, as JSON", zh: "输入值（JSON，按名称）" }),
    )
    .option(
      "--test <file>",
      program.text({ en: "a test file of the DMN TCK", zh: "DMN TCK 测试文件" }),
    );
  program.action(run, async (frame, [file], { input, test }) => {
    const ready = loadModel(frame, String(file));
    if (ready === null) return exitCodes.usage;
    return typeof test === "string" ? runTests(frame, ready, test) : runOnce(frame, ready, input);
  });
  const check = program.add(
    noun,
    "check",
    {
      en: "Check a model: form, types, expressions, requirements",
      zh: "检查模型：格式、类型、表达式与依赖",
    },
    ["dmn check model.dmn"],
  );
  check.argument("<model>", model);
  program.action(check, async (frame, [file]) => checkModel(frame, String(file)));
  registerDmnFiles(program, noun);
}

function checkModel(frame: Frame, file: string): number {
  const { ready, problems } = loaded(frame, file);
  const decisions = ready?.model.decisions.map(({ name }) => name) ?? [];
  reportProblems(frame, file, problems);
  printJson(frame, { file, decisions, problems: problems.map((one) => plainProblem(frame, one)) });
  if (problems.length > 0 || ready === null) return exitCodes.usage;
  print(frame, {
    en: `Good: ${decisions.length} decisions`,
    zh: `通过：${decisions.length} 个决策`,
  });
  return exitCodes.success;
}

function runOnce(frame: Frame, ready: ReadyModel, input: unknown): number {
  const { decisions, problems } = ready.evaluate(inputsOf(ready, parseInput(input)));
  const notes = problems.map(({ message }) => say(frame, message));
  printJson(frame, {
    decisions: Object.fromEntries([...decisions].map(([name, value]) => [name, plainValue(value)])),
    notes,
  });
  const columns = [
    { label: { en: "decision", zh: "决策" } },
    { label: { en: "value", zh: "结果" } },
  ];
  if (!frame.json) {
    frame.terminal.out(
      tableText(
        frame,
        columns,
        [...decisions].map(([name, value]) => [name, shown(value)]),
      ),
    );
  }
  for (const { message } of problems) note(frame, message);
  return exitCodes.success;
}

function parseInput(input: unknown): ReadonlyMap<string, unknown> {
  if (input === undefined) return new Map();
  try {
    const value: unknown = JSON.parse(typeof input === "string" ? input : "");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return new Map(Object.entries(value));
    }
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw usageFault({
    en: "Cannot read --input: expected a JSON object",
    zh: "无法读取 --input：应为 JSON 对象",
  });
}

function inputsOf(
  { model }: ReadyModel,
  given: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, FeelValue> {
  const types = itemTypes(model);
  return new Map(
    model.inputs.map(({ name, typeRef }) => [
      name,
      feelValueOf(given.get(name) ?? null, types.find(typeRef)?.type),
    ]),
  );
}

const longestShown = 60;

function shown(value: FeelValue): string {
  const text = feelText(value, () => undefined, true);
  return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text;
}

type Verdict = Readonly<{
  testCase: string;
  decision: string;
  expected: FeelValue;
  found: FeelValue;
  passed: boolean;
}>;

/** Runs every case of a test file; the exit code says whether all passed. */
function runTests(frame: Frame, ready: ReadyModel, file: string): number {
  const read = readTck(readText(frame, file));
  if ("problem" in read) {
    const { line, message } = read.problem;
    note(frame, { en: `${file}:${line} ${message.en}`, zh: `${file}:${line} ${message.zh}` });
    return exitCodes.usage;
  }
  const verdicts = read.rows.flatMap((row) => judge(ready, row));
  const failedRows = new Set(
    verdicts.filter(({ passed }) => !passed).map(({ testCase }) => testCase),
  );
  const [total, passed] = [read.rows.length, read.rows.length - failedRows.size];
  printJson(frame, { file, total, passed, results: verdicts.map(plainVerdict) });
  if (!frame.json) frame.terminal.out(verdictTable(frame, verdicts));
  print(frame, {
    en: `${passed} of ${total} cases passed`,
    zh: `${total} 个用例中 ${passed} 个通过`,
  });
  return failedRows.size === 0 ? exitCodes.success : exitCodes.usage;
}

function judge(ready: ReadyModel, { id, inputs, results }: TckRow): readonly Verdict[] {
  const { decisions } = ready.evaluate(inputs);
  return results.map(({ name, expected }) => {
    const found = decisions.get(name) ?? null;
    const passed = decisions.has(name) && isSameAnswer(expected, found);
    return { testCase: id, decision: name, expected, found, passed };
  });
}

function plainVerdict({ expected, found, ...rest }: Verdict): object {
  return { ...rest, expected: plainValue(expected), found: plainValue(found) };
}

function verdictTable(frame: Frame, verdicts: readonly Verdict[]): string {
  const labels = [
    { en: "case", zh: "用例" },
    { en: "decision", zh: "决策" },
    { en: "expected", zh: "应为" },
    { en: "found", zh: "实际" },
    { en: "result", zh: "结论" },
  ];
  const words = { yes: { en: "passed", zh: "通过" }, no: { en: "failed", zh: "未通过" } };
  return tableText(
    frame,
    labels.map((label) => ({ label })),
    verdicts.map(({ testCase, decision, expected, found, passed }) => [
      ...[testCase, decision, shown(expected), shown(found)],
      say(frame, passed ? words.yes : words.no),
    ]),
  );
}
