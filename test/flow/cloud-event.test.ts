// Every type of the catalogue comes in as a CloudEvent, and whatever breaks the envelope or the payload is refused with
// the field that is to blame.

import { describe, expect, test } from "vitest";
import { exampleEvent } from "../../src/adapters/signals/signal-schema.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { signalCatalogue, signalTypes } from "../../src/domain/signal-catalogue.ts";
import { readCloudEvent, type EventReading } from "../../src/flow/cloud-event.ts";

const reading: EventReading = {
  dateOf: (at) => at.slice(0, 10) as BusinessDate,
  today: "2026-03-02" as BusinessDate,
  latest: "2026-03-02T12:05:00.000Z" as Instant,
};

const drawdown = exampleEvent("drawdown");

function refusalOf(
  change: Readonly<Record<string, unknown>>,
): readonly [string, string | undefined] {
  const found = readCloudEvent({ ...drawdown, ...change }, reading);
  return isRefusal(found) ? [found.refused, found.pointer] : ["none", undefined];
}

test.each(signalTypes)("the example of %s is read whole", (type) => {
  const told = readCloudEvent(exampleEvent(type), reading);
  expect(told).toMatchObject({
    about: signalCatalogue[type].about,
    signal: { type, source: "/core-banking", id: `${type}-0001`, asOf: "2026-03-01" },
  });
});

test("money of balances and movements becomes minor units with their currency", () => {
  expect(readCloudEvent(drawdown, reading)).toMatchObject({
    signal: { amount: { amountMinor: 120_000, currency: "CNY" } },
  });
});

describe("the envelope", () => {
  test.each([
    ["specversion", "0.3", "/specversion"],
    ["id", "", "/id"],
    ["id", 7, "/id"],
    ["id", "x".repeat(201), "/id"],
    ["id", "two words", "/id"],
    ["source", undefined, "/source"],
    ["subject", undefined, "/subject"],
    ["type", "tidemark.signal.nonsense", "/type"],
    ["type", "tidemark.signal.toString", "/type"],
    ["type", "drawdown", "/type"],
    ["data", "text", "/data"],
    ["data", undefined, "/data"],
    ["data", [1], "/data"],
    ["datacontenttype", "text/xml", "/datacontenttype"],
    ["data_base64", "AAAA", undefined],
    ["Time", "2026-03-01T00:00:00Z", undefined],
    ["time", undefined, "/time"],
    ["time", "yesterday", "/time"],
    ["time", "2026-02-30T00:00:00Z", "/time"],
    ["asof", "2026-13-01", "/asof"],
  ])("%s of %j is refused", (name, value, pointer) => {
    expect(refusalOf({ [name]: value })).toEqual(["invalid", pointer]);
  });

  test.each([null, 7, "text", []])("%j is no event", (event) => {
    expect(readCloudEvent(event, reading)).toMatchObject({ refused: "invalid" });
  });

  test("extension attributes are passed over", () => {
    expect(refusalOf({ traceparent: "00-1-2-01" })).toEqual(["none", undefined]);
  });
});

describe("the time of an event", () => {
  test("may run ahead of our clock within the tolerance and no further", () => {
    expect(refusalOf({ time: "2026-03-02T12:05:00Z" })[0]).toBe("none");
    expect(refusalOf({ time: "2026-03-02T12:05:01Z" })).toEqual(["future-date", "/time"]);
    expect(refusalOf({ asof: "2026-03-03" })).toEqual(["future-date", "/asof"]);
  });

  test("within the tolerance of midnight counts as today", () => {
    const night = { ...reading, latest: "2026-03-03T00:02:00.000Z" as Instant };
    const told = readCloudEvent({ ...drawdown, time: "2026-03-03T00:01:00+00:00" }, night);
    expect(told).toMatchObject({ signal: { asOf: "2026-03-02" } });
  });

  test("gives way to the day of the books", () => {
    const told = readCloudEvent({ ...drawdown, asof: "2026-02-27" }, reading);
    expect(told).toMatchObject({
      signal: { asOf: "2026-02-27", happenedAt: "2026-03-01T09:30:00.000Z" },
    });
  });
});

describe("the payload", () => {
  const report = (data: unknown): unknown =>
    readCloudEvent({ ...exampleEvent("bureau-report"), data }, reading);

  test.each([
    [{ score: "612" }, "/data/score"],
    [{ score: 612.5 }, "/data/score"],
    [{ score: -1 }, "/data/score"],
    [{ score: 1_001 }, "/data/score"],
    [{ overdueElsewhere: "yes" }, "/data/overdueElsewhere"],
    [{ otherDebts: 100 }, "/data/otherDebts"],
    [{ otherDebts: { amount: -1, currency: "CNY" } }, "/data/otherDebts"],
    [{ otherDebts: { amount: 1, currency: "XXX" } }, "/data/otherDebts"],
    [{ otherDebts: { amount: 1, currency: "CNY", more: 1 } }, "/data/otherDebts"],
    [{ note: "she said that …" }, "/data"],
    [JSON.parse('{"__proto__": 1}'), "/data"],
  ])("%j is refused at %s", (data, pointer) => {
    expect(report(data)).toMatchObject({ refused: "invalid", pointer });
  });

  test("never comes back in a refusal", () => {
    const found = report({ score: "王小明 13800000000" });
    expect(JSON.stringify(found)).not.toMatch(/王小明|138/);
  });

  test("has closed lists and codes without room for words", () => {
    const fraud = exampleEvent("fraud-suspicion");
    const data = fraud["data"] as Readonly<Record<string, unknown>>;
    for (const change of [{ kind: "gossip" }, { evidence: "told me on the phone" }]) {
      const found = readCloudEvent({ ...fraud, data: { ...data, ...change } }, reading);
      expect(found).toMatchObject({ refused: "invalid" });
    }
  });
});
