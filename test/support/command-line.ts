// The command line in tests: commands run in this process with a terminal of their own, or as a process of their own
// where starting and stopping is what is tested.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { repositoryRoot } from "./documents.ts";

/** What a command left behind. */
export type Ran = Readonly<{ code: number; out: string; err: string }>;

export type Environment = Readonly<Record<string, string>>;

/** Runs one command in this process. `answers` are typed at its questions; without them nobody is there to type. */
export async function tidemark(
  environment: Environment,
  words: readonly string[],
  answers: readonly string[] = [],
): Promise<Ran> {
  let out = "";
  let err = "";
  const typed = [...answers];
  const terminal: Terminal = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    interactive: false,
    ask: async (question) => {
      err += question;
      return typed.shift() ?? null;
    },
    environment,
    workingFolder: repositoryRoot,
    onInterrupt: () => () => undefined,
  };
  const code = await runCli(words, terminal);
  return { code, out, err };
}

/** Runs one command with --json; fails unless it ends well. */
export async function tidemarkJson<Result>(
  environment: Environment,
  ...words: readonly string[]
): Promise<Result> {
  const { code, out, err } = await tidemark(environment, [...words, "--json"]);
  if (code !== 0) throw new Error(`tidemark ${words.join(" ")} ended with ${code}: ${err}${out}`);
  return JSON.parse(out) as Result;
}

/** A running command in a process of its own. */
export type Running = Readonly<{
  child: ChildProcess;
  /** everything it has written so far, stdout and stderr together */
  said: () => string;
  /** resolves when it has written the text; fails when it ends before */
  until: (text: string) => Promise<void>;
  /** resolves with its exit code, or the signal that ended it */
  ended: Promise<number | string>;
}>;

/** Starts a command as people do, with nothing of this process's environment but PATH. */
export function startTidemark(environment: Environment, ...words: readonly string[]): Running {
  const main = join(repositoryRoot, "src", "cli", "main.ts");
  const child = spawn(process.execPath, [main, ...words], {
    cwd: repositoryRoot,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const heard = new EventTarget();
  const hear = (chunk: Buffer): void => {
    said += chunk.toString("utf8");
    heard.dispatchEvent(new Event("said"));
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) {
      const more = new Promise((resolve) =>
        heard.addEventListener("said", resolve, { once: true }),
      );
      const over = await Promise.race([more.then(() => false), ended.then(() => true)]);
      if (over && !said.includes(text)) throw new Error(`Ended without saying ${text}: ${said}`);
    }
  };
  return { child, said: () => said, until, ended };
}
