// A facts file on disk: the shipped one is read whole, a broken one is told by file, line and field in both languages.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { standardFacts, standardFactsPath } from "../../../test/support/standard-facts.ts";
import { Fault } from "../fault.ts";
import { readFactsFile } from "./facts-file.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-facts-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the shipped file declares at least 25 facts, each in both languages", () => {
  expect(standardFacts.facts.size).toBeGreaterThanOrEqual(25);
  expect(readFactsFile(standardFactsPath).reachDays).toBe(1_000);
});

function faultOf(name: string, text: string | null): Fault {
  const path = join(folder, name);
  if (text !== null) writeFileSync(path, text);
  try {
    readFactsFile(path);
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error("Expected a fault");
}

test("a problem names file, line and field, what was found and what was expected", () => {
  const text = `lateDays: 30
measures:
  - id: drawn
    label: { zh: 支用, en: Drawn }
    signal: drawdown
    value: colour
    reachDays: 100
facts: []
`;
  const { text: told } = faultOf("broken.yaml", text);
  expect(told!.en).toContain(
    'broken.yaml:6 /measures/0/value: Cannot measure drawdown: found field "colour", expected one of amount',
  );
  expect(told!.zh).toContain("broken.yaml:6 /measures/0/value: 无法度量 drawdown");
});

test("text that is no YAML and a file that is not there are told too", () => {
  expect(faultOf("syntax.yaml", "lateDays: [").message).toContain("syntax.yaml");
  expect(faultOf("missing.yaml", null).message).toContain("missing.yaml");
});
