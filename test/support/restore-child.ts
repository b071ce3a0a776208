// A process of its own that restores a backup, so that a test can kill it half-way: `node restore-child.ts URL FOLDER`.
// Prints a line per table whose first rows were stored, and "done" at the end.

import { readManifest } from "../../src/adapters/postgres/backup-manifest.ts";
import { openDatabase } from "../../src/adapters/postgres/pool.ts";
import { restoreTables } from "../../src/adapters/postgres/restore-tables.ts";

const [url, folder] = process.argv.slice(2);
if (url === undefined || folder === undefined)
  throw new Error("Cannot start: expected a URL and a folder");
const database = await openDatabase(url);
let told = "";
const result = await restoreTables(database, folder, await readManifest(folder), {
  stopped: () => false,
  onProgress: (_done, _total, table) => {
    if (table !== told) process.stdout.write(`${table}\n`);
    told = table;
  },
});
process.stdout.write(`done ${JSON.stringify(result)}\n`);
await database.close();
