// Commands start fast: what draws charts and prints, sends mail, writes Parquet or serves pages is loaded by those that do
// it. A static import on the way to the composition root would bring it back into every command and every thread.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repositoryRoot } from "../support/documents.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const loadedLate = ["echarts", "zrender", "pdfkit", "nodemailer", "hyparquet-writer", "fastify"];
const recorder = fileURLToPath(new URL("../support/loaded-packages.ts", import.meta.url));

let database: FreshDatabase;
let folder: string;

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), "tidemark-start-up-"));
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["help", ["--help"], "commander"],
  ["a command that composes", ["account", "list"], "pg"],
] as const)("%s loads nothing that it does not need", (_name, words, needed) => {
  const loaded = packagesOf(words);
  expect(loaded).toContain(needed);
  expect(loaded.filter((name) => loadedLate.includes(name))).toEqual([]);
});

test.each([
  ["html", "echarts"],
  ["pdf", "pdfkit"],
] as const)("a report as %s loads %s", (form, needed) => {
  const words = ["report", "daily", "--dry-run", "--as-of", "2026-01-31", "--format", form];
  expect(packagesOf([...words, "--out", join(folder, "report")])).toContain(needed);
});

/** The packages that one command loads, in a process of its own. */
function packagesOf(words: readonly string[]): readonly string[] {
  const list = join(folder, "loaded");
  const main = join(repositoryRoot, "src", "cli", "main.ts");
  execFileSync(process.execPath, ["--import", recorder, main, ...words], {
    stdio: "pipe",
    env: {
      ...{ PATH: process.env["PATH"], HOME: process.env["HOME"] },
      ...{ DATABASE_URL: database.url, TIDEMARK_DATA: folder, TIDEMARK_LOG: "silent" },
      LOADED_PACKAGES: list,
    },
  });
  return readFileSync(list, "utf8").split("\n");
}
