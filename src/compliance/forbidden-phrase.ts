// Words that are no reason. A notice that says "internal policy" or 系统综合评估 tells the customer nothing, and a
// regulator reads it as no reason at all (12 CFR 1002.9(b)(2) and its official commentary), so no text that
// reaches a customer may hold one.

import { phraseFinder } from "./phrase-finder.ts";

const phrases = [
  "internal policy",
  "internal policies",
  "internal standard",
  "internal criteria",
  "internal guideline",
  "system evaluation",
  "system assessment",
  "comprehensive evaluation",
  "comprehensive assessment",
  "score too low",
  "score is too low",
  "qualifying score",
  "business reasons",
  "sole discretion",
  "cost of capital",
  "profitability",
  "综合评估",
  "综合评定",
  "综合评分",
  "系统评估",
  "系统评定",
  "系统判定",
  "内部政策",
  "内部规定",
  "内部标准",
  "内部管理要求",
  "评分不足",
  "评分过低",
  "业务原因",
  "资金成本",
  "盈利",
] as const;

/**
 * A forbidden phrase that a text holds, the one that ends first; null when it holds none. Case, blanks, hyphens and line
 * breaks do not hide a phrase, nor do letters that only look different (NFKC).
 */
export function forbiddenPhraseIn(text: string): string | null {
  return forbiddenPhraseAmong([text]);
}

/**
 * The same for a text in lines. `also` are phrases that a pack forbids beside those that no notice may ever hold; pass the
 * same list again and again, it is made ready once.
 */
export function forbiddenPhraseAmong(
  lines: readonly string[],
  also: readonly string[] = none,
): string | null {
  const finder = finders.get(also) ?? phraseFinder([...phrases, ...also]);
  finders.set(also, finder);
  return finder(lines);
}

const none: readonly string[] = [];
const finders = new WeakMap<readonly string[], ReturnType<typeof phraseFinder>>();
