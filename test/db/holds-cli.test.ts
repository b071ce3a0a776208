// Windows, held waves, read-only mode, emergency profiles and the transparency report on the command line, over a database.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tidemark, tidemarkJson, type Environment, type Ran } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

let database: FreshDatabase;
let folder: string;
let local: Environment;

const run = (...words: readonly string[]): Promise<Ran> => tidemark(local, words);
const none = "00000000-0000-8000-8000-000000000000";
const reason = ["--reason", "Relief"];

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), "tidemark-holds-"));
  local = { DATABASE_URL: database.url, TIDEMARK_DATA: folder, TIDEMARK_LOG: "silent" };
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

type Listed = Readonly<{ data: readonly Readonly<{ id: string; event: string }>[] }>;

test("a window is tried, set, listed and lifted", async () => {
  const set = ["blackout", "set", "Flood", "--from", "2999-01-01", "--to", "2999-01-09", ...reason];
  const words = [...set, "--regions", "guangdong, fujian", "--exempt", "fraud"];
  expect((await run(...words, "--dry-run")).out).toContain("could be set");
  expect((await tidemarkJson<Listed>(local, "blackout", "list")).data).toEqual([]);
  expect((await run(...words)).code).toBe(0);
  const { data } = await tidemarkJson<Listed>(local, "blackout", "list");
  expect(data).toMatchObject([{ event: "Flood", regions: ["guangdong", "fujian"], lifted: null }]);
  const lift = ["blackout", "lift", data[0]!.id, ...reason];
  expect((await run(...lift, "--dry-run")).out).toContain("could be lifted");
  expect((await run(...lift)).code).toBe(0);
  expect((await run(...lift)).code).toBe(78);
  expect((await run("blackout", "list", "--lang", "zh")).out).toContain("Flood");
});

test("read-only mode refuses every change by one name until it is switched off", async () => {
  expect((await run("read-only", "on", "--reason", "Audit", "--for", "1h")).code).toBe(0);
  const words = ["blackout", "set", "X", "--from", "2999-01-01", "--to", "2999-01-02", ...reason];
  const refused = await run(...words);
  expect([refused.code, refused.err]).toEqual([69, expect.stringContaining("Audit")]);
  expect((await run(...words, "--dry-run")).code).toBe(0);
  expect((await run("halts")).out).toContain("read-only");
  expect((await run("read-only", "off")).code).toBe(0);
  expect((await run("read-only", "off")).code).toBe(66);
});

test.each([
  [["wave", "standing", none], 66],
  [["wave", "hold", none, "--reason", "Press"], 66],
  [["wave", "release", none, "--reason", "Answered"], 66],
  [["wave", "hold", none, "--reason", "Press", "--for", "soon"], 64],
  [["emergency", "show", none], 66],
  [["emergency", "approve", none], 77],
  [["emergency", "start", none, "--reason", "Dam broken"], 66],
  [["report", "transparency", "--from", "2026-13-01", "--to", "2026-01-31"], 64],
  [["report", "transparency", "--from", "2026-01-01", "--to", "2999-01-01"], 64],
  [["blackout", "set", "X", "--from", "2999-01-02", "--to", "2999-01-01", ...reason], 64],
] as const)("%j ends with %i", async (words, code) => {
  expect((await run(...words)).code).toBe(code);
});

test("the transparency report of an empty period is told in both languages and as data", async () => {
  const words = ["report", "transparency", "--from", "2026-01-01", "--to", "2026-01-31"];
  expect((await run(...words)).out).toContain("# Transparency report: 2026-01-01 to 2026-01-31");
  expect((await run(...words, "--lang", "zh")).out).toContain("# 透明度报告");
  const report = await tidemarkJson<Readonly<{ schema: string }>>(local, ...words);
  expect(report.schema).toBe("tidemark/transparency-report/1");
  expect((await tidemarkJson<Listed>(local, "emergency", "list")).data).toEqual([]);
});
