// A process of its own that imports one file into a store that keeps nothing, so that its memory is that of the
// import alone: `node import-child.ts FILE MAPPING`. Prints one line of JSON: the summary and the peak memory.

import { openLines } from "../../src/adapters/files/open-lines.ts";
import { readMappingFile } from "../../src/adapters/files/mapping-file.ts";
import { importLines } from "../../src/portfolio/import-lines.ts";
import { parseMapping } from "../../src/portfolio/parse-mapping.ts";
import { forgetfulStore } from "./forgetful-store.ts";
import { importWorld, keepRejects, operator } from "./import-world.ts";

const [path, mappingPath] = process.argv.slice(2);
if (path === undefined || mappingPath === undefined) {
  throw new Error("Cannot start: expected a file and a mapping");
}
const read = await readMappingFile(mappingPath, parseMapping);
if ("problems" in read) throw new Error(read.problems.map((problem) => problem.en).join("\n"));
const world = importWorld(forgetfulStore());
const started = Date.now();
const outcome = await importLines(
  world,
  await openLines(path, { format: read.mapping.format }),
  read.mapping,
  {
    actor: operator,
    importId: world.ids.fresh(),
    dryRun: false,
    rejects: keepRejects(),
  },
);
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1_000);
const durationMs = Date.now() - started;
process.stdout.write(`${JSON.stringify({ outcome, peakMegabytes, durationMs })}\n`);
