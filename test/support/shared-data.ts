// Third-party data and vectors are too large or too foreign to live here. Tests that use them find the folder through
// this file only (TIDEMARK_SHARED, or ../shared beside the repository) and report themselves as skipped where it is
// missing: `test.skipIf(!hasShared(FILE))("…", () => read(sharedPath(FILE)))`.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const sharedRoot = resolve(repository, process.env["TIDEMARK_SHARED"] ?? "../shared");

/** Absolute path of a shared file or folder (`data/uci_taiwan`, `vectors/rfc8785`), whether it exists or not. */
export function sharedPath(relativePath: string): string {
  return resolve(sharedRoot, relativePath);
}

/** Is this shared file or folder there? Tests that need it are skipped otherwise. */
export function hasShared(relativePath: string): boolean {
  return existsSync(sharedPath(relativePath));
}
