// Runs one file of this repository on the pinned Node, also from a fresh clone: `node scripts/run.mjs FILE ARGS`.
// The npm scripts use it because npm would take the machine's own Node while nothing is installed yet.
import { ensureInstalled } from "./bootstrap.mjs";
import { runNode } from "./pinned-node.mjs";
import { run } from "./script.mjs";

await run(async () => {
  await ensureInstalled();
  process.exitCode = await runNode(process.argv.slice(2));
});
