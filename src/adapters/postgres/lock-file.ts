// Only one process at a time may start, attach to or leave a data folder. The lock is a file made with O_EXCL that
// names its holder; a holder that was killed does not block anybody, because the name includes the moment of its birth.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

type Holder = ProcessIdentity & Readonly<{ nonce: string }>;

let issued = 0;

/**
 * Runs `work` while holding the lock file at `path`. Waits for a living holder, takes over from a dead one. Not
 * re-entrant. Throws a retryable `Fault` that names the holder when `waitMs` pass.
 */
export async function withLockFile<T>(
  path: string,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const me: Holder = { ...ownIdentity(), nonce: `${process.pid}-${++issued}-${Date.now()}` };
  const deadline = Date.now() + waitMs;
  while (!tryTake(path, me)) {
    const holder = breakIfStale(path, me);
    if (Date.now() > deadline) {
      const who = holder ? `held by process ${holder.pid}` : "still held";
      throw new Fault(`Cannot take lock ${path}: ${who} after ${waitMs} ms`, { retryable: true });
    }
    await sleep(5 + Math.random() * 15);
  }
  try {
    return await work();
  } finally {
    if (readHolder(path)?.nonce === me.nonce) rmSync(path, { force: true });
  }
}

/** Links a finished file to the lock's name: the lock is never seen half-written. */
function tryTake(path: string, me: Holder): boolean {
  const draft = `${path}.${me.nonce}`;
  writeFileSync(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes the lock of a dead holder; returns the holder when it lives. */
function breakIfStale(path: string, me: Holder): Holder | undefined {
  const holder = readHolder(path);
  if (holder !== undefined && isAlive(holder)) return holder;
  const aside = `${path}.stale.${me.nonce}`;
  try {
    renameSync(path, aside);
  } catch {
    return undefined;
  }
  // Between reading and renaming somebody else may have broken the same stale lock and taken a new one: give it back.
  const moved = readHolder(aside);
  if (moved !== undefined && moved.nonce !== holder?.nonce) giveBack(aside, path);
  rmSync(aside, { force: true });
  return undefined;
}

function giveBack(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch {
    // A third process took the lock in these microseconds; PostgreSQL's own lock still keeps two servers apart.
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isHolder(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  const holder = value as Partial<Holder> | null;
  return (
    typeof holder?.pid === "number" &&
    typeof holder.birth === "string" &&
    typeof holder.nonce === "string"
  );
}
