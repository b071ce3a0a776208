// A file that was made, renamed or removed survives a power cut only when its folder was flushed too: a promise of its
// own, beside the flushing of the file.

import { closeSync, fsyncSync, openSync } from "node:fs";

/** Flushes the names in a folder to the disk. Windows has no such call and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
