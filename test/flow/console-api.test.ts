// The console knows only the OpenAPI document: what it was given of it is the document as it is now.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { apiDocument, fingerprintOf, rightsOf } from "../../scripts/console-api.ts";

const folder = new URL("../../console/src/api/", import.meta.url);
const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, folder)), "utf8");

test("the console's types and rights are those of the routes as they are: else npm run console:api", async () => {
  const document = await apiDocument();
  expect(read("schema.ts").split("\n", 1)[0]).toContain(fingerprintOf(document));
  expect(JSON.parse(read("rights.json"))).toEqual(rightsOf(document));
});
