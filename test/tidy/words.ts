// One meaning for each word, as the glossary decides: file names that say nothing, words that the glossary rejects, and
// traces of one machine or one discussion are refused wherever a reader would meet them.
import { parseSource, walk } from "./syntax.ts";
import { isSource, lineOf, type Tree, type Violation } from "./tree.ts";

const emptyNames = ["types", "common", "misc"];
const emptyEndings = /(?:^|-)(?:utils?|helpers?|managers?|services?)$/;

/** Rejected words: what is refused and what to write in its place. */
const rejectedWords: readonly Readonly<{ pattern: RegExp; instead: string }>[] = [
  { pattern: /\b(?:black|white)[- ]?list/gi, instead: "blocklist or allowlist" },
  { pattern: /\bCLD\b/g, instead: "limit decrease" },
  { pattern: /\b(?:TODO|FIXME)\b/g, instead: "finished work" },
  { pattern: /\bun-?fr(?:eez|oze)\w*/gi, instead: "reinstate" },
  { pattern: /\btamper-?proof/gi, instead: "tamper-evident" },
  { pattern: /\bcredit repair\b/gi, instead: "rehabilitation" },
  { pattern: /\bslaves?\b/gi, instead: "replica" },
];

/** Traces that no file may carry, the glossary included. */
const rejectedTraces: readonly Readonly<{ pattern: RegExp; instead: string }>[] = [
  { pattern: /(?<![\w.])\/(?:work|root)\/\w+/g, instead: "a path relative to the repository" },
  { pattern: /\bregistry\.npm\w*\.\w+/g, instead: "the reader's own registry" },
  { pattern: /\b(?:issue|ticket|pull request) #?\d+/gi, instead: "the reason itself" },
];

/** Rejected names of variables, functions, types and properties. */
const rejectedNames: Readonly<Record<string, string>> = {
  Case: "ReviewCase",
  caseId: "reviewCaseId",
  openCase: "openReview",
  increaseLimit: "reinstate",
};

const readByPeople =
  /^(?:src|docs|scripts|examples|strategies|compliance-packs|migrations|console|portal|test)\//;
const ownRules = /^test\/tidy(?:\/|\.test\.ts$)/;
const glossary = "docs/concepts/glossary.md";

/** Files in kebab-case under a name that says what is inside; index.ts only at the root of src. */
export function checkFileNames(tree: Tree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const path of tree.keys()) {
    if (!/^(?:src|test|scripts|console|portal)\//.test(path)) continue;
    const parts = path.split("/").slice(1);
    for (const part of parts) {
      const problem = nameProblem(part, /\.(?:ts|mjs)$/.test(path));
      if (problem !== undefined) violations.push({ path, line: 1, message: problem });
    }
    if (path.endsWith("/index.ts") && path !== "src/index.ts" && isSource(path)) {
      violations.push({
        path,
        line: 1,
        message: "Cannot add barrel: src/index.ts is the only one",
      });
    }
  }
  return violations;
}

function nameProblem(part: string, isCode: boolean): string | undefined {
  const stem = part.replace(/\..*$/, "");
  if (emptyNames.includes(stem) || emptyEndings.test(stem))
    return `Cannot name a file or folder ${stem}: it says nothing`;
  if (isCode && !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(stem)) {
    return `Cannot name a file or folder ${stem}: expected kebab-case`;
  }
  return undefined;
}

/** No rejected word in what people read, no trace of a machine anywhere. */
export function checkWords(tree: Tree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    const read = readByPeople.test(path) || path.endsWith(".md") || path === "package.json";
    if (!read || ownRules.test(path)) continue;
    const rejected = path === glossary ? rejectedTraces : [...rejectedWords, ...rejectedTraces];
    for (const { pattern, instead } of rejected) {
      for (const found of text.matchAll(pattern)) {
        const message = `Cannot write ${found[0]}: write ${instead}`;
        violations.push({ path, line: lineOf(text, found.index), message });
      }
    }
  }
  return violations;
}

/** No rejected identifier in src. */
export function checkIdentifiers(tree: Tree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!isSource(path)) continue;
    walk(parseSource(path, text).program, (node) => {
      const name = node.type === "Identifier" ? String(node["name"]) : "";
      const instead = Object.hasOwn(rejectedNames, name) ? rejectedNames[name] : undefined;
      if (instead === undefined) return;
      const message = `Cannot name it ${name}: write ${instead}`;
      violations.push({ path, line: lineOf(text, node.start), message });
    });
  }
  return violations;
}
