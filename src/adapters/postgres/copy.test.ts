// The text COPY format without a server: what is escaped, what stays, and that reading undoes writing.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeCopyRow,
  decodeCopyRows,
  encodeCopyRow,
  encodeCopyRows,
  encodeCopyValue,
} from "./copy.ts";

const noZero = fc
  .string({ unit: "binary" })
  .filter((text) => !text.includes("\0") && text.isWellFormed());

describe("a value", () => {
  test.each([
    [null, "\\N"],
    [undefined, "\\N"],
    ["\\N", "\\\\N"],
    ["", ""],
    ["a\tb\nc\rd\\e", "a\\tb\\nc\\rd\\\\e"],
    ["\\.", "\\\\."],
    [42, "42"],
    [-0.5, "-0.5"],
    [true, "t"],
    [false, "f"],
    [new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 7)), "2024-02-29T23:59:59.007Z"],
    [Buffer.from([0, 255]), "\\\\x00ff"],
    [{ a: "x\ty" }, '{"a":"x\\\\ty"}'],
    [[1, null, 'a"b\\c', [true]], '{"1",NULL,"a\\\\"b\\\\\\\\c",{"true"}}'],
  ])("%o is written as %s", (value, text) => {
    expect(encodeCopyValue(value)).toBe(text);
  });
});

test("a bigint is written exactly, alone and in an array", () => {
  expect(encodeCopyRow([9_007_199_254_740_993n, [5n]])).toBe('9007199254740993\t{"5"}\n');
});

test("reading a row undoes writing it, for any text", () => {
  fc.assert(
    fc.property(fc.array(fc.option(noZero, { nil: null }), { minLength: 1 }), (row) => {
      const line = encodeCopyRow(row);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(decodeCopyRow(line.slice(0, -1))).toEqual(row);
    }),
  );
});

test("rows survive being cut into bytes anywhere, also inside a letter", async () => {
  const row = fc.array(fc.option(noZero, { nil: null }), { minLength: 2, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
      async (rows, size) => {
        const bytes = Buffer.from((await Array.fromAsync(encodeCopyRows(rows))).join(""));
        expect(await Array.fromAsync(decodeCopyRows(cut(bytes, size)))).toEqual(rows);
      },
    ),
  );
});

test("a last line without its end is refused", async () => {
  await expect(Array.fromAsync(decodeCopyRows(cut(Buffer.from("1\t2\n3"), 2)))).rejects.toThrow(
    "Cannot read COPY rows: the last line has no end",
  );
});

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
