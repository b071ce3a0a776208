// `npm start`: from a fresh clone to a running Tidemark in one command. It installs what is missing, builds
// the console when its sources changed and hands over to `tidemark start` on the pinned Node; everything after that
// belongs to src/cli.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "./bootstrap.mjs";
import { ensureConsole } from "./console.mjs";
import { runNode } from "./pinned-node.mjs";
import { root, run, ScriptError } from "./script.mjs";

await run(async () => {
  await ensureInstalled();
  await ensureConsole();
  const main = join("src", "cli", "main.ts");
  if (!existsSync(join(root, main))) throw new ScriptError(`Cannot start: ${main} is missing`);
  process.exitCode = await runNode([main, "start", ...process.argv.slice(2)]);
});
