// The rate of a sweep is that of the last seconds, begins anew with each pass, and is unknown before two reports.

import { expect, test } from "vitest";
import { sweepRates } from "./sweep-rates.ts";

test("a rate is known from the second report on and forgets old ones", () => {
  let at = 0;
  const rates = sweepRates(() => at);
  expect(rates.of("one")).toBeNull();
  rates.add("one", 0);
  expect(rates.of("one")).toBeNull();
  at = 2_000;
  rates.add("one", 500);
  expect(rates.of("one")).toBe(250);
  at = 30_000;
  rates.add("one", 600);
  expect(rates.of("one")).toBeNull();
  expect(rates.of("another")).toBeNull();
});

test("the second pass counts from the beginning", () => {
  let at = 0;
  const rates = sweepRates(() => at);
  rates.add("one", 900);
  at = 1_000;
  rates.add("one", 10);
  at = 2_000;
  rates.add("one", 30);
  expect(rates.of("one")).toBe(20);
  rates.forget("one");
  expect(rates.of("one")).toBeNull();
});
