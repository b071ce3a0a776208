// The classifier as a table over packs that are made up for it: conditions, order, what an unconfirmed rule may and may
// not do, and what the notice must hold.

import { describe, expect, test } from "vitest";
import {
  at,
  after,
  before,
  day,
  packOf,
  tellAlways,
  value,
} from "../../test/support/compliance-pack.ts";
import { classifyAdverseAction, type LineChangeAsked } from "./adverse-action.ts";
import type { AdverseActionRule, Value, ValueStatus } from "./pack.ts";
import { barText, straightThroughBars } from "./straight-through.ts";

function ruleOf(
  id: string,
  conditions: AdverseActionRule["if"],
  change: Partial<AdverseActionRule> = {},
  status: ValueStatus = "confirmed",
): Value<AdverseActionRule> {
  const rule: AdverseActionRule = {
    id,
    if: conditions,
    notice: null,
    content: [],
    contentIfBureau: [],
    says: { zh: `规则 ${id}`, en: `Rule ${id}` },
    ...change,
  };
  return value(rule, status, `Law of ${id}`);
}

const informs = { notice: "information", content: ["effective-date"] } as const;
const change: LineChangeAsked = { action: "decrease", cause: "behaviour" };

type Row = Readonly<{
  name: string;
  rules: readonly Value<AdverseActionRule>[];
  asked?: Partial<LineChangeAsked>;
  decides: string;
  notice: string | null;
  passedOver?: readonly string[];
}>;

const rows: readonly Row[] = [
  {
    name: "without a narrower rule the last one decides",
    rules: [],
    decides: "every-change",
    notice: "adverse-action",
  },
  {
    name: "a rule for the cause frees from the notice",
    rules: [ruleOf("own", { causes: ["behaviour"] })],
    decides: "own",
    notice: null,
  },
  {
    name: "a rule for another cause does not apply",
    rules: [ruleOf("own", { causes: ["own-delinquency"] })],
    decides: "every-change",
    notice: "adverse-action",
  },
  {
    name: "a rule for another change does not apply",
    rules: [ruleOf("closing", { actions: ["close"] })],
    decides: "every-change",
    notice: "adverse-action",
  },
  {
    name: "every condition must hold",
    rules: [ruleOf("both", { causes: ["behaviour"], classWide: true })],
    decides: "every-change",
    notice: "adverse-action",
  },
  {
    name: "a change to a whole class is told apart from one line",
    rules: [ruleOf("class", { classWide: true })],
    asked: { classWide: true },
    decides: "class",
    notice: null,
  },
  {
    name: "a line that is not known to be overdue is taken as not overdue",
    rules: [ruleOf("overdue", { presentlyOverdue: true })],
    decides: "every-change",
    notice: "adverse-action",
  },
  {
    name: "a line that is overdue now is told apart",
    rules: [ruleOf("overdue", { presentlyOverdue: true })],
    asked: { presentlyOverdue: true },
    decides: "overdue",
    notice: null,
  },
  {
    name: "without word of an agreement there is none",
    rules: [ruleOf("wish", { agreements: ["agreed", "asked"] })],
    decides: "every-change",
    notice: "adverse-action",
  },
  {
    name: "what the customer agreed to is told apart",
    rules: [ruleOf("wish", { agreements: ["agreed", "asked"] })],
    asked: { agreement: "agreed" },
    decides: "wish",
    notice: null,
  },
  {
    name: "the first rule that applies decides",
    rules: [ruleOf("first", { causes: ["behaviour"] }, informs), ruleOf("second", {})],
    decides: "first",
    notice: "information",
  },
  {
    name: "an unconfirmed rule takes no notice away and is named as passed over",
    rules: [ruleOf("rumour", {}, {}, "unconfirmed")],
    decides: "every-change",
    notice: "adverse-action",
    passedOver: ["rumour"],
  },
  {
    name: "an unconfirmed rule may ask for a notice that a sure one does not",
    rules: [ruleOf("rumour", {}, informs, "unconfirmed"), ruleOf("free", {})],
    decides: "rumour",
    notice: "information",
  },
];

describe("classifyAdverseAction", () => {
  test.each(rows)("$name", ({ rules, asked, decides, notice, passedOver }) => {
    const pack = packOf({ adverseAction: [...rules, tellAlways] });
    const found = classifyAdverseAction(pack, { ...change, ...asked });
    expect(found.rule.id).toBe(decides);
    expect(found.notice).toBe(notice);
    expect(found.notifiable).toBe(notice !== null);
    expect(found.period === null).toBe(notice === null);
    expect(found.passedOver.map(({ id }) => id)).toEqual(passedOver ?? []);
  });

  test("cites the rule with its place, sense, source and status", () => {
    const pack = packOf({ adverseAction: [ruleOf("own", { causes: ["bureau"] }), tellAlways] });
    expect(classifyAdverseAction(pack, { ...change, cause: "bureau" }).rule).toEqual({
      pack: { id: "test", version: 3 },
      pointer: "/adverseAction/0",
      id: "own",
      says: { zh: "规则 own", en: "Rule own" },
      source: "Law of own",
      status: "confirmed",
    });
  });

  test("adds what is owed where bureau data were used", () => {
    const owed = (bureauDataUsed: boolean): readonly string[] =>
      classifyAdverseAction(packOf({}), { ...change, bureauDataUsed }).content;
    expect(owed(false)).toEqual(["action-taken", "principal-reasons"]);
    expect(owed(true)).toEqual(["action-taken", "principal-reasons", "bureau-name-and-address"]);
  });

  test("an unconfirmed rule adds to what the sure one asks for", () => {
    const pack = packOf({
      adverseAction: [ruleOf("more", {}, informs, "unconfirmed"), tellAlways],
    });
    expect(classifyAdverseAction(pack, change).content).toEqual([
      "effective-date",
      "action-taken",
      "principal-reasons",
    ]);
  });

  test("gives the period that the gate applies, the stricter one of an unconfirmed exception", () => {
    const period = (status: ValueStatus, exception: typeof at) =>
      classifyAdverseAction(
        packOf({
          period: before(10),
          exceptions: [value({ causes: ["behaviour"], period: exception }, status)],
        }),
        change,
      ).period;
    expect(period("confirmed", at)).toEqual(at);
    expect(period("unconfirmed", at)).toEqual(before(10));
    expect(period("unconfirmed", after(30))).toEqual(before(30));
  });
});

describe("straight through", () => {
  const barsOf = (options: Parameters<typeof packOf>[0], asked: LineChangeAsked = change) =>
    straightThroughBars(packOf(options), asked).map(({ pointer, because }) => [pointer, because]);
  const unsure = value(false, "unconfirmed");

  test("is open where everything it rests on is sure", () => {
    expect(barsOf({})).toEqual([]);
  });

  test("stops on every unconfirmed value that it rests on", () => {
    expect(barsOf({ status: "unconfirmed", proof: unsure })).toEqual([
      ["/notice/decrease", "unconfirmed"],
      ["/notice/proofOfDelivery", "unconfirmed"],
    ]);
    expect(
      barsOf({ adverseAction: [ruleOf("rumour", {}, {}, "unconfirmed"), tellAlways] }),
    ).toEqual([["/adverseAction/0", "unconfirmed"]]);
  });

  test("is not stopped by the clock of a notice that is not owed", () => {
    const adverseAction = [ruleOf("free", {}), tellAlways];
    expect(barsOf({ status: "unconfirmed", proof: unsure, adverseAction })).toEqual([]);
  });

  test("stops where the pack asks for a person, for that change and cause only", () => {
    const mandatory = [value({ actions: ["decrease" as const], causes: ["behaviour" as const] })];
    expect(barsOf({ mandatory })).toEqual([["/humanReview/mandatory/0", "person-required"]]);
    expect(barsOf({ mandatory }, { ...change, cause: "fraud" })).toEqual([]);
    expect(barsOf({ mandatory }, { ...change, action: "freeze" })).toEqual([]);
  });

  test("stops where a period of law is counted in a year without a holiday table", () => {
    const holidays = { id: "test", version: 1, publishedYears: [2026], holidays: [], workdays: [] };
    const barsOn = (issued: string, status: ValueStatus) =>
      straightThroughBars(packOf({ period: before(10), status }), change, {
        holidays,
        issuedOn: day(issued),
      }).map(({ because }) => because);
    expect(barsOn("2026-12-01", "confirmed")).toEqual([]);
    expect(barsOn("2026-12-28", "confirmed")).toEqual(["unconfirmed-year"]);
    expect(barsOn("2026-12-28", "contract")).toEqual([]);
  });

  test("says why in both languages", () => {
    const [bar] = straightThroughBars(packOf({ status: "unconfirmed" }), change);
    expect(barText(bar!)).toEqual({
      en: "A person must agree: /notice/decrease is unconfirmed (Test law 1)",
      zh: "须由人工同意：/notice/decrease 尚未核实（Test law 1）",
    });
  });
});
