// The core simulator as Tidemark meets it: another process behind HTTP that fails in every way it knows and is
// killed while it works. Whatever happens, an operation asked for by its id takes effect exactly once.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createHttpCoreSystem } from "../../src/adapters/core/http-core-system.ts";
import { createSimulatorClient } from "../../src/adapters/core/simulator-client.ts";
import { useSimulator, type Simulator } from "../../src/adapters/core/simulator-process.ts";
import { readEndpoint } from "../../src/adapters/core-simulator/endpoint-file.ts";
import { Fault } from "../../src/adapters/fault.ts";
import { birthOf } from "../../src/adapters/postgres/process-identity.ts";
import type {
  CoreAccount,
  CoreOperation,
  CoreResult,
  CoreSystem,
} from "../../src/flow/core-ports.ts";

const sharedDir = mkdtempSync(join(tmpdir(), "tidemark-core-"));
let shared: Simulator;
let dataDir = "";
const simulators: Simulator[] = [];

beforeAll(async () => {
  shared = await useSimulator({ dataDir: sharedDir, faults: "slow-ms=300" });
});

afterAll(async () => {
  await shared.close();
  rmSync(sharedDir, { recursive: true, force: true });
});

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tidemark-core-"));
});

afterEach(async () => {
  await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
  rmSync(dataDir, { recursive: true, force: true });
});

async function started(faults = "none", seed = "1"): Promise<Simulator> {
  const simulator = await useSimulator({ dataDir, faults, seed });
  simulators.push(simulator);
  return simulator;
}

function accountOf(lineReference: string, change: Partial<CoreAccount> = {}): CoreAccount {
  const balances = { limitMinor: 1_000_000, drawnMinor: 200_000, pendingMinor: 0 };
  return { lineReference, ...balances, status: "active", currency: "CNY", ...change };
}

/** The account of one line; paging starts just before it. */
async function accountAt(core: CoreSystem, lineReference: string): Promise<CoreAccount> {
  const page = await core.accounts(lineReference.slice(0, -1), 500);
  const found = page.find((account) => account.lineReference === lineReference);
  if (found === undefined) throw new Error(`Cannot find account ${lineReference}`);
  return found;
}

let operations = 0;

function cut(lineReference: string, change: Partial<CoreOperation> = {}): CoreOperation {
  operations += 1;
  return {
    operationId: `00400000-0000-8000-8000-${String(operations).padStart(12, "0")}`,
    lineReference,
    action: "decrease",
    fromMinor: 1_000_000,
    toMinor: 700_000,
    currency: "CNY",
    belowDrawn: false,
    ...change,
  };
}

async function faultIn(work: Promise<unknown>): Promise<Fault> {
  const caught = await work.then(
    () => new Error("Cannot find fault: the request was answered"),
    (error: unknown) => error,
  );
  if (!(caught instanceof Fault)) throw caught;
  return caught;
}

describe("the core system over HTTP", () => {
  test("applies an operation, remembers it, and pages its accounts in order", async () => {
    const { url } = shared;
    const core = createHttpCoreSystem({ url });
    const client = createSimulatorClient(url);
    const loaded = await client.load(
      ["http-c", "http-a", "http-b/1 额度"].map((reference) => accountOf(reference)),
    );
    expect(loaded).toEqual({ added: 3, kept: 0 });
    const operation = cut("http-b/1 额度");
    expect(await core.find(operation.operationId)).toBeNull();
    const result = await core.apply(operation);
    expect(result).toEqual({
      result: "applied",
      limitMinor: 700_000,
      drawnMinor: 200_000,
      pendingMinor: 0,
    });
    expect(await core.apply(operation)).toEqual(result);
    expect(await core.find(operation.operationId)).toEqual(result);
    const page = await core.accounts("http", 2);
    expect(page.map(({ lineReference }) => lineReference)).toEqual(["http-a", "http-b/1 额度"]);
    expect(await core.accounts("http-b/1 额度", 1)).toEqual([accountOf("http-c")]);
    const again = await client.load([accountOf("http-a", { limitMinor: 5 })]);
    expect(again).toEqual({ added: 0, kept: 1 });
    expect((await accountAt(core, "http-a")).limitMinor).toBe(1_000_000);
  });

  test("refuses the same id for another request, and a malformed one, for good", async () => {
    const { url } = shared;
    const core = createHttpCoreSystem({ url });
    await createSimulatorClient(url).load([accountOf("same-id")]);
    const operation = cut("same-id");
    await core.apply(operation);
    const conflict = await faultIn(core.apply({ ...operation, toMinor: 600_000 }));
    expect(conflict).toMatchObject({ retryable: false, code: "HTTP422" });
    const malformed = await faultIn(core.apply({ ...operation, operationId: "7" }));
    expect(malformed).toMatchObject({ retryable: false, code: "HTTP400" });
    expect(malformed.message).toContain("/operationId");
    expect((await accountAt(core, "same-id")).limitMinor).toBe(700_000);
  });

  test("a drawdown is one drawdown by its id", async () => {
    const { url } = shared;
    const client = createSimulatorClient(url);
    await client.load([accountOf("draw")]);
    for (const _ of [1, 2]) {
      expect(await client.draw("draw", "d1", 300_000)).toMatchObject({
        result: "applied",
        drawnMinor: 500_000,
      });
    }
    expect(await faultIn(client.draw("draw", "d1", 1))).toMatchObject({
      code: "HTTP422",
      retryable: false,
    });
    expect(await client.draw("draw", "d2", 600_000)).toMatchObject({ because: "not-available" });
  });

  test("nobody at the address is a fault that may pass", async () => {
    const core = createHttpCoreSystem({ url: () => Promise.resolve("http://127.0.0.1:9") });
    expect(await faultIn(core.find(cut("a").operationId))).toMatchObject({ retryable: true });
  });
});

describe("each fault", () => {
  type Scripted = Readonly<{
    core: CoreSystem;
    /** the same core system for a caller who waits only 200 ms */
    hasty: CoreSystem;
    operation: CoreOperation;
    account: () => Promise<CoreAccount>;
  }>;

  async function scripted(...faults: readonly string[]): Promise<Scripted> {
    const { url } = shared;
    const core = createHttpCoreSystem({ url });
    const hasty = createHttpCoreSystem({ url, timeoutMs: 200 });
    const client = createSimulatorClient(url);
    const reference = `fault-${faults.join("-")}`;
    await client.load([accountOf(reference)]);
    await client.script(reference, faults);
    return { core, hasty, operation: cut(reference), account: () => accountAt(core, reference) };
  }

  test("time-out: nobody answers, yet the operation is applied and known by its id", async () => {
    const { core, hasty, operation, account } = await scripted("time-out");
    expect(await faultIn(hasty.apply(operation))).toMatchObject({
      retryable: true,
      code: "ETIMEDOUT",
    });
    expect(await core.find(operation.operationId)).toMatchObject({
      result: "applied",
      limitMinor: 700_000,
    });
    expect(await core.apply(operation)).toMatchObject({ result: "applied", limitMinor: 700_000 });
    expect((await account()).limitMinor).toBe(700_000);
  });

  test("lost: the connection breaks, nothing is applied, and asking again works", async () => {
    const { core, operation, account } = await scripted("lost");
    expect(await faultIn(core.apply(operation))).toMatchObject({ retryable: true });
    expect(await core.find(operation.operationId)).toBeNull();
    expect((await account()).limitMinor).toBe(1_000_000);
    expect(await core.apply(operation)).toMatchObject({ result: "applied" });
  });

  test("duplicate: delivered twice is one effect", async () => {
    const { core, operation, account } = await scripted("duplicate");
    expect(await core.apply(operation)).toMatchObject({ result: "applied", limitMinor: 700_000 });
    expect((await account()).limitMinor).toBe(700_000);
    expect(recordsOf(operation.operationId)).toBe(1);
  });

  test("refusal: declined, and declined for ever", async () => {
    const { core, operation, account } = await scripted("refusal");
    const result = await core.apply(operation);
    expect(result).toMatchObject({ result: "refused", because: "declined", limitMinor: 1_000_000 });
    expect(await core.apply(operation)).toEqual(result);
    expect((await account()).limitMinor).toBe(1_000_000);
  });

  test("slow: too late for the caller, applied all the same", async () => {
    const { core, hasty, operation } = await scripted("slow");
    expect(await faultIn(hasty.apply(operation))).toMatchObject({
      code: "ETIMEDOUT",
      retryable: true,
    });
    let result: CoreResult | null = null;
    for (let tries = 0; result === null && tries < 100; tries += 1) {
      await sleep(20);
      result = await core.find(operation.operationId);
    }
    expect(result).toMatchObject({ result: "applied" });
  });

  test("drawdown: the customer is faster than the cut, which is refused below what is drawn", async () => {
    const { core, operation, account } = await scripted("drawdown", "duplicate");
    expect(await core.apply(operation)).toEqual({
      result: "refused",
      because: "below-drawn",
      limitMinor: 1_000_000,
      drawnMinor: 1_000_000,
      pendingMinor: 0,
    });
    expect((await account()).drawnMinor).toBe(1_000_000);
  });
});

/** How often an operation stands in the journal. */
function recordsOf(operationId: string): number {
  const journal = readFileSync(join(sharedDir, "core-simulator", "journal.log"), "utf8");
  return journal.split(`"operationId":"${operationId}"`).length - 1;
}

describe("killed with kill -9 while it works", () => {
  const lines = 40;
  const cutsOfEach = 25;
  const kills = 8;

  /** As the dispatcher does it: after any fault ask by operation id, then try again. */
  async function applyOnce(core: CoreSystem, operation: CoreOperation): Promise<CoreResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const known = attempt === 1 ? null : await core.find(operation.operationId);
        return known ?? (await core.apply(operation));
      } catch (error) {
        if (!(error instanceof Fault) || !error.retryable || attempt > 200) throw error;
        await sleep(10);
      }
    }
  }

  /** Lowers one line step by step: a lost or doubled step makes the next one be refused. */
  async function lowerStepwise(core: CoreSystem, reference: string): Promise<number> {
    for (let step = 0; step < cutsOfEach; step += 1) {
      const fromMinor = 1_000_000 - step * 1_000;
      const operation = cut(reference, { fromMinor, toMinor: fromMinor - 1_000 });
      expect(await applyOnce(core, operation)).toMatchObject({
        result: "applied",
        limitMinor: fromMinor - 1_000,
      });
    }
    return cutsOfEach;
  }

  test("loses nothing and doubles nothing", { timeout: 60_000 }, async () => {
    const seed = String(Date.now() % 100_000);
    console.log(`core simulator kill seed ${seed}`);
    const simulator = await started(
      "time-out=300,lost=300,duplicate=500,slow=200,slow-ms=30",
      seed,
    );
    const core = createHttpCoreSystem({ url: simulator.url, timeoutMs: 400 });
    const references = Array.from({ length: lines }, (_, index) => `L${index}`);
    await createSimulatorClient(simulator.url).load(
      references.map((reference) => accountOf(reference)),
    );
    let working = true;
    const killed = killRepeatedly(simulator, () => working);
    const done = await Promise.all(references.map((reference) => lowerStepwise(core, reference)));
    working = false;
    expect(await killed).toBe(kills);
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(lines * cutsOfEach);
    const accounts = await core.accounts(null, lines * 2);
    expect(accounts).toHaveLength(lines);
    expect(new Set(accounts.map(({ limitMinor }) => limitMinor))).toEqual(
      new Set([1_000_000 - cutsOfEach * 1_000]),
    );
    const journal = readFileSync(join(dataDir, "core-simulator", "journal.log"), "utf8");
    const ids = [...journal.matchAll(/"operationId":"([0-9a-f-]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(lines * cutsOfEach);
    expect(new Set(ids).size).toBe(ids.length);
  });

  /** Kills as often as planned, the last times also when the work is already done. */
  async function killRepeatedly(simulator: Simulator, working: () => boolean): Promise<number> {
    let count = 0;
    while (count < kills) {
      await sleep(working() ? 60 + 37 * count : 0);
      await simulator.url();
      const pid = simulator.pid();
      if (pid === null) continue;
      process.kill(pid, "SIGKILL");
      count += 1;
    }
    return count;
  }
});

describe("the process", () => {
  test("is shared by those who use one data folder and keeps its state from use to use", async () => {
    const first = await started();
    const second = await started();
    expect(second.pid()).toBe(first.pid());
    await createSimulatorClient(first.url).load([accountOf("a")]);
    const pid = first.pid();
    await first.close();
    expect(await createHttpCoreSystem({ url: second.url }).accounts(null, 9)).toHaveLength(1);
    await second.close();
    expect(birthOf(pid ?? 0)).toBeUndefined();
    expect(readEndpoint(join(dataDir, "core-simulator"))).toBeNull();
    const third = await started();
    expect(third.pid()).not.toBe(pid);
    expect(await createHttpCoreSystem({ url: third.url }).accounts(null, 9)).toHaveLength(1);
  });

  test("stops when its only user is killed, and not while another uses it", async () => {
    const user = await otherUser();
    const mine = await started();
    expect(mine.pid()).toBe(user.pid);
    await killed(user.child);
    await sleep(200);
    expect(await createHttpCoreSystem({ url: mine.url }).accounts(null, 1)).toEqual([]);
    expect(mine.pid()).toBe(user.pid);
    await mine.close();
    expect(birthOf(user.pid)).toBeUndefined();
    const lonely = await otherUser();
    await killed(lonely.child);
    expect(await endsWithin(lonely.pid, 3_000)).toBe(true);
  });

  test("says why it cannot start", async () => {
    const fault = await faultIn(useSimulator({ dataDir, faults: "gremlins=1" }));
    expect(fault.message).toContain("Cannot start core simulator: it ended with code 1");
    expect(fault.message).toContain("Cannot read faults: found gremlins=1");
  });

  test("run by hand prints its port, keeps the data folder to itself and stops on SIGTERM", async () => {
    const { child, line } = await program(["--data", dataDir, "--port", "0"]);
    const { port, pid } = JSON.parse(line) as { port: number; pid: number };
    expect(pid).toBe(child.pid);
    const health = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(await health.json()).toMatchObject({ status: "ok", accounts: 0, users: 0 });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(readEndpoint(dataDir)).toBeNull();
  });
});

const main = new URL("../../src/adapters/core-simulator/main.ts", import.meta.url).pathname;

async function program(
  words: readonly string[],
): Promise<Readonly<{ child: ChildProcess; line: string }>> {
  return firstLine(
    spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "inherit"] }),
  );
}

/** A process of its own that uses the simulator and does nothing else until it is killed. */
async function otherUser(): Promise<Readonly<{ child: ChildProcess; pid: number }>> {
  const script = `
    const { useSimulator } = await import(process.argv[1]);
    const simulator = await useSimulator({ dataDir: process.argv[2] });
    console.log(simulator.pid());
    setInterval(() => {}, 1000);`;
  const module = new URL("../../src/adapters/core/simulator-process.ts", import.meta.url).href;
  const words = ["--input-type=module", "-e", script, module, dataDir];
  const { child, line } = await firstLine(
    spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] }),
  );
  return { child, pid: Number(line) };
}

async function firstLine(
  child: ChildProcess,
): Promise<Readonly<{ child: ChildProcess; line: string }>> {
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (bytes: Buffer) => resolve(bytes.toString("utf8").trim()));
    child.once("exit", (code) =>
      reject(new Error(`Cannot read first line: the program ended with ${String(code)}`)),
    );
  });
  return { child, line };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

async function endsWithin(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (birthOf(pid) !== undefined && Date.now() < deadline) await sleep(20);
  return birthOf(pid) === undefined;
}
