// Where everything of the embedded PostgreSQL lies inside a data folder, and the promise that all of it is private:
// the folder is 0700 and the socket in it is the only way in, which is why the server may trust whoever reaches it.
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "../fault.ts";

/** Paths of one embedded database; all are inside `root` except perhaps the socket folder. */
export type EmbeddedFolder = Readonly<{
  root: string;
  /** PostgreSQL's own data directory. */
  cluster: string;
  /** First made under a name that begins so, then renamed to `cluster`: a killed first start leaves no half-made database. */
  unfinishedClusterPrefix: string;
  /** The pipe every user keeps open; when the last writer is gone the supervisor stops the server. */
  usersPipe: string;
  /** One empty file per user, only to know whether others are left. */
  usersDirectory: string;
  lock: string;
  log: string;
  /** Library links, when they cannot be made beside the libraries. */
  libraries: string;
}>;

/** The port names the socket file only; nothing listens on the network. */
export const socketPort = 5432;

// sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
const longestSocketPathBytes = 100;

/** Makes `dataDir/postgres` (0700) when missing. Refuses a folder that belongs to another user. */
export function openFolder(dataDir: string): EmbeddedFolder {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const root = join(realpathSync(dataDir), "postgres");
  mkdirSync(root, { recursive: true, mode: 0o700 });
  refuseOtherOwner(root);
  const usersDirectory = join(root, "users");
  mkdirSync(usersDirectory, { recursive: true, mode: 0o700 });
  return {
    root,
    cluster: join(root, "cluster"),
    unfinishedClusterPrefix: join(root, "cluster."),
    usersPipe: join(root, "users.pipe"),
    usersDirectory,
    lock: join(root, "start.lock"),
    log: join(root, "server.log"),
    libraries: join(root, "lib"),
  };
}

/**
 * The private folder of the Unix socket: inside the data folder, or, when that path is too long for a socket, a
 * folder under the system's temporary directory whose name is kept in `socket-folder`.
 */
export function socketFolder(folder: EmbeddedFolder): string {
  const inside = join(folder.root, "socket");
  if (fitsSocket(inside)) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return inside;
  }
  const note = join(folder.root, "socket-folder");
  const kept = readNote(note);
  if (kept !== undefined && isPrivateFolder(kept)) return kept;
  const base = fitsSocket(join(tmpdir(), "tidemark-XXXXXX")) ? tmpdir() : "/tmp";
  const made = mkdtempSync(join(base, "tidemark-"));
  writeFileSync(note, made, { mode: 0o600 });
  return made;
}

/** Removes a socket folder outside the data folder, once the server is gone. */
export function forgetSocketFolder(folder: EmbeddedFolder): void {
  const note = join(folder.root, "socket-folder");
  const kept = readNote(note);
  if (kept === undefined) return;
  if (isPrivateFolder(kept)) rmSync(kept, { recursive: true, force: true });
  rmSync(note, { force: true });
}

/** Major version of the database in the folder, or undefined when there is none yet. */
export function clusterMajor(folder: EmbeddedFolder): number | undefined {
  const text = readNote(join(folder.cluster, "PG_VERSION"));
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

/** Lets another user id pass through (not list) the folder; needed only where the server cannot run as this user. */
export function letOthersPass(folder: EmbeddedFolder): void {
  chmodSync(folder.root, 0o711);
}

function refuseOtherOwner(root: string): void {
  const own = process.getuid?.();
  const owner = statSync(root).uid;
  if (own === undefined || owner === own) return;
  throw new Fault(
    `Cannot use data folder ${root}: it belongs to user id ${owner}, this process is user id ${own}`,
    {
      retryable: false,
    },
  );
}

function fitsSocket(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${socketPort}`)) <= longestSocketPathBytes;
}

/** Somebody else could have put a folder of that name into a shared temporary directory. */
function isPrivateFolder(path: string): boolean {
  try {
    const found = lstatSync(path);
    return (
      found.isDirectory() &&
      (found.mode & 0o077) === 0 &&
      [process.getuid?.(), 65534].includes(found.uid)
    );
  } catch {
    return false;
  }
}

function readNote(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
