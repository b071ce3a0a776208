// What every command is given: the terminal, the language, the settings in force and one way to write results,
// so that `--json` and both languages work the same everywhere.

import type { Config } from "../adapters/settings.ts";
import type { Refusal } from "../domain/refusal.ts";
import { refusals } from "../domain/refusal.ts";
import type { Language, Text } from "../domain/text.ts";
import { refusalTable } from "../adapters/refusal-table.ts";
import type { Terminal } from "./terminal.ts";

/** One run of one command. */
export type Frame = Readonly<{
  terminal: Terminal;
  language: Language;
  config: Config;
  /** results as JSON on stdout and nothing else there */
  json: boolean;
  dryRun: boolean;
  /** the command changes what is kept, and this run is no dry one */
  writes: boolean;
}>;

/** Exit code of a command that a person interrupted (128 + SIGINT). */
export const interrupted = 130;

/** The text in the language of the frame. */
export function say(frame: Pick<Frame, "language">, text: Text): string {
  return text[frame.language];
}

/** One line for people on stdout; left out with --json. */
export function print(frame: Frame, text: Text): void {
  if (!frame.json) frame.terminal.out(`${say(frame, text)}\n`);
}

/** One line for people on stderr, with --json too: warnings and what to do next. */
export function note(frame: Pick<Frame, "terminal" | "language">, text: Text): void {
  frame.terminal.err(`${say(frame, text)}\n`);
}

/** The result for programs; left out without --json. */
export function printJson(frame: Frame, value: unknown): void {
  if (frame.json) frame.terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** A rule said no: in words on stderr, with --json as an object on stdout; its exit code. */
export function printRefusal(frame: Frame, refusal: Refusal): number {
  const { refused, detail, pointer } = refusal;
  const title = refusals[refused][frame.language];
  printJson(frame, {
    refused,
    title,
    detail: detail[frame.language],
    ...(pointer === undefined ? {} : { pointer }),
  });
  note(frame, { en: `${title}: ${detail.en}`, zh: `${title}：${detail.zh}` });
  return refusalTable[refused].exitCode;
}
