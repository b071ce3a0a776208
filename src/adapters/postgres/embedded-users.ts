// The embedded server lives exactly as long as somebody uses it. Every user keeps a named pipe open for writing; the
// kernel closes it however the process ends, and the supervisor at the reading end stops the server after the last one.
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Fault } from "../fault.ts";
import type { EmbeddedFolder } from "./embedded-folder.ts";
import { isAlive, ownIdentity } from "./process-identity.ts";

/** One use of the server by this process; ends with `leaveUse` or with the process. */
export type Use = Readonly<{ pipe: number; record: string }>;

/** Whether a supervisor reads the pipe, that is: whether a server runs that will outlive this call. */
export function isSupervised(folder: EmbeddedFolder): boolean {
  const pipe = openForWriting(folder.usersPipe);
  if (pipe === undefined) return false;
  closeSync(pipe);
  return true;
}

/** Begins a use of a supervised server; undefined when no supervisor reads the pipe. */
export function beginUse(folder: EmbeddedFolder): Use | undefined {
  const pipe = openForWriting(folder.usersPipe);
  return pipe === undefined ? undefined : record(folder, pipe);
}

/**
 * Opens both ends before a supervisor exists: `reader` is for the supervisor to inherit, `use` is ours. The caller
 * closes `reader` after the spawn. Should this process be killed in between, the supervisor still sees the pipe close.
 */
export function beginFirstUse(folder: EmbeddedFolder): Readonly<{ reader: number; use: Use }> {
  makePipe(folder.usersPipe);
  // Opening one end of a pipe waits for the other; an end that is both reader and writer waits for nobody.
  const both = openSync(folder.usersPipe, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const reader = openSync(folder.usersPipe, constants.O_RDONLY);
    return { reader, use: record(folder, openSync(folder.usersPipe, constants.O_WRONLY)) };
  } finally {
    closeSync(both);
  }
}

/** Ends a use. The server stops when it was the last one. */
export function endUse(use: Use): void {
  closeSync(use.pipe);
  rmSync(use.record, { force: true });
}

/** Whether a living process has a use of the server; forgets the records of dead ones. */
export function hasUsers(folder: EmbeddedFolder): boolean {
  let found = false;
  for (const name of readdirSync(folder.usersDirectory)) {
    const [pid, birth] = name.split(".");
    if (isAlive({ pid: Number(pid), birth: birth ?? "" })) found = true;
    else rmSync(join(folder.usersDirectory, name), { force: true });
  }
  return found;
}

function record(folder: EmbeddedFolder, pipe: number): Use {
  const { pid, birth } = ownIdentity();
  // Not a counter: a process may load this module more than once.
  const path = join(folder.usersDirectory, `${pid}.${birth}.${randomUUID()}`);
  writeFileSync(path, "", { mode: 0o600 });
  return { pipe, record: path };
}

function openForWriting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENXIO" || code === "ENOENT") return undefined;
    throw error;
  }
}

function makePipe(path: string): void {
  try {
    if (lstatSync(path).isFIFO()) return;
  } catch {
    // Not there yet.
  }
  const made = spawnSync("mkfifo", ["-m", "600", path], { encoding: "utf8" });
  if (made.status === 0) return;
  const state = made.error?.message ?? made.stderr.trim();
  throw new Fault(`Cannot make pipe ${path}: ${state}`, { retryable: false, cause: made.error });
}
