// One call of the command line, from arguments to exit code. Nothing here touches the process, so that tests run
// commands the way people do.

import { exitCodes } from "../adapters/refusal-table.ts";
import { languageOf } from "../adapters/config.ts";
import type { Language } from "../domain/text.ts";
import { registrations } from "./registrations.ts";
import { reportFailure } from "./failure.ts";
import { buildProgram, statedLanguage } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one command. Never throws. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.success;
  try {
    const program = buildProgram(terminal, argv, registrations, (code) => (exitCode = code));
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    return reportFailure(terminal, languageFor(terminal, argv), error);
  }
}

function languageFor({ environment }: Terminal, argv: readonly string[]): Language {
  try {
    return languageOf(statedLanguage(argv), environment);
  } catch {
    return "en";
  }
}
