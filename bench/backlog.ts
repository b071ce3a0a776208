// A backlog of events, one a line on standard input of `tidemark signal send`, as somebody catches up after days without
// a connection: how many a second, and the most memory that the process ever held. Reads /proc, so it runs on Linux.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { startEmbedded } from "../src/adapters/postgres/embedded.ts";
import { compose } from "../src/compose.ts";
import { runBench, timed, type Findings } from "./harness.ts";
import { configFor } from "./load.ts";
import { eventOf } from "./signal-events.ts";
import { loadLines } from "./sweep-setup.ts";

const mostMegabytes = 512;
const perChunk = 1_000;
const lookEveryMs = 100;

function* backlog(events: number, lines: number, at: string): Generator<string> {
  for (let from = 0; from < events; from += perChunk) {
    const some = Array.from({ length: Math.min(perChunk, events - from) }, (_, index) =>
      JSON.stringify(eventOf(from + index, lines, at)),
    );
    yield `${some.join("\n")}\n`;
  }
}

/** The most that the process has held so far, in megabytes; what was known before where it has ended. */
function peakOf(pid: number, before: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024 || before;
  } catch {
    return before;
  }
}

/** Sends all of them and gives the peak in megabytes. */
async function sendAll(folder: string, chunks: Iterable<string>): Promise<number> {
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "signal", "send", "-", "--json"], {
    env: {
      ...{ PATH: process.env["PATH"], HOME: process.env["HOME"], TIDEMARK_DATA: folder },
      TIDEMARK_LOG: "silent",
    },
    stdio: ["pipe", "ignore", "inherit"],
  });
  let peak = 0;
  const looking = setInterval(() => (peak = peakOf(child.pid!, peak)), lookEveryMs);
  try {
    const ended = once(child, "exit");
    await pipeline(Readable.from(chunks), child.stdin);
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`Events were not sent: exit code ${code}`);
  } finally {
    clearInterval(looking);
  }
  return peak;
}

async function measure(
  { lines, events }: Readonly<Record<"lines" | "events", string>>,
  say: (line: string) => void,
): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-backlog-"));
  const server = await startEmbedded(folder);
  try {
    say(`Loading ${lines} lines`);
    const tidemark = await compose(configFor(folder), { migrations: "apply" });
    await loadLines(tidemark, Number(lines));
    const at = await tidemark.world.clock.now();
    await tidemark.close();
    say(`Sending ${events} events`);
    let megabytes = 0;
    const { wallMs } = await timed(async () => {
      megabytes = await sendAll(folder, backlog(Number(events), Number(lines), at));
    });
    const peak = { zh: "进程内存峰值", en: "most memory of the process" };
    return {
      figures: [
        {
          ...{ name: "events", unit: "events/s", value: (Number(events) * 1_000) / wallMs },
          label: { zh: "积压事件", en: "events of the backlog" },
        },
        { name: "peak", unit: "MB", value: megabytes, label: peak },
      ],
      ratios: [],
      required: [{ name: "peak", label: peak, value: megabytes, atMost: mostMegabytes }],
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await runBench("backlog", { lines: "20000", events: "1000000" }, measure);
