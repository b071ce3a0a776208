// Every table can be taken along: none stands outside the frame that exports it, and a part of a longer list stands beside
// the export of the whole.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".tsx"))
  .map((path) => [path, readFileSync(join(folder, path), "utf8")] as const);

test("no table stands outside the frame that exports it", () => {
  const drawn = sources.filter(([, text]) => /<table[\s>]/.test(text)).map(([path]) => path);
  expect(drawn).toEqual([join("parts", "table-frame.tsx")]);
});

test("what is only part of a list stands beside the export of the whole", () => {
  const partly = sources.filter(([, text]) => /<DataTable[^>]*\bpartly\b/.test(text));
  expect(partly.length).toBeGreaterThan(2);
  for (const [path, text] of partly)
    expect([path, text]).toEqual([path, expect.stringContaining("<ExportButton")]);
});
