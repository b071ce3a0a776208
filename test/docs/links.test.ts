// No document points at something that is not there: links, their headings, and paths in code quotes.
import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { expect, test } from "vitest";
import {
  linksOf,
  proseOf,
  quotedIn,
  readDocument,
  readDocuments,
  repositoryRoot,
} from "../support/documents.ts";

const documents = [...readDocuments()];
const folders = "src|test|docs|scripts|examples|strategies|compliance-packs|migrations|texts|\\.ci";
const pathForm = new RegExp(
  `^(?:(?:${folders})/[\\w./-]*|[A-Z]+(?:\\.zh-CN)?\\.md|[\\w-]+\\.json)$`,
);

test("there are documents", () => {
  expect(documents.length).toBeGreaterThan(15);
});

test.each(documents)("every link in %s leads somewhere", (path, text) => {
  const broken = linksOf(text).filter((target) => {
    const [file = "", heading] = target.split("#");
    const at = file === "" ? path : posix.join(dirname(path), file);
    if (!existsSync(join(repositoryRoot, at))) return true;
    return heading !== undefined && !anchorsOf(readDocument(at)).includes(heading);
  });
  expect(broken).toEqual([]);
});

test.each(documents)("every path named in %s exists", (path, text) => {
  const missing = quotedIn(proseOf(text))
    .filter((word) => pathForm.test(word) && !madeLater(word))
    .filter(
      (word) =>
        ![repositoryRoot, join(repositoryRoot, dirname(path))].some((root) =>
          existsSync(join(root, word)),
        ),
    );
  expect(missing).toEqual([]);
});

// Names that stand for files which a reader makes, or that Tidemark makes in the data folder.
function madeLater(word: string): boolean {
  return /YEAR|JURISDICTION|NAME|master\.json/.test(word);
}

function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}
