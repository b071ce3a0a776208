// What holds for the gate of every pack, calendar and date: it never opens early, it stays open, it counts no day
// off as a business day, and what nobody confirmed never makes it easier.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  daysBetween,
  isWorkday,
  type BusinessDate,
  type HolidayTable,
} from "../domain/calendar.ts";
import { causes, type Cause } from "../domain/decision.ts";
import type { NoticeState } from "../domain/notice.ts";
import {
  firstEffect,
  noticeDueBy,
  noticeGate,
  type GatedAction,
  type GateNotice,
} from "./notice-gate.ts";
import {
  agreements,
  type AdverseActionRule,
  type Agreement,
  type CompliancePack,
  type NoticePeriod,
  type Value,
  type ValueStatus,
} from "./pack.ts";
import { before, day, packOf, tellAlways, value } from "../../test/support/compliance-pack.ts";

const dates = fc.integer({ min: 0, max: 730 }).map((offset) => addDays(day("2025-06-01"), offset));
const periods = fc.record({
  months: fc.integer({ min: 0, max: 3 }),
  when: fc.constantFrom("before", "at", "after"),
  days: fc.integer({ min: 0, max: 60 }),
  counting: fc.constantFrom("calendar", "business"),
}) satisfies fc.Arbitrary<NoticePeriod>;
const statuses = fc.constantFrom<ValueStatus>("confirmed", "unconfirmed", "contract");
const packs = fc
  .record({
    period: periods,
    status: statuses,
    proof: fc.record({ value: fc.boolean(), status: statuses, source: fc.constant("Test law 2") }),
    exceptionPeriod: periods,
    exceptionStatus: statuses,
    exceptionCause: fc.constantFrom(...causes),
    substitutes: fc.array(
      fc.record({
        value: fc.record({
          channels: fc.constant(["letter"]),
          days: fc.integer({ min: 0, max: 10 }),
          counting: fc.constantFrom("calendar", "business"),
        }),
        status: statuses,
        source: fc.constant("Test law 3"),
      }),
      { maxLength: 1 },
    ),
    freeing: fc.option(
      fc.record({
        cause: fc.constantFrom(...causes),
        agreement: fc.constantFrom(...agreements),
        status: statuses,
      }),
    ),
  })
  .map(({ exceptionCause, exceptionPeriod, exceptionStatus, freeing, ...options }) =>
    packOf({
      ...options,
      adverseAction: freeing === null ? [tellAlways] : [freedBy(freeing), tellAlways],
      exceptions: [value({ causes: [exceptionCause], period: exceptionPeriod }, exceptionStatus)],
    }),
  );
const tables = fc
  .record({
    holidays: fc.uniqueArray(dates, { maxLength: 60 }),
    workdays: fc.uniqueArray(dates, { maxLength: 20 }),
    publishedYears: fc.subarray([2025, 2026, 2027]),
  })
  .map((table): HolidayTable => ({ id: "test", version: 1, ...table }));
const asked = fc.record({
  pack: packs,
  action: fc.constantFrom<GatedAction>("decrease", "freeze", "close"),
  cause: fc.constantFrom(...causes),
  agreement: fc.constantFrom(...agreements),
  holidays: tables,
});
const notices = fc.record({
  channel: fc.constantFrom("letter", "email"),
  state: fc.constantFrom<NoticeState>("issued", "delivered", "bounced"),
  issuedOn: dates,
  deliveredOn: fc.option(dates),
});

describe("every gate", () => {
  test("takes a short form for the notice only where the pack surely says so", () => {
    const sayings = fc.record({ value: fc.boolean(), status: statuses });
    fc.assert(
      fc.property(asked, notices, dates, sayings, (input, notice, today, said) => {
        const shortFormSuffices = { ...said, source: "Test law 4" };
        const pack = { ...input.pack, notice: { ...input.pack.notice, shortFormSuffices } };
        const ask = (one: GateNotice | null) => noticeGate({ ...input, pack, notice: one, today });
        const short = ask({ ...notice, channel: "sms" });
        if (said.value && said.status !== "unconfirmed") {
          expect(short).toEqual(ask({ ...notice, channel: "email" }));
          return;
        }
        expect(short.open).toBe(ask(null).open);
        if (short.open) return;
        expect(short.opensOn).toBeNull();
        const because =
          notice.state === "bounced"
            ? "came back undelivered"
            : `found a short form by sms, expected the whole notice (${said.status}: Test law 4)`;
        expect(short.because.en).toContain(because);
      }),
    );
  });

  test("never opens before the period is over", () => {
    fc.assert(
      fc.property(asked, notices, dates, (input, notice, today) => {
        const answer = noticeGate({ ...input, notice, today });
        const { applied, fromDelivery } = answer.rule;
        if (!answer.open || applied.when === "after" || answer.exempt !== null) return;
        const start = fromDelivery
          ? (notice.deliveredOn ?? deemed(input, notice))
          : notice.issuedOn;
        expect(notice.state).not.toBe("bounced");
        expect(start).not.toBeNull();
        expect(daysBetween(start ?? today, today)).toBeGreaterThanOrEqual(
          applied.when === "at" ? 0 : applied.days,
        );
      }),
    );
  });

  test("stays open once it is open, and opens on the date it named", () => {
    fc.assert(
      fc.property(asked, notices, dates, fc.nat(90), (input, notice, today, later) => {
        const now = noticeGate({ ...input, notice, today });
        const then = noticeGate({ ...input, notice, today: addDays(today, later) });
        if (now.open) expect(then.open).toBe(true);
        else if (now.opensOn !== null) {
          expect(noticeGate({ ...input, notice, today: now.opensOn }).open).toBe(true);
          expect(noticeGate({ ...input, notice, today: addDays(now.opensOn, -1) }).open).toBe(
            false,
          );
        }
      }),
    );
  });

  test("never opens earlier for a later delivery", () => {
    fc.assert(
      fc.property(asked, notices, dates, fc.nat(60), (input, notice, today, later) => {
        if (notice.deliveredOn === null) return;
        const late = { ...notice, deliveredOn: addDays(notice.deliveredOn, later) };
        const sooner = noticeGate({ ...input, notice, today });
        const then = noticeGate({ ...input, notice: late, today });
        expect(sooner.open || !then.open).toBe(true);
        if (!sooner.open && !then.open && sooner.opensOn !== null && then.opensOn !== null) {
          expect(then.opensOn >= sooner.opensOn).toBe(true);
        }
      }),
    );
  });

  test("forces a notice for every change that came first, inside the period that was asked", () => {
    fc.assert(
      fc.property(asked, dates, (input, today) => {
        const answer = noticeGate({ ...input, notice: null, today });
        if (!answer.open || answer.exempt !== null) return;
        expect(answer.rule.applied.when).toBe("after");
        expect(answer.noticeDueBy).toBe(noticeDueBy({ ...input, effectiveOn: today })?.date);
      }),
    );
  });

  test("lets no unconfirmed rule take a notice away", () => {
    fc.assert(
      fc.property(asked, dates, (input, today) => {
        const answer = noticeGate({ ...input, notice: null, today });
        if (answer.open && answer.exempt !== null) {
          expect(answer.exempt.status).not.toBe("unconfirmed");
        }
      }),
    );
  });

  test("counts exactly the asked number of working days, never a weekend day or holiday", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), tables, dates, (days, table, issuedOn) => {
        const pack = packOf({ period: before(days) });
        const { date } = firstEffect({
          pack,
          action: "decrease",
          cause: "bureau",
          holidays: table,
          issuedOn,
        });
        const span = Array.from({ length: daysBetween(issuedOn, date) }, (_, index) =>
          addDays(issuedOn, index + 1),
        );
        expect(isWorkday(date, table)).toBe(true);
        expect(span.filter((counted) => isWorkday(counted, table))).toHaveLength(days);
      }),
    );
  });

  test("agrees with firstEffect for a notice delivered on its day of issue", () => {
    fc.assert(
      fc.property(asked, dates, (input, issuedOn) => {
        const { date, rule } = firstEffect({ ...input, issuedOn });
        const notice: GateNotice = { state: "delivered", issuedOn, deliveredOn: issuedOn };
        expect(noticeGate({ ...input, notice, today: date }).open).toBe(true);
        const early = noticeGate({ ...input, notice, today: addDays(date, -1) });
        const free = early.open && early.exempt !== null;
        expect(early.open).toBe(rule.applied.when === "after" || free);
      }),
    );
  });

  test("is never easier for an unconfirmed value than for the same value confirmed", () => {
    fc.assert(
      fc.property(asked, notices, dates, (input, notice, today) => {
        const strict = noticeGate({ ...input, notice, today });
        const plain = noticeGate({ ...input, pack: confirm(input.pack), notice, today });
        expect(plain.open || !strict.open).toBe(true);
      }),
    );
  });
});

/** Counted without the gate: the day on which a sure substitute of the pack makes a letter delivered. */
function deemed({ pack, holidays }: Law, { channel, issuedOn }: GateNotice): BusinessDate | null {
  const [substitute] = pack.notice.substitutes;
  if (channel !== "letter" || substitute === undefined || substitute.status === "unconfirmed")
    return null;
  const { days, counting } = substitute.value;
  let date = issuedOn;
  for (let left = days; left > 0;) {
    date = addDays(date, 1);
    if (counting === "calendar" || isWorkday(date, holidays)) left -= 1;
  }
  return date;
}

type Law = Readonly<{ pack: CompliancePack; holidays: HolidayTable }>;

function freedBy({
  cause,
  agreement,
  status,
}: Readonly<{
  cause: Cause;
  agreement: Agreement;
  status: ValueStatus;
}>): Value<AdverseActionRule> {
  return {
    value: {
      id: "freed",
      if: { causes: [cause], agreements: [agreement] },
      notice: null,
      content: [],
      contentIfBureau: [],
      says: { zh: "无须通知", en: "No notice is owed" },
    },
    status,
    source: "Test law 4",
  };
}

function confirm(pack: CompliancePack): CompliancePack {
  const sure = <T>(content: Value<T>): Value<T> => ({ ...content, status: "confirmed" });
  const { notice } = pack;
  return {
    ...pack,
    adverseAction: pack.adverseAction.map(sure),
    notice: {
      ...notice,
      decrease: sure(notice.decrease),
      freeze: sure(notice.freeze),
      close: sure(notice.close),
      exceptions: notice.exceptions.map(sure),
      proofOfDelivery: sure(notice.proofOfDelivery),
      substitutes: notice.substitutes.map(sure),
    },
  };
}
