// What every script of this repository does first: installs the locked packages when they are missing or the lock
// changed, and runs a program on the pinned Node instead of the one that happens to be on the machine. Plain
// JavaScript for Node 20 without dependencies, because it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const modules = join(root, "node_modules");
const marker = join(modules, ".tidemark-lock-hash");
const installLock = join(root, ".install-lock");
const oldestUnpinned = [22, 18];
const untested = "macOS, Windows and linux-arm64";

/** A problem the reader can act on; printed without a stack. */
export class ScriptError extends Error {}

/** Prints one line of progress on stderr, so that `--json` output on stdout stays clean. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs `main` and turns a ScriptError into one line and exit code 1. */
export async function run(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

// The platform is part of the hash: a tree carried to another machine holds the wrong binaries.
function lockHash() {
  const hash = createHash("sha256");
  hash.update(`${process.platform}-${process.arch}\n`);
  hash.update(readFileSync(join(root, "package-lock.json")));
  return hash.digest("hex");
}

function isInstalled() {
  return existsSync(marker) && readFileSync(marker, "utf8") === lockHash();
}

/** Notes that node_modules matches package-lock.json now (after `npm run add`, which installs by itself). */
export function rememberInstall() {
  writeFileSync(marker, lockHash());
}

/**
 * Makes node_modules match package-lock.json; does nothing when it already does. Installs one at a time: a second
 * process waits for the first. Works with install scripts off.
 */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await takeInstallLock();
  try {
    if (isInstalled()) return;
    install();
    rememberInstall();
  } finally {
    rmSync(installLock, { recursive: true, force: true });
  }
}

function install() {
  const reason = existsSync(modules) ? "package-lock.json changed" : "node_modules is missing";
  const started = Date.now();
  say(`Installing packages: ${reason} (npm ci, up to a minute)`);
  npmCi(process.execPath);
  if (missingOptional().length > 0) reinstallOnPinnedNode();
  const missing = missingOptional();
  if (missing.length > 0)
    throw new ScriptError(`Cannot install: npm skipped ${missing.join(", ")}`);
  say(`Installed packages in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

// npm leaves out optional packages whose `engines` exclude the Node it runs on, and early releases of Node 20 are
// excluded by the native parts of the tools. The pinned Node has no such limit by now, so it runs npm once more, from
// a copy because npm ci empties node_modules.
function reinstallOnPinnedNode() {
  const pinned = pinnedNode();
  if (pinned === undefined || npmCli() === undefined) return;
  say(
    `Installing packages again on the pinned Node: ${process.version} is too old for some of them`,
  );
  const folder = mkdtempSync(join(tmpdir(), "tidemark-node-"));
  try {
    const copy = join(folder, process.platform === "win32" ? "node.exe" : "node");
    cpSync(pinned, copy);
    npmCi(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// npm itself as a JavaScript file: npm names it when it runs us, otherwise it lies beside Node.
function npmCli() {
  const beside = [
    process.env.npm_execpath,
    join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js"),
    join(dirname(process.execPath), "..", "share", "nodejs", "npm", "bin", "npm-cli.js"),
  ];
  return beside.find((path) => path?.endsWith("npm-cli.js") && existsSync(path));
}

function npmCi(node) {
  const options = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const cli = npmCli();
  const windows = process.platform === "win32";
  const [file, args] =
    cli === undefined ? [windows ? "npm.cmd" : "npm", options] : [node, [cli, ...options]];
  const done = spawnSync(file, args, {
    cwd: root,
    encoding: "utf8",
    shell: windows && cli === undefined,
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
  });
  if (done.error !== undefined)
    throw new ScriptError(`Cannot install: npm does not start (${done.error.message})`);
  if (done.status !== 0) {
    say(`${done.stdout}${done.stderr}`.trim());
    throw new ScriptError(`Cannot install: npm ci ended with ${done.status ?? done.signal}`);
  }
}

// Optional packages of the lock that belong on this machine and are not there.
function missingOptional() {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const libc =
    process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc";
  const fits = (wanted, value) => wanted === undefined || wanted.includes(value);
  return Object.entries(lock.packages)
    .filter(([, entry]) => entry.optional && entry.os !== undefined)
    .filter(([, entry]) => fits(entry.os, process.platform) && fits(entry.cpu, process.arch))
    .filter(([, entry]) => process.platform !== "linux" || fits(entry.libc, libc))
    .map(([path]) => path)
    .filter((path) => !existsSync(join(root, path)));
}

// A folder, because mkdir is atomic everywhere; it names its owner so that one left by `kill -9` does not block.
async function takeInstallLock() {
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(installLock);
      writeFileSync(join(installLock, "pid"), String(process.pid));
      return;
    } catch (error) {
      if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") {
        throw new ScriptError(
          `Cannot install: ${root} is not writable and its packages do not match package-lock.json`,
        );
      }
      if (error.code !== "EEXIST") throw error;
    }
    if (isAbandoned()) rmSync(installLock, { recursive: true, force: true });
    else if (!waited) say("Waiting for another process that installs the packages");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isAbandoned() {
  try {
    const owner = join(installLock, "pid");
    if (!existsSync(owner)) return Date.now() - statSync(installLock).mtimeMs > 5_000;
    process.kill(Number(readFileSync(owner, "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function pinnedNode() {
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

/**
 * Runs the pinned Node with `args` in the repository, passes SIGINT, SIGTERM and SIGHUP on and resolves with the exit
 * code (128 + signal number when a signal ended it).
 */
export function runNode(args, { env = {}, stdio = "inherit", cwd = root } = {}) {
  // In a process group of its own: a Ctrl-C of the terminal would otherwise reach the child twice, once from the
  // terminal and once from us, and npm sends it to us a second time as well.
  const detached = process.platform !== "win32";
  const child = spawn(nodePath(), args, { cwd, env: childEnvironment(env), stdio, detached });
  const lastSent = new Map();
  const forward = (signal) => {
    const now = Date.now();
    if (now - (lastSent.get(signal) ?? 0) < 500) return;
    lastSent.set(signal, now);
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(
        new ScriptError(
          `Cannot run ${nodePath()}: ${error.message} (untested platforms: ${untested})`,
        ),
      );
    });
    child.once("exit", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

// `node scripts/bootstrap.mjs remember` ends `npm run add`.
if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === "remember")
  rememberInstall();
