// The top of the command line: whatever goes wrong becomes one message that helps and an exit code that scripts
// can rely on. Only a bug shows where it happened.

import { CommanderError } from "commander";
import { exitCodes } from "../adapters/refusal-table.ts";
import { Fault } from "../adapters/fault.ts";
import type { Language, Text } from "../domain/text.ts";
import type { Terminal } from "./terminal.ts";

/** Writes what happened to stderr; the exit code. */
export function reportFailure(terminal: Terminal, language: Language, error: unknown): number {
  if (error instanceof CommanderError) return usageFailure(terminal, language, error);
  if (error instanceof Fault) {
    terminal.err(`${error.text?.[language] ?? error.message}\n`);
    if (error.retryable) terminal.err(`${retry[language]}\n`);
    if (error.code === "usage") return exitCodes.usage;
    return error.retryable ? exitCodes.retryableFault : exitCodes.fault;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`${bug[language]}\n${detail}\n`);
  return exitCodes.bug;
}

const retry: Text = {
  en: "Running the same command again may help; nothing is done twice",
  zh: "可再次运行同一命令；不会重复执行",
};

const bug: Text = { en: "Found a bug in Tidemark:", zh: "Tidemark 内部错误：" };

/** What the parser of arguments refuses, for readers of Chinese; its own words are English only. */
const usageZh: Readonly<Record<string, string>> = {
  "commander.unknownOption": "未知选项",
  "commander.unknownCommand": "未知命令",
  "commander.missingArgument": "缺少参数",
  "commander.missingMandatoryOptionValue": "缺少必需选项",
  "commander.optionMissingArgument": "选项缺少取值",
  "commander.excessArguments": "参数过多",
  "commander.invalidArgument": "取值无效",
  "commander.conflictingOption": "选项互相冲突",
};

function usageFailure(terminal: Terminal, language: Language, error: CommanderError): number {
  if (error.exitCode === 0) return exitCodes.success;
  // Help that was shown because the command was incomplete.
  if (error.code === "commander.help") return exitCodes.usage;
  const said = error.message.replace(/^error: /, "");
  const words = usageZh[error.code];
  terminal.err(
    language === "zh" && words !== undefined ? `${words}：${said}\n` : `${capital(said)}\n`,
  );
  terminal.err(`${hint[language]}\n`);
  return exitCodes.usage;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const hint: Text = {
  en: "See what there is: tidemark --help, tidemark COMMAND --help",
  zh: "查看用法：tidemark --help、tidemark 命令 --help",
};
