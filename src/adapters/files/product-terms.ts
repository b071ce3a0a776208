// The product terms beside a pack: what its contract values rest on. A lender writes them as a table, one term a row,
// so that people can read them and a check can find them.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const row = /^\|\s*(\d+\.\d+)\s*\|\s*(\S[^|]*)\|\s*(\S[^|]*)\|\s*$/gm;

/** Numbers of the terms in `FOLDER/JURISDICTION/product-terms.md` that stand there in both languages. */
export function readProductTerms(folder: string, jurisdiction: string): ReadonlySet<string> {
  const path = join(folder, jurisdiction, "product-terms.md");
  if (!existsSync(path)) return new Set();
  const rows = readFileSync(path, "utf8").matchAll(row);
  return new Set([...rows].map(([, number = ""]) => number));
}
