// Chinese and English are equal: what people read first exists in both languages, says the same in the same order, prints
// the same commands, and leads on in the reader's language.
import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import {
  blocksOf,
  linksOf,
  outlineOf,
  quotedIn,
  proseOf,
  readDocument,
  readDocuments,
  repositoryRoot,
} from "../support/documents.ts";

const documents = [...readDocuments().keys()];
const pairs = documents
  .filter((path) => path.endsWith(".zh-CN.md"))
  .map((path) => [path.replace(".zh-CN.md", ".md"), path] as const);

test("guides and what stands at the root for users are there in both languages", () => {
  const wanted = documents.filter((path) =>
    /^docs\/guides\/|^(?:README|SECURITY|CONTRIBUTING)\./.test(path),
  );
  expect(new Set(pairs.flat())).toEqual(new Set(wanted));
  expect(pairs.length).toBeGreaterThan(15);
});

describe.each(pairs)("%s and %s", (englishPath, chinesePath) => {
  const [english, chinese] = [readDocument(englishPath), readDocument(chinesePath)];

  test("lead to each other before anything else", () => {
    const [own, other] = [englishPath, chinesePath].map((path) => posix.basename(path));
    expect(english).toMatch(new RegExp(`^# .+\n\nEnglish · \\[中文\\]\\(${other}\\)\n`));
    expect(chinese).toMatch(new RegExp(`^# .+\n\n\\[English\\]\\(${own}\\) · 中文\n`));
  });

  test("have the same headings, lists, tables and blocks in the same order", () => {
    expect(outlineOf(chinese)).toEqual(outlineOf(english));
  });

  test("print the same commands and give the same reason where one is not run", () => {
    const commands = (text: string) => blocksOf(text).filter(({ language }) => language === "sh");
    expect(commands(chinese)).toEqual(commands(english));
  });

  test("name the same things of the program", () => {
    const named = (text: string) =>
      [...new Set(quotedIn(proseOf(text)))]
        .filter((word) => /^[\x20-\x7e]+$/.test(word))
        .toSorted();
    expect(named(chinese)).toEqual(named(english));
  });

  test("link to the same places, each in its own language where there is one", () => {
    expect(placesOf(chinesePath, chinese)).toEqual(
      placesOf(englishPath, english).map(inChinese).toSorted(),
    );
  });
});

/** The files that a document links to, without the link to its other language. */
function placesOf(path: string, text: string): readonly string[] {
  const [, ...links] = linksOf(text);
  return links
    .map((target) => target.split("#")[0] ?? "")
    .filter((file) => file !== "")
    .map((file) => posix.join(dirname(path), file))
    .toSorted();
}

function inChinese(path: string): string {
  const other = path.replace(/\.md$/, ".zh-CN.md").replace(/(console|notice)-en\b/, "$1-zh");
  return existsSync(join(repositoryRoot, other)) ? other : path;
}
