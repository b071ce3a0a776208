// `tidemark experiment`: champion, challengers and holdout of a decision area, from the draft to the end, and what became of
// each arm.

import type { Command } from "commander";
import { wireExperiment } from "../adapters/http/wire/experiment.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { championArm, holdoutArm } from "../domain/arm.ts";
import { isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { digitCount } from "../portfolio/experiment.ts";
import {
  approveExperiment,
  choiceText,
  createExperiment,
  endExperiment,
  experimentStateNames,
  startExperiment,
} from "../portfolio/experiment-life.ts";
import type {
  ArmShare,
  DigitRange,
  Experiment,
  ViewedArm,
  ViewedExperiment,
} from "../portfolio/experiment-ports.ts";
import type { ExperimentRequest } from "../portfolio/experiment-shape.ts";
import { viewExperiment } from "../portfolio/experiment-view.ts";
import { amountText } from "./amount.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { strategyChoice, strategyChoices } from "./strategy-choice.ts";
import { detailsText, tableText } from "./table.ts";
import { actionWords } from "./words.ts";

type Options = Readonly<Record<string, unknown>>;

const idLabel: Text = { en: "name of the experiment", zh: "实验编号" };
const reasonLabel: Text = { en: "why; kept with the step", zh: "理由，随该步骤留存" };

export function registerExperiments(program: Program): void {
  const noun = program.noun("experiment", {
    en: "Experiments: champion, challengers, holdout",
    zh: "实验：冠军、挑战者、留存对照组",
  });
  addCreate(program, noun);
  addStep(program, noun, "approve", {
    text: { en: "Approve a draft; its author may not", zh: "批准草稿（建立人不得批准）" },
    example: "experiment approve q1-steeper --as approver",
    take: approveExperiment,
  });
  addStep(program, noun, "start", {
    text: { en: "Start an approved experiment", zh: "启动已批准的实验" },
    example: "experiment start q1-steeper",
    take: startExperiment,
  });
  addStep(program, noun, "end", {
    text: {
      en: "End an experiment; sweeps that began under it go on as they began",
      zh: "结束实验（此前开始的扫描不受影响）",
    },
    example: 'experiment end q1-steeper --reason "Steeper cuts did not pay"',
    take: endExperiment,
    needsReason: true,
  });
  addReads(program, noun);
}

function addCreate(program: Program, noun: Command): void {
  const text = { en: "Write an experiment down as a draft", zh: "建立实验草稿" };
  const create = program.add(noun, "create", text, [
    "experiment create q1-steeper --champion consumer-cn --challenger steeper=consumer-cn@2:1000 --holdout 500",
    "experiment create q1-shadow --champion consumer-cn --shadow consumer-cn@2",
  ]);
  create
    .argument("<id>", program.text(idLabel))
    .requiredOption(
      "--champion <strategy>",
      program.text({
        en: "ID for the active version, or ID@VERSION; takes what the others leave",
        zh: "冠军策略：编号（生效版本）或 编号@版本；占其余份额",
      }),
    )
    .option(
      "--challenger <arms...>",
      program.text({
        en: "NAME=ID@VERSION:SHARE, share in basis points of all customers",
        zh: "挑战者：名称=编号@版本:份额（占全部客户的基点数）",
      }),
    )
    .option(
      "--holdout <share>",
      program.text({
        en: "basis points of customers left alone",
        zh: "留存对照组份额（基点），不予处置",
      }),
    )
    .option(
      "--act-on <reasons...>",
      program.text({
        en: "reason codes for which a holdout customer is acted on all the same",
        zh: "对留存对照组客户仍予处置的原因码",
      }),
    )
    .option(
      "--shadow <strategies...>",
      program.text({
        en: "assess the same lines beside, without effect",
        zh: "陪跑策略，不产生效果",
      }),
    )
    .option("--reason <text>", program.text(reasonLabel));
  program.changesData(create);
  program.action(create, (frame, [id], options) =>
    withSession(frame, async ({ tidemark, actor }) => {
      const request = requestOf(String(id), options);
      if (isRefusal(request)) return printRefusal(frame, request);
      const { world, portfolio } = tidemark;
      const given = { reason: reasonOf(options), dryRun: frame.dryRun };
      const created = await createExperiment(world, portfolio, request, actor, given);
      return isRefusal(created)
        ? printRefusal(frame, created)
        : printDone(frame, await viewExperiment(portfolio, created));
    }),
  );
}

function requestOf(id: string, options: Options): ExperimentRequest | Refusal {
  const champion = strategyChoice(String(options["champion"]), "--champion");
  if (isRefusal(champion)) return champion;
  const shadows = strategyChoices(options["shadow"], "--shadow");
  if (isRefusal(shadows)) return shadows;
  const others: ArmShare[] = [];
  for (const text of Array.isArray(options["challenger"]) ? options["challenger"] : []) {
    const arm = challengerOf(String(text));
    if (isRefusal(arm)) return arm;
    others.push(arm);
  }
  const holdout = options["holdout"];
  if (holdout !== undefined) {
    others.push({ name: holdoutArm, strategy: null, shareBp: Number(holdout) });
  }
  const taken = others.reduce((sum, { shareBp }) => sum + shareBp, 0);
  const arms = [{ name: championArm, strategy: champion, shareBp: digitCount - taken }, ...others];
  const actOn = Array.isArray(options["actOn"]) ? options["actOn"].map(String) : [];
  return { id, arms, shadows, actOn };
}

function challengerOf(text: string): ArmShare | Refusal {
  const [, name, choice, share] = /^([^=]+)=([^:]+):(\d+)$/.exec(text) ?? [];
  if (name === undefined) {
    return refuse("invalid", {
      en: `--challenger: found "${text}", expected NAME=ID@VERSION:SHARE such as steeper=consumer-cn@2:1000`,
      zh: `--challenger：为“${text}”，应为 名称=编号@版本:份额，如 steeper=consumer-cn@2:1000`,
    });
  }
  const strategy = strategyChoice(choice!, "--challenger");
  return isRefusal(strategy) ? strategy : { name, strategy, shareBp: Number(share) };
}

function reasonOf(options: Options): string | null {
  return typeof options["reason"] === "string" ? options["reason"] : null;
}

type Step = Readonly<{
  text: Text;
  example: string;
  take: typeof endExperiment;
  needsReason?: true;
}>;

function addStep(program: Program, noun: Command, verb: string, step: Step): void {
  const command = program.add(noun, verb, step.text, [step.example]);
  command.argument("<id>", program.text(idLabel));
  const reason = program.text(reasonLabel);
  if (step.needsReason === true) command.requiredOption("--reason <text>", reason);
  else command.option("--reason <text>", reason);
  program.changesData(command);
  program.action(command, (frame, [id], options) =>
    withSession(frame, async ({ tidemark, actor }) => {
      const { world, portfolio } = tidemark;
      const given = { reason: reasonOf(options), dryRun: frame.dryRun };
      const done = await step.take(world, portfolio, String(id), actor, given);
      return isRefusal(done)
        ? printRefusal(frame, done)
        : printDone(frame, await viewExperiment(portfolio, done));
    }),
  );
}

function printDone(frame: Frame, viewed: ViewedExperiment): number {
  printJson(frame, { ...wireExperiment(viewed), dryRun: frame.dryRun });
  const { id, state, movedBp, running } = viewed;
  const dry = frame.dryRun
    ? { en: " (dry run, nothing was stored)", zh: "（试运行，未写入）" }
    : { en: "", zh: "" };
  print(frame, {
    en: `Experiment ${id}: ${experimentStateNames[state].en}${dry.en}`,
    zh: `实验 ${id}：${experimentStateNames[state].zh}${dry.zh}`,
  });
  if (state === "draft" || state === "approved") {
    note(frame, {
      en: `Starting it puts ${percent(movedBp)} of customers into another arm`,
      zh: `启动后将有 ${percent(movedBp)} 的客户换组`,
    });
  }
  if (running !== null && state !== "ended") {
    note(frame, {
      en: `Experiment ${running} of the same area is running and must be ended first`,
      zh: `同一决策领域的实验 ${running} 正在进行，须先结束`,
    });
  }
  if (!frame.json) frame.terminal.out(armsText(frame, viewed.arms));
  return exitCodes.success;
}

function addReads(program: Program, noun: Command): void {
  const list = program.add(
    noun,
    "list",
    {
      en: "List experiments, newest first",
      zh: "实验列表（由新到旧）",
    },
    ["experiment list", "experiment list --json"],
  );
  program.action(list, (frame) => withSession(frame, (session) => listAll(frame, session)));
  const show = program.add(
    noun,
    "show",
    { en: "Show an experiment with what became of each arm", zh: "查看实验及各组情况" },
    ["experiment show q1-steeper"],
  );
  show.argument("<id>", program.text(idLabel));
  program.action(show, (frame, [id]) =>
    withSession(frame, async ({ tidemark: { portfolio } }) => {
      const found = await portfolio.experiments.find(String(id));
      if (found === null) {
        return printRefusal(frame, notFound({ en: "experiment", zh: "实验" }, String(id)));
      }
      const viewed = await viewExperiment(portfolio, found);
      printJson(frame, wireExperiment(viewed));
      if (!frame.json) frame.terminal.out(viewedText(frame, viewed));
      return exitCodes.success;
    }),
  );
}

async function listAll(frame: Frame, { tidemark: { portfolio } }: Session): Promise<number> {
  const all = await portfolio.experiments.list();
  if (frame.json) {
    const viewed = await Promise.all(all.map((one) => viewExperiment(portfolio, one)));
    printJson(frame, { data: viewed.map(wireExperiment) });
    return exitCodes.success;
  }
  if (all.length === 0) print(frame, { en: "Nothing found", zh: "没有记录" });
  const columns = [words.id, words.area, words.state, words.arms, words.author];
  const rows = all.map((one) => [
    ...[one.id, one.area, say(frame, experimentStateNames[one.state])],
    one.arms.map(({ name, shareBp }) => `${name} ${percent(shareBp)}`).join(", "),
    one.steps[0]?.by ?? "–",
  ]);
  frame.terminal.out(
    tableText(
      frame,
      columns.map((label) => ({ label })),
      rows,
    ),
  );
  return exitCodes.success;
}

const words = {
  id: { en: "experiment", zh: "实验" },
  area: { en: "decision area", zh: "决策领域" },
  state: { en: "state", zh: "状态" },
  arms: { en: "arms", zh: "实验组" },
  author: { en: "author", zh: "建立人" },
  shadows: { en: "in the shadow", zh: "陪跑策略" },
  actOn: { en: "acted on all the same", zh: "仍予处置的原因码" },
  steps: { en: "steps", zh: "步骤" },
  arm: { en: "arm", zh: "实验组" },
  strategy: { en: "strategy", zh: "策略" },
  share: { en: "share", zh: "份额" },
  digits: { en: "digits", zh: "号段" },
  customers: { en: "customers", zh: "客户数" },
  decisions: { en: "decisions", zh: "决定" },
  cut: { en: "limit cut", zh: "降额金额" },
} as const satisfies Readonly<Record<string, Text>>;

function viewedText(frame: Frame, viewed: ViewedExperiment): string {
  const { id, area, state, shadows, actOn, steps } = viewed;
  const taken = steps.map(
    (step: Experiment["steps"][number]) =>
      `${say(frame, experimentStateNames[step.state])} · ${step.at.slice(0, 16)} · ${step.by}${step.reason === null ? "" : ` · ${step.reason}`}`,
  );
  const details = detailsText(frame, [
    [words.id, id],
    [words.area, area],
    [words.state, say(frame, experimentStateNames[state])],
    [words.shadows, shadows.map(choiceText).join(", ") || "–"],
    [words.actOn, actOn.join(" ") || "–"],
    [words.steps, taken.join("\n")],
  ]);
  return `${details}\n${armsText(frame, viewed.arms)}`;
}

function armsText(frame: Frame, arms: readonly ViewedArm[]): string {
  const columns = [
    { label: words.arm },
    { label: words.strategy },
    { label: words.share, right: true },
    { label: words.digits },
    { label: words.customers, right: true },
    { label: words.decisions },
    { label: words.cut, right: true },
  ];
  const rows = arms.map(({ name, strategy, shareBp, ranges, customers, decisions }) => [
    name,
    strategy === null ? "–" : choiceText(strategy),
    percent(shareBp),
    ranges.map(rangeText).join(" "),
    String(customers),
    decisions
      .map(({ action, decisions: count }) => `${say(frame, actionWords[action])} ${count}`)
      .join(", ") || "–",
    decisions
      .filter(({ cutMinor }) => cutMinor > 0)
      .map(({ cutMinor, currency }) => amountText(cutMinor, currency))
      .join(", ") || "–",
  ]);
  return tableText(frame, columns, rows);
}

function rangeText({ from, to }: DigitRange): string {
  return `${from}–${to - 1}`;
}

/** Basis points as a percentage: "5 %", "0.01 %". */
function percent(shareBp: number): string {
  return `${shareBp / 100} %`;
}
