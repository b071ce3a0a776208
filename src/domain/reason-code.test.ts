// Reasons are specific: texts that the law calls no reason cannot be in the list.

import { expect, test } from "vitest";
import { isReasonCode, reasonCodes } from "./reason-code.ts";

test("every reason has a text in both languages and none is a phrase that says nothing", () => {
  for (const [code, text] of Object.entries(reasonCodes)) {
    expect(code).toMatch(/^R\d\d[A-D]?$/);
    expect(text.en, code).not.toMatch(/internal|policy|system|score/i);
    expect(text.zh, code).not.toMatch(/内部|政策|系统|评分|综合评估/);
    expect(text.zh).toMatch(/\p{Script=Han}/u);
  }
});

test("the list is closed", () => {
  expect(isReasonCode("R01")).toBe(true);
  expect(isReasonCode("R99")).toBe(false);
  expect(isReasonCode("toString")).toBe(false);
});
