// Phrases that are no reason are found however they are written, and our own reasons hold none of them.

import { describe, expect, test } from "vitest";
import { reasonCodes } from "../domain/reason-code.ts";
import { forbiddenPhraseIn } from "./forbidden-phrase.ts";

describe("forbiddenPhraseIn", () => {
  test.each([
    ["This follows from our internal policy", "internal policy"],
    ["This follows from our Internal\n  Policy", "internal policy"],
    ["经系统综合评估，您的额度已调整", "综合评估"],
    ["经系统 综合 评估，您的额度已调整", "综合评估"],
    ["Your score is too low", "score is too low"],
    ["根据我行内部规定", "内部规定"],
  ])("finds the phrase in %j", (text, phrase) => {
    expect(forbiddenPhraseIn(text)).toBe(phrase);
  });

  test.each(Object.entries(reasonCodes))("finds none in reason %s", (_, text) => {
    expect(forbiddenPhraseIn(text.en)).toBeNull();
    expect(forbiddenPhraseIn(text.zh)).toBeNull();
  });
});
