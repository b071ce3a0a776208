// The commands of `tidemark` as one tree. Verbs of the pipeline are made from its command specs; everything else
// registers itself. Help is written in the reader's language.

import { Command, Option } from "commander";
import { languageOf, readConfig } from "../adapters/config.ts";
import { settings, type Config } from "../adapters/settings.ts";
import { version } from "../adapters/version.ts";
import type { Language, Text } from "../domain/text.ts";
import type { Frame } from "./frame.ts";
import type { Terminal } from "./terminal.ts";

/** What to type, without the name of the program: at least one. */
export type Examples = readonly [string, ...string[]];

/** What commands are registered on. `action` wraps a command's work: it gets the frame of the run. */
export type Program = Readonly<{
  root: Command;
  language: Language;
  text: (text: Text) => string;
  /** adds a command below `parent`, with its help texts and examples of its use */
  add: (parent: Command, name: string, label: Text, examples: Examples) => Command;
  /** finds the noun (`review`, `line` …) or adds it */
  noun: (name: string, label: Text) => Command;
  action: (command: Command, work: Work) => void;
  /** adds --dry-run */
  changesData: (command: Command) => Command;
}>;

/** The work of a command: arguments in order, options by name. The result is the exit code. */
export type Work = (
  frame: Frame,
  args: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
) => Promise<number>;

/** Registers commands on the program. */
export type Registration = (program: Program) => void;

/** Builds the tree; `finish` gets the exit code of the command that ran. */
export function buildProgram(
  terminal: Terminal,
  argv: readonly string[],
  registrations: readonly Registration[],
  finish: (exitCode: number) => void,
): Command {
  const language = languageOf(statedLanguage(argv), terminal.environment);
  const root = new Command("tidemark");
  const text = (one: Text): string => one[language];
  dress(root, terminal, language);
  root.description(text(purpose)).version(version, "-V, --version", text(versionLabel));
  for (const option of globalOptions(language)) root.addOption(option);
  root.addHelpText("after", () => settingsHelp(language));
  const changing = new Set<Command>();
  const program: Program = {
    ...{ root, language, text },
    add: (parent, name, label, examples) =>
      addCommand(parent, name, text(label), examples, language),
    noun: (name, label) =>
      root.commands.find((one) => one.name() === name) ??
      addCommand(root, name, text(label), [], language),
    action: (command, work) => {
      command.action(async (...given: unknown[]) => {
        const args = given.slice(0, -2);
        const options = command.optsWithGlobals<Record<string, unknown>>();
        const writes = changing.has(command) && options["dryRun"] !== true;
        const frame = { ...frameOf(terminal, language, options), writes };
        finish(await work(frame, args, options));
      });
    },
    changesData: (command) => {
      changing.add(command);
      return command.option("--dry-run", text(dryRunLabel));
    },
  };
  for (const register of registrations) register(program);
  return root;
}

const purpose: Text = {
  en: "Runs a consumer lender's credit lines after they are granted",
  zh: "潮位：消费信贷额度的贷后动态管理",
};
const versionLabel: Text = { en: "print the version", zh: "显示版本号" };
const dryRunLabel: Text = {
  en: "say what would happen and change nothing",
  zh: "试运行：只显示结果，不作任何更改",
};

function frameOf(
  terminal: Terminal,
  language: Language,
  options: Readonly<Record<string, unknown>>,
): Omit<Frame, "writes"> {
  return {
    ...{ terminal, language },
    config: configOf(terminal, options),
    json: options["json"] === true,
    dryRun: options["dryRun"] === true,
  };
}

function configOf(terminal: Terminal, options: Readonly<Record<string, unknown>>): Config {
  const flags: Record<string, string> = {};
  for (const { key, flag } of settings) {
    const value = flag === null ? undefined : options[attributeOf(flag)];
    if (typeof value === "string") flags[key] = value;
  }
  return readConfig(flags, terminal.environment, terminal.workingFolder);
}

function attributeOf(flag: string): string {
  return new Option(flag).attributeName();
}

function globalOptions(language: Language): readonly Option[] {
  const json = new Option("--json", jsonLabel[language]);
  const flagged = settings.flatMap(({ flag, label, fallback }) => {
    if (flag === null) return [];
    const shown = fallback === "" ? label[language] : `${label[language]} (${fallback})`;
    return [new Option(flag, shown)];
  });
  return [json, ...flagged];
}

const jsonLabel: Text = { en: "result as JSON on stdout", zh: "以 JSON 输出结果" };

/** Every setting with its variable, so that none has to be looked up elsewhere. */
function settingsHelp(language: Language): string {
  const width = Math.max(...settings.map(({ env }) => env.length));
  const lines = settings.map(
    ({ env, flag, label, fallback }) =>
      `  ${env.padEnd(width)}  ${flag === null ? "" : `${flag.split(" ")[0]}: `}${label[language]}${fallback === "" ? "" : ` (${fallback})`}`,
  );
  return `\n${settingsTitle[language]}\n${lines.join("\n")}`;
}

const settingsTitle: Text = {
  en: "Settings (flag before environment before default):",
  zh: "设置（优先级：选项、环境变量、默认值）：",
};

function addCommand(
  parent: Command,
  name: string,
  description: string,
  examples: readonly string[],
  language: Language,
): Command {
  const command = parent.command(name).description(description);
  dressHelp(command, language);
  if (examples.length > 0) {
    const lines = examples.map((example) => `  $ tidemark ${example}`).join("\n");
    command.addHelpText("after", `\n${examplesTitle[language]}\n${lines}`);
  }
  return command;
}

const examplesTitle: Text = { en: "Examples:", zh: "示例：" };

const titles: Readonly<Record<string, string>> = {
  "Usage:": "用法：",
  "Options:": "选项：",
  "Global Options:": "通用选项：",
  "Commands:": "命令：",
  "Arguments:": "参数：",
};

function dress(root: Command, terminal: Terminal, language: Language): void {
  dressHelp(root, language);
  root.helpCommand("help [command]", helpLabel[language]);
  root.exitOverride();
  root.configureOutput({
    writeOut: (text) => terminal.out(text),
    writeErr: (text) => terminal.err(text),
    // Written by whoever catches the error, in the reader's language.
    outputError: () => undefined,
  });
}

const helpLabel: Text = { en: "show help", zh: "显示帮助" };

function dressHelp(command: Command, language: Language): void {
  command.helpOption("-h, --help", helpLabel[language]);
  command.configureHelp({
    showGlobalOptions: false,
    styleTitle: (title) => (language === "zh" ? (titles[title] ?? title) : title),
  });
}

/** The value of --lang as it was given, before anything is parsed. */
export function statedLanguage(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((one) => one === "--lang" || one.startsWith("--lang="));
  if (at === -1) return undefined;
  return argv[at]!.includes("=") ? argv[at]!.split("=")[1] : argv[at + 1];
}
