// PostgreSQL refuses to run as root and has no way to notice that its parent was killed. Both are cured here with two
// small programs of util-linux and without changing the host: `unshare -U` and `setpriv --pdeathsig`.
import { spawnSync } from "node:child_process";
import { chownSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { Fault } from "../fault.ts";
import { letOthersPass, type EmbeddedFolder } from "./embedded-folder.ts";

/** How PostgreSQL's programs are to be started. */
export type Privileges = Readonly<{
  /** Words before the program. */
  prefix: readonly string[];
  /** Same for the server, which is then interrupted (a clean, fast shutdown) when its parent dies, if that is possible here. */
  serverPrefix: readonly string[];
  /** Whether that is possible: `setpriv` exists on Linux only. */
  canDieWithParent: boolean;
  /** User id that must own the data, or undefined when it is this process's own. */
  dataOwner: number | undefined;
}>;

const nobody = 65534;

/**
 * Chooses the way for this user. An ordinary user starts the programs directly. Root (and a user id without an
 * account) goes through an unmapped user namespace: PostgreSQL sees user 65534, the files stay ours, a 0700 folder above
 * is no obstacle. Where user namespaces are forbidden root becomes `nobody`, who must then be able to reach `program`
 * and `folder`; otherwise this throws and names `DATABASE_URL`.
 */
export function choosePrivileges(program: string, folder: EmbeddedFolder): Privileges {
  if (process.getuid?.() !== 0 && hasAccount()) return withParent([], undefined);
  const namespace = ["unshare", "-U", "--"];
  if (succeeds([...namespace, "true"])) return withParent(namespace, undefined);
  const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  if (process.getuid?.() === 0) {
    letOthersPass(folder);
    if (succeeds([...asNobody, "test", "-x", program, "-a", "-x", folder.root]))
      return withParent(asNobody, nobody);
  }
  throw new Fault(
    "Cannot start PostgreSQL as this user: user namespaces are not allowed here and user nobody cannot reach " +
      `${program} and ${folder.root}; run Tidemark as an ordinary user or set DATABASE_URL to a PostgreSQL server`,
    { retryable: false },
  );
}

/** Gives a folder and all in it to the user that will run the server, when that is not so yet. */
export function giveTo(privileges: Privileges, folder: string): void {
  const owner = privileges.dataOwner ?? process.getuid?.();
  if (owner === undefined || process.getuid?.() !== 0 || statSync(folder).uid === owner) return;
  chownSync(folder, owner, owner);
  spawnSync("chown", ["-R", `${owner}:${owner}`, folder]);
}

function withParent(prefix: readonly string[], dataOwner: number | undefined): Privileges {
  // Entering a user namespace clears the signal, so the request stands after it, right before the program.
  const dying = [...prefix, "setpriv", "--pdeathsig", "INT", "--"];
  const canDieWithParent = succeeds([...dying, "true"]);
  return { prefix, serverPrefix: canDieWithParent ? dying : prefix, canDieWithParent, dataOwner };
}

function hasAccount(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

function succeeds(command: readonly string[]): boolean {
  return spawnSync(command[0] ?? "", command.slice(1), { stdio: "ignore" }).status === 0;
}
