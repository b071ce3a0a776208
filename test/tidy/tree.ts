// A repository as a map from path to text: the only input of every tidy rule, so that a rule can be shown to fail on a
// small invented tree exactly as it would on the real one.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Text of each file by its path relative to the repository, with forward slashes. */
export type Tree = ReadonlyMap<string, string>;

/** One breach of a rule: where, and what to do about it. */
export type Violation = Readonly<{ path: string; line: number; message: string }>;

const skippedFolders = new Set(["node_modules", "dist", "data", "coverage"]);
const readEndings = [".ts", ".tsx", ".mjs", ".js", ".json", ".md", ".sql", ".yaml", ".yml", ".sh"];

/** Reads the text files of a repository; installed, built and generated folders are left out. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const hidden = entry.name.startsWith(".") && entry.name !== ".ci";
      if (entry.isDirectory()) {
        const skipped = hidden || entry.name === "node_modules" || path === "console/dist";
        if (!skipped && !(folder === "" && skippedFolders.has(entry.name))) visit(path);
      } else if (readEndings.some((ending) => entry.name.endsWith(ending)) || path === ".ci/run") {
        tree.set(path, readFileSync(join(root, path), "utf8"));
      }
    }
  };
  visit("");
  return tree;
}

/** One-based line of an offset in a text. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}

/** Violations as the lines a person reads: `path:line message`. */
export function describeViolations(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ path, line, message }) => `${path}:${line} ${message}`);
}

/** Is this a TypeScript source of the product (tests included)? */
export function isSource(path: string): boolean {
  return path.startsWith("src/") && path.endsWith(".ts");
}

/** Is this a test beside its source? */
export function isTest(path: string): boolean {
  return path.endsWith(".test.ts");
}
