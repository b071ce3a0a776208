// `npm run test:browser`: the console in a real browser, over a server and a small demo of its own. It needs Debian's
// chromium (or the one that CHROMIUM names) and says so when there is none. Arguments go to vitest.
import { existsSync } from "node:fs";
import { ensureInstalled } from "./bootstrap.mjs";
import { ensureConsole } from "./console.mjs";
import { commandFile, runNode } from "./pinned-node.mjs";
import { run, ScriptError } from "./script.mjs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

await run(async () => {
  const named = process.env["CHROMIUM"];
  const browser = named ?? places.find((place) => existsSync(place));
  if (browser === undefined || !existsSync(browser)) {
    throw new ScriptError(
      `Cannot test in a browser: ${named ?? places[0]} is missing, run apt-get install chromium fonts-noto-cjk`,
    );
  }
  await ensureInstalled();
  await ensureConsole();
  const args = [commandFile("vitest"), "run", "--project", "browser", ...process.argv.slice(2)];
  process.exitCode = await runNode(args, { env: { TIDEMARK_BROWSER: "1", CHROMIUM: browser } });
});
