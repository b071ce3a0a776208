// What was answered is on the disk; what was torn was never answered; what is broken is not guessed.

import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openJournal } from "./journal.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-journal-"));
  path = join(folder, "inner", "journal.log");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function noFailure(error: unknown): void {
  throw error;
}

async function recordsOf(file: string): Promise<readonly unknown[]> {
  const records: unknown[] = [];
  const journal = await openJournal(file, (record) => records.push(record), noFailure);
  await journal.close();
  return records;
}

async function write(file: string, records: readonly unknown[]): Promise<void> {
  const journal = await openJournal(file, () => {}, noFailure);
  await Promise.all(records.map((record) => journal.append(record)));
  await journal.close();
}

describe("the journal", () => {
  test("gives back every record in order, text and all", async () => {
    const records = [{ a: 1 }, { zh: "额度\n换行" }, [null, "\u2028"]];
    await write(path, records);
    expect(await recordsOf(path)).toEqual(records);
  });

  test("has a record on the disk when append resolves, and all before it", async () => {
    const journal = await openJournal(path, () => {}, noFailure);
    const first = journal.append({ number: 1 });
    const second = journal.append({ number: 2 });
    await second;
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(3);
    await first;
    void journal.append({ number: 3 });
    await journal.settled();
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(4);
    await journal.close();
  });

  test("cuts off a torn last record wherever it was torn, and goes on after it", async () => {
    const records = [{ number: 1 }, { number: 2, name: "额度" }];
    await write(path, records);
    const whole = readFileSync(path);
    const firstEnd = whole.indexOf(10) + 1;
    for (let length = firstEnd; length < whole.length; length += 1) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      expect(await recordsOf(path)).toEqual(records.slice(0, 1));
      expect(statSync(path).size).toBe(firstEnd);
    }
    await write(path, [{ number: 3 }]);
    expect(await recordsOf(path)).toEqual([{ number: 1 }, { number: 3 }]);
  });

  test("cuts off a last line that is whole but wrong", async () => {
    await write(path, [{ number: 1 }]);
    appendFileSync(path, '00000000 {"number":2}\n');
    expect(await recordsOf(path)).toEqual([{ number: 1 }]);
  });

  test("refuses a broken record that others follow, whichever byte was flipped", async () => {
    await write(path, [{ number: 1 }, { number: 2 }]);
    const whole = readFileSync(path);
    const firstEnd = whole.indexOf(10);
    await fc.assert(
      fc.asyncProperty(fc.nat(firstEnd - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        writeFileSync(path, bytes);
        await expect(recordsOf(path)).rejects.toThrow("line 1 is broken and others follow it");
      }),
      { numRuns: 50 },
    );
  });

  test("says when the disk refuses", async () => {
    let told: unknown;
    const journal = await openJournal(
      path,
      () => {},
      (error) => (told = error),
    );
    await journal.close();
    await expect(journal.append({ number: 1 })).rejects.toThrow("file closed");
    expect(told).toBeInstanceOf(Error);
  });
});
