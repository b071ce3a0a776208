// A check says what is wrong with a pack and what must be known of it, each with its place and in both languages.

import { describe, expect, test } from "vitest";
import { after, at, day, packOf, tellAlways, value } from "../../test/support/compliance-pack.ts";
import type { HolidayTable } from "../domain/calendar.ts";
import { packFindings, type PackFinding } from "./pack-findings.ts";
import { openPlaces, packDifferences, valuesOf } from "./pack-values.ts";
import type { CompliancePack } from "./pack.ts";

const holidays: HolidayTable = {
  id: "test",
  version: 1,
  publishedYears: [2026, 2027],
  holidays: [],
  workdays: [],
};

const sound: CompliancePack = {
  ...packOf({}),
  adverseAction: [{ ...tellAlways, source: "Law 9" }],
};

function findings(
  pack: CompliancePack,
  change: Partial<Parameters<typeof packFindings>[0]> = {},
): readonly PackFinding[] {
  const today = day("2026-11-23");
  return packFindings({ pack, holidays, today, terms: null, ...change });
}

const placesOf = (found: readonly PackFinding[], level: PackFinding["level"]): readonly string[] =>
  found.filter((one) => one.level === level).map(({ pointer }) => pointer);

describe("packFindings", () => {
  test("finds nothing wrong with a sound pack and lists what nobody read", () => {
    const found = findings(sound);
    expect(placesOf(found, "problem")).toEqual([]);
    expect(placesOf(found, "note")).toEqual(["/duties"]);
    expect(found[0]?.text.en).toContain("reasons/required, reasons/specific");
    expect(openPlaces(sound)).toHaveLength(29);
  });

  test("names every unconfirmed value, how it is read and whether a person must agree", () => {
    const pack = {
      ...sound,
      humanReview: { ...sound.humanReview, right: value(false, "unconfirmed", "Law 8") },
      notice: {
        ...sound.notice,
        close: value(after(5), "unconfirmed", "Law 7"),
        exceptions: [
          value({ causes: ["fraud" as const], period: at }, "unconfirmed" as const, "Law 6"),
        ],
      },
    };
    const texts = new Map(findings(pack).map(({ pointer, text }) => [pointer, text]));
    expect(texts.get("/notice/close")).toEqual({
      en: "Unconfirmed, a person must agree: Law 7; read as: notice must be issued 5 business days before",
      zh: "尚未核实，须由人工同意：Law 7；适用为：须提前 5 个工作日发出通知",
    });
    expect(texts.get("/notice/exceptions/0")?.en).toContain("notice must be issued first");
    expect(texts.get("/humanReview/right")?.en).toBe("Unconfirmed: Law 8");
  });

  test.each([
    ["2026-11-23", null, []],
    ["2027-01-01", null, ["/calendar"]],
    ["2027-01-01", "2027-12-31", []],
  ])(
    "on %s, for a pack that ends on %s, the years without a table are %j",
    (today, end, expected) => {
      const pack = { ...sound, effectiveTo: end === null ? null : day(end) };
      const found = findings(pack, { today: day(today) });
      expect(placesOf(found, "note").filter((one) => one === "/calendar")).toEqual(expected);
    },
  );

  test("refuses a text that is there in one language twice", () => {
    const pack = { ...sound, label: { zh: "Test", en: "Test" } };
    expect(placesOf(findings(pack), "problem")).toEqual(["/label"]);
    const swapped = { ...sound, release: { zh: "首版", en: "首版" } };
    expect(placesOf(findings(swapped), "problem")).toEqual(["/release"]);
  });

  test("refuses channels through which no notice could ever be given", () => {
    const notice = { ...sound.notice, channels: value(["sms", "push"] as const) };
    expect(placesOf(findings({ ...sound, notice }), "problem")).toEqual([]);
    const pack = { ...sound, notice: { ...notice, shortFormSuffices: value(false) } };
    expect(placesOf(findings(pack), "problem")).toEqual(["/notice/channels"]);
  });

  test("refuses a contract value whose term does not stand beside the pack", () => {
    const named = value(true, "contract", "产品条款第 3.2 条 / Product terms 3.2");
    const pack = { ...sound, notice: { ...sound.notice, proofOfDelivery: named } };
    const terms = new Set(["3.2"]);
    expect(placesOf(findings(pack, { terms }), "problem")).toEqual(["/adverseAction/0"]);
    expect(placesOf(findings(pack, { terms: new Set() }), "problem")).toEqual([
      "/notice/proofOfDelivery",
      "/adverseAction/0",
    ]);
  });
});

describe("values of a pack", () => {
  test("stand in the order of the document with their places", () => {
    expect(valuesOf(sound).map(({ pointer }) => pointer)).toEqual([
      "/notice/decrease",
      "/notice/freeze",
      "/notice/close",
      "/notice/channels",
      "/notice/proofOfDelivery",
      "/notice/shortFormSuffices",
      "/notice/delivery",
      "/adverseAction/0",
      "/reasons/maximum",
      "/reasons/forbidden",
      "/humanReview/right",
      "/belowDrawnAllowed",
    ]);
  });

  test("differ by content, status, source or presence, and by nothing else", () => {
    const newer: CompliancePack = {
      ...sound,
      version: 4,
      release: { zh: "新版", en: "Next" },
      effectiveFrom: day("2027-01-01"),
      belowDrawnAllowed: value(false, "contract"),
      duties: { ...sound.duties, periodicReview: value({ length: 1, unit: "year" as const }) },
    };
    expect(packDifferences(sound, newer)).toEqual([
      {
        pointer: "/belowDrawnAllowed",
        from: '{"value":false,"status":"confirmed","source":"Test law 1"}',
        to: '{"value":false,"status":"contract","source":"Test law 1"}',
      },
      {
        pointer: "/duties/periodicReview",
        from: null,
        to: '{"value":{"length":1,"unit":"year"},"status":"confirmed","source":"Test law 1"}',
      },
      { pointer: "/effectiveFrom", from: '"2000-01-01"', to: '"2027-01-01"' },
    ]);
  });
});
