// CSV files in archives as people make them: with other tools, other names and what desktop systems add.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileRow } from "../../portfolio/ports.ts";
import { FileFault } from "./file-fault.ts";
import type { LinesFormat } from "./lines-format.ts";
import { openLines } from "./open-lines.ts";

const format: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};
const text = Buffer.from(
  `ID,名称\n${Array.from({ length: 30_000 }, (_, at) => `${at},潮位`).join("\n")}\n`,
);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-zip-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(bytes: Uint8Array) {
  const path = join(folder, "lines.csv");
  writeFileSync(path, bytes);
  const checked: number[] = [];
  const file = await openLines(path, { format, onChecked: (done) => checked.push(done) });
  const rows: FileRow[] = [];
  for await (const portion of file.read()) rows.push(...portion);
  expect(checked).toEqual(checked.toSorted((one, other) => one - other));
  return { header: file.header, rows, form: file.form, checked: checked.at(-1) };
}

type Part = Readonly<{ name: Buffer; flags: number; sizeInHeader: boolean; wide: boolean }>;

/** An archive of one deflated entry, written by hand: with a data descriptor, with ZIP64 records, with any name. */
function archiveOf({ name, flags, sizeInHeader, wide }: Part): Buffer {
  const packed = deflateRawSync(text);
  const sum = crc32(text);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(8, 8);
  if (sizeInHeader) {
    header.writeUInt32LE(sum, 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(text.length, 22);
  }
  header.writeUInt16LE(name.length, 26);
  const descriptor = sizeInHeader
    ? Buffer.alloc(0)
    : Buffer.alloc(16, "PK\u0007\u0008descriptor  ");
  const extra = Buffer.alloc(wide ? 20 : 0);
  if (wide) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(text.length), 4);
    extra.writeBigUInt64LE(BigInt(packed.length), 12);
  }
  const listed = Buffer.alloc(46);
  listed.writeUInt32LE(0x02014b50, 0);
  listed.writeUInt16LE(flags, 8);
  listed.writeUInt16LE(8, 10);
  listed.writeUInt32LE(sum, 16);
  listed.writeUInt32LE(wide ? 0xffffffff : packed.length, 20);
  listed.writeUInt32LE(wide ? 0xffffffff : text.length, 24);
  listed.writeUInt16LE(name.length, 28);
  listed.writeUInt16LE(extra.length, 30);
  const body = Buffer.concat([header, name, packed, descriptor]);
  const directory = Buffer.concat([listed, name, extra]);
  return Buffer.concat([body, directory, endOf(body.length, directory.length, wide)]);
}

function endOf(at: number, bytes: number, wide: boolean): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(wide ? 0xffff : 1, 10);
  end.writeUInt32LE(wide ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(wide ? 0xffffffff : at, 16);
  if (!wide) return end;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(1n, 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + bytes), 8);
  return Buffer.concat([record, locator, end]);
}

const ordinary: Part = {
  name: Buffer.from("lines.csv"),
  flags: 0,
  sizeInHeader: true,
  wide: false,
};

describe("a CSV file in an archive", () => {
  test.each<[string, () => Uint8Array]>([
    ["deflated", () => zipSync({ "lines.csv": text })],
    ["stored", () => zipSync({ "lines.csv": [text, { level: 0 }] })],
    ["in a folder", () => zipSync({ "2026/": new Uint8Array(), "2026/lines.csv": text })],
    [
      "beside what desktop systems add",
      () => zipSync({ "lines.csv": text, "__MACOSX/._lines.csv": text, ".DS_Store": text }),
    ],
    [
      "with its sizes after the data",
      () => archiveOf({ ...ordinary, flags: 8, sizeInHeader: false }),
    ],
    ["with the records of large archives", () => archiveOf({ ...ordinary, wide: true })],
    [
      "under a name in GBK",
      () => archiveOf({ ...ordinary, name: Buffer.from([0xb3, 0xb1, 0xce, 0xbb]) }),
    ],
    [
      "with a comment after it",
      () => {
        const end = Buffer.from(zipSync({ "lines.csv": text }));
        end.writeUInt16LE(5, end.length - 2);
        return Buffer.concat([end, Buffer.from("hello")]);
      },
    ],
  ])("is read, %s", async (_, make) => {
    const bytes = make();
    const { header, rows, form, checked } = await read(bytes);
    expect(header).toEqual({ line: 1, columns: ["ID", "名称"] });
    expect(rows).toHaveLength(30_000);
    expect(rows.at(-1)).toEqual({ line: 30_001, cells: ["29999", "潮位"] });
    expect(form).toEqual({ kind: "csv", packed: "zip", encoding: "utf-8", sheet: null });
    expect(checked).toBeLessThanOrEqual(bytes.length);
  });

  test("is never read wrong when a byte of the archive is changed", async () => {
    const bytes = Buffer.from(zipSync({ "lines.csv": Buffer.from("ID,A\n1,x\n2,y\n") }));
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes);
      copy[at] = copy[at]! ^ 0xff;
      const result = await read(copy).catch((cause: unknown) => cause);
      if (result instanceof Error) expect(result, `byte ${at}`).toBeInstanceOf(FileFault);
      else expect((result as { rows: unknown }).rows, `byte ${at}`).toHaveLength(2);
    }
  });
});
