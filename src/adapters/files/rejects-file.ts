// The file of refused rows, for the people who mend them: a CSV that spreadsheets open without running
// anything in it, readable by its owner only, and either whole or not there.

import { mkdirSync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import Papa from "papaparse";
import type { Rejects } from "../../portfolio/ports.ts";

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
    await made.writeFile(`\uFEFF${csvText([heading])}`);
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
      await syncFolder(folder);
      return path;
    },
    abandon: async () => {
      await file?.close();
      await rm(unfinished, { force: true });
    },
  };
}

function csvText(rows: readonly (readonly string[])[]): string {
  const text = Papa.unparse(rows as string[][], { escapeFormulae: true, newline: "\r\n" });
  return `${text}\r\n`;
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
