// Roll rates against counts worked out by hand, and against the published transition counts of a real card panel.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hasShared, sharedPath } from "../../test/support/shared-data.ts";
import { delinquencyBuckets, type DelinquencyBucket } from "../domain/line-profile.ts";
import { rollCounter, rollRates, type RollCounts } from "./roll-rate.ts";

test("rates are shares of the lines that were in the bucket", () => {
  const counter = rollCounter();
  for (const to of ["M0", "M0", "M0", "M1"] as const) counter.add("M0", to);
  for (const to of ["M0", "M1", "M2"] as const) counter.add("M1", to);
  counter.add("M6+", "M6+");
  const [fromM0, fromM1, fromM2] = rollRates(counter.counts());
  expect(fromM0).toMatchObject({
    from: "M0",
    lines: 4,
    betterE4: 0,
    sameE4: 7_500,
    worseE4: 2_500,
  });
  expect(fromM1).toMatchObject({ lines: 3, betterE4: 3_333, sameE4: 3_333, worseE4: 3_333 });
  expect(fromM1?.toE4.slice(0, 4)).toEqual([3_333, 3_333, 3_333, 0]);
  expect(fromM2).toMatchObject({ lines: 0, betterE4: null, sameE4: null, worseE4: null });
  expect(rollRates(counter.counts()).at(-1)).toMatchObject({ sameE4: 10_000, worseE4: 0 });
});

test("shares are rounded half up", () => {
  const counter = rollCounter();
  for (let count = 0; count < 7; count += 1) counter.add("M0", count < 1 ? "M1" : "M0");
  expect(rollRates(counter.counts())[0]).toMatchObject({ sameE4: 8_571, worseE4: 1_429 });
});

const panel = "data/anchors/credit_record_transition_counts.csv";

/** Status 0 is 1–29 days past due, …, 5 is 150 days and more; C and X are paid off and no loan that month. */
const buckets: Readonly<Record<string, DelinquencyBucket>> = {
  ...{ C: "M0", X: "M0", "0": "M1", "1": "M2", "2": "M3", "3": "M4", "4": "M5", "5": "M6" },
};

function panelCounts(): RollCounts {
  const [header = "", ...lines] = readFileSync(sharedPath(panel), "utf8").trim().split("\n");
  const to = header.split(",").slice(1);
  const counts = delinquencyBuckets.map(() => delinquencyBuckets.map(() => 0));
  for (const line of lines) {
    const [from = "", ...row] = line.split(",");
    for (const [place, count] of row.entries()) {
      const [before, after] = [buckets[from]!, buckets[to[place]!.trim()]!];
      counts[delinquencyBuckets.indexOf(before)]![delinquencyBuckets.indexOf(after)]! +=
        Number(count);
    }
  }
  return counts;
}

test.skipIf(!hasShared(panel))("the rates of a real card panel are the published ones", () => {
  const rates = rollRates(panelCounts());
  const rate = (from: DelinquencyBucket, to: DelinquencyBucket): number =>
    rates.find((one) => one.from === from)!.toE4[delinquencyBuckets.indexOf(to)]! / 100;
  expect(rate("M1", "M2")).toBeCloseTo(1.894, 2);
  expect(rate("M2", "M1")).toBeCloseTo(49.9, 0);
  expect(rate("M2", "M2")).toBeCloseTo(31.8, 1);
  expect(rate("M2", "M3")).toBeCloseTo(5.2, 1);
  expect(rate("M3", "M4")).toBeCloseTo(30.3, 1);
  expect(rate("M4", "M5")).toBeCloseTo(58.9, 1);
  expect(rate("M5", "M6")).toBeCloseTo(66.5, 1);
  expect(rate("M6", "M6")).toBeCloseTo(90.4, 1);
});
