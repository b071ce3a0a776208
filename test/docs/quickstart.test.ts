// What the READMEs print works: every shell block is run, in order, from the repository's root with a fresh data folder,
// while the `npm start` of the first block serves beside it as it does for a reader.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { blocksOf, readDocument, repositoryRoot } from "../support/documents.ts";

const longMs = 300_000;
const data = mkdtempSync(join(tmpdir(), "tidemark-readme-"));
let serving: ChildProcess | null = null;

/** What a reader of the README is promised about the output of a command. */
const promised: readonly (readonly [string, RegExp])[] = [
  ["import lines", /rejected\s+0/],
  ["import lines", /new lines\s+300\n\s+changed\s+0/],
  ["strategy check", /no problems/],
  ["strategy list", /consumer-cn\s+1\s+active/],
  ["sweep --strategy consumer-cn --dry-run", /nothing was stored/],
  ["review approve --all", /Done: [1-9]/],
  ["clock advance", /[1-9]\d* timers fired/],
  ["decision list", /executed/],
  ["replay", /equal/],
  ["replay --sweep", /[1-9]\d* equal, 0 different/],
  ["reconcile", /: 0 differences/],
];

afterEach(() => {
  if (serving?.pid !== undefined && serving.exitCode === null)
    process.kill(-serving.pid, "SIGKILL");
  rmSync(data, { recursive: true, force: true });
});

// The blocks of both languages are equal, so that one run is a run of both.
test("every snippet of both READMEs works as printed", { timeout: longMs }, async () => {
  const scripts = new Set(["README.md", "README.zh-CN.md"].map((path) => linesOf(path).join("\n")));
  expect(scripts.size).toBe(1);
  for (const script of scripts) await runAll(script.split("\n"));
});

function linesOf(path: string): readonly string[] {
  return blocksOf(readDocument(path))
    .filter(({ language, notRun }) => language === "sh" && notRun === null)
    .flatMap(({ text }) => text.trim().split("\n"));
}

async function runAll(lines: readonly string[]): Promise<void> {
  const ids = new Map<string, string>();
  const [first = "", ...others] = lines;
  expect(first).toBe("npm start");
  const stop = await start();
  for (const line of others) {
    const command = line.replace(/\b([A-Z]+)_ID\b/, (name) => ids.get(name) ?? name);
    const { code, output } = await run(command);
    expect(code, `${command}\n${output}`).toBe(0);
    for (const [part, says] of promised) {
      if (line.includes(`-- ${part}`)) expect(output, line).toMatch(says);
    }
    remember(ids, line, output);
  }
  await stop();
}

/** The first id of a list, or of a sweep, is what the next REVIEW_ID, DECISION_ID or SWEEP_ID stands for. */
function remember(ids: Map<string, string>, line: string, output: string): void {
  const noun = / -- (\w+) (?:list|--strategy(?!.*--dry-run))/.exec(line)?.[1];
  const id = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/.exec(output)?.[0];
  if (noun !== undefined && id !== undefined) ids.set(`${noun.toUpperCase()}_ID`, id);
}

/** `npm start` until it answers; the result stops it as Ctrl-C does and waits until everything it started has ended. */
async function start(): Promise<() => Promise<void>> {
  // The same start with a smaller demo: a reader waits a minute for the whole one.
  const child = spawnLine("npm start -- --lines 200");
  serving = child;
  const ended = new Promise((resolve) => child.once("close", resolve));
  const output = collect(child);
  const url = await waitFor(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0], child, output);
  const health = await fetch(`${url}/healthz`);
  expect(health.status).toBe(200);
  expect(output()).toMatch(/reviewer1 +\S/);
  return async () => {
    process.kill(-(child.pid ?? 0), "SIGINT");
    await ended;
    expect(existsSync(join(data, "postgres", "postmaster.pid"))).toBe(false);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
  };
}

async function waitFor(
  find: () => string | undefined,
  child: ChildProcess,
  output: () => string,
): Promise<string> {
  for (;;) {
    const found = find();
    if (found !== undefined && output().includes("Ctrl-C")) return found;
    if (child.exitCode !== null) throw new Error(`npm start ended:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function run(line: string): Promise<Readonly<{ code: number | null; output: string }>> {
  const child = spawnLine(line);
  const output = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output: output() };
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stdout?.on("data", (bytes: Buffer) => (text += bytes.toString()));
  child.stderr?.on("data", (bytes: Buffer) => (text += bytes.toString()));
  return () => text;
}

// In a process group of its own, so that a signal reaches what a Ctrl-C of a terminal would reach.
function spawnLine(line: string): ChildProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|TIDEMARK_|VITEST|DATABASE_URL$|NODE_OPTIONS$|NODE_ENV$)/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    ...{ TIDEMARK_DATA: data, TIDEMARK_PORT: "0", TIDEMARK_LANG: "en", CI: "1" },
  };
  return spawn("bash", ["-c", line], {
    ...{ cwd: repositoryRoot, env, detached: true },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
