// Words that are no reason. A notice that says "internal policy" or 系统综合评估 tells the customer nothing, and a
// regulator reads it as no reason at all (12 CFR 1002.9(b)(2) and its official commentary), so no text that
// reaches a customer may hold one.

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
 * The first forbidden phrase that a text holds, null when it holds none. Case, blanks and line breaks do not
 * hide a phrase.
 */
export function forbiddenPhraseIn(text: string): string | null {
  return forbiddenPhraseAmong(text.split("\n"));
}

/**
 * The same for a text in lines: line by line, because texts of one kind share most of theirs. `also` are phrases that a
 * pack forbids beside those that no notice may ever hold.
 */
export function forbiddenPhraseAmong(
  lines: readonly string[],
  also: readonly string[] = [],
): string | null {
  let plain = "";
  for (const line of lines) plain += squeezed(line);
  const ofPack = also.find((phrase) => plain.includes(squeezed(phrase)));
  if (ofPack !== undefined) return ofPack;
  if (!anyPhrase.test(plain)) return null;
  const found = squeezedPhrases.findIndex((phrase) => plain.includes(phrase));
  return phrases[found] ?? null;
}

const mostLines = 1_024;
const squeezedLines = new Map<string, string>();

function squeezed(line: string): string {
  const known = squeezedLines.get(line);
  if (known !== undefined) return known;
  const made = line
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\-_]+/g, "");
  if (squeezedLines.size >= mostLines) squeezedLines.clear();
  squeezedLines.set(line, made);
  return made;
}

const squeezedPhrases = phrases.map(squeezed);

// One pass over the text, which nearly always holds none of them.
const anyPhrase = new RegExp(squeezedPhrases.join("|"));
