// The console knows only the OpenAPI document: what it was given of it is the document as it is now.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { signalCatalogue } from "../../src/domain/signal-catalogue.ts";
import { lineSignalTypes } from "../../src/domain/signal.ts";
import { apiDocument, fingerprintOf, rightsOf } from "../../scripts/console-api.ts";

const folder = new URL("../../console/src/api/", import.meta.url);
const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, folder)), "utf8");

test("the console's types and rights are those of the routes as they are: else npm run console:api", async () => {
  const document = await apiDocument();
  expect(read("schema.ts").split("\n", 1)[0]).toContain(fingerprintOf(document));
  expect(JSON.parse(read("rights.json"))).toEqual(rightsOf(document));
});

test("the console calls the types of signals by the names of the catalogue", () => {
  for (const language of ["en", "zh"] as const) {
    const file = fileURLToPath(
      new URL(`../../console/src/texts/${language}.json`, import.meta.url),
    );
    const texts = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;
    for (const type of lineSignalTypes) {
      expect(texts[`signalType.${type}`], type).toBe(signalCatalogue[type].label[language]);
    }
  }
});
