// What every script here shares: where the repository is, how progress is told and how a script gives up. Plain
// JavaScript for Node 20 without dependencies, because it runs before anything is installed.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A problem the reader can act on; printed without a stack. */
export class ScriptError extends Error {}

/** Prints one line of progress on stderr, so that `--json` output on stdout stays clean. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs `main` and turns a ScriptError into one line and exit code 1. */
export async function run(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
