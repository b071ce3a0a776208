// Built-in functions over texts (DMN 1.5 table 76). Positions and lengths count characters (code points), not the units
// of one encoding. Patterns run on the engine that never backtracks.

import { type BuiltIn, builtIn, type Work } from "./built-in.ts";
import { compilePattern, findMatch, type Match, type Pattern } from "./pattern.ts";
import { nothing, type Run, spend, spendItems, spendText } from "./run.ts";
import { feelNumber, type FeelValue, isList, isNumber } from "./value.ts";

const str = (value: FeelValue | undefined): string => (typeof value === "string" ? value : "");

function whole(value: FeelValue | undefined): number {
  return value !== undefined && isNumber(value) ? value.trunc().toNumber() : 0;
}

const substring: Work = (run, [text, start, length = null]) => {
  spendText(run, str(text).length * 4);
  const characters = Array.from(str(text));
  const at = whole(start);
  if (at === 0 || Math.abs(at) > characters.length) {
    return nothing(
      run,
      "Cannot take substring: the position lies outside",
      "无法取子串：位置超出范围",
    );
  }
  const from = at > 0 ? at - 1 : characters.length + at;
  const count = length === null ? characters.length : whole(length);
  if (count < 1 && length !== null)
    return nothing(run, "Cannot take substring: the length is below 1", "无法取子串：长度小于 1");
  return characters.slice(from, from + count).join("");
};

const mapped =
  (work: (text: string) => FeelValue): Work =>
  (run, [text]) => {
    spendText(run, str(text).length);
    return work(str(text));
  };

const paired =
  (work: (text: string, other: string) => FeelValue): Work =>
  (run, [text, other]) => {
    spendText(run, str(text).length);
    return work(str(text), str(other));
  };

function codePoints(run: Run, text: string): readonly number[] {
  spendText(run, text.length);
  spend(run, text.length / 16);
  return Array.from(text, (one) => one.codePointAt(0) ?? 0);
}

function patternOf(run: Run, text: string, flags: string): Pattern | null {
  spend(run, 20 + text.length);
  const pattern = compilePattern(text, flags);
  if (pattern !== null) spend(run, pattern.program.length / 4);
  return (
    pattern ??
    nothing(
      run,
      "Cannot match: the pattern is none that can be matched in bounded time",
      "无法匹配：该正则表达式无法在限定时间内匹配",
    )
  );
}

const matchesPattern: Work = (run, [text, pattern, flags]) => {
  const compiled = patternOf(run, str(pattern), str(flags));
  return compiled === null
    ? null
    : findMatch(run, compiled, codePoints(run, str(text)), 0) !== null;
};

/** Matches from left to right, none within another. Stops at one that is empty and gives null then. */
function allMatches(run: Run, pattern: Pattern, text: readonly number[]): readonly Match[] | null {
  const found: Match[] = [];
  for (let at = 0; at <= text.length;) {
    const match = findMatch(run, pattern, text, at);
    if (match === null) return found;
    const end = match[1] ?? 0;
    if (end === (match[0] ?? 0))
      return nothing(
        run,
        "Cannot replace or split: the pattern matches the empty text",
        "无法替换或拆分：正则表达式匹配空文本",
      );
    found.push(match);
    at = end;
  }
  return found;
}

const textOf = (codes: readonly number[], from: number, to: number): string => {
  let text = "";
  for (let at = from; at < to; at++) text += String.fromCodePoint(codes[at] ?? 0);
  return text;
};

const replaced: Work = (run, [input, pattern, replacement, flags]) => {
  const compiled = patternOf(run, str(pattern), str(flags));
  const codes = codePoints(run, str(input));
  const found = compiled === null ? null : allMatches(run, compiled, codes);
  if (found === null) return null;
  const literal = str(flags).includes("q");
  let text = "";
  let at = 0;
  for (const match of found) {
    const inserted = literal ? str(replacement) : expanded(run, str(replacement), match, codes);
    text += textOf(codes, at, match[0] ?? 0) + inserted;
    spendText(run, text.length);
    at = match[1] ?? 0;
  }
  return text + textOf(codes, at, codes.length);
};

/** `$1` is a group, `$0` the match; `\$` and `\\` stand for themselves. */
function expanded(run: Run, template: string, match: Match, codes: readonly number[]): string {
  spendText(run, template.length);
  let text = "";
  for (let at = 0; at < template.length; at++) {
    const one = template[at] ?? "";
    const next = template[at + 1] ?? "";
    if (one === "$" && /\d/.test(next)) {
      const group = Number(next) * 2;
      if ((match[group] ?? -1) >= 0)
        text += textOf(codes, match[group] ?? 0, match[group + 1] ?? 0);
      spendText(run, text.length);
      at += 1;
    } else if (one === "\\" && (next === "$" || next === "\\")) {
      text += next;
      at += 1;
    } else {
      text += one;
    }
  }
  return text;
}

const split: Work = (run, [input, delimiter]) => {
  const compiled = patternOf(run, str(delimiter), "");
  const codes = codePoints(run, str(input));
  const found = compiled === null ? null : allMatches(run, compiled, codes);
  if (found === null) return null;
  spendItems(run, found.length + 1);
  const ends = [...found.map((match) => match[0] ?? 0), codes.length];
  const starts = [0, ...found.map((match) => match[1] ?? 0)];
  return starts.map((start, index) => textOf(codes, start, ends[index] ?? 0));
};

const joined: Work = (run, [list = null, delimiter]) => {
  const texts = (isList(list) ? list : []).filter((one) => one !== null);
  if (!texts.every((one) => typeof one === "string")) {
    return nothing(run, "Cannot join: expected a list of strings", "无法连接：应为文本列表");
  }
  spendText(
    run,
    texts.reduce((sum, one) => sum + one.length + str(delimiter).length, 0),
  );
  return texts.join(str(delimiter));
};

const before = (text: string, other: string): string => {
  const at = text.indexOf(other);
  return at === -1 ? "" : text.slice(0, at);
};
const after = (text: string, other: string): string => {
  const at = text.indexOf(other);
  return at === -1 ? "" : text.slice(at + other.length);
};

const two = "string: string, match: string";

export const stringFunctions: readonly BuiltIn[] = [
  builtIn("substring", "string", [
    "string: string, start position: number, length?: number",
    substring,
  ]),
  builtIn("string length", "number", [
    "string: string",
    mapped((text) => feelNumber(Array.from(text).length)),
  ]),
  builtIn("upper case", "string", ["string: string", mapped((text) => text.toUpperCase())]),
  builtIn("lower case", "string", ["string: string", mapped((text) => text.toLowerCase())]),
  builtIn("substring before", "string", [two, paired(before)]),
  builtIn("substring after", "string", [two, paired(after)]),
  builtIn("contains", "boolean", [two, paired((text, other) => text.includes(other))]),
  builtIn("starts with", "boolean", [two, paired((text, other) => text.startsWith(other))]),
  builtIn("ends with", "boolean", [two, paired((text, other) => text.endsWith(other))]),
  builtIn("matches", "boolean", ["input: string, pattern: string, flags?: string", matchesPattern]),
  builtIn("replace", "string", [
    "input: string, pattern: string, replacement: string, flags?: string",
    replaced,
  ]),
  builtIn("split", "list", ["string: string, delimiter: string", split]),
  builtIn("string join", "string", ["list: list, delimiter?: string", joined]),
  builtIn("trim", "string", ["string: string", mapped((text) => text.trim())]),
];
