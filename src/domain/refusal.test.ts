// The refusal table is closed, bilingual and ordered.

import { expect, test } from "vitest";
import { firstRefusal, isRefusal, refusals, refuse } from "./refusal.ts";

const detail = { en: "found", zh: "发现" };

test("of several refusals the one that stands first in the table is given", () => {
  const money = refuse("below-drawn", detail);
  const role = refuse("forbidden", detail);
  expect(firstRefusal([money, null, role])).toBe(role);
  expect(firstRefusal([null, null])).toBeNull();
});

test("every refusal has a text in both languages", () => {
  for (const text of Object.values(refusals)) {
    expect(text.en).toMatch(/^[A-Z]/);
    expect(text.zh).toMatch(/\p{Script=Han}/u);
  }
});

test("a refusal is told from any other result", () => {
  expect(isRefusal(refuse("invalid", detail, "/limit"))).toBe(true);
  expect(isRefusal([])).toBe(false);
  expect(isRefusal(null)).toBe(false);
});
