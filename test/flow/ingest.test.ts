// What is said twice counts once, in whatever order, and an old file never undoes what was done since.

import { describe, expect, test } from "vitest";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { ingest } from "../../src/flow/ingest.ts";
import type { Registration } from "../../src/flow/registration.ts";
import {
  command,
  context,
  customerId,
  decideOn,
  emptyState,
  idOf,
  lineId,
} from "../support/given.ts";

function register(change: Partial<Registration> = {}) {
  const body: Registration = {
    customerId,
    customerReference: "C-1",
    lineReference: "L-1",
    portfolio: "cards",
    product: "card",
    jurisdiction: "cn",
    currency: "CNY",
    language: "zh",
    limitMinor: 1_000_000,
    drawnMinor: 100,
    pendingMinor: 0,
    status: "active",
    openedOn: null,
    asOf: "2026-02-28" as Registration["asOf"],
    facts: { daysPastDue: 0 },
    identity: { name: "演示客户" },
    ...change,
  };
  return command("RegisterLine", lineId, body);
}

const signal = (id: string, amountMinor: number, type = "drawdown", currency = "CNY") =>
  command("RecordSignal", lineId, {
    source: "core",
    id,
    type,
    asOf: "2026-03-01",
    amount: { amountMinor, currency },
  });

test("a line is registered once; the same row again changes nothing", () => {
  const state = emptyState();
  expect(decideOn(state, register())).toEqual(["LineRegistered"]);
  expect(decideOn(state, register())).toEqual([]);
  expect(state.identities).toEqual([{ customerId, fields: { name: "演示客户" } }]);
});

test("the same file after a cut does not give the limit back", () => {
  const state = emptyState();
  decideOn(state, register());
  state.lines.set(lineId, { ...state.lines.get(lineId)!, limitMinor: 600_000, ver: 2 });
  expect(decideOn(state, register())).toEqual([]);
  expect(state.lines.get(lineId)!.limitMinor).toBe(600_000);
});

test("a file as of our own change or before never undoes it, a later one says what is", () => {
  const state = emptyState();
  decideOn(state, register());
  const cut = { limitMinor: 600_000, status: "frozen", decidedOn: "2026-03-01", ver: 2 } as const;
  state.lines.set(lineId, { ...state.lines.get(lineId)!, ...cut } as CreditLine);
  const asOf = (date: string): Registration["asOf"] => date as Registration["asOf"];
  decideOn(state, register({ drawnMinor: 7 }));
  decideOn(state, register({ asOf: asOf("2026-03-01"), drawnMinor: 8 }));
  expect(state.lines.get(lineId)).toMatchObject({ ...cut, drawnMinor: 8 });
  decideOn(state, register({ asOf: asOf("2026-03-02"), limitMinor: 800_000 }));
  expect(state.lines.get(lineId)).toMatchObject({ limitMinor: 800_000, status: "active", ver: 3 });
});

test("a line is registered with what the lender kept of it, and history that does not rise is refused", () => {
  const past = (asOf: string, daysPastDue: number) =>
    ({ asOf: asOf as Registration["asOf"], facts: { daysPastDue } }) as const;
  const state = emptyState();
  const given = register({ history: [past("2025-12-31", 3), past("2026-01-31", 2)] });
  expect(decideOn(state, given)).toEqual(["LineRegistered"]);
  expect(decideOn(state, given)).toEqual([]);
  expect(state.facts.get(lineId)).toMatchObject({ asOf: "2026-02-28", facts: { daysPastDue: 0 } });
  for (const history of [
    [past("2026-01-31", 2), past("2026-01-31", 2)],
    [past("2026-01-31", 2), past("2025-12-31", 3)],
    [past("2026-02-28", 1)],
  ]) {
    const wrong = { ...register({ history }), id: idOf("other") };
    const refused = ingest.decide(emptyState(), wrong, context());
    expect(refused).toMatchObject({ refused: "invalid", pointer: "/history" });
  }
});

test("a newer date says what the line is now, an older one only adds facts", () => {
  const state = emptyState();
  decideOn(state, register());
  const newer = register({ asOf: "2026-03-01" as Registration["asOf"], drawnMinor: 500 });
  expect(decideOn(state, newer)).toEqual(["LineUpdated"]);
  expect(state.lines.get(lineId)).toMatchObject({ drawnMinor: 500, ver: 1 });
  const older = register({
    asOf: "2026-01-31" as Registration["asOf"],
    drawnMinor: 7,
    limitMinor: 9,
  });
  expect(decideOn(state, older)).toEqual(["LineUpdated"]);
  expect(state.lines.get(lineId)).toMatchObject({ drawnMinor: 500, limitMinor: 1_000_000 });
  expect(state.facts.get(lineId)!.asOf).toBe("2026-03-01");
  expect(decideOn(state, older)).toEqual([]);
  expect(decideOn(state, newer)).toEqual([]);
});

test("a future date, another currency and another customer are refused", () => {
  const state = emptyState();
  expect(decideOn(state, register({ asOf: "2026-03-03" as Registration["asOf"] }))).toBe(
    "future-date",
  );
  decideOn(state, register());
  const newer = { asOf: "2026-03-01" as Registration["asOf"] };
  expect(decideOn(state, register({ ...newer, currency: "USD" }))).toBe("currency-mismatch");
  expect(decideOn(state, register({ ...newer, customerId: "other" }))).toBe("already-exists");
});

test("a signal counts once per source and id", () => {
  const state = emptyState();
  decideOn(state, register());
  expect(decideOn(state, signal("a", 1000))).toEqual(["SignalRecorded"]);
  expect(decideOn(state, signal("a", 1000))).toEqual([]);
  decideOn(state, signal("b", 400, "repayment"));
  expect(state.lines.get(lineId)!.drawnMinor).toBe(700);
  expect(decideOn(emptyState(), signal("a", 1))).toBe("not-found");
});

test("a signal with money of another currency, a wrong amount or none at all is refused", () => {
  const state = emptyState();
  decideOn(state, register());
  expect(decideOn(state, signal("a", 1000, "drawdown", "USD"))).toBe("currency-mismatch");
  expect(decideOn(state, signal("a", -1))).toBe("invalid");
  expect(decideOn(state, signal("a", 1, "balance"))).toBe("invalid");
  const partial = { source: "core", id: "p", type: "balance", asOf: "2026-03-01" };
  const pending = { amountMinor: 1, currency: "CNY" };
  expect(decideOn(state, command("RecordSignal", lineId, { ...partial, pending }))).toBe("invalid");
  const bare = command("RecordSignal", lineId, {
    source: "core",
    id: "a",
    type: "repayment",
    asOf: "2026-03-01",
  });
  expect(decideOn(state, bare)).toBe("invalid");
  expect(state.lines.get(lineId)!.drawnMinor).toBe(100);
});

test("an older word on the balance changes nothing, a movement of the same day counts on top", () => {
  const state = emptyState();
  decideOn(state, register());
  const balance = (id: string, asOf: string, amountMinor: number) =>
    command("RecordSignal", lineId, {
      source: "core",
      id,
      type: "balance",
      asOf,
      drawn: { amountMinor, currency: "CNY" },
    });
  decideOn(state, balance("new", "2026-03-01", 900));
  expect(decideOn(state, balance("late", "2026-02-28", 5))).toEqual(["SignalRecorded"]);
  expect(state.lines.get(lineId)!.drawnMinor).toBe(900);
  decideOn(state, signal("move", 50));
  expect(state.lines.get(lineId)!.drawnMinor).toBe(950);
});

test("a file decides about the balance by its date, also where a signal has brought newer facts", () => {
  const state = emptyState();
  decideOn(state, register());
  const news = { source: "core", id: "f", type: "facts", asOf: "2026-03-02" };
  decideOn(state, command("RecordSignal", lineId, { ...news, facts: { daysPastDue: 3 } }));
  decideOn(state, signal("move", 50));
  const file = { limitMinor: 5, drawnMinor: 700, pendingMinor: 1 };
  decideOn(state, register({ ...file, asOf: "2026-03-01" as Registration["asOf"] }));
  expect(state.lines.get(lineId)).toMatchObject({ limitMinor: 1_000_000, drawnMinor: 700 });
  const huge = { asOf: "2026-03-02" as Registration["asOf"], drawnMinor: 1e15 + 1 };
  expect(decideOn(state, register(huge))).toBe("invalid");
});

test("facts in a signal are facts the line has, in their type, whole, and not for an older date", () => {
  const state = emptyState();
  decideOn(state, register());
  const facts = (asOf: string, values: Record<string, unknown>) =>
    command("RecordSignal", lineId, {
      source: "core",
      id: asOf,
      type: "facts",
      asOf,
      facts: values,
    });
  expect(decideOn(state, facts("2026-03-01", { phone: "13800000000" }))).toBe("invalid");
  expect(decideOn(state, facts("2026-03-01", { daysPastDue: { nested: 1 } }))).toBe("invalid");
  expect(decideOn(state, facts("2026-03-01", { daysPastDue: "thirty" }))).toBe("invalid");
  expect(decideOn(state, facts("2026-03-01", { daysPastDue: 0.5 }))).toBe("invalid");
  expect(decideOn(state, facts("2026-02-01", { daysPastDue: 31 }))).toBe("invalid");
  expect(decideOn(state, facts("2026-03-01", { daysPastDue: 31 }))).toEqual(["SignalRecorded"]);
  expect(state.facts.get(lineId)!.facts).toEqual({ daysPastDue: 31 });
});

test("a balance that no line can have is refused, and a closing line is closed once it is repaid", () => {
  const state = emptyState();
  decideOn(state, register());
  expect(decideOn(state, signal("huge", Number.MAX_SAFE_INTEGER))).toBe("invalid");
  state.lines.set(lineId, { ...state.lines.get(lineId)!, status: "closing" });
  expect(decideOn(state, signal("rest", 100, "repayment"))).toEqual([
    "SignalRecorded",
    "LineSettled",
  ]);
  expect(state.lines.get(lineId)).toMatchObject({ status: "closed", drawnMinor: 0 });
});

test("ties to other customers are told once with the line, and stand in the event without names", () => {
  const other = idOf("customer", "other");
  const links = [{ kind: "guarantor", customerId: other, customerReference: "C-2" }] as const;
  const state = emptyState();
  const decided = ingest.decide(state, register({ links }), context());
  if (isRefusal(decided)) throw new Error(decided.detail.en);
  expect(decided[0]?.body).toMatchObject({ links: [{ kind: "guarantor", customerId: other }] });
  expect(JSON.stringify(decided[0]?.body)).not.toContain("C-2");
  expect(decideOn(state, register({ links }))).toEqual(["LineRegistered"]);
  expect(state.links).toEqual([
    { bucket: 7, customerId, kind: "guarantor", linkedId: other, linkedReference: "C-2" },
  ]);
});

test("a signal that is known already changes nothing, also when newer facts have come since", () => {
  const state = emptyState();
  decideOn(state, register());
  const facts = (id: string, asOf: string, daysPastDue: number) =>
    command("RecordSignal", lineId, {
      source: "core",
      id,
      type: "facts",
      asOf,
      facts: { daysPastDue },
    });
  decideOn(state, facts("f1", "2026-03-01", 3));
  decideOn(state, facts("f2", "2026-03-02", 4));
  expect(decideOn(state, facts("f1", "2026-03-01", 3))).toEqual([]);
  expect(state.facts.get(lineId)?.facts).toEqual({ daysPastDue: 4 });
});

describe("a complaint", () => {
  const opened = {
    ...{ type: "complaint", complaint: "K-2026/17", state: "opened" },
    ...{ channel: "phone", topic: "fees" },
  };
  const resolved = { type: "complaint", complaint: "K-2026/17", state: "resolved" };
  const told = (id: string, body: object) => {
    const state = emptyState();
    decideOn(state, register());
    const signal = { source: "desk", id, asOf: "2026-03-01", ...body };
    return ingest.decide(state, command("RecordSignal", lineId, signal), context());
  };

  test("is opened with channel and topic, resolved by its number, and moves no balance", () => {
    for (const body of [opened, resolved]) {
      expect(told("c1", body)).toMatchObject([{ kind: "SignalRecorded", body }]);
    }
    const state = emptyState();
    decideOn(state, register());
    const before = state.lines.get(lineId);
    decideOn(
      state,
      command("RecordSignal", lineId, { source: "desk", id: "c1", asOf: "2026-03-01", ...opened }),
    );
    expect(state.lines.get(lineId)).toMatchObject({ drawnMinor: before!.drawnMinor });
  });

  const money = { amountMinor: 5, currency: "CNY" };
  test.each<Readonly<[string, object]>>([
    ["without a number", { ...opened, complaint: undefined }],
    ["with words for a number", { ...opened, complaint: "I was told that" }],
    ["opened without a topic", { ...opened, topic: undefined }],
    ["resolved with a topic", { ...resolved, topic: "fees" }],
    ["with money", { ...opened, amount: money }],
    ["in a signal of another type", { ...opened, type: "balance" }],
  ])("%s is refused", (_, body) => {
    expect(told("c1", body)).toMatchObject({ refused: "invalid" });
  });
});

describe("a signal of the catalogue", () => {
  const kept = (type: string, data: unknown, change: Readonly<Record<string, unknown>> = {}) =>
    command("RecordSignal", lineId, {
      ...{ source: "bureau", id: "r-1", type, asOf: "2026-03-01", data },
      ...change,
    });
  const registered = (facts: Registration["facts"] = { bureauScore: 640, daysPastDue: 12 }) => {
    const state = emptyState();
    decideOn(state, register({ facts }));
    return state;
  };

  test("is kept and tells the facts that its fields name, where the line has them", () => {
    const state = registered();
    const report = kept("bureau-report", { score: 540, overdueElsewhere: true });
    expect(decideOn(state, report)).toEqual(["SignalRecorded"]);
    expect(state.facts.get(lineId)).toMatchObject({
      asOf: "2026-03-01",
      facts: { bureauScore: 540, daysPastDue: 12 },
    });
    expect(state.facts.get(lineId)!.facts).not.toHaveProperty("overdueOthers");
  });

  test("tells what goes with its type", () => {
    const state = registered();
    const amount = { amount: 5_000, currency: "CNY" };
    decideOn(state, kept("cure", { amount }));
    expect(state.facts.get(lineId)!.facts).toMatchObject({ daysPastDue: 0 });
    expect(state.lines.get(lineId)!.drawnMinor).toBe(100);
  });

  test("adds no facts row where it tells none of the line's facts", () => {
    const state = registered({ daysPastDue: 0 });
    decideOn(state, kept("bureau-report", { score: 540 }));
    expect(state.facts.get(lineId)).toMatchObject({
      asOf: "2026-02-28",
      facts: { daysPastDue: 0 },
    });
  });

  test("that comes late is kept and leaves newer facts alone", () => {
    const state = registered();
    const late = kept("bureau-report", { score: 540 }, { asOf: "2026-01-15" });
    expect(decideOn(state, late)).toEqual(["SignalRecorded"]);
    expect(state.facts.get(lineId)).toMatchObject({ facts: { bureauScore: 640 } });
  });

  test("counts once by its contents: the same again changes nothing, other contents are refused", () => {
    const state = registered();
    const moment = { happenedAt: "2026-03-01T09:30:00.000Z" };
    expect(decideOn(state, kept("bureau-report", { score: 540 }, moment))).toEqual([
      "SignalRecorded",
    ]);
    const nextDay = { ...moment, asOf: "2026-03-02" };
    expect(decideOn(state, kept("bureau-report", { score: 540 }, nextDay))).toEqual([]);
    expect(decideOn(state, kept("bureau-report", { score: 541 }, moment))).toBe("already-exists");
    expect(state.facts.get(lineId)!.facts).toMatchObject({ bureauScore: 540 });
  });

  test.each([
    ["bureau-report", undefined, "invalid"],
    ["bureau-report", { score: "540" }, "invalid"],
    ["bureau-report", { otherDebts: { amount: 1, currency: "USD" } }, "currency-mismatch"],
    ["drawdown", { amount: { amount: 1, currency: "CNY" } }, "invalid"],
    ["macro-value", { series: "gdp", period: "2026-01-01", value: 1 }, "invalid"],
  ])("%s with %j is refused: %s", (type, data, refused) => {
    expect(decideOn(registered(), kept(type, data))).toBe(refused);
  });

  test("about a customer reaches every line that is named with it", () => {
    const state = registered();
    const other = idOf("other line");
    state.lines.set(other, { ...state.lines.get(lineId)!, id: other, reference: "L-2" });
    state.facts.set(other, { ...state.facts.get(lineId)!, lineId: other });
    const report = kept("bureau-report", { score: 540 }, { lines: [lineId, other] });
    expect(decideOn(state, report)).toEqual(["SignalRecorded", "SignalRecorded"]);
    expect(decideOn(state, report)).toEqual([]);
    for (const id of [lineId, other]) {
      expect(state.facts.get(id)!.facts).toMatchObject({ bureauScore: 540 });
    }
  });
});
