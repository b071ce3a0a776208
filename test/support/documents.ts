// Markdown as the document tests read it: which files there are, their fenced blocks with the comment before them, their
// tables and their links. Small on purpose; the documents keep to what it understands.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTree } from "../tidy/tree.ts";

export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Text of every Markdown file by its path relative to the repository. */
export function readDocuments(): ReadonlyMap<string, string> {
  return new Map([...readTree(repositoryRoot)].filter(([path]) => path.endsWith(".md")));
}

/** Text of one file; empty when it does not exist, so that a test can say what is missing. */
export function readDocument(path: string): string {
  const file = join(repositoryRoot, path);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** A fenced block. `notRun` is the reason in the HTML comment right before it, null when it has none. */
export type Block = Readonly<{ language: string; text: string; notRun: string | null }>;

const fence = /(?:<!-- not run: ([^>]+?) -->\s*)?^```(\S*)\n([\s\S]*?)^```$/gm;

export function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(fence)].map(([, reason, language = "", body = ""]) => ({
    language,
    text: body,
    notRun: reason ?? null,
  }));
}

/** A document without its fenced blocks and comments. */
export function proseOf(text: string): string {
  return text.replaceAll(fence, "").replaceAll(/<!--[\s\S]*?-->/g, "");
}

/** A table: heading and rows of trimmed cells. */
export type Table = Readonly<{
  heading: readonly string[];
  rows: readonly (readonly string[])[];
}>;

export function tablesOf(text: string): readonly Table[] {
  return [...text.matchAll(/(?:^\|.*\|\n)+/gm)].map(([lines]) => {
    const [heading = [], , ...rows] = lines
      .trimEnd()
      .split("\n")
      .map((line) =>
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      );
    return { heading, rows };
  });
}

/** Words in code quotes, in order. */
export function quotedIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = ""]) => word);
}

/** Targets of links, without those that leave the repository. */
export function linksOf(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What each line of a document is, its words left out. */
export function outlineOf(text: string): readonly string[] {
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
