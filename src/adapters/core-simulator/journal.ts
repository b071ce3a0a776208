// The simulator's memory on disk: one line for each thing that happened, written and flushed to the disk before
// anybody is answered. A process that was killed leaves at most one torn line at the end, which was never
// answered and is cut off; a broken line anywhere else means that the file was tampered with or the disk lies.

import { readFileSync, mkdirSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { Fault } from "../fault.ts";
import { syncFolder } from "../sync-folder.ts";

/** An open journal; the process must close it. */
export type Journal = Readonly<{
  /** Resolves once the record, and everything appended before it, is on the disk. */
  append: (record: unknown) => Promise<void>;
  /** Resolves once everything appended so far is on the disk. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
}>;

/**
 * Opens or makes a journal and gives each of its records to `replay`, oldest first. A torn last line is cut
 * off; another broken line is a Fault that names it. `failed` is called when the disk refuses: from then on
 * memory and disk differ, so the process must end.
 */
export async function openJournal(
  path: string,
  replay: (record: unknown) => void,
  failed: (error: unknown) => void,
): Promise<Journal> {
  mkdirSync(dirname(path), { recursive: true });
  const { records, goodBytes } = readRecords(path);
  for (const record of records) replay(record);
  const file = await open(path, "a");
  await file.truncate(goodBytes);
  await file.sync();
  syncFolder(dirname(path));
  return appender(file, failed);
}

/** Waiting lines leave together, so that one flush serves all of them. */
function appender(file: FileHandle, failed: (error: unknown) => void): Journal {
  let waiting: string[] = [];
  let flushed = Promise.resolve();
  let scheduled: Promise<void> | null = null;
  const flush = async (): Promise<void> => {
    await flushed;
    const lines = waiting;
    waiting = [];
    scheduled = null;
    flushed = write(file, lines);
    flushed.catch(failed);
    await flushed;
  };
  const settled = async (): Promise<void> => scheduled ?? flushed;
  return {
    append: (record) => {
      waiting.push(lineOf(record));
      scheduled ??= flush();
      return scheduled;
    },
    settled,
    close: async () => {
      await settled();
      await file.close();
    },
  };
}

async function write(file: FileHandle, lines: readonly string[]): Promise<void> {
  await file.appendFile(lines.join(""));
  await file.datasync();
}

function lineOf(record: unknown): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

function checksum(text: string | Buffer): string {
  return crc32(text).toString(16).padStart(8, "0");
}

function readRecords(path: string): Readonly<{ records: readonly unknown[]; goodBytes: number }> {
  const bytes = readOrEmpty(path);
  const records: unknown[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start);
    const record = end === -1 ? undefined : parseLine(bytes.subarray(start, end));
    if (record === undefined) {
      if (end !== -1 && end + 1 < bytes.length) {
        throw new Fault(
          `Cannot read journal ${path}: line ${records.length + 1} is broken and others follow it`,
          { retryable: false },
        );
      }
      break;
    }
    records.push(record);
    start = end + 1;
  }
  return { records, goodBytes: start };
}

function parseLine(line: Buffer): unknown {
  const json = line.subarray(9);
  return line.subarray(0, 9).toString("latin1") === `${checksum(json)} `
    ? JSON.parse(json.toString("utf8"))
    : undefined;
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
