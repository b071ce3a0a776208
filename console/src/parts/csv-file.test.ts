// What is written for a spreadsheet is computed by none, and read again as it was.
import { expect, test } from "vitest";
import { csvFile, unescaped } from "./csv-file.ts";

const text = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

test("CSV begins with its mark, and quotes what it holds", () => {
  expect(text(csvFile(["a", "b"], [['say "x"', "1,2"]]))).toBe(
    '\ufeff"a","b"\r\n"say ""x""","1,2"\r\n',
  );
});

test.each(["=1+1", "＝1", " @x", "+SUM(A1)", "-2+3", "－2+3", "\tx", "'quoted"])(
  "%j stands behind an apostrophe, which reading takes away",
  (cell) => {
    const written = text(csvFile([cell], [])).slice(2, -3);
    expect(written).toBe(`'${cell}`);
    expect(unescaped(written)).toBe(cell);
  },
);

test.each(["-", "-5.5", "+5", "CNY 1.00", "a=b"])("%j is left as it is", (cell) => {
  expect(text(csvFile([cell], []))).toBe(`\ufeff"${cell}"\r\n`);
});
