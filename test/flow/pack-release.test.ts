// A pack is released, or a holiday table changes, while a decision is under way: the decision keeps the law it was made
// under, nothing takes effect before the day that was told or the day that is counted now, and the pack may ask for a person
// where the strategy asks for none.

import { describe, expect, test } from "vitest";
import type { CompliancePack, PackRef } from "../../src/compliance/pack.ts";
import type { BusinessDate, HolidayTable } from "../../src/domain/calendar.ts";
import { value } from "../support/compliance-pack.ts";
import {
  command,
  context,
  decideCommand,
  decideOn,
  decisionId,
  pack,
  withLine,
} from "../support/given.ts";

const older = pack();
const newer = pack({
  version: 2,
  notice: {
    ...older.notice,
    decrease: value({ when: "before", days: 90, counting: "calendar" }),
  },
});

/** A world in which `inForce` holds today and both versions can be found. */
function under(inForce: CompliancePack, today?: string) {
  const find = (_jurisdiction: string, version?: PackRef): CompliancePack =>
    version === undefined ? inForce : version.version === 1 ? older : newer;
  return context({
    pack: find,
    ...(today === undefined ? {} : { today: today as BusinessDate }),
  });
}

function withDecision(inForce: CompliancePack) {
  const state = withLine();
  const straight = decideCommand({ route: "straight-through" });
  expect(decideOn(state, straight, under(inForce))).toContain("DecisionMade");
  return state;
}

test("a decision keeps the pack version it was made under", () => {
  const state = withDecision(older);
  expect(state.decisions.get(decisionId)?.record.pack).toEqual({ id: "cn", version: 1 });
  expect(decideOn(state, command("IssueNotice", decisionId), under(newer))).toEqual([
    "NoticeIssued",
  ]);
  const [notice] = [...state.notices.values()];
  expect(notice?.pack).toEqual({ id: "cn", version: 1 });
  expect(notice?.effectiveOn).toBe("2026-03-12");
  expect(decideOn(state, command("Apply", decisionId), under(newer, "2026-03-11"))).toBe(
    "gate-closed",
  );
  expect(decideOn(state, command("Apply", decisionId), under(newer, "2026-03-12"))).toEqual([
    "LimitDecreased",
  ]);
});

test("a decision made after the release is under the new law", () => {
  const state = withDecision(newer);
  expect(decideOn(state, command("IssueNotice", decisionId), under(newer))).toEqual([
    "NoticeIssued",
  ]);
  const [notice] = [...state.notices.values()];
  expect(notice?.pack).toEqual({ id: "cn", version: 2 });
  expect(notice?.effectiveOn).toBe("2026-05-31");
});

test("a strategy's straight-through decision goes to a person where the pack asks for one", () => {
  const asksForPerson = pack({
    humanReview: {
      ...older.humanReview,
      mandatory: [value({ actions: ["decrease"], causes: ["behaviour"] })],
    },
  });
  const state = withLine();
  const straight = decideCommand({ route: "straight-through" });
  const kinds = decideOn(state, straight, context({ pack: () => asksForPerson }));
  expect(kinds).toContain("ReviewOpened");
  expect(kinds).not.toContain("DecisionApproved");
});

describe("a holiday table that changes after the notice", () => {
  const inBusinessDays = pack({
    notice: {
      ...older.notice,
      decrease: value({ when: "before", days: 5, counting: "business" }),
    },
  });
  /** Monday 2 March is the day of the notice; the day that it names comes after five business days. */
  const days = (change: Partial<HolidayTable>, today: string) =>
    context({
      pack: () => inBusinessDays,
      holidays: () => ({
        ...{ id: "cn", version: 2, publishedYears: [2026], holidays: [], workdays: [] },
        ...change,
      }),
      today: today as BusinessDate,
    });

  function told() {
    const state = withLine();
    decideOn(state, decideCommand({ route: "straight-through" }), days({}, "2026-03-02"));
    decideOn(state, command("IssueNotice", decisionId), days({}, "2026-03-02"));
    expect(state.decisions.get(decisionId)?.effectiveOn).toBe("2026-03-09");
    return state;
  }

  test("and makes the clock longer closes the gate until the day that is counted now", () => {
    const state = told();
    const longer = { holidays: ["2026-03-05" as BusinessDate] };
    const apply = command("Apply", decisionId);
    expect(decideOn(state, apply, days(longer, "2026-03-09"))).toBe("gate-closed");
    expect(decideOn(state, apply, days(longer, "2026-03-10"))).toEqual(["LimitDecreased"]);
  });

  test("and makes it shorter opens nothing before the day that the notice names", () => {
    const state = told();
    const shorter = { workdays: ["2026-03-07" as BusinessDate] };
    const apply = command("Apply", decisionId);
    expect(decideOn(state, apply, days(shorter, "2026-03-08"))).toBe("gate-closed");
    expect(decideOn(state, apply, days(shorter, "2026-03-09"))).toEqual(["LimitDecreased"]);
  });
});
