// A process id alone does not name a process: after a kill or a reboot the number is given to somebody else. Here a
// process is its id together with the moment it was born, so that a stale lock is never mistaken for a living one.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process, named so that a later process with the same number is not mistaken for it. */
export type ProcessIdentity = Readonly<{ pid: number; birth: string }>;

/**
 * The moment of birth of a process in an opaque form that is stable for its life, or undefined when no such process
 * runs. A zombie counts as gone. On Linux it is the start time in clock ticks (`proc(5)`, stat field 22), else `ps -o lstart=`.
 */
export function birthOf(pid: number): string | undefined {
  if (process.platform !== "linux") return birthByPs(pid);
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets and may itself hold brackets and spaces.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? undefined : rest[18];
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, birth: birthOf(process.pid) ?? "unknown" };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return birthOf(identity.pid) === identity.birth;
}

/** The command line of a running process with blanks between the words; empty when it cannot be read. */
export function commandLineOf(pid: number): string {
  if (process.platform === "linux")
    return (readOrUndefined(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ");
  return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
}

function birthByPs(pid: number): string | undefined {
  const answer = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
    encoding: "utf8",
  }).stdout?.trim();
  if (!answer || answer.startsWith("Z")) return undefined;
  return answer.replace(/^\S+\s+/, "").replaceAll(/\s+/g, "_");
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
