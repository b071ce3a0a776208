// The test projects: which files need a database and which do not, and how much of a two-core machine each may take.
// The long and browser projects exist only when asked for (`npm run test:long`, `npm run test:browser`).
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const databaseSetup = fileURLToPath(new URL("./test/support/database.ts", import.meta.url));
const globalSetup = existsSync(databaseSetup) ? [databaseSetup] : [];
const seconds = 1_000;

const quick = {
  environment: "node",
  passWithNoTests: true,
  testTimeout: 60 * seconds,
  hookTimeout: 60 * seconds,
} as const;
const stored = {
  ...quick,
  pool: "forks",
  globalSetup,
} as const;

const projects = [
  {
    test: {
      ...quick,
      name: "unit",
      pool: "threads",
      include: ["src/**/*.test.ts", "console/src/**/*.test.ts"],
    },
  },
  { test: { ...quick, name: "tidy", pool: "threads", include: ["test/tidy.test.ts"] } },
  { test: { ...quick, name: "flow", pool: "threads", include: ["test/flow/**/*.test.ts"] } },
  { test: { ...stored, name: "db", include: ["test/db/**/*.test.ts"] } },
  { test: { ...stored, name: "docs", include: ["test/docs/**/*.test.ts"] } },
] as const;

const long = {
  test: {
    ...stored,
    name: "long",
    include: ["test/long/**/*.test.ts"],
    testTimeout: 3_600 * seconds,
  },
} as const;

const browser = {
  test: {
    ...stored,
    name: "browser",
    globalSetup: [],
    fileParallelism: false,
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 240 * seconds,
    hookTimeout: 600 * seconds,
  },
} as const;

const wanted = (variable: string): boolean => process.env[variable] !== undefined;

export default defineConfig({
  test: {
    passWithNoTests: true,
    maxWorkers: 2,
    projects: [
      ...projects,
      ...(wanted("TIDEMARK_LONG") ? [long] : []),
      ...(wanted("TIDEMARK_BROWSER") ? [browser] : []),
    ],
  },
});
