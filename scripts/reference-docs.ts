// The reference documents, made from the code that they describe: steps, commands, rights, refusals, reason codes, line
// statuses, the life of a decision, command line and settings. Nothing here is written down twice.

import type { Command as CliCommand } from "commander";
import { refusalTable } from "../src/adapters/refusal-table.ts";
import { settings } from "../src/adapters/settings.ts";
import { personalDataRoles } from "../src/adapters/http/personal-data.ts";
import { asyncApi } from "../src/adapters/signals/async-api.ts";
import { catalogueSchema, subjectTexts } from "../src/adapters/signals/signal-schema.ts";
import { accountRoles } from "../src/cli/accounts.ts";
import { backupRoles } from "../src/cli/backup.ts";
import { tableExportRoles } from "../src/cli/export.ts";
import { buildProgram } from "../src/cli/program.ts";
import { registrations } from "../src/cli/registrations.ts";
import { decisionStateWords, lineStatusWords, nouns } from "../src/cli/words.ts";
import { roles, type Role } from "../src/domain/actor.ts";
import { lineStatuses, lineTransitions, type LineChange } from "../src/domain/credit-line.ts";
import { causes, decisionStates, hasEnded, mayFollow } from "../src/domain/decision.ts";
import { reasonCodes } from "../src/domain/reason-code.ts";
import { refusals, type RefusalCode } from "../src/domain/refusal.ts";
import {
  signalCatalogue,
  type PayloadField,
  type SignalSpec,
} from "../src/domain/signal-catalogue.ts";
import type { Language, Text } from "../src/domain/text.ts";
import { clockRoles } from "../src/flow/advance.ts";
import { connectorsSchema } from "../src/policy/parse-connectors.ts";
import { watchSchema } from "../src/policy/parse-watch.ts";
import { factsSchema } from "../src/policy/parse-declared-facts.ts";
import { pipeline } from "../src/flow/pipeline.ts";
import { haltAreas, haltRoles } from "../src/flow/stop-switch.ts";
import type { CommandSpec, Step } from "../src/flow/step.ts";
import { strategyApproverRoles, strategyAuthorRoles } from "../src/flow/strategy-life.ts";
import { strategyFunctions } from "../src/policy/strategy-functions.ts";
import { rebuildRoles } from "../src/portfolio/rebuild-facts.ts";
import { reportMakerRoles, reportRoles } from "../src/portfolio/report-make.ts";
import {
  experimentApproverRoles,
  experimentAuthorRoles,
  experimentRunnerRoles,
} from "../src/portfolio/experiment-life.ts";
import { sweepRoles } from "../src/portfolio/sweep-roles.ts";
import { undoApproverRoles, undoAuthorRoles } from "../src/portfolio/wave-undo.ts";

/** Text of every generated document by its path. */
export function referenceDocs(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/reference/steps.md", stepsDoc()],
    ["docs/reference/rights.md", rightsDoc()],
    ["docs/reference/refusals.md", refusalsDoc()],
    ["docs/reference/reason-codes.md", reasonCodesDoc()],
    ["docs/reference/strategy-functions.md", functionsDoc()],
    ["docs/reference/line-status.md", lineStatusDoc()],
    ["docs/reference/decision-life.md", decisionLifeDoc()],
    ["docs/reference/commands.md", commandsDoc()],
    ["docs/reference/settings.md", settingsDoc()],
    ["docs/reference/signals.md", signalsDoc()],
    ["docs/reference/signals.schema.json", jsonDoc(catalogueSchema())],
    ["docs/reference/asyncapi.json", jsonDoc(asyncApi())],
    ["docs/reference/facts.schema.json", jsonDoc(factsSchema)],
    ["docs/reference/connectors.schema.json", jsonDoc(connectorsSchema)],
    ["docs/reference/watch.schema.json", jsonDoc(watchSchema)],
  ]);
}

function page(title: string, source: string, ...parts: readonly string[]): string {
  const note = `<!-- Generated from ${source} by scripts/docs.ts: run \`npm run docs\`, do not edit. -->`;
  return [`# ${title}\n`, `${note}\n`, ...parts].join("\n");
}

// Cells are not padded: a change of one row stays a change of one line.
function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("");
}

function both({ en, zh }: Text): string {
  return `${en} · ${zh}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function codes(texts: readonly string[]): string {
  return texts.map(code).join(" ");
}

function paragraph({ en, zh }: Text): string {
  return `${en}\n${zh}\n`;
}

function stepsDoc(): string {
  return page(
    "Steps, commands and events · 步骤、命令与事件",
    "src/flow/pipeline.ts",
    paragraph({
      en: "The steps of a line's life in their order. A command with a verb is offered to people, on the command line and over the API; the others are sent by Tidemark itself.",
      zh: "额度生命周期的各步骤，按顺序排列。带有动词的命令供人员通过命令行和 API 使用；其余命令由系统内部发出。",
    }),
    ...pipeline.map(stepSection),
  );
}

function stepSection(step: Step): string {
  const commands = Object.entries(step.commands);
  const rows = commands.map(([kind, spec]) => [
    code(kind),
    both(spec.label),
    code(spec.subject),
    spec.verb === null ? "–" : code(`tidemark ${nouns[spec.subject].noun} ${spec.verb}`),
    fieldsText(spec),
  ]);
  return [
    `## ${step.name} · ${step.label.zh}\n`,
    `Stop switch · 紧急停用环节: ${code(step.area)}\n`,
    markdownTable(
      ["command · 命令", "meaning · 含义", "about · 对象", "verb · 动词", "fields · 字段"],
      rows,
    ),
    `Events · 事件: ${codes(step.events)}\n`,
    `Tables · 数据表: ${codes(step.tables)}\n`,
  ].join("\n");
}

function fieldsText({ fields }: CommandSpec): string {
  const all = Object.entries(fields).map(([name, field]) => {
    const values = field.values === undefined ? "" : ` = ${field.values.join(" / ")}`;
    return `${code(name)} ${field.type}${values}${field.required ? "" : "?"}`;
  });
  return all.length === 0 ? "–" : all.join(", ");
}

function rightsDoc(): string {
  const commands = pipeline.flatMap((step) => Object.entries(step.commands));
  const other: readonly (readonly [string, readonly Role[]])[] = [
    ["sweep · 扫描", sweepRoles],
    ["facts rebuild · 重建事实", rebuildRoles],
    ["wave undo · 提出撤销批次", undoAuthorRoles],
    ["wave approve, wave reject · 批准或驳回撤销批次", undoApproverRoles],
    ["strategy add, submit, restore · 提交与恢复策略", strategyAuthorRoles],
    ["strategy approve, retire · 批准与停用策略", strategyApproverRoles],
    ["experiment create · 建立实验", experimentAuthorRoles],
    ["experiment approve · 批准实验", experimentApproverRoles],
    ["experiment start, end · 启动与结束实验", experimentRunnerRoles],
    ["halt, resume · 紧急停用与恢复", haltRoles],
    ["clock advance · 拨动沙箱时钟", clockRoles],
    ["report daily · 生成报告", reportMakerRoles],
    ["report list, report show · 查看报告", reportRoles],
    ["personal data in full · 查看完整个人信息", personalDataRoles],
    ["export tables · 导出数据表", tableExportRoles],
    ["export backup · 导出备份", backupRoles],
    ["account, key · 账号与密钥", accountRoles],
  ];
  const people = roles.filter((role) => role !== "service");
  const row = (name: string, allowed: readonly Role[]): readonly string[] => [
    name,
    ...[...people, "service" as const].map((role) => (allowed.includes(role) ? "yes" : "–")),
  ];
  const rows = [
    ...commands.map(([kind, spec]) => row(code(kind), spec.roles)),
    ...other.map(([name, allowed]) => row(name, allowed)),
  ];
  return page(
    "Rights · 权限表",
    "src/flow/pipeline.ts",
    paragraph({
      en: "Which role may send which command. The check stands in the write path, so it holds for the API, the command line and Tidemark's own parts alike. The rows without code quotes are what people do beside the pipeline; each is checked where it begins. A role says what; an account's scope (all, some portfolios, own) says for whose lines.",
      zh: "各角色可发出的命令。检查位于唯一写入路径中，API、命令行和系统内部一律适用。未加代码格式的各行为流程之外的操作，在其开始处检查。角色决定能做什么，账号范围（全部、部分组合、仅本人）决定对谁的额度。",
    }),
    markdownTable(["command · 命令", ...people, "service"], rows),
    `Stop switches · 可停用环节: ${codes(haltAreas)}\n`,
  );
}

function refusalsDoc(): string {
  const rows = (Object.keys(refusals) as RefusalCode[]).map((name, index) => [
    String(index + 1),
    code(name),
    refusals[name].en,
    refusals[name].zh,
    String(refusalTable[name].httpStatus),
    String(refusalTable[name].exitCode),
  ]);
  return page(
    "Refusals · 拒绝码",
    "src/domain/refusal.ts and src/adapters/refusal-table.ts",
    paragraph({
      en: "A refusal is a rule that says no. The table is closed and ordered: where several rules say no, the one that stands first is given.",
      zh: "拒绝是规则的明确答复。本表封闭且有序：多条规则同时不满足时，返回排在最前的一条。",
    }),
    markdownTable(["#", "code · 代码", "English", "中文", "HTTP", "exit · 退出码"], rows),
  );
}

function reasonCodesDoc(): string {
  const rows = Object.entries(reasonCodes).map(([name, text]) => [code(name), text.en, text.zh]);
  return page(
    "Reason codes · 原因码",
    "src/domain/reason-code.ts",
    paragraph({
      en: "The closed list of principal reasons that a customer can be given.",
      zh: "可告知客户的主要原因，列表封闭。",
    }),
    markdownTable(["code · 代码", "English", "中文"], rows),
  );
}

function functionsDoc(): string {
  const groups = strategyFunctions.flatMap(({ title, functions }) => [
    `## ${title.en} · ${title.zh}\n`,
    markdownTable(
      ["function · 函数", "example · 示例"],
      functions.map(({ name, example }) => [code(name), code(example)]),
    ),
  ]);
  return page(
    "Functions of expressions · 表达式的函数",
    "src/policy/strategy-functions.ts",
    paragraph({
      en: "What an expression of a strategy may call, as DMN 1.5 defines it; values are given in order. Functions of texts, and `string` and `number`, take what has few values: enumerated facts, texts as written, true or false, numbers of a small range. Models in DMN know more: see decision models.",
      zh: "策略表达式可以调用的函数，含义与 DMN 1.5 一致，参数按顺序给出。文本函数以及 `string`、`number` 只接受取值有限的参数：枚举事实、写出的文本、真假值、范围不大的数字。DMN 模型可用的函数更多，见决策模型。",
    }),
    ...groups,
  );
}

function lineStatusDoc(): string {
  const changes = [
    ...new Set(lineStatuses.flatMap((status) => Object.keys(lineTransitions[status]))),
  ] as LineChange[];
  const rows = lineStatuses.map((status) => [
    `${code(status)} ${lineStatusWords[status].zh}`,
    ...changes.map((change) => lineTransitions[status][change] ?? "–"),
  ]);
  return page(
    "Status of a line · 额度状态",
    "src/domain/credit-line.ts",
    paragraph({
      en: "From the status on the left, a change leads to the status in the cell; an empty cell is impossible.",
      zh: "自左列状态出发，经某项变更到达单元格中的状态；“–”表示不允许。",
    }),
    markdownTable(["from · 原状态", ...changes], rows),
  );
}

function decisionLifeDoc(): string {
  const rows = decisionStates.map((state) => {
    const next = decisionStates.filter((to) => mayFollow(state, to));
    return [
      code(state),
      decisionStateWords[state].zh,
      hasEnded(state) ? "end · 终态" : codes(next),
    ];
  });
  return page(
    "The life of a decision · 决定的生命周期",
    "src/domain/decision.ts",
    paragraph({
      en: "A decision's record never changes; only its state moves, and only along this table.",
      zh: "决定的记录不变，只有状态沿下表流转。",
    }),
    markdownTable(["state · 状态", "中文", "next · 可转至"], rows),
    `Causes · 起因: ${codes(causes)}\n`,
  );
}

function programIn(language: Language): CliCommand {
  const terminal = {
    ...{ out: () => undefined, err: () => undefined, interactive: false, workingFolder: "/" },
    ...{ ask: () => Promise.resolve(null), onInterrupt: () => () => undefined },
    environment: { TIDEMARK_LANG: language },
  };
  return buildProgram(terminal, [], registrations, () => undefined);
}

function commandsDoc(): string {
  const chinese = leaves(programIn("zh"), "tidemark");
  const rows = leaves(programIn("en"), "tidemark").map(({ name, command }, index) => [
    code(name),
    command.description(),
    chinese[index]?.command.description() ?? "",
    codes(command.options.map(({ flags }) => flags)),
  ]);
  return page(
    "Command line · 命令行",
    "src/cli/",
    paragraph({
      en: "Every command; `tidemark COMMAND --help` says what its options mean. `--json` works everywhere.",
      zh: "全部命令；`tidemark 命令 --help` 说明各选项含义。所有命令均支持 `--json`。",
    }),
    markdownTable(["command · 命令", "English", "中文", "options · 选项"], rows),
  );
}

type Leaf = Readonly<{ name: string; command: CliCommand }>;

function leaves(command: CliCommand, name: string): readonly Leaf[] {
  const args = command.registeredArguments.map((one) => {
    const dots = one.variadic ? "…" : "";
    return one.required
      ? ` ${one.name().toUpperCase()}${dots}`
      : ` [${one.name().toUpperCase()}${dots}]`;
  });
  const below = command.commands.flatMap((child) => leaves(child, `${name} ${child.name()}`));
  // Below the program itself, a command with options of its own does something by itself.
  const acts = below.length === 0 || (command.parent !== null && command.options.length > 0);
  return acts ? [{ name: `${name}${args.join("")}`, command }, ...below] : below;
}

function signalsDoc(): string {
  const rows = Object.entries(signalCatalogue).map(([name, spec]) => [
    code(name),
    both(spec.label),
    both(subjectTexts[spec.about]),
    Object.entries(spec.fields)
      .map(([field, one]) => payloadText(field, one))
      .join(", "),
    effectText(spec),
  ]);
  return page(
    "Signals · 信号目录",
    "src/domain/signal-catalogue.ts",
    paragraph({
      en: "Every type of signal that Tidemark takes in, with the fields of its payload and the facts that it tells. In CloudEvents the type stands behind `tidemark.signal.`. Schemas: [signals.schema.json](signals.schema.json), [asyncapi.json](asyncapi.json).",
      zh: "潮位接收的全部信号类型、各字段及其更新的事实。CloudEvents 中的类型为 `tidemark.signal.` 加类型名。模式文件：[signals.schema.json](signals.schema.json)、[asyncapi.json](asyncapi.json)。",
    }),
    markdownTable(
      ["type · 类型", "meaning · 含义", "subject · 对象", "fields · 字段", "does · 作用"],
      rows,
    ),
  );
}

function payloadText(name: string, { type, unit, values, required }: PayloadField): string {
  const kind = values === undefined ? type : values.join(" / ");
  return `${code(name)} ${kind}${unit === undefined ? "" : ` (${unit})`}${required === true ? "" : "?"}`;
}

function effectText({ does, tells = {}, fields }: SignalSpec): string {
  const named = Object.values(fields).flatMap(({ fact }) => fact ?? []);
  const facts = [...new Set([...Object.keys(tells), ...named])].map(code).join(" ");
  if (facts !== "") return `fact · 事实 ${facts}`;
  return both(effectTexts[does]);
}

const effectTexts: Readonly<Record<SignalSpec["does"], Text>> = {
  balance: { en: "tells the balance", zh: "更新余额" },
  movement: { en: "moves the balance", zh: "变动余额" },
  facts: { en: "tells the facts it names", zh: "更新所列事实" },
  complaint: { en: "opens or resolves a complaint", zh: "受理或办结投诉" },
  kept: { en: "is kept", zh: "留存" },
};

function jsonDoc(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function settingsDoc(): string {
  const rows = settings.map(({ env, flag, fallback, label, secret }) => [
    code(env),
    flag === null ? "–" : code(flag),
    fallback === "" ? "–" : code(fallback),
    `${label.en}${secret === true ? " (secret)" : ""}`,
    `${label.zh}${secret === true ? "（机密）" : ""}`,
  ]);
  return page(
    "Settings · 设置",
    "src/adapters/settings.ts",
    paragraph({
      en: "A flag counts before the environment, the environment before the default. Settings marked first start are written into the installation once.",
      zh: "优先级：选项、环境变量、默认值。标注“首次启动”的设置只写入一次。",
    }),
    markdownTable(["variable · 变量", "flag · 选项", "default · 默认", "English", "中文"], rows),
  );
}
