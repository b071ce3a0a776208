// What every script of this repository does first: makes node_modules match package-lock.json. Plain JavaScript for
// Node 20 without dependencies, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
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
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pinnedNode } from "./pinned-node.mjs";
import { root, say, ScriptError } from "./script.mjs";

const modules = join(root, "node_modules");
const marker = join(modules, ".tidemark-lock-hash");
const installLock = join(root, ".install-lock");

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

function rememberInstall() {
  writeFileSync(marker, lockHash());
}

// Somebody ran npm by hand (`npm ci --ignore-scripts`, `npm run add`): what npm noted as installed is compared with
// the lock, so that a good tree is not thrown away and a machine without a network can go on.
function isInstalledByHand() {
  const noted = join(modules, ".package-lock.json");
  if (!existsSync(noted)) return false;
  const installed = JSON.parse(readFileSync(noted, "utf8")).packages;
  const differs = ([path, entry]) =>
    path !== "" &&
    installed[path]?.version !== entry.version &&
    !(entry.optional && installed[path] === undefined);
  return !Object.entries(lockedPackages()).some(differs) && missingOptional().length === 0;
}

function lockedPackages() {
  return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
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
    if (!isInstalledByHand()) install();
    rememberInstall();
  } finally {
    rmSync(installLock, { recursive: true, force: true });
  }
}

function install() {
  const reason = existsSync(modules) ? "package-lock.json changed" : "node_modules is missing";
  const started = Date.now();
  say(`Installing packages: ${reason} (npm ci, takes a minute or two)`);
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
  const libc =
    process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc";
  const fits = (wanted, value) => wanted === undefined || wanted.includes(value);
  return Object.entries(lockedPackages())
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
