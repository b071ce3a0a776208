// Both languages hold the same messages, and a catalogue that does not is refused with the place named.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { catalogueOf, readCatalogue, readTexts, shippedTexts } from "./catalogue.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-texts-"));
  cpSync(shippedTexts, folder, { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Texts = Record<string, unknown>;

function edit(language: "zh" | "en", change: (texts: Texts) => void): void {
  const path = join(folder, `notices.${language}.json`);
  const texts = JSON.parse(readFileSync(path, "utf8")) as Texts;
  change(texts);
  writeFileSync(path, JSON.stringify(texts));
}

describe("the shipped catalogue", () => {
  test("is complete", () => {
    expect(readCatalogue(shippedTexts).format("en", "heading.reasons", {})).toBe("Why");
    expect(readCatalogue(shippedTexts).format("zh", "heading.reasons", {})).toBe("原因");
  });

  test("holds the same keys in both languages", () => {
    const keys = (language: string): readonly string[] =>
      Object.keys(
        JSON.parse(readFileSync(join(shippedTexts, `notices.${language}.json`), "utf8")) as object,
      );
    expect(keys("zh")).toEqual(keys("en"));
  });
});

describe("readCatalogue", () => {
  const keys = Object.keys(
    JSON.parse(readFileSync(join(shippedTexts, "notices.en.json"), "utf8")) as object,
  );

  test.each(keys.flatMap((key) => [["zh", key] as const, ["en", key] as const]))(
    "misses, in %s, %s",
    (language, key) => {
      edit(language, (texts) => delete texts[key]);
      expect(() => readCatalogue(folder)).toThrow(
        `${language}: found nothing at ${key}, expected a message`,
      );
    },
  );

  test.each([
    [
      "an unknown key",
      (texts: Texts) => (texts["decrease.footer"] = "x"),
      "found key decrease.footer",
    ],
    [
      "an empty text",
      (texts: Texts) => (texts["heading.reasons"] = " "),
      'found " " at heading.reasons',
    ],
    [
      "a text that is no text",
      (texts: Texts) => (texts["heading.reasons"] = 1),
      "found 1 at heading.reasons",
    ],
    [
      "a broken message",
      (texts: Texts) => (texts["wayBack.review"] = "On {reviewOn"),
      "expected an ICU message",
    ],
    [
      "a forbidden phrase",
      (texts: Texts) => (texts["heading.reasons"] = "Following our internal policy"),
      'found forbidden phrase "internal policy" at heading.reasons',
    ],
    [
      "another argument than the other language",
      (texts: Texts) => (texts["wayBack.review"] = "On {effectiveOn}"),
      "found arguments reviewOn in zh and effectiveOn in en at wayBack.review",
    ],
  ])("refuses %s", (_, change, message) => {
    edit("en", change);
    expect(() => readCatalogue(folder)).toThrow(message);
  });

  test("names the file that cannot be read", () => {
    rmSync(join(folder, "notices.zh.json"));
    expect(() => readCatalogue(folder)).toThrow(/Cannot read notice texts .*notices\.zh\.json/);
  });
});

describe("catalogueOf", () => {
  const shipped = readTexts(shippedTexts);
  const problemsOf = (document: unknown): readonly string[] => {
    const made = catalogueOf(document, readCatalogue(shippedTexts));
    return "problems" in made ? made.problems.map(({ en }) => en) : [];
  };
  const both = (key: string, zh: string, en: string): unknown => ({
    zh: { ...shipped.zh, [key]: zh },
    en: { ...shipped.en, [key]: en },
  });

  test("takes other words that tell the same", () => {
    const words = both("wayBack.review", "{reviewOn}重新评估", "Next look: {reviewOn}");
    expect(problemsOf(words)).toEqual([]);
  });

  test("refuses words that leave something out or make something up", () => {
    expect(problemsOf(both("wayBack.review", "以后评估", "Some day"))).toEqual([
      "found arguments none at wayBack.review, expected reviewOn",
    ]);
    expect(problemsOf(both("heading.reasons", "{name}", "{name}"))).toEqual([
      "found arguments name at heading.reasons, expected none",
    ]);
  });

  test.each([null, [], {}, { zh: shipped.zh }, { zh: 1, en: "x" }])("refuses %j", (document) => {
    expect(problemsOf(document).length).toBeGreaterThan(0);
  });
});
