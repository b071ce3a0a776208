// The file of refused rows, for the people who mend them: a CSV that spreadsheets open without running
// anything in it, readable by its owner only, and either whole or not there.

import { mkdirSync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Rejects } from "../../portfolio/ports.ts";
import { byteOrderMark, csvText } from "../csv-text.ts";
import { syncFolder } from "../sync-folder.ts";

const heading = ["line", "column", "found", "expected", "reason", "应为", "原因"] as const;

/**
 * Rejects of one import, in `FOLDER/rejects-IMPORT.csv`: nothing is made before the first one, and the file
 * gets its name only when it is finished. UTF-8 with a byte order mark, mode 0600, formulas disarmed.
 */
export function openRejects(folder: string, importId: string): Rejects {
  const path = join(folder, `rejects-${importId}.csv`);
  const unfinished = `${path}.part`;
  let file: FileHandle | null = null;
  const begin = async (): Promise<FileHandle> => {
    mkdirSync(folder, { recursive: true });
    const made = await open(unfinished, "w", 0o600);
    await made.writeFile(byteOrderMark + csvText([heading]));
    return made;
  };
  return {
    write: async (problems) => {
      file ??= await begin();
      const rows = problems.map(({ line, column, found, expected, why }) => [
        String(line),
        column,
        found,
        expected.en,
        why.en,
        expected.zh,
        why.zh,
      ]);
      await file.appendFile(csvText(rows));
    },
    finish: async () => {
      if (file === null) return null;
      await file.sync();
      await file.close();
      await rename(unfinished, path);
      syncFolder(folder);
      return path;
    },
    abandon: async () => {
      await file?.close();
      await rm(unfinished, { force: true });
    },
  };
}
