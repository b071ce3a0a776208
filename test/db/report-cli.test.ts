// `tidemark report` on a database: making, listing and showing reports, what is written where, and what is refused.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DailyReport } from "../../src/portfolio/report-document.ts";
import { tidemark, tidemarkJson, type Environment, type Ran } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

let database: FreshDatabase;
let folder: string;
let local: Environment;

const run = (...words: readonly string[]): Promise<Ran> => tidemark(local, words);

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), "tidemark-report-"));
  local = { DATABASE_URL: database.url, TIDEMARK_DATA: folder, TIDEMARK_LOG: "silent" };
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

type Listed = Readonly<{ data: readonly Readonly<{ id: string; asOf: string }>[] }>;

describe("report daily", () => {
  test("tried out keeps nothing", async () => {
    const { code, out } = await run("report", "daily", "--dry-run", "--as-of", "2026-01-31");
    expect(code).toBe(0);
    expect(out).toContain("# Daily risk report of 2026-01-31");
    expect((await tidemarkJson<Listed>(local, "report", "list")).data).toEqual([]);
  });

  test("writes a file, keeps the report and shows it again in the other language", async () => {
    const path = join(folder, "report.html");
    const words = ["report", "daily", "--as-of", "2026-01-31", "--format", "html", "--out", path];
    expect((await run(...words)).code).toBe(0);
    expect(readFileSync(path, "utf8")).toContain("<title>Daily risk report of 2026-01-31</title>");
    const { data } = await tidemarkJson<Listed>(local, "report", "list");
    expect(data.map(({ asOf }) => asOf)).toEqual(["2026-01-31"]);
    const shown = await run("report", "show", data[0]!.id, "--lang", "zh");
    expect(shown.out).toContain("# 2026-01-31 每日风险报告");
  });

  test("with --json is the document itself", async () => {
    const report = await tidemarkJson<DailyReport>(
      local,
      "report",
      "daily",
      "--as-of",
      "2026-01-31",
    );
    expect(report).toMatchObject({ schema: "tidemark/daily-report/1", lines: 0, maker: "local" });
  });

  test.each([
    [["report", "daily", "--as-of", "2026-02-30"], "expected a date such as 2026-03-31"],
    [["report", "daily", "--as-of", "2999-01-01"], "Report date: found 2999-01-01"],
    [["report", "daily", "--format", "pdf"], "expected a file to write to"],
    [["report", "daily", "--format", "doc"], "--format"],
    [["report", "daily", "--out", "no/such/folder/r.md"], "Cannot write report to"],
    [["report", "show", "00000000-0000-8000-8000-000000000000"], "Not found"],
  ] as const)("refuses %j", async (words, state) => {
    const { code, err } = await run(...words);
    expect(code).not.toBe(0);
    expect(err).toContain(state);
  });
});
