// Money on the wire is always `{amount, currency}`: whole minor units beside their currency, so that no
// client multiplies by the wrong power of ten.

import { z } from "zod";
import { currencyExponents, type Currency, type Money } from "../../../domain/money.ts";
import { bilingual } from "../bilingual.ts";

const currencies = Object.keys(currencyExponents) as [Currency, ...Currency[]];

export const moneyWire = z
  .object({
    amount: z
      .int()
      .describe(
        bilingual(
          "Whole minor units of the currency: 120000 CNY is 1,200.00",
          "最小货币单位的整数：120000 CNY 即 1,200.00 元",
        ),
      ),
    currency: z.enum(currencies).describe(bilingual("ISO 4217", "ISO 4217 币种代码")),
  })
  .meta({ id: "Money" });

export type MoneyWire = z.output<typeof moneyWire>;

/** Money as a request writes it: no other fields. */
export const moneyInput = z
  .strictObject({ amount: z.int(), currency: z.enum(currencies) })
  .transform(({ amount, currency }): Money => ({ amountMinor: amount, currency }));

export function wireMoney(amountMinor: number, currency: Currency): MoneyWire {
  return { amount: amountMinor, currency };
}

/**
 * A copy of stored JSON in which every `fooMinor` is a money `foo` in the currency, and every
 * `{amountMinor, currency}` is money of its own.
 */
export function withWireMoney(value: unknown, currency: Currency): unknown {
  if (Array.isArray(value)) return value.map((item) => withWireMoney(item, currency));
  if (typeof value !== "object" || value === null) return value;
  const { amountMinor, currency: own } = value as Readonly<Record<string, unknown>>;
  if (typeof amountMinor === "number" && typeof own === "string") {
    return { amount: amountMinor, currency: own };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key.endsWith("Minor") && typeof item === "number"
        ? [key.slice(0, -"Minor".length), { amount: item, currency }]
        : [key, withWireMoney(item, currency)],
    ),
  );
}
