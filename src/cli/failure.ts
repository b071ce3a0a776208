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
    terminal.err(`${error.message}\n`);
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

/** What the parser of arguments refuses, in the reader's language; its own words are English only. */
const usage: Readonly<Record<string, Text>> = {
  "commander.unknownOption": { en: "Unknown option", zh: "未知选项" },
  "commander.unknownCommand": { en: "Unknown command", zh: "未知命令" },
  "commander.missingArgument": { en: "Missing argument", zh: "缺少参数" },
  "commander.missingMandatoryOptionValue": { en: "Missing option", zh: "缺少必需选项" },
  "commander.optionMissingArgument": { en: "Option without a value", zh: "选项缺少取值" },
  "commander.excessArguments": { en: "Too many arguments", zh: "参数过多" },
  "commander.invalidArgument": { en: "Wrong value", zh: "取值无效" },
  "commander.conflictingOption": { en: "Options exclude each other", zh: "选项互相冲突" },
};

function usageFailure(terminal: Terminal, language: Language, error: CommanderError): number {
  if (error.exitCode === 0) return exitCodes.success;
  // Help that was shown because the command was incomplete.
  if (error.code === "commander.help") return exitCodes.usage;
  const words = usage[error.code];
  const said = error.message.replace(/^error: /, "");
  terminal.err(`${words === undefined ? said : `${words[language]}${language === "zh" ? "：" : ": "}${said}`}\n`);
  terminal.err(`${hint[language]}\n`);
  return exitCodes.usage;
}

const hint: Text = {
  en: "See what there is: tidemark --help, tidemark COMMAND --help",
  zh: "查看用法：tidemark --help、tidemark 命令 --help",
};
