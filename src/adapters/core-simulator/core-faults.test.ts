// Faults are chosen by seed and operation, so that the same failure can be seen again.

import { describe, expect, test } from "vitest";
import type { CoreOperation } from "../../flow/core-ports.ts";
import { coreFaults, faultsOf, parseFaultRates, type Scripts } from "./core-faults.ts";

function operationOf(number: number): CoreOperation {
  return {
    operationId: `00400000-0000-8000-8000-${String(number).padStart(12, "0")}`,
    lineReference: `A${number}`,
    action: "freeze",
    fromMinor: 1,
    toMinor: 1,
    currency: "CNY",
    belowDrawn: false,
  };
}

describe("parseFaultRates", () => {
  test("reads rates in basis points", () => {
    const { rates, slowMs } = parseFaultRates("time-out=500,slow=10000,slow-ms=40");
    expect([...rates]).toEqual([
      ["time-out", 500],
      ["slow", 10_000],
    ]);
    expect(slowMs).toBe(40);
  });

  test.each(["", "none"])("reads %j as no faults", (spec) => {
    expect(parseFaultRates(spec).rates.size).toBe(0);
  });

  test("knows the standard mix, which holds each fault", () => {
    expect(new Set(parseFaultRates("standard").rates.keys())).toEqual(new Set(coreFaults));
  });

  test.each(["timeout=1", "slow", "slow=10001", "slow=-1", "slow=1.5", "slow=1,,", "slow-ms=x"])(
    "refuses %j with what was found and expected",
    (spec) => {
      expect(() => parseFaultRates(spec)).toThrow(
        /^Cannot read faults: found .*, expected time-out\|lost\|/,
      );
    },
  );
});

describe("faultsOf", () => {
  const rates = parseFaultRates("time-out=1000,refusal=500");
  const operations = Array.from({ length: 5_000 }, (_, index) => operationOf(index));
  const chosen = (seed: string): readonly string[] =>
    operations
      .filter((operation) => faultsOf(operation, rates, seed, new Map()).has("time-out"))
      .map(({ operationId }) => operationId);

  test("meets the rate, the same for a seed and another for another", () => {
    expect(chosen("1").length).toBeGreaterThan(400);
    expect(chosen("1").length).toBeLessThan(600);
    expect(chosen("1")).toEqual(chosen("1"));
    expect(chosen("1")).not.toEqual(chosen("2"));
  });

  test("gives way to what is named for the operation, then for its line", () => {
    const always = parseFaultRates("time-out=10000");
    const operation = operationOf(7);
    const byLine: Scripts = new Map([["A7", ["slow"]]]);
    const byBoth: Scripts = new Map([...byLine, [operation.operationId, []]]);
    expect([...faultsOf(operation, always, "1", new Map())]).toEqual(["time-out"]);
    expect([...faultsOf(operation, always, "1", byLine)]).toEqual(["slow"]);
    expect([...faultsOf(operation, always, "1", byBoth)]).toEqual([]);
  });
});
