// Refused rows for spreadsheets: both languages, no formula that runs, the name only once the file is whole.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Rejects } from "../../portfolio/ports.ts";
import { openRejects } from "./rejects-file.ts";

type RowProblem = Parameters<Rejects["write"]>[0][number];

let folder = "";
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "tidemark-rejects-")), "rejects");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const problem = (line: number, found: string): RowProblem => ({
  line,
  column: "LIMIT",
  reason: "broken-number",
  found,
  expected: { en: "an amount", zh: "金额" },
  why: { en: "The number cannot be read", zh: "数字无法识别" },
});

describe("the rejects file", () => {
  test("holds line, column, what was found and expected, and why", async () => {
    const rejects = openRejects(folder, "import-1");
    await rejects.write([problem(2, "x,y")]);
    await rejects.write([problem(9, 'say "hi"')]);
    expect(readdirSync(folder)).toEqual(["rejects-import-1.csv.part"]);
    const path = await rejects.finish();
    expect(path).toBe(join(folder, "rejects-import-1.csv"));
    expect(readdirSync(folder)).toEqual(["rejects-import-1.csv"]);
    expect(statSync(path!).mode & 0o777).toBe(0o600);
    expect(readFileSync(path!, "utf8")).toBe(
      "\uFEFFline,column,found,expected,reason,应为,原因\r\n" +
        '2,LIMIT,"x,y",an amount,The number cannot be read,金额,数字无法识别\r\n' +
        '9,LIMIT,"say ""hi""",an amount,The number cannot be read,金额,数字无法识别\r\n',
    );
  });

  test.each(["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "=HYPERLINK(1)"])(
    "disarms the formula %j",
    async (found) => {
      const rejects = openRejects(folder, "import-2");
      await rejects.write([problem(2, found)]);
      const text = readFileSync((await rejects.finish())!, "utf8");
      const cell = text.split("\r\n")[1]!.split(",")[2]!.replace(/^"/, "");
      expect(cell.startsWith(`'${found}`)).toBe(true);
    },
  );

  test("is not made when nothing was refused", async () => {
    expect(await openRejects(folder, "import-3").finish()).toBeNull();
    expect(existsSync(folder)).toBe(false);
  });

  test("leaves nothing behind when it is abandoned", async () => {
    const rejects = openRejects(folder, "import-4");
    await rejects.write([problem(2, "x")]);
    await rejects.abandon();
    expect(readdirSync(folder)).toEqual([]);
    await openRejects(folder, "import-5").abandon();
  });
});
