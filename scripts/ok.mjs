// `npm run ok`: the one gate. Runs every stage even when an earlier one fails, prints a line with the time for each,
// the output of those that failed, and fails at the end if any did. `--no-tests` leaves out the vitest stages (for a
// caller that has just run them), `--only=lint,types` keeps the named ones, `--report=FILE` writes the results as JSON.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { ensureInstalled } from "./bootstrap.mjs";
import { childEnvironment, commandFile, nodePath } from "./pinned-node.mjs";
import { root, run, ScriptError } from "./script.mjs";

const vitest = (project) => ({
  name: project,
  tests: true,
  args: () => [commandFile("vitest"), "run", "--project", project],
});

const stages = [
  { name: "format", args: () => [commandFile("oxfmt"), "--check"] },
  { name: "lint", args: () => [commandFile("oxlint"), "--type-aware"] },
  {
    name: "types",
    args: () => [commandFile("typescript", "tsc"), "--noEmit", "-p", "tsconfig.json"],
  },
  {
    name: "console",
    args: () => [commandFile("typescript", "tsc"), "-p", "console/tsconfig.json"],
  },
  vitest("tidy"),
  vitest("unit"),
  vitest("flow"),
  vitest("db"),
  vitest("docs"),
  { name: "knip", args: () => [commandFile("knip"), "--no-progress"] },
  { name: "build", args: () => [commandFile("typescript", "tsc"), "-p", "tsconfig.build.json"] },
  // After build, because it looks at what package.json promises in dist.
  { name: "publint", args: () => [commandFile("publint"), "--pack=false", "--strict"] },
];

function chosenStages(given) {
  const only = given
    .find((arg) => arg.startsWith("--only="))
    ?.slice("--only=".length)
    .split(",");
  const unknown = (only ?? []).filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const names = stages.map((stage) => stage.name).join(", ");
    throw new ScriptError(
      `Cannot run gate: no stage ${unknown.join(", ")}, expected some of ${names}`,
    );
  }
  return stages.filter(
    (stage) =>
      (only?.includes(stage.name) ?? true) && !(stage.tests && given.includes("--no-tests")),
  );
}

function runStage(stage) {
  const started = Date.now();
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(nodePath(), stage.args(), {
      cwd: root,
      env: childEnvironment({ NO_COLOR: "1", FORCE_COLOR: "0" }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (bytes) => (output += bytes));
    child.stderr.on("data", (bytes) => (output += bytes));
    child.once("error", (error) => resolve({ code: 1, output: String(error), durationMs: 0 }));
    child.once("close", (code) =>
      resolve({ code: code ?? 1, output, durationMs: Date.now() - started }),
    );
  });
}

await run(async () => {
  const given = process.argv.slice(2);
  const chosen = chosenStages(given);
  await ensureInstalled();
  const results = [];
  for (const stage of chosen) {
    const { code, output, durationMs } = await runStage(stage);
    const passed = code === 0;
    results.push({ name: stage.name, passed, durationMs });
    console.log(
      `${passed ? "ok  " : "FAIL"} ${stage.name.padEnd(8)} ${(durationMs / 1000).toFixed(1).padStart(6)} s`,
    );
    if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, "     "));
  }
  const report = given.find((arg) => arg.startsWith("--report="))?.slice("--report=".length);
  if (report !== undefined) writeFileSync(report, JSON.stringify(results));
  const failed = results.filter((result) => !result.passed).map((result) => result.name);
  console.log(
    failed.length === 0
      ? `Gate passed: ${results.length} stages`
      : `Gate failed: ${failed.join(", ")}`,
  );
  if (failed.length > 0) process.exitCode = 1;
});
