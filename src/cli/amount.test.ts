// Amounts are typed in major units and never rounded.

import { expect, test } from "vitest";
import { isRefusal } from "../domain/refusal.ts";
import { parseAmount } from "./amount.ts";

test.each([
  ["1200", "CNY", 120_000, "CNY"],
  ["1,200.50", "CNY", 120_050, "CNY"],
  ["1200 twd", "CNY", 120_000, "TWD"],
  ["0", "JPY", 0, "JPY"],
  ["-5.00 USD", "CNY", -500, "USD"],
] as const)("%s in %s is %d %s", (text, currency, amountMinor, code) => {
  expect(parseAmount(text, currency, "--limit")).toEqual({ amountMinor, currency: code });
});

test.each(["", "abc", "1.234", "1200 XXX", "1e5", "12 00", "１２００"])("%j is refused", (text) => {
  const refusal = parseAmount(text, "CNY", "--limit");
  expect(isRefusal(refusal) && refusal.detail.en).toContain(
    `--limit: found ${JSON.stringify(text)}`,
  );
});
