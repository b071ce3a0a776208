// `npm start` with data present until `/` answers, as a person waits for it: a new process each time, from the script to
// the page of the console, against a bare process that starts the same PostgreSQL and serves one page.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readConfig } from "../src/adapters/config.ts";
import { compose } from "../src/compose.ts";
import { interleave, median, ratioOf, runBench, type Findings } from "./harness.ts";
import { activateDemoStrategy, loadLines, sweepOnce } from "./sweep-setup.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const mostSeconds = 8;
const patienceMs = 120_000;
const everyMs = 20;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until `/` answers with a page. Throws when the process ends before, or after two minutes. */
async function answers(child: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`Server ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (answer?.status === 200 && (await answer.text()).includes("<title>")) return;
    await setTimeout(everyMs);
  }
  throw new Error(`Server did not answer within ${patienceMs / 1_000} s`);
}

/** Starts a process, and once its page is there says how long that took; ending it is not part of the time. */
async function startOnce(words: readonly string[], port: number): Promise<number> {
  const started = performance.now();
  const stdio = ["ignore", "ignore", "inherit"] as const;
  const child = spawn(process.execPath, [...words], { cwd: root, stdio: [...stdio] });
  try {
    await answers(child, port);
    return performance.now() - started;
  } finally {
    if (child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      await ended;
    }
  }
}

async function fill(folder: string, lines: number): Promise<void> {
  const config = readConfig({ dataFolder: folder, logLevel: "error" }, {}, folder);
  const tidemark = await compose(config, { migrations: "apply" });
  try {
    await activateDemoStrategy(tidemark);
    await loadLines(tidemark, lines);
    await sweepOnce(tidemark);
  } finally {
    await tidemark.close();
  }
}

async function measure(
  options: Readonly<Record<"lines" | "rounds", string>>,
  say: (line: string) => void,
): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-start-"));
  try {
    say(`Loading ${options.lines} lines and sweeping them`);
    await fill(folder, Number(options.lines));
    say("Starting and stopping");
    const port = await freePort();
    const waits: Readonly<Record<"console" | "bare", number[]>> = { console: [], bare: [] };
    const data = ["--data", folder, "--port", String(port)];
    const [ours, bare] = await interleave(
      [
        {
          ...{ name: "console", units: 1 },
          label: { zh: "npm start 至控制台可用", en: "npm start until the console is there" },
          turn: async () =>
            void waits.console.push(await startOnce(["scripts/start.mjs", ...data], port)),
        },
        {
          ...{ name: "bare", units: 1 },
          label: { zh: "裸进程（数据库与一个页面）", en: "bare process: database and one page" },
          turn: async () =>
            void waits.bare.push(
              await startOnce(["bench/bare-start.ts", folder, String(port)], port),
            ),
        },
      ],
      { rounds: Number(options.rounds), warmups: 1 },
    );
    // Rounds that warm up come first; the time of a turn also holds the end of the process, a wait does not.
    const rounds = Number(options.rounds);
    const waited = (side: "console" | "bare"): readonly number[] => waits[side].slice(-rounds);
    const seconds = (side: "console" | "bare"): number => median(waited(side)) / 1_000;
    const value = ratioOf(
      { ...ours!, wallMs: waited("console") },
      { ...bare!, wallMs: waited("bare") },
      "wall",
    );
    const label = { zh: "与裸进程之比", en: "ratio to the bare process" };
    return {
      figures: [
        { name: "console", label: ours!.label, value: seconds("console"), unit: "s" },
        { name: "bare", label: bare!.label, value: seconds("bare"), unit: "s" },
      ],
      ratios: [{ name: "ratio", label, value, unit: "×" }],
      required: [
        { name: "console", label: ours!.label, value: seconds("console"), atMost: mostSeconds },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runBench("start", { lines: "20000", rounds: "5" }, measure);
