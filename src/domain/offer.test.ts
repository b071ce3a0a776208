// The bounds of a customer's own proposal follow from the offered cut and never go below what was offered.

import { expect, test } from "vitest";
import { counterBounds } from "./offer.ts";

test("the bounds are limits that take at least the stated shares of the offered cut", () => {
  const cut = { fromMinor: 1_000_000, toMinor: 600_000 };
  expect(counterBounds(cut, { minimumBp: 2_500, acceptBp: 7_500 })).toEqual({
    lowestMinor: 600_000,
    highestMinor: 900_000,
    acceptedToMinor: 700_000,
  });
});

test("a share that does not come out even is rounded in the direction of the larger cut", () => {
  const cut = { fromMinor: 1_000, toMinor: 999 };
  expect(counterBounds(cut, { minimumBp: 1, acceptBp: 10_000 })).toEqual({
    lowestMinor: 999,
    highestMinor: 999,
    acceptedToMinor: 999,
  });
});

test("without a smallest share the customer may propose the limit as it is now", () => {
  const cut = { fromMinor: 1_000_000, toMinor: 600_000 };
  expect(counterBounds(cut, { minimumBp: 0, acceptBp: 0 }).highestMinor).toBe(1_000_000);
});
