// A case fails when the answer is another, and also when it is right for another reason; a broken file of cases is
// refused with the place of what is wrong.

import { describe, expect, test } from "vitest";
import { after, day, packOf } from "../../test/support/compliance-pack.ts";
import type { HolidayTable } from "../domain/calendar.ts";
import { parsePackCases, runPackCase, type PackCase } from "./pack-cases.ts";

const holidays: HolidayTable = {
  id: "test",
  version: 1,
  publishedYears: [2026],
  holidays: [],
  workdays: [],
};
const asked = { rule: "Test law 1", action: "decrease", cause: "bureau" } as const;
const failed = (row: PackCase, options: Parameters<typeof packOf>[0] = {}): readonly string[] =>
  runPackCase(packOf(options), holidays, row).map(({ what }) => what);

describe("runPackCase", () => {
  const opens = { ...asked, notice: day("2026-03-02"), opensOn: day("2026-03-16") };

  test("holds where the gate opens on the day and not before", () => {
    expect(failed(opens)).toEqual([]);
  });

  test.each([
    ["an earlier day", { opensOn: day("2026-03-13") }, ["open on the day", "opensOn"]],
    ["a later day", { opensOn: day("2026-03-17") }, ["opensOn"]],
    ["a year that has a table", { unconfirmedYears: [2026] }, ["unconfirmedYears"]],
    ["another rule", { rule: "Test law 2" }, ["rule"]],
  ])("fails for %s", (_name, change, expected) => {
    expect(failed({ ...opens, ...change })).toEqual(expected);
  });

  test("a case without any expectation says that the gate never opens", () => {
    expect(failed(asked)).toEqual([]);
    expect(failed(asked, { period: after(3) })).toEqual(["opens"]);
  });

  test("a change that came first names the last day of its notice", () => {
    const change = { ...asked, changedOn: day("2026-03-02"), dueBy: day("2026-03-05") };
    expect(failed(change, { period: after(3) })).toEqual([]);
    expect(failed({ ...change, dueBy: null }, { period: after(3) })).toEqual(["dueBy"]);
    expect(failed(change)).toEqual(["changedOn"]);
  });

  test("the notice owed, its content and the person are held as well", () => {
    const owed = { ...asked, rule: "every-change", owes: "adverse-action" } as const;
    expect(failed({ ...owed, content: ["action-taken"], straightThrough: true })).toEqual([]);
    expect(failed({ ...owed, owes: null })).toEqual(["owes"]);
    expect(failed({ ...owed, content: ["dispute-right"] })).toEqual(["content"]);
    expect(failed({ ...owed, straightThrough: false })).toEqual(["straightThrough"]);
  });
});

describe("parsePackCases", () => {
  const document = { pack: "test", version: 1, cases: [asked] };

  test("reads a file of cases", () => {
    expect(parsePackCases(document)).toEqual({ cases: document });
  });

  test.each([
    [{ cases: [] }, "/cases"],
    [{ cases: [{ ...asked, opens: "2026-03-02" }] }, "/cases/0/opens"],
    [{ cases: [{ ...asked, owes: "nothing" }] }, "/cases/0/owes"],
    [{ cases: [{ ...asked, notice: "2026-02-30" }] }, "/cases/0/notice"],
    [{ version: 0 }, "/version"],
  ])("refuses %j", (change, pointer) => {
    const parsed = parsePackCases({ ...document, ...change });
    expect("problems" in parsed ? parsed.problems[0]?.pointer : null).toBe(pointer);
  });
});
