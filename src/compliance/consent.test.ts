// Law and terms switch consent on per place and product; what is unconfirmed is read strictly.

import { expect, test } from "vitest";
import { noDuties } from "../../test/support/compliance-pack.ts";
import { pack } from "../../test/support/given.ts";
import { consentRule } from "./consent.ts";
import type { PackDuties, Value } from "./pack.ts";
import { straightThroughBars } from "./straight-through.ts";

const cut = { action: "decrease", product: "card" } as const;

function lawWith(consent: Partial<PackDuties["consent"]>) {
  return pack({ duties: { ...noDuties, consent: { ...noDuties.consent, ...consent } } });
}

function value<T>(given: T, status: Value<T>["status"]): Value<T> {
  return { value: given, status, source: "a source" };
}

test("nothing asks for consent where law and terms are silent or say no", () => {
  expect(consentRule(pack(), cut)).toBeNull();
  expect(consentRule(lawWith({ decrease: value(false, "confirmed") }), cut)).toBeNull();
});

test("a confirmed law asks for the consent of every product's customers and is cited", () => {
  const law = lawWith({ decrease: value(true, "confirmed") });
  expect(consentRule(law, { ...cut, product: "anything" })).toEqual({
    ...{ by: "law", pointer: "/duties/consent/decrease" },
    ...{ source: "a source", status: "confirmed" },
  });
});

test("an unconfirmed value is read as law that asks for consent, and a person must look at it first", () => {
  for (const given of [true, false]) {
    const law = lawWith({ decrease: value(given, "unconfirmed") });
    expect(consentRule(law, cut)?.by).toBe("law");
    expect(straightThroughBars(law, { action: "decrease", cause: "behaviour" })).toEqual([
      { pointer: "/duties/consent/decrease", source: "a source", because: "unconfirmed" },
    ]);
  }
});

test("terms ask for it for the products that they name, and only by the lender's own word", () => {
  const law = lawWith({
    decrease: value(false, "confirmed"),
    products: value(["card"], "contract"),
  });
  expect(consentRule(law, cut)).toMatchObject({
    by: "terms",
    pointer: "/duties/consent/products",
  });
  expect(consentRule(law, { ...cut, product: "overdraft" })).toBeNull();
  expect(consentRule(lawWith({ decrease: value(true, "contract") }), cut)?.by).toBe("terms");
});

test("a freeze or a closure is never put to the customer's consent", () => {
  const law = lawWith({ decrease: value(true, "confirmed") });
  expect(consentRule(law, { ...cut, action: "freeze" })).toBeNull();
  expect(consentRule(law, { ...cut, action: "close" })).toBeNull();
});
