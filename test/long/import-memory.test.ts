// A file of one gigabyte is imported in less than 512 MB: rows wait for their bucket in bounded number, and
// every reference of the file is remembered in a few bytes.

import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const child = fileURLToPath(new URL("../support/import-child.ts", import.meta.url));
const mapping = fileURLToPath(new URL("../../examples/uci-taiwan/mapping.yaml", import.meta.url));
const gigabyte = 1_000_000_000;
const header =
  "ID,LIMIT_BAL,SEX,EDUCATION,MARRIAGE,AGE,PAY_0,PAY_2,PAY_3,PAY_4,PAY_5,PAY_6,BILL_AMT1,BILL_AMT2,BILL_AMT3,BILL_AMT4,BILL_AMT5,BILL_AMT6,PAY_AMT1,PAY_AMT2,PAY_AMT3,PAY_AMT4,PAY_AMT5,PAY_AMT6,Y\n";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-import-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows of the width of the real file (about 95 bytes), all with different references. */
function writeLines(path: string, bytes: number): number {
  const file = openSync(path, "w");
  let written = writeSync(file, header);
  let rows = 0;
  while (written < bytes) {
    let text = "";
    for (let at = 0; at < 10_000; at++) {
      rows += 1;
      const bill = (rows * 7_919) % 90_000;
      text += `${rows},120000,2,2,1,${21 + (rows % 50)},0,0,0,0,0,0,${bill},${bill},${bill},${bill},${bill},${bill},1000,1000,1000,1000,1000,1000,0\n`;
    }
    written += writeSync(file, text);
  }
  closeSync(file);
  return rows;
}

test("one gigabyte of CSV is imported in less than 512 MB of memory", async () => {
  const path = join(folder, "lines.csv");
  const rows = writeLines(path, gigabyte);
  const { stdout } = await promisify(execFile)(process.execPath, [child, path, mapping]);
  const { outcome, peakMegabytes, durationMs } = JSON.parse(stdout) as {
    outcome: { summary: object };
    peakMegabytes: number;
    durationMs: number;
  };
  console.log(`${rows} rows in ${durationMs} ms, peak ${peakMegabytes} MB`);
  expect(outcome.summary).toMatchObject({ rows, accepted: rows, rejected: 0, added: rows });
  expect(peakMegabytes).toBeLessThan(512);
});
