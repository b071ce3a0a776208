// The sandbox's core simulator runs beside Tidemark as a process of its own and is shared by everything that uses
// one data folder: whoever comes first starts it, the others attach. It stops when the last user is gone, however
// that user ended, and comes back by itself after it was killed.

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { identityText, readEndpoint, type Endpoint } from "../core-simulator/endpoint-file.ts";
import { Fault } from "../fault.ts";
import { withLockFile } from "../postgres/lock-file.ts";
import { isAlive } from "../postgres/process-identity.ts";
import { sendCoreRequest } from "./core-request.ts";

/** `faults` and `seed` count for a simulator that this use starts; one that already runs keeps its own. */
export type SimulatorOptions = Readonly<{ dataDir: string; faults?: string; seed?: string }>;

/** One use of the simulator of a data folder. */
export type Simulator = Readonly<{
  /** where it listens now; starts or attaches again when it is gone. Give this to the HTTP client. */
  url: () => Promise<string>;
  /** its process id while this use lasts, null when it is gone */
  pid: () => number | null;
  /** ends this use; resolves when the simulator has stopped or others still use it */
  close: () => Promise<void>;
}>;

type Attached = { readonly endpoint: Endpoint; readonly hold: string; alive: boolean };

const startWithinMs = 15_000;
const attachWithinMs = 2_000;
const stopWithinMs = 5_000;
const pollMs = 20;

// From source it is a .ts file, from dist a .js file, like this one.
const program = fileURLToPath(
  new URL(
    `../core-simulator/main.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`,
    import.meta.url,
  ),
);

/**
 * Begins a use of the simulator that keeps its journal in `dataDir/core-simulator`; starts it when none runs.
 * Throws a Fault when it cannot be started, with the last words of its log.
 */
export async function useSimulator(options: SimulatorOptions): Promise<Simulator> {
  const folder = join(options.dataDir, "core-simulator");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let attached: Attached | null = null;
  let attaching: Promise<Attached> | null = null;
  let closed = false;
  const current = async (): Promise<Attached> => {
    if (closed)
      throw new Fault("Cannot use core simulator: this use has ended", { retryable: false });
    if (attached?.alive === true) return attached;
    attaching ??= attachOrStart(folder, options).finally(() => {
      attaching = null;
    });
    attached = await attaching;
    return attached;
  };
  await current();
  return {
    url: async () => `http://127.0.0.1:${(await current()).endpoint.port}`,
    pid: () => (attached?.alive === true ? attached.endpoint.pid : null),
    close: async () => {
      closed = true;
      const last = attaching === null ? attached : await attaching.catch(() => attached);
      if (last === null || !last.alive) return;
      if ((await leave(last)) === 0) await stopped(last.endpoint);
    },
  };
}

async function attachOrStart(folder: string, options: SimulatorOptions): Promise<Attached> {
  return withLockFile(join(folder, "start.lock"), startWithinMs, async () => {
    const deadline = Date.now() + startWithinMs;
    for (;;) {
      const endpoint = readEndpoint(folder);
      const running = endpoint !== null && isAlive(endpoint);
      if (!running) await start(folder, options);
      const attached = await tryAttach(running ? endpoint : readEndpoint(folder));
      if (attached !== null) return attached;
      // It was on its way out when we came: wait for the end and start another.
      if (Date.now() > deadline) {
        throw new Fault(`Cannot use core simulator in ${folder}: it runs but does not answer`, {
          retryable: true,
        });
      }
      await sleep(pollMs);
    }
  });
}

/** Starts the program in its own session, so that Ctrl-C reaches only Tidemark. Resolves when it says it is ready. */
async function start(
  folder: string,
  { faults = "none", seed = "1" }: SimulatorOptions,
): Promise<void> {
  const logPath = join(folder, "simulator.log");
  const log = openSync(logPath, "a", 0o600);
  const words = [
    program,
    "--data",
    folder,
    "--faults",
    faults,
    "--seed",
    seed,
    "--stop-when-unused",
  ];
  const child = spawn(process.execPath, words, {
    detached: true,
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    stdio: ["ignore", "pipe", log],
  });
  closeSync(log);
  try {
    await ready(child, (state) => `Cannot start core simulator: ${state}\n${lastWords(logPath)}`);
  } finally {
    child.stdout?.destroy();
    child.unref();
  }
}

async function ready(child: ChildProcess, message: (state: string) => string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (state: string): void => reject(new Fault(message(state), { retryable: false }));
  const timer = setTimeout(() => failed(`not ready within ${startWithinMs} ms`), startWithinMs);
  child.stdout?.once("data", () => resolve());
  child.once("error", (error) => failed(error.message));
  child.once("exit", (code) => failed(`it ended with code ${String(code)}`));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    child.removeAllListeners("exit");
  }
}

function lastWords(logPath: string): string {
  return readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-5).join("\n");
}

/** Opens the connection that keeps the simulator alive; null when nobody, or somebody else, answers there. */
async function tryAttach(endpoint: Endpoint | null): Promise<Attached | null> {
  if (endpoint === null) return null;
  const response = await openHold(endpoint);
  if (response === null) return null;
  const { socket } = response;
  if (response.headers["tidemark-identity"] !== identityText(endpoint)) {
    socket.destroy();
    return null;
  }
  const hold = String(response.headers["tidemark-hold"]);
  const attached: Attached = { endpoint, hold, alive: true };
  socket.once("close", () => {
    attached.alive = false;
  });
  socket.on("error", () => {
    // A reset is the same news as a close, which follows.
  });
  response.resume();
  // The use alone must not keep the process running.
  socket.unref();
  return attached;
}

async function openHold({ port }: Endpoint): Promise<IncomingMessage | null> {
  return new Promise((resolve) => {
    const request = get({
      host: "127.0.0.1",
      port,
      path: "/hold",
      agent: false,
      timeout: attachWithinMs,
    });
    request.once("response", (response) => {
      request.setTimeout(0);
      resolve(response);
    });
    request.once("timeout", () => request.destroy());
    request.on("error", () => resolve(null));
  });
}

/** Ends one use; the number of the others. The last answer may be cut off by the end of the process. */
async function leave({ endpoint, hold }: Attached): Promise<number> {
  try {
    const request = { method: "POST", path: `/leave/${hold}`, timeoutMs: attachWithinMs } as const;
    const { body } = await sendCoreRequest(`http://127.0.0.1:${endpoint.port}`, request);
    return Number((body as { users?: unknown } | null)?.users);
  } catch {
    return 0;
  }
}

async function stopped(endpoint: Endpoint): Promise<void> {
  const deadline = Date.now() + stopWithinMs;
  while (isAlive(endpoint) && Date.now() < deadline) await sleep(pollMs);
}
