// Tables are opened by spreadsheets: nothing in them may run, and every cell keeps to its place.

import { expect, test } from "vitest";
import { csvText } from "./csv-text.ts";

test("what a spreadsheet would run as a formula becomes text, numbers stay numbers", () => {
  const dangerous = ["=1+1", "+1", "@SUM(A1)", "-1+2", "\t=1", " =1", "＝1+1", "\r=1"];
  for (const text of dangerous) {
    expect([text, csvText([[text]])]).toEqual([text, `"'${text}"\r\n`]);
  }
  expect(csvText([["-12.50", "1-2", "a=b", "12.00"]])).toBe("-12.50,1-2,a=b,12.00\r\n");
});

test("quotes, commas and line breaks stay inside their cell", () => {
  expect(csvText([['say "hi"', "a,b", "one\ntwo", "潮位"]])).toBe(
    '"say ""hi""","a,b","one\ntwo",潮位\r\n',
  );
});

test("empty cells and truth are written plainly", () => {
  expect(csvText([["", true, 0]])).toBe(",true,0\r\n");
});
