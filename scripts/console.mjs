// Builds the console for the browser when its sources changed since the last build, so that a fresh clone works and
// later starts are quick. `node scripts/console.mjs` builds it by itself. Plain JavaScript for Node 20, because
// `npm start` uses it first.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./bootstrap.mjs";
import { commandFile, runNode } from "./pinned-node.mjs";
import { root, run, say, ScriptError } from "./script.mjs";

const folder = join(root, "console");
const built = join(folder, "dist");
const mark = join(built, ".hash");
const sources = ["src", "public", "index.html", "vite.config.ts", "package.json"];

// The lock is part of it: other packages make other files.
function sourceHash() {
  const hash = createHash("sha256");
  hash.update(readFileSync(join(root, "package-lock.json")));
  for (const path of sources.flatMap((source) => filesUnder(source))) {
    hash.update(`${path}\n`);
    hash.update(readFileSync(join(folder, path)));
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  const entries = readdirSync(join(folder, path.split("/").slice(0, -1).join("/")), {
    withFileTypes: true,
  });
  const entry = entries.find(({ name }) => name === path.split("/").at(-1));
  if (entry === undefined) return [];
  if (!entry.isDirectory()) return path.includes(".test.") ? [] : [path];
  return readdirSync(join(folder, path))
    .toSorted()
    .flatMap((name) => filesUnder(`${path}/${name}`));
}

function isBuilt(hash) {
  return existsSync(mark) && readFileSync(mark, "utf8") === hash;
}

/** Makes console/dist fit its sources; does nothing when it already does. */
export async function ensureConsole() {
  const hash = sourceHash();
  if (isBuilt(hash)) return;
  const started = Date.now();
  say("Building the console");
  // Into a folder of its own: two starts at once do not disturb each other, nor a server that runs.
  const fresh = join(folder, `.build-${process.pid}`);
  try {
    const args = [commandFile("vite"), "build", folder, "--outDir", fresh, "--logLevel", "warn"];
    // Its words go to stderr, because stdout belongs to `--json`.
    const code = await runNode(args, { stdio: ["ignore", process.stderr, process.stderr] });
    if (code !== 0) throw new ScriptError(`Cannot build the console: vite ended with ${code}`);
    writeFileSync(join(fresh, ".hash"), hash);
    putInPlace(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  say(`Built the console in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function putInPlace(fresh) {
  const old = join(folder, `.build-old-${process.pid}`);
  mkdirSync(built, { recursive: true });
  renameSync(built, old);
  try {
    renameSync(fresh, built);
  } catch (error) {
    // Another start put its own there meanwhile: from the same sources, so it is as good.
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run(async () => {
    await ensureInstalled();
    await ensureConsole();
  });
}
