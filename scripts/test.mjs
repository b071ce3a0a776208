// `npm test`: installs what is missing and runs every vitest project on the pinned Node; further arguments go to
// vitest. `--long` runs the long project instead, which the daily suite leaves out.
import { ensureInstalled } from "./bootstrap.mjs";
import { commandFile, runNode } from "./pinned-node.mjs";
import { run } from "./script.mjs";

await run(async () => {
  await ensureInstalled();
  const given = process.argv.slice(2);
  const long = given.includes("--long");
  const args = [commandFile("vitest"), "run", ...given.filter((arg) => arg !== "--long")];
  if (long) args.push("--project", "long");
  process.exitCode = await runNode(args, { env: long ? { TIDEMARK_LONG: "1" } : {} });
});
