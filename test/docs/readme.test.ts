// Both READMEs say the same in the same order, short enough to be read, and print the same commands.
import { describe, expect, test } from "vitest";
import { blocksOf, linksOf, readDocument, repositoryRoot } from "../support/documents.ts";
import { commandLines, unknownCommands } from "../support/documented-commands.ts";

const paths = ["README.md", "README.zh-CN.md"] as const;
const [english, chinese] = paths.map(readDocument) as [string, string];
const mostLines = 150;

test.each(paths)("%s has at most 150 lines", (path) => {
  const lines = readDocument(path).trimEnd().split("\n").length;
  expect(lines).toBeGreaterThan(20);
  expect(lines).toBeLessThanOrEqual(mostLines);
});

describe("the two READMEs", () => {
  test("have the same headings, lists, tables and blocks in the same order", () => {
    expect(outline(chinese)).toEqual(outline(english));
  });

  test("print the same commands and give the same reason where one is not run", () => {
    expect(blocksOf(chinese).filter(isShell)).toEqual(blocksOf(english).filter(isShell));
    expect(blocksOf(english).filter(isShell).length).toBeGreaterThan(3);
  });

  test("link to the same places, each in its own language where there is one", () => {
    const plain = (text: string): readonly string[] =>
      linksOf(text).map((target) =>
        target.replace(".zh-CN.md", ".md").replace("console-zh-", "console-en-"),
      );
    expect(plain(chinese)).toEqual(plain(english));
    const translated = linksOf(english).filter(
      (target) => readDocument(target.replace(/\.md$/, ".zh-CN.md")) !== "",
    );
    for (const target of translated.filter((one) => one.endsWith(".md"))) {
      expect(linksOf(chinese)).toContain(target.replace(/(?:\.zh-CN)?\.md$/, chineseOf(target)));
    }
  });
});

test("every command in every document exists, with its options", () => {
  expect(commandLines().length).toBeGreaterThan(30);
  expect(unknownCommands(), `under ${repositoryRoot}`).toEqual([]);
});

function isShell({ language }: Readonly<{ language: string }>): boolean {
  return language === "sh";
}

// Each README links to the other one; every other document is linked in the reader's language.
function chineseOf(target: string): string {
  return target === "README.md" ? ".md" : ".zh-CN.md";
}

/** What each line of a document is, its words left out. */
function outline(text: string): readonly string[] {
  const kinds: string[] = [];
  let fenced = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      fenced = !fenced;
      kinds.push(line);
    } else if (!fenced && line !== "") {
      kinds.push(/^(?:#+|-|\||<!--)/.exec(line)?.[0] ?? "text");
    }
  }
  return kinds;
}
