// A folder for tests of the embedded PostgreSQL, and the processes that share, stop and kill it. Every test leaves the
// folder's servers stopped, because making a database anew takes PostgreSQL a second or two.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import {
  startEmbedded,
  type EmbeddedOptions,
  type EmbeddedServer,
} from "../../src/adapters/postgres/embedded.ts";
import { openDatabase, type Database } from "../../src/adapters/postgres/pool.ts";
import { birthOf } from "../../src/adapters/postgres/process-identity.ts";

/** The program that `startUser` runs. */
export const userProgram = fileURLToPath(new URL("./embedded-user.ts", import.meta.url));

/** Another process that uses the embedded database of a folder. */
export type User = Readonly<{ child: ChildProcess; pid: number; owned: boolean; url: string }>;

/** How `startUser` runs its process: arguments after the folder, words before the program, more environment. */
export type UserOptions = Readonly<{
  args?: readonly string[];
  prefix?: readonly string[];
  env?: NodeJS.ProcessEnv;
}>;

/** A private folder of one test file; mkdtemp makes it 0700, out of reach for any other user. */
export const base = mkdtempSync(join(tmpdir(), "tm-"));

const children: ChildProcess[] = [];
const servers: EmbeddedServer[] = [];
let folders = 0;
let logStart = 0;

beforeEach(() => {
  logStart = wholeLog().length;
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  const pids = postmasters();
  await eventually(() => pids.every((pid) => birthOf(pid) === undefined));
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Like `startEmbedded`; stopped after the test at the latest. */
export async function start(
  folder: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder, options);
  servers.push(server);
  return server;
}

/** Starts a user without waiting for it. */
export function spawnUser(folder: string, options: UserOptions = {}): ChildProcess {
  const program = [process.execPath, "--disable-warning=ExperimentalWarning", userProgram, folder];
  const [command, ...args] = [...(options.prefix ?? []), ...program, ...(options.args ?? [])];
  const child = spawn(command ?? "", args, { env: { ...process.env, ...options.env } });
  children.push(child);
  return child;
}

/** Starts a user and waits until it has the database. */
export async function startUser(folder: string, options: UserOptions = {}): Promise<User> {
  const child = spawnUser(folder, options);
  let out = "";
  let said = "";
  child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  child.stdout?.on("data", (text: Buffer) => (out += text.toString()));
  await eventually(() => out.includes("\n") || child.exitCode !== null);
  if (!out.includes("\n")) throw new Error(`The user ended: ${said}`);
  return { child, ...(JSON.parse(out) as { pid: number; owned: boolean; url: string }) };
}

/** Lets a user end by itself. */
export async function leave(user: User): Promise<void> {
  const ended = once(user.child, "exit");
  user.child.stdin?.end();
  expect((await ended)[0]).toBe(0);
}

/** Opens a database for a piece of work. */
export async function withDatabase<T>(
  target: Parameters<typeof openDatabase>[0],
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const db = await openDatabase(target);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Stores one number. */
export async function keep(url: string, n: number): Promise<void> {
  await withDatabase(url, (db) =>
    db.transaction((tx) =>
      tx.runScript(
        `drop table if exists kept; create table kept (n bigint); insert into kept values (${n})`,
      ),
    ),
  );
}

/** The number that `keep` stored. */
export async function readKept(url: string): Promise<number | undefined> {
  const rows = await withDatabase(url, (db) => db.query<{ n: number }>("select n from kept"));
  return rows[0]?.n;
}

/** Whether a server answers there, asking once. */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

/** Waits for something that must happen. */
export async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 50_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("It never came to pass");
    await sleep(20);
  }
}

/** The name of a folder that does not exist yet. */
export function newFolder(): string {
  return join(base, `folder-${++folders}`);
}

/** The process id of the server in `base`. */
export function postmaster(): number {
  return Number.parseInt(
    readFileSync(join(base, "postgres", "cluster", "postmaster.pid"), "utf8"),
    10,
  );
}

function postmasters(): readonly number[] {
  const files = readdirSync(base, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith("postmaster.pid"),
  );
  return files.map((name) => Number.parseInt(readFileSync(join(base, name), "utf8"), 10));
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return Number(spawnSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).stdout);
}

/** What the server in `base` has logged since the test began. */
export function serverLog(): string {
  return wholeLog().slice(logStart);
}

function wholeLog(): string {
  const log = join(base, "postgres", "server.log");
  return existsSync(log) ? readFileSync(log, "utf8") : "";
}
