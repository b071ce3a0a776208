// Finds the pinned Node and runs programs on it instead of on the Node that happens to be on the machine. Plain
// JavaScript for Node 20 without dependencies, because it runs before anything is installed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root, ScriptError } from "./script.mjs";

const modules = join(root, "node_modules");
const oldestUnpinned = [22, 18];
const untested = "macOS, Windows and linux-arm64";

/** The installed Node of the pinned version; undefined while nothing is installed or this platform has none. */
export function pinnedNode() {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const path = join(modules, name, "bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(path) ? path : undefined;
}

/**
 * The Node to run everything with: the pinned one, or on a platform without a pinned package the Node that runs now,
 * if it is new enough to read TypeScript. Refuses otherwise and says what to install.
 */
export function nodePath() {
  const pinned = pinnedNode();
  if (pinned !== undefined) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [wantMajor, wantMinor] = oldestUnpinned;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return process.execPath;
  throw new ScriptError(
    `Cannot run: ${process.platform}-${process.arch} has no pinned Node and this one is ${process.version}, ` +
      `install Node ${oldestUnpinned.join(".")} or newer (untested platforms: ${untested})`,
  );
}

/** The JavaScript file behind a command of an installed package, to be run as `[nodePath(), path]`. */
export function commandFile(packageName, command = packageName) {
  const folder = join(modules, packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

/** The environment for children: `node` and the tools resolve to the installed ones first. */
export function childEnvironment(extra = {}) {
  const path = [dirname(nodePath()), join(modules, ".bin"), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, ...extra };
}

// A bounded young generation keeps long imports and sweeps a third smaller; it costs no time that was measured.
const heap = "--max-semi-space-size=16";

/**
 * Runs the pinned Node with `args` in the repository, passes SIGINT, SIGTERM and SIGHUP on and resolves with the exit
 * code (128 + signal number when a signal ended it). The child is stopped when this process or the npm above it is
 * killed.
 */
export function runNode(args, { env = {}, stdio = "inherit", cwd = root } = {}) {
  const [file, ...words] = [...stopWithParent(), nodePath(), heap, ...args];
  // In a process group of its own: a Ctrl-C of the terminal would otherwise reach the child twice, once from the
  // terminal and once from us, and npm sends it to us a second time as well.
  const detached = process.platform !== "win32";
  const child = spawn(file, words, { cwd, env: childEnvironment(env), stdio, detached });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(
        new ScriptError(`Cannot run ${file}: ${error.message} (untested platforms: ${untested})`),
      );
    });
    child.once("exit", (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

// On Linux the kernel tells the child when we are gone, even after `kill -9`.
function stopWithParent() {
  const setpriv = "/usr/bin/setpriv";
  return process.platform === "linux" && existsSync(setpriv)
    ? [setpriv, "--pdeathsig", "TERM"]
    : [];
}

function forwardSignals(child) {
  const lastSentMs = new Map();
  const forward = (signal) => {
    const nowMs = Date.now();
    if (nowMs - (lastSentMs.get(signal) ?? 0) < 500) return;
    lastSentMs.set(signal, nowMs);
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  const stopWatching = watchNpm(() => forward("SIGTERM"));
  return () => {
    stopWatching();
    for (const signal of signals) process.off(signal, forward);
  };
}

// npm puts a shell between itself and us. SIGTERM to npm ends that shell without reaching us, and `kill -9` of npm leaves
// the shell waiting for ever; both are seen by looking who stands above. (`npm start` says exec because SIGINT to npm
// does neither.)
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const above = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === above) return;
    clearInterval(timer);
    onGone();
  }, 200);
  timer.unref();
  return () => clearInterval(timer);
}

// The process ids of the parent and, when that is npm's shell and the system shows it, of npm.
function ancestors() {
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, "utf8");
    const isShell = /^Name:\s*(?:sh|dash|bash)$/m.test(status);
    return isShell ? `${process.ppid} ${/^PPid:.*$/m.exec(status)?.[0]}` : String(process.ppid);
  } catch {
    return String(process.ppid);
  }
}
