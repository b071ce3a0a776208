// `tidemark strategy submit`, `approve`, `retire`, `restore` and `history`: the life of a version, step by step.

import type { Command } from "commander";
import { wireStrategyStep, wireStrategySummary } from "../adapters/http/wire/strategy.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { parseAskedDate, type BusinessDate } from "../domain/calendar.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { StoredStrategy } from "../flow/ports.ts";
import {
  approveStrategy,
  restoreStrategy,
  retireStrategy,
  strategyStateNames,
  submitStrategy,
} from "../flow/strategy-life.ts";
import { print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Examples, Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { tableText } from "./table.ts";

export const idLabel: Text = { en: "id of a strategy", zh: "策略编号" };
export const versionLabel: Text = { en: "its version", zh: "版本号" };

const reasonLabel: Text = { en: "why; kept with the step", zh: "理由，随该步骤留存" };

type Options = Readonly<Record<string, unknown>>;

type Step = (
  session: Session,
  id: string,
  version: number,
  options: Readonly<{ reason: string | null; dryRun: boolean }> & Readonly<{ given: Options }>,
) => Promise<StoredStrategy | Refusal>;

export function registerStrategySteps(program: Program, noun: Command): void {
  addStep(program, noun, "submit", submitText, ({ tidemark, actor }, id, version, options) =>
    submitStrategy(tidemark.world, id, version, actor, options),
  ).option("--reason <text>", program.text(reasonLabel));
  addStep(program, noun, "approve", approveText, approve)
    .option(
      "--hash <hash>",
      program.text({ en: "refuse other contents than these", zh: "内容哈希不一致时拒绝" }),
    )
    .option(
      "--effective-on <date>",
      program.text({
        en: "in force from this day on; today if absent",
        zh: "自该日起生效，缺省为当日",
      }),
    )
    .option(
      "--sign-off <laws...>",
      program.text({
        en: "answer by name for laws that the check leaves undecided",
        zh: "具名承担检查未决的定律",
      }),
    )
    .option("--reason <text>", program.text(reasonLabel));
  addStep(program, noun, "retire", retireText, ({ tidemark, actor }, id, version, options) =>
    retireStrategy(tidemark.world, id, version, actor, options),
  ).requiredOption("--reason <text>", program.text(reasonLabel));
  addStep(program, noun, "restore", restoreText, ({ tidemark, actor }, id, version, options) =>
    restoreStrategy(tidemark.world, id, version, actor, options),
  ).requiredOption("--reason <text>", program.text(reasonLabel));
  addHistory(program, noun);
}

const submitText: Text = { en: "Hand a draft in for approval", zh: "提交草稿待批准" };
const approveText: Text = {
  en: "Approve a submitted version; who made it may not",
  zh: "批准已提交的版本（编写人、提交人不得批准）",
};
const retireText: Text = { en: "End a version for good", zh: "停用一个版本" };
const restoreText: Text = {
  en: "Make a new version with the contents of a retired one",
  zh: "以已停用版本的内容建立新版本",
};

const examples: Readonly<Record<string, Examples>> = {
  approve: [
    "strategy approve consumer-cn 1 --as approver",
    "strategy approve consumer-cn 2 --effective-on 2026-12-01 --as approver",
  ],
  retire: ['strategy retire consumer-cn 2 --reason "Cuts too early" --as approver'],
  restore: ['strategy restore consumer-cn 1 --reason "Version 2 cut too early" --as analyst'],
};

function addStep(program: Program, noun: Command, verb: string, text: Text, step: Step): Command {
  const shown = examples[verb] ?? [`strategy ${verb} consumer-cn 2`];
  const command = program.add(noun, verb, text, shown);
  command.argument("<id>", program.text(idLabel)).argument("<version>", program.text(versionLabel));
  program.changesData(command);
  program.action(command, (frame, [id, version], given) =>
    withSession(frame, async (session) => {
      const number = wholeNumber(version, 1, "VERSION");
      if (typeof number !== "number") return printRefusal(frame, number);
      const reason = typeof given["reason"] === "string" ? given["reason"] : null;
      const options = { reason, dryRun: frame.dryRun, given };
      const done = await step(session, String(id), number, options);
      return isRefusal(done) ? printRefusal(frame, done) : printDone(frame, done);
    }),
  );
  return command;
}

const approve: Step = async ({ tidemark, actor }, id, version, { given, ...options }) => {
  const effectiveOn = effectiveOnOf(given["effectiveOn"]);
  if (isRefusal(effectiveOn)) return effectiveOn;
  const hash = typeof given["hash"] === "string" ? given["hash"] : null;
  const signOff = Array.isArray(given["signOff"]) ? given["signOff"].map(String) : [];
  const approval = { ...options, signOff, effectiveOn };
  return approveStrategy(tidemark.world, id, version, actor, hash, approval);
};

function effectiveOnOf(given: unknown): BusinessDate | null | Refusal {
  if (typeof given !== "string") return null;
  const found = given;
  return (
    parseAskedDate(found) ??
    refuse("invalid", {
      en: `--effective-on: found "${found}", expected a day as YYYY-MM-DD`,
      zh: `--effective-on：为“${found}”，应为 YYYY-MM-DD 格式的日期`,
    })
  );
}

function printDone(frame: Frame, done: StoredStrategy): number {
  const { id, version, state, effectiveOn } = done;
  printJson(frame, { ...wireStrategySummary(done), dryRun: frame.dryRun });
  const from = state === "approved" && effectiveOn !== null;
  const name = strategyStateNames[state];
  const dry = frame.dryRun
    ? { en: " (dry run, nothing was stored)", zh: "（试运行，未写入）" }
    : { en: "", zh: "" };
  print(frame, {
    en: `Strategy ${id} version ${version}: ${name.en}${from ? `, in force from ${effectiveOn}` : ""}${dry.en}`,
    zh: `策略 ${id} 第 ${version} 版：${name.zh}${from ? `，自 ${effectiveOn} 起生效` : ""}${dry.zh}`,
  });
  return exitCodes.success;
}

function addHistory(program: Program, noun: Command): void {
  const text = {
    en: "Every step of every version: who, when, why",
    zh: "各版本的全部步骤：何人、何时、何故",
  };
  const history = program.add(noun, "history", text, ["strategy history consumer-cn"]);
  history.argument("<id>", program.text(idLabel));
  program.action(history, (frame, [id]) =>
    withSession(frame, async ({ tidemark }) => {
      const steps = await tidemark.world.store.strategies.history(String(id));
      if (steps.length === 0) {
        return printRefusal(frame, notFound({ en: "strategy", zh: "策略" }, String(id)));
      }
      printJson(frame, { data: steps.map(wireStrategyStep) });
      if (frame.json) return exitCodes.success;
      const columns = [
        { label: { en: "version", zh: "版本" }, right: true },
        { label: { en: "state", zh: "状态" } },
        { label: { en: "at", zh: "时间" } },
        { label: { en: "by", zh: "操作人" } },
        { label: { en: "reason", zh: "理由" } },
      ];
      const rows = steps.map(({ version, state, at, by, reason }) => [
        ...[String(version), say(frame, strategyStateNames[state]), at.slice(0, 16), by],
        reason ?? "–",
      ]);
      frame.terminal.out(tableText(frame, columns, rows));
      return exitCodes.success;
    }),
  );
}
