// `npm run docs`: writes the reference documents that test/docs/reference.test.ts holds against the code.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { referenceDocs } from "./reference-docs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

for (const [path, text] of referenceDocs()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
