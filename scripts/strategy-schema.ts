// Writes the published JSON Schema of strategy documents to docs/reference/strategy.schema.json.
//
//   node scripts/strategy-schema.ts

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { strategySchema } from "../src/policy/strategy-shape.ts";

/** The file that this script keeps. */
export const schemaPath = fileURLToPath(
  new URL("../docs/reference/strategy.schema.json", import.meta.url),
);

/** Its contents. */
export function schemaText(): string {
  return `${JSON.stringify(strategySchema, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(schemaPath, schemaText());
  console.log(`Schema written to ${schemaPath}`);
}
