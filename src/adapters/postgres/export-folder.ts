// A folder that is written as a whole or not at all: everything goes into a folder beside it, which gets the name only
// when it is complete and on disk. Backups and table exports are both written so.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { refuse, type Refusal } from "../../domain/refusal.ts";
import { Fault } from "../fault.ts";
import { syncFolder } from "../sync-folder.ts";
import { birthOf } from "./process-identity.ts";

/** A person wanted to stop; nothing was kept. */
export class StoppedByPerson extends Error {}

/**
 * Lets `write` fill a new folder of mode 0700 and puts it in the place of `folder`, which must not exist or be empty unless
 * `replace` says so. On a fault nothing stays and what was there before is untouched; a killed process leaves
 * `folder.partial-PID`, which the next one clears away.
 */
export async function writeFolder<Result>(
  folder: string,
  replace: boolean,
  write: (partial: string) => Promise<Result>,
): Promise<Result> {
  clearDeadExports(folder);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await mkdir(partial, { recursive: true, mode: 0o700 });
    const result = await write(partial);
    syncFolder(partial);
    if (replace && existsSync(folder)) await swap(partial, folder);
    else await rename(partial, folder);
    syncFolder(dirname(folder));
    return result;
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    throw diskFault(folder, cause);
  }
}

/** The old folder goes only after the new one has its name. */
async function swap(partial: string, folder: string): Promise<void> {
  const old = `${partial}-old`;
  await rename(folder, old);
  try {
    await rename(partial, folder);
  } catch (cause) {
    await rename(old, folder);
    throw cause;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Why nothing may be exported into the folder, or null. */
export function folderRefusal(folder: string): Refusal | null {
  if (!existsSync(folder)) return null;
  try {
    if (readdirSync(folder).length === 0) return null;
  } catch {
    return refuse("invalid", {
      en: `Cannot export into ${folder}: it is not a readable folder`,
      zh: `无法导出到 ${folder}：不是可读的目录`,
    });
  }
  return refuse("already-exists", {
    en: `Cannot export into ${folder}: it is not empty, expected a new or an empty folder`,
    zh: `无法导出到 ${folder}：目录非空，须为新目录或空目录`,
  });
}

/** What killed exports into the same folder left behind. */
function clearDeadExports(folder: string): void {
  const prefix = `${basename(folder)}.partial-`;
  if (!existsSync(dirname(folder))) return;
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const [, pid, old] = /^(\d+)(-old)?$/.exec(name.slice(prefix.length)) ?? [];
    if (pid === undefined) continue;
    if (Number(pid) !== process.pid && birthOf(Number(pid)) !== undefined) continue;
    const left = join(dirname(folder), name);
    // Killed between two renames: what was there before is put back.
    if (old !== undefined && !existsSync(folder)) renameSync(left, folder);
    else rmSync(left, { recursive: true, force: true });
  }
}

function diskFault(folder: string, cause: unknown): unknown {
  if (cause instanceof Fault || cause instanceof StoppedByPerson) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === undefined) return cause;
  return new Fault(`Cannot export into ${folder}: ${message}`, { cause, retryable: false, code });
}
