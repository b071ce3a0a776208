// A process of its own that opens files one after another, so that time and memory are theirs alone: `node open-child.ts
// FILE…`. Prints a line of JSON per file: what was said, CPU time, and by how much the process grew.

import { FileFault } from "../../src/adapters/files/file-fault.ts";
import type { LinesFormat } from "../../src/adapters/files/lines-format.ts";
import { openLines } from "../../src/adapters/files/open-lines.ts";

/** What became of one file. */
export type Opened = Readonly<{
  path: string;
  refused: Readonly<{ en: string; zh: string }> | null;
  cpuMs: number;
  grownMegabytes: number;
}>;

const format: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};

async function opened(path: string): Promise<Opened> {
  const cpu = process.cpuUsage();
  const before = process.resourceUsage().maxRSS;
  const refused = await openLines(path, { format }).then(
    () => null,
    (error: unknown) => {
      if (error instanceof FileFault) return error.text;
      throw error;
    },
  );
  const { user, system } = process.cpuUsage(cpu);
  return {
    path,
    refused,
    cpuMs: Math.round((user + system) / 1_000),
    grownMegabytes: Math.round((process.resourceUsage().maxRSS - before) / 1_000),
  };
}

for (const path of process.argv.slice(2)) {
  process.stdout.write(`${JSON.stringify(await opened(path))}\n`);
}
