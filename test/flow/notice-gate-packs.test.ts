// The packs and holiday tables that ship, held against their own cases: each case names the term or law that
// decides, and the gate must answer as the case says on the day before and on the day itself.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readPackFiles } from "../../src/adapters/files/pack-files.ts";
import { holidayYearSchema } from "../../src/compliance/holiday-year.ts";
import { noticeGate, type GateNotice } from "../../src/compliance/notice-gate.ts";
import { packInForce } from "../../src/compliance/pack-in-force.ts";
import { packSchema } from "../../src/compliance/pack-schema.ts";
import { allowsBelowDrawn, givesHumanReview } from "../../src/compliance/strict-reading.ts";
import {
  addDays,
  dateOfDay,
  dayNumber,
  isWorkday,
  type BusinessDate,
} from "../../src/domain/calendar.ts";
import type { Cause } from "../../src/domain/decision.ts";

const folder = fileURLToPath(new URL("../../compliance-packs/", import.meta.url));
const { packs, calendars } = readPackFiles(folder);
const cn = calendars.get("cn") ?? {
  id: "",
  version: 0,
  publishedYears: [],
  holidays: [],
  workdays: [],
};
const far = "2100-01-01" as BusinessDate;

type PackTest = Readonly<{
  rule: string;
  action: "decrease" | "freeze" | "close";
  cause: Cause;
  notice?: BusinessDate;
  delivered?: BusinessDate | null;
  opensOn?: BusinessDate;
  unconfirmedYears?: readonly number[];
}>;

const cases = parse(readFileSync(`${folder}cn/cases.yaml`, "utf8")) as Readonly<{
  pack: string;
  version: number;
  cases: readonly PackTest[];
}>;
const pack = packs.find(({ id, version }) => id === cases.pack && version === cases.version);
const label = (row: PackTest): string =>
  `${row.rule}: ${row.action} for ${row.cause}, notice ${row.notice ?? "missing"}, delivered ${row.delivered === null ? "never" : (row.delivered ?? "at once")}`;

describe("pack cn-consumer-line", () => {
  test.each(cases.cases.map((row) => [label(row), row] as const))("%s", (_, row) => {
    if (pack === undefined) throw new Error("Cannot find the pack of the cases");
    const notice = noticeOf(row);
    const input = { pack, action: row.action, cause: row.cause, notice, holidays: cn };
    const never = noticeGate({ ...input, today: far });
    if (row.opensOn === undefined) {
      expect(never).toMatchObject({ open: false, opensOn: null });
      return;
    }
    expect(noticeGate({ ...input, today: row.opensOn }).open).toBe(true);
    expect(noticeGate({ ...input, today: addDays(row.opensOn, -1) })).toMatchObject({
      open: false,
      opensOn: row.opensOn,
    });
    if (row.rule !== "terms 3.2") expect(never.rule.source).toContain(row.rule);
    expect(never.rule.unconfirmedYears).toEqual(row.unconfirmedYears ?? []);
  });

  test("every value rests on the contract or on a law that was read", () => {
    const statuses = JSON.stringify(pack).match(/"status":"[a-z]+"/g) ?? [];
    expect(new Set(statuses)).toEqual(new Set(['"status":"contract"', '"status":"confirmed"']));
  });

  test("gives the right to a person's review and never lowers below what is drawn", () => {
    if (pack === undefined) throw new Error("Cannot find the pack of the cases");
    expect(givesHumanReview(pack)).toBe(true);
    expect(allowsBelowDrawn(pack)).toBe(false);
    expect(pack.humanReview.right.source).toContain("第二十四条");
  });

  test("every contract value names a term that product-terms.md holds in both languages", () => {
    const terms = readFileSync(`${folder}cn/product-terms.md`, "utf8");
    const named = [...JSON.stringify(pack).matchAll(/Product terms (\d\.\d)/g)].map(
      ([, term = ""]) => term,
    );
    expect(named.length).toBeGreaterThanOrEqual(10);
    for (const term of named)
      expect(terms).toMatch(new RegExp(`^\\| ${term} \\| \\S.* \\| \\S.* \\|$`, "m"));
  });

  test("holds today and on the dates of the 2005 example", () => {
    expect(packInForce(packs, "cn", "2005-09-30" as BusinessDate)?.id).toBe("cn-consumer-line");
    expect(packInForce(packs, "cn", "2026-11-30" as BusinessDate)?.id).toBe("cn-consumer-line");
  });
});

describe("the calendar of mainland China", () => {
  // Weekdays off and weekend days worked, read off the two notices of the State Council.
  const published: Readonly<Record<number, readonly [string, string]>> = {
    2025: [
      "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
      "01-26 02-08 04-27 09-28 10-11",
    ],
    2026: [
      "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07",
      "01-04 02-14 02-28 05-09 09-20 10-10",
    ],
  };

  test.each([2025, 2026])("%i differs from plain weeks exactly on the published days", (year) => {
    const off: string[] = [];
    const worked: string[] = [];
    const end = dayNumber(`${year + 1}-01-01` as BusinessDate);
    for (let number = dayNumber(`${year}-01-01` as BusinessDate); number < end; number += 1) {
      const date = dateOfDay(number);
      const weekend = [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
      if (isWorkday(date, cn) === weekend) (weekend ? worked : off).push(date.slice(5));
    }
    expect([off.join(" "), worked.join(" ")]).toEqual(published[year]);
  });

  test("claims no other year", () => {
    expect(cn.publishedYears).toEqual([2025, 2026]);
  });
});

test("the exported JSON Schemas are the ones in force", () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(`${folder}${name}`, "utf8"));
  expect(read("pack.schema.json")).toEqual(packSchema);
  expect(read("holiday-year.schema.json")).toEqual(holidayYearSchema);
});

function noticeOf({ notice, delivered }: PackTest): GateNotice | null {
  if (notice === undefined) return null;
  if (delivered === null) return { state: "issued", issuedOn: notice, deliveredOn: null };
  return { state: "delivered", issuedOn: notice, deliveredOn: delivered ?? notice };
}
