// The process between Tidemark and the embedded PostgreSQL: a few lines of shell that wait for the end of the users'
// pipe and then stop the server. It belongs to no user in particular, so the server survives the one who started it
// and never survives the last one; if the supervisor itself is killed, the server is interrupted by the kernel.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { Fault } from "../fault.ts";
import type { Binaries } from "./embedded-binaries.ts";
import { socketPort, type EmbeddedFolder } from "./embedded-folder.ts";
import { giveTo, type Privileges } from "./embedded-privileges.ts";

/** Role and database that every embedded cluster has. */
export const embeddedUser = "tidemark";
export const embeddedDatabase = "tidemark";

// Descriptor 3 is the reading end of the users' pipe. It is closed before the server is told to stop, so that a
// newcomer sees an unsupervised folder and waits for the end instead of joining a server that is going away.
// Where the server dies with the supervisor so must the watcher: a reader that watches nothing would look like a server.
const supervisorScript = (watcherPrefix: string): string => `
"$@" 3<&- &
server=$!
${watcherPrefix} /bin/sh -c 'while read -r _; do :; done; exec 0<&-; kill -INT "$1"' tidemark-users "$server" <&3 3<&- &
watcher=$!
exec 3<&-
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;

const largestKeptLogBytes = 1_000_000;

/** Makes an empty UTF-8 cluster with PostgreSQL's built-in C.UTF-8 collation (libc's C.UTF-8 before version 17). */
export function makeCluster(
  folder: EmbeddedFolder,
  binaries: Binaries,
  privileges: Privileges,
): void {
  const unfinished = mkdtempSync(folder.unfinishedClusterPrefix);
  giveTo(privileges, unfinished);
  const locale =
    binaries.major >= 17
      ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
      : ["--locale=C.UTF-8"];
  const words = [
    ...[...privileges.serverPrefix, binaries.initdb, "-D", unfinished, "-U", embeddedUser],
    ...["--auth=trust", "--encoding=UTF8", "--data-checksums", "--no-instructions", ...locale],
  ];
  const made = spawnSync(words[0] ?? "", words.slice(1), {
    encoding: "utf8",
    env: serverEnvironment(binaries),
  });
  if (made.status !== 0) {
    const state = made.error?.message ?? `${made.stderr}${made.stdout}`.trim();
    throw new Fault(`Cannot create database in ${folder.root}: ${state}`, {
      retryable: false,
      cause: made.error,
    });
  }
  renameSync(unfinished, folder.cluster);
}

/**
 * Removes what killed first starts left. Their initdb outlives them for a moment and may still write, or even make its
 * folder anew, so this is called at every start and at the last stop; what cannot be removed now goes the next time.
 */
export function forgetUnfinishedClusters(folder: EmbeddedFolder): void {
  for (const name of readdirSync(folder.root)) {
    const path = join(folder.root, name);
    if (!path.startsWith(folder.unfinishedClusterPrefix)) continue;
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    } catch {
      continue;
    }
  }
}

/** Starts supervisor and server in their own session, so that Ctrl-C reaches only Tidemark. Does not wait. */
export function spawnSupervisor(
  folder: EmbeddedFolder,
  binaries: Binaries,
  privileges: Privileges,
  socket: string,
  reader: number,
): ChildProcess {
  const log = openSync(folder.log, "a", 0o600);
  try {
    const server = [
      ...privileges.serverPrefix,
      binaries.postgres,
      "-D",
      folder.cluster,
      ...serverSettings(socket),
    ];
    const script = supervisorScript(
      privileges.canDieWithParent ? "setpriv --pdeathsig KILL --" : "",
    );
    const child = spawn("/bin/sh", ["-c", script, "tidemark-postgres", ...server], {
      cwd: folder.root,
      detached: true,
      env: serverEnvironment(binaries),
      stdio: ["ignore", log, log, reader],
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Given on the command line at every start: the settings are always those of the program that starts the server. */
function serverSettings(socket: string): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: "",
    unix_socket_directories: `"${socket.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    port: String(socketPort),
    ssl: "off",
    max_connections: "100",
    shared_buffers: "256MB",
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    wal_compression: "on",
    min_wal_size: "80MB",
    max_wal_size: "256MB",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    cluster_name: "tidemark",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** PG* variables of the user's own PostgreSQL, and their locale, must not leak into ours. */
function serverEnvironment(binaries: Binaries): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
    ...binaries.environment,
  };
}

/** Sets a long log aside and returns where the next line will begin. */
export function openLogAt(log: string): number {
  const bytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes <= largestKeptLogBytes) return bytes;
  renameSync(log, `${log}.1`);
  return 0;
}
