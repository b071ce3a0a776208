// `npm run bench -- NAME [--json]`: runs bench/NAME.ts on the pinned Node. What Tidemark is measured against is installed
// into bench/ on first use, from a lock of its own, so that nobody who only runs Tidemark has it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "./bootstrap.mjs";
import { childEnvironment, runNode } from "./pinned-node.mjs";
import { root, run, say, ScriptError } from "./script.mjs";

const folder = join(root, "bench");
const notBenches = new Set(["harness"]);

function benchNames() {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .filter(
      (name) =>
        !notBenches.has(name) &&
        readFileSync(join(folder, `${name}.ts`), "utf8").includes("runBench("),
    )
    .toSorted();
}

function installPeers() {
  const lock = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  const marker = join(folder, "node_modules", ".tidemark-lock-hash");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lock) return;
  say("Installing what Tidemark is measured against (npm ci in bench/)");
  const windows = process.platform === "win32";
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = spawnSync(windows ? "npm.cmd" : "npm", args, {
    cwd: folder,
    encoding: "utf8",
    shell: windows,
    env: childEnvironment(),
  });
  if (done.status !== 0) {
    throw new ScriptError(
      `Cannot install into bench/: ${done.stderr ?? done.error?.message}`.trim(),
    );
  }
  writeFileSync(marker, lock);
}

await run(async () => {
  const [name, ...args] = process.argv.slice(2);
  const names = benchNames();
  if (name === undefined || !names.includes(name)) {
    throw new ScriptError(
      `Cannot run bench: found ${name ?? "no name"}, expected one of ${names.join(", ")}`,
    );
  }
  await ensureInstalled();
  installPeers();
  process.exitCode = await runNode([join("bench", `${name}.ts`), ...args]);
});
