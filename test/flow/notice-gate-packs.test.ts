// The packs and holiday tables that ship, held against their own cases: each case names the term or law that
// decides, and the gate must answer as the case says on the day before and on the day itself.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readPackCases, readPackFiles } from "../../src/adapters/files/pack-files.ts";
import { classifyAdverseAction } from "../../src/compliance/adverse-action.ts";
import { holidayYearSchema } from "../../src/compliance/holiday-year.ts";
import { firstEffect, noticeGate } from "../../src/compliance/notice-gate.ts";
import { runPackCase, type PackCase, type PackCases } from "../../src/compliance/pack-cases.ts";
import { packInForce, packVersion } from "../../src/compliance/pack-in-force.ts";
import { packSchema } from "../../src/compliance/pack-schema.ts";
import { packDifferences, valuesOf } from "../../src/compliance/pack-values.ts";
import { gatedActions, type CompliancePack } from "../../src/compliance/pack.ts";
import { allowsBelowDrawn, givesHumanReview } from "../../src/compliance/strict-reading.ts";
import {
  addDays,
  dateOfDay,
  dayNumber,
  isWorkday,
  type BusinessDate,
  type HolidayTable,
} from "../../src/domain/calendar.ts";

const folder = fileURLToPath(new URL("../../compliance-packs/", import.meta.url));
const { packs, calendars } = readPackFiles(folder);
const cn = calendars.get("cn") ?? {
  id: "",
  version: 0,
  publishedYears: [],
  holidays: [],
  workdays: [],
};
const shippedCases = readPackCases(folder).map(({ cases }) => cases);
const pack = packs.find(({ id }) => id === "cn-consumer-line");

function labelOf({ rule, action, cause, ...rest }: PackCase): string {
  const said = Object.entries(rest).map(([key, said]) => `${key} ${JSON.stringify(said)}`);
  return [`${rule}: ${action} for ${cause}`, ...said].join(", ");
}

function packOf({ pack: id, version }: PackCases): CompliancePack {
  const found = packVersion(packs, { id, version });
  if (found === null) throw new Error(`Cannot find pack ${id} version ${version} of the cases`);
  return found;
}

describe.each(
  shippedCases.map((cases) => [`${cases.pack} version ${cases.version}`, cases] as const),
)("pack %s", (_, cases) => {
  const law = packOf(cases);
  const holidays = calendars.get(law.calendar)!;

  test.each(cases.cases.map((row) => [labelOf(row), row] as const))("%s", (_label, row) => {
    expect(runPackCase(law, holidays, row)).toEqual([]);
  });

  test("a case with another answer fails, whatever it expects", () => {
    for (const row of cases.cases) {
      expect(runPackCase(law, holidays, { ...row, rule: "no such rule" })).not.toEqual([]);
      const wrong = otherwise(row);
      if (wrong !== null) expect(runPackCase(law, holidays, wrong)).not.toEqual([]);
    }
  });

  test("each rule on adverse action and each sure period is what decides a case", () => {
    const decided = new Set(cases.cases.flatMap((row) => pointersOf(law, holidays, row)));
    const rules = law.adverseAction.map((_rule, index) => `/adverseAction/${index}`);
    const periods = [
      ...gatedActions.map((action) => [`/notice/${action}`, law.notice[action].status] as const),
      ...law.notice.exceptions.map(
        ({ status }, index) => [`/notice/exceptions/${index}`, status] as const,
      ),
    ].flatMap(([pointer, status]) => (status === "unconfirmed" ? [] : [pointer]));
    expect([...rules, ...periods].filter((pointer) => !decided.has(pointer))).toEqual([]);
  });
});

/** The same case with one expectation turned round; null where it expects that the gate never opens. */
function otherwise(row: PackCase): PackCase | null {
  if (row.opensOn !== undefined) return { ...row, opensOn: addDays(row.opensOn, 1) };
  if (row.straightThrough !== undefined) return { ...row, straightThrough: !row.straightThrough };
  if (row.owes !== undefined) return { ...row, owes: row.owes === null ? "information" : null };
  return row.changedOn === undefined ? null : { ...row, dueBy: addDays(row.changedOn, 3649) };
}

function pointersOf(law: CompliancePack, holidays: HolidayTable, row: PackCase): readonly string[] {
  const { rule } = classifyAdverseAction(law, row);
  const today = row.changedOn ?? row.notice;
  if (today === undefined) return [rule.pointer];
  const gate = noticeGate({ pack: law, holidays, ...row, notice: null, today });
  return [rule.pointer, gate.rule.pointer];
}

test("the packs that ship are held by at least 120 cases, each id in its newest version", () => {
  expect(shippedCases.reduce((sum, { cases }) => sum + cases.length, 0)).toBeGreaterThanOrEqual(
    120,
  );
  for (const id of new Set(packs.map((one) => one.id))) {
    const newest = Math.max(...packs.filter((one) => one.id === id).map(({ version }) => version));
    expect(shippedCases.some((cases) => cases.pack === id && cases.version === newest)).toBe(true);
  }
});

describe("every pack that ships", () => {
  test.each(packs.map((one) => [`${one.id} version ${one.version}`, one] as const))(
    "%s: contract values name terms that stand beside it in both languages",
    (_, one) => {
      const terms = readFileSync(`${folder}${one.jurisdiction}/product-terms.md`, "utf8");
      for (const { pointer, status, source } of valuesOf(one)) {
        if (status !== "contract") continue;
        const [, term] = /Product terms (\d\.\d)/.exec(source) ?? [];
        expect(term, pointer).toBeDefined();
        expect(terms, pointer).toMatch(new RegExp(`^\\| ${term} +\\| \\S.* \\| \\S.* \\|$`, "m"));
      }
    },
  );

  test("the same cut stands under four laws, clocks side by side", () => {
    const effectOf = (jurisdiction: string): string => {
      const law = packInForce(packs, jurisdiction, "2026-11-23" as BusinessDate)!;
      const holidays = calendars.get(law.calendar)!;
      const asked = { pack: law, action: "decrease", cause: "behaviour", holidays } as const;
      return firstEffect({ ...asked, issuedOn: "2026-11-23" as BusinessDate }).date;
    };
    expect(["cn", "us", "eu", "uk"].map(effectOf)).toEqual([
      "2026-12-07",
      "2026-11-23",
      "2026-12-23",
      "2026-12-23",
    ]);
  });
});

describe("pack cn-consumer-line", () => {
  test("every value rests on the contract or on a law that was read", () => {
    const statuses = valuesOf(pack!).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["contract", "confirmed"]));
  });

  test("gives the right to a person's review and never lowers below what is drawn", () => {
    expect(givesHumanReview(pack!)).toBe(true);
    expect(allowsBelowDrawn(pack!)).toBe(false);
    expect(pack!.humanReview.right.source).toContain("第二十四条");
  });

  test("holds today and on the dates of the 2005 example", () => {
    expect(packInForce(packs, "cn", "2005-09-30" as BusinessDate)?.id).toBe("cn-consumer-line");
    expect(packInForce(packs, "cn", "2026-11-30" as BusinessDate)?.id).toBe("cn-consumer-line");
  });
});

describe("law that changes", () => {
  test.each([
    ["eu", "2026-11-19", 1],
    ["eu", "2026-11-20", 2],
    ["us", "2026-04-16", 1],
    ["us", "2026-04-17", 2],
    ["us", "2026-07-20", 2],
    ["us", "2026-07-21", 3],
  ])("%s on %s is version %i", (jurisdiction, date, version) => {
    expect(packInForce(packs, jurisdiction, date as BusinessDate)?.version).toBe(version);
  });

  test("keeps the version that a decision was made under", () => {
    expect(packVersion(packs, { id: "eu-overdraft", version: 1 })?.effectiveTo).toBe("2026-11-19");
    expect(packVersion(packs, { id: "eu-overdraft", version: 99 })).toBeNull();
  });

  test("shows what a release changed and nothing else", () => {
    const [older, newer] = [2, 3].map((version) =>
      packVersion(packs, { id: "us-credit-card", version })!,
    );
    expect(packDifferences(older!, newer!).map(({ pointer }) => pointer)).toEqual([
      "/duties/fairness",
      "/effectiveFrom",
      "/effectiveTo",
    ]);
    expect(packDifferences(older!, older!)).toEqual([]);
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
