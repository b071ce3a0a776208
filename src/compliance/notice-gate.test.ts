// The gate as a table: given a pack and a notice, when somebody wants to change the line, then open or why not.

import { describe, expect, test } from "vitest";
import { addDays, type HolidayTable } from "../domain/calendar.ts";
import type { Cause } from "../domain/decision.ts";
import type { NoticeChannel, NoticeState } from "../domain/notice.ts";
import { firstEffect, noticeDueBy, noticeGate, ruleText, type GateNotice } from "./notice-gate.ts";
import type { AdverseActionRule, Agreement, DeliverySubstitute, NoticeException } from "./pack.ts";
import {
  after,
  at,
  before,
  day,
  packOf,
  tellAlways,
  value,
  type PackOptions,
} from "../../test/support/compliance-pack.ts";

// 2026-02-15 … 2026-02-23 are holidays, Saturday 2026-02-28 is worked.
const holidays: HolidayTable = {
  id: "test",
  version: 1,
  publishedYears: [2026],
  holidays: Array.from({ length: 9 }, (_, index) => addDays(day("2026-02-15"), index)),
  workdays: [day("2026-02-14"), day("2026-02-28")],
};

function noticeOf(
  issuedOn: string,
  deliveredOn: string | null = null,
  state: NoticeState = "issued",
  channel?: NoticeChannel,
): GateNotice {
  return {
    state,
    ...(channel === undefined ? {} : { channel }),
    issuedOn: day(issuedOn),
    deliveredOn: deliveredOn === null ? null : day(deliveredOn),
  };
}

type Row = Readonly<{
  name: string;
  given: PackOptions;
  notice: GateNotice | null;
  today: string;
  cause?: Cause;
  agreement?: Agreement;
  expected: "open" | Readonly<{ opensOn: string | null; because: RegExp }>;
  pointer?: string;
}>;

const fraudAt = value<NoticeException>({ causes: ["fraud"], period: at });
const fraudAfter = value<NoticeException>({ causes: ["fraud"], period: after(3) });
const byLetter = value<DeliverySubstitute>({
  channels: ["letter"],
  days: 2,
  counting: "business",
});
const proof = value(true);
const wish: AdverseActionRule = {
  id: "wish",
  if: { agreements: ["asked"] },
  notice: null,
  content: [],
  contentIfBureau: [],
  says: { zh: "客户自愿", en: "The customer's own wish" },
};
const twoMonths = { when: "before", months: 2, days: 0, counting: "calendar" } as const;
const tooEarly = (opensOn: string): Row["expected"] => ({ opensOn, because: new RegExp(opensOn) });

const rows: readonly Row[] = [
  {
    name: "no notice keeps the gate closed and names no date",
    given: {},
    notice: null,
    today: "2026-03-02",
    expected: { opensOn: null, because: /no notice was issued/ },
  },
  {
    name: "a bounced notice has reached nobody",
    given: {},
    notice: noticeOf("2026-03-02", null, "bounced"),
    today: "2026-04-30",
    expected: { opensOn: null, because: /came back undelivered/ },
  },
  {
    name: "an issued notice is not yet proof of delivery",
    given: { proof: value(true) },
    notice: noticeOf("2026-03-02"),
    today: "2026-04-30",
    expected: { opensOn: null, because: /not yet delivered/ },
  },
  {
    name: "an unconfirmed leave to do without proof of delivery is none",
    given: { proof: value(false, "unconfirmed") },
    notice: noticeOf("2026-03-02"),
    today: "2026-04-30",
    expected: { opensOn: null, because: /not yet delivered/ },
  },
  {
    name: "the day of the notice is not counted",
    given: { period: before(10, "calendar") },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-11",
    expected: tooEarly("2026-03-12"),
  },
  {
    name: "the last counted day is the first day allowed",
    given: { period: before(10, "calendar") },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-12",
    expected: "open",
  },
  {
    name: "business days leave out weekends and holidays and count worked weekend days",
    given: {},
    notice: noticeOf("2026-02-13"),
    today: "2026-03-04",
    expected: tooEarly("2026-03-05"),
  },
  {
    name: "the gate opens after ten business days",
    given: {},
    notice: noticeOf("2026-02-13"),
    today: "2026-03-05",
    expected: "open",
  },
  {
    name: "with proof of delivery the clock starts with delivery",
    given: { period: before(10, "calendar"), proof: value(true) },
    notice: noticeOf("2026-03-02", "2026-03-05", "delivered"),
    today: "2026-03-14",
    expected: tooEarly("2026-03-15"),
  },
  {
    name: "delivery cannot start the clock before issue",
    given: { period: before(1, "calendar"), proof: value(true) },
    notice: noticeOf("2026-03-02", "2026-03-01", "delivered"),
    today: "2026-03-02",
    expected: tooEarly("2026-03-03"),
  },
  {
    name: '"at" opens on the day of the notice',
    given: { period: at },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-02",
    expected: "open",
  },
  {
    name: '"at" without a notice stays closed',
    given: { period: at },
    notice: null,
    today: "2026-03-02",
    expected: { opensOn: null, because: /no notice/ },
  },
  {
    name: '"at" waits for a notice of tomorrow',
    given: { period: at },
    notice: noticeOf("2026-03-03"),
    today: "2026-03-02",
    expected: tooEarly("2026-03-03"),
  },
  {
    name: '"after" opens without a notice',
    given: { period: after(30) },
    notice: null,
    today: "2026-03-02",
    expected: "open",
  },
  {
    name: '"after" stays open when the notice bounced',
    given: { period: after(30) },
    notice: noticeOf("2026-03-02", null, "bounced"),
    today: "2026-03-02",
    expected: "open",
  },
  {
    name: "an exception stands in place of the period for its cause",
    given: { exceptions: [fraudAt] },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-02",
    cause: "fraud",
    expected: "open",
    pointer: "/notice/exceptions/0",
  },
  {
    name: "an exception is nothing to another cause",
    given: { exceptions: [fraudAt] },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-02",
    cause: "bureau",
    expected: tooEarly("2026-03-16"),
    pointer: "/notice/decrease",
  },
  {
    name: "an exception may allow the cut before the notice",
    given: { exceptions: [value({ causes: ["macro"], period: before(60) }), fraudAfter] },
    notice: null,
    today: "2026-03-02",
    cause: "fraud",
    expected: "open",
    pointer: "/notice/exceptions/1",
  },
  {
    name: "an unconfirmed exception cannot shorten the clock",
    given: { exceptions: [{ ...fraudAt, status: "unconfirmed" }] },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-02",
    cause: "fraud",
    expected: tooEarly("2026-03-16"),
    pointer: "/notice/decrease",
  },
  {
    name: "an unconfirmed exception can lengthen the clock",
    given: {
      exceptions: [value({ causes: ["macro"], period: before(60, "calendar") }, "unconfirmed")],
      period: before(1),
    },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-03",
    cause: "macro",
    expected: tooEarly("2026-05-25"),
    pointer: "/notice/exceptions/0",
  },
  {
    name: "an unconfirmed exception asks for a notice where the period asks for none",
    given: {
      exceptions: [value({ causes: ["macro"], period: at }, "unconfirmed")],
      period: after(30),
    },
    notice: null,
    today: "2026-03-03",
    cause: "macro",
    expected: { opensOn: null, because: /no notice/ },
    pointer: "/notice/exceptions/0",
  },
  {
    name: "unconfirmed calendar days are read as business days",
    given: { period: before(10, "calendar"), status: "unconfirmed" },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-12",
    expected: tooEarly("2026-03-16"),
  },
  {
    name: 'an unconfirmed "after" is read as "before"',
    given: { period: after(5), status: "unconfirmed" },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-02",
    expected: tooEarly("2026-03-09"),
  },
  {
    name: "months end on the same day of the month, or on its last day",
    given: { period: twoMonths },
    notice: noticeOf("2026-12-31"),
    today: "2027-02-27",
    expected: tooEarly("2027-02-28"),
  },
  {
    name: "unconfirmed months stay months and come before the effect",
    given: { period: { ...twoMonths, when: "after" }, status: "unconfirmed" },
    notice: noticeOf("2026-03-02"),
    today: "2026-05-01",
    expected: tooEarly("2026-05-02"),
  },
  {
    name: "a substitute stands in place of proof on its day",
    given: { proof, substitutes: [byLetter], period: before(10, "calendar") },
    notice: noticeOf("2026-03-02", null, "issued", "letter"),
    today: "2026-03-13",
    expected: tooEarly("2026-03-14"),
  },
  {
    name: "a substitute opens the gate when its own and the asked days are over",
    given: { proof, substitutes: [byLetter], period: before(10, "calendar") },
    notice: noticeOf("2026-03-02", null, "issued", "letter"),
    today: "2026-03-14",
    expected: "open",
  },
  {
    name: "a substitute of another channel is none",
    given: { proof, substitutes: [byLetter] },
    notice: noticeOf("2026-03-02", null, "issued", "email"),
    today: "2026-04-30",
    expected: { opensOn: null, because: /not yet delivered/ },
  },
  {
    name: "an unconfirmed substitute is none",
    given: { proof, substitutes: [{ ...byLetter, status: "unconfirmed" }] },
    notice: noticeOf("2026-03-02", null, "issued", "letter"),
    today: "2026-04-30",
    expected: { opensOn: null, because: /not yet delivered/ },
  },
  {
    name: "what came back is not delivered by any substitute",
    given: { proof, substitutes: [byLetter] },
    notice: noticeOf("2026-03-02", null, "bounced", "letter"),
    today: "2026-04-30",
    expected: { opensOn: null, because: /came back undelivered/ },
  },
  {
    name: "delivery that was proved counts before any substitute",
    given: { proof, substitutes: [byLetter], period: before(1, "calendar") },
    notice: noticeOf("2026-03-02", "2026-03-20", "delivered", "letter"),
    today: "2026-03-20",
    expected: tooEarly("2026-03-21"),
  },
  {
    name: "an exception for one change leaves the others alone",
    given: {
      exceptions: [value({ actions: ["freeze"], causes: ["fraud"], period: after(0) })],
    },
    notice: null,
    today: "2026-03-02",
    cause: "fraud",
    expected: { opensOn: null, because: /no notice/ },
    pointer: "/notice/decrease",
  },
  {
    name: "no notice is needed where none is owed",
    given: { adverseAction: [value(wish), tellAlways] },
    notice: null,
    today: "2026-03-02",
    agreement: "asked",
    expected: "open",
  },
  {
    name: "an unconfirmed rule takes no notice away",
    given: { adverseAction: [value(wish, "unconfirmed"), tellAlways] },
    notice: null,
    today: "2026-03-02",
    agreement: "asked",
    expected: { opensOn: null, because: /no notice/ },
  },
  {
    name: "a contract value is read as written",
    given: { period: before(10, "calendar"), status: "contract" },
    notice: noticeOf("2026-03-02"),
    today: "2026-03-12",
    expected: "open",
  },
];

describe("the notice gate", () => {
  test.each(rows)("$name", ({ given, notice, today, cause, agreement, expected, pointer }) => {
    const answer = noticeGate({
      pack: packOf(given),
      action: "decrease",
      cause: cause ?? "behaviour",
      ...(agreement === undefined ? {} : { agreement }),
      notice,
      today: day(today),
      holidays,
    });
    expect(answer.open).toBe(expected === "open");
    if (!answer.open && expected !== "open") {
      expect(answer.opensOn).toBe(expected.opensOn);
      expect(answer.because.en).toMatch(expected.because);
      expect(answer.because.zh).toMatch(/^无法变更额度：/);
    }
    if (pointer !== undefined) expect(answer.rule.pointer).toBe(pointer);
  });

  test("quotes pack, value, source, status and period of the rule", () => {
    const asked = {
      pack: packOf({ status: "contract" }),
      action: "freeze",
      cause: "bureau",
      holidays,
    } as const;
    const { date, rule } = firstEffect({ ...asked, issuedOn: day("2026-03-02") });
    expect(date).toBe("2026-03-16");
    expect(rule).toEqual({
      pack: { id: "test", version: 3 },
      pointer: "/notice/freeze",
      source: "Test law 1",
      status: "contract",
      period: before(10),
      applied: before(10),
      fromDelivery: false,
      unconfirmedYears: [],
    });
    expect(ruleText(rule)).toEqual({
      en: "notice must be issued 10 business days before (contract: Test law 1)",
      zh: "须提前 10 个工作日发出通知（合同约定：Test law 1）",
    });
  });

  test("keeps the written period beside the stricter one that was applied", () => {
    const pack = packOf({ period: after(5), status: "unconfirmed" });
    const { rule } = firstEffect({
      pack,
      action: "close",
      cause: "bureau",
      holidays,
      issuedOn: day("2026-03-02"),
    });
    expect(rule.period).toEqual(after(5));
    expect(rule.applied).toEqual(before(5));
  });

  test("counts weekends in a year without a table and names the year", () => {
    const asked = { pack: packOf({}), action: "decrease", cause: "bureau", holidays } as const;
    const { date, rule } = firstEffect({ ...asked, issuedOn: day("2005-10-03") });
    expect(date).toBe("2005-10-17");
    expect(rule.unconfirmedYears).toEqual([2005]);
    expect(ruleText(rule).en).toMatch(/no published holiday table for 2005/);
    const across = firstEffect({ ...asked, issuedOn: day("2026-12-28") });
    expect(across.rule.unconfirmedYears).toEqual([2027]);
  });

  test("says by when a notice must follow, and that none may follow where it must come first", () => {
    const asked = {
      action: "decrease",
      cause: "bureau",
      holidays,
      effectiveOn: day("2026-03-02"),
    } as const;
    expect(noticeDueBy({ ...asked, pack: packOf({ period: after(30) }) })?.date).toBe("2026-04-01");
    expect(noticeDueBy({ ...asked, pack: packOf({}) })).toBeNull();
  });

  test("forces the notice after a change that came first, until it stands", () => {
    const asked = {
      pack: packOf({ period: after(30), proof, adverseAction: [value(wish), tellAlways] }),
      action: "decrease",
      cause: "bureau",
      holidays,
      today: day("2026-03-02"),
    } as const;
    const dueOf = (notice: GateNotice | null): string | null => {
      const answer = noticeGate({ ...asked, notice });
      return answer.open ? answer.noticeDueBy : "closed";
    };
    expect(dueOf(null)).toBe("2026-04-01");
    expect(dueOf(noticeOf("2026-03-02"))).toBe("2026-04-01");
    expect(dueOf(noticeOf("2026-03-02", null, "bounced"))).toBe("2026-04-01");
    expect(dueOf(noticeOf("2026-03-02", "2026-03-02", "delivered"))).toBeNull();
    const wished = noticeGate({ ...asked, agreement: "asked", notice: null });
    expect(wished).toMatchObject({ open: true, noticeDueBy: null, exempt: { id: "wish" } });
    expect(firstEffect({ ...asked, agreement: "asked", issuedOn: day("2026-03-02") }).date).toBe(
      "2026-03-02",
    );
  });

  test("names the years that a substitute was counted in", () => {
    const { rule } = noticeGate({
      pack: packOf({ proof, substitutes: [byLetter], period: before(1, "calendar") }),
      action: "decrease",
      cause: "bureau",
      holidays,
      notice: noticeOf("2026-12-31", null, "issued", "letter"),
      today: day("2027-03-01"),
    });
    expect(rule.unconfirmedYears).toEqual([2027]);
  });

  test("writes months and days in words", () => {
    const words = (period: Parameters<typeof packOf>[0]["period"]): string => {
      const pack = packOf({ period: period! });
      const asked = { pack, action: "close", cause: "bureau", holidays } as const;
      return ruleText(firstEffect({ ...asked, issuedOn: day("2026-03-02") }).rule).en;
    };
    expect(words(twoMonths)).toContain("2 months before");
    expect(words({ ...twoMonths, months: 1, days: 1 })).toContain(
      "1 month and 1 calendar day before",
    );
  });

  test("refuses to count by another calendar", () => {
    const asked = {
      pack: packOf({}),
      action: "decrease",
      cause: "bureau",
      issuedOn: day("2026-03-02"),
    } as const;
    expect(() => firstEffect({ ...asked, holidays: { ...holidays, id: "other" } })).toThrow(
      "Cannot count notice period: found calendar other, expected test",
    );
  });
});
