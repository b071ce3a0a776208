// Registers the lines of the sweep bench in a process of its own, on all cores: `node load.ts FOLDER LINES SHARE`.

import { readConfig } from "../src/adapters/config.ts";
import type { Config } from "../src/adapters/settings.ts";
import { compose } from "../src/compose.ts";
import { openCrew } from "../src/crew.ts";
import { run as loadShare, type LoadInput } from "./load-job.ts";

/** A Tidemark of its own in this folder, whatever the environment says. */
export function configFor(folder: string): Config {
  return readConfig({ dataFolder: folder, logLevel: "error" }, {}, folder);
}

async function load(folder: string, lines: number, share: number): Promise<void> {
  const tidemark = await compose(configFor(folder), { migrations: "require" });
  const crew = openCrew(tidemark);
  try {
    const asOf = tidemark.world.clock.dateOf(await tidemark.world.clock.now());
    const input: LoadInput = { lines, share, asOf, first: 1, shares: crew.size + 1 };
    const own = { ...input, first: 0 };
    await Promise.all([
      loadShare(tidemark, own, { member: 0, size: 1, stopped: () => false }),
      crew.run(new URL("./load-job.ts", import.meta.url), input),
    ]);
  } finally {
    await crew.close();
    await tidemark.close();
  }
}

if (import.meta.main) {
  const [folder, lines, share] = process.argv.slice(2);
  await load(folder!, Number(lines), Number(share));
}
