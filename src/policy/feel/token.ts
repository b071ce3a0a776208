// FEEL text becomes tokens here (DMN 1.5 §10.3.1.2): numbers, strings, name parts and signs, each with its place.
// Names may hold spaces and signs, so the lexer gives parts only; the parser joins them by what is in scope.

import { refuse, type Span } from "./feel-problem.ts";

export type TokenKind = "number" | "string" | "word" | "sign" | "end";

/** `text` of a string is its value without quotes and escapes; everything else is as written. */
export type Token = Readonly<{ kind: TokenKind; text: string; span: Span }>;

/** Longest expression in UTF-16 units. */
export const longestExpression = 32_768;

const signs = [
  "**",
  "..",
  "->",
  "<=",
  ">=",
  "!=",
  ...Array.from("+-*/<>=[](){},:.@?'%"),
] as const satisfies readonly string[];
const numberPattern = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const wordPattern =
  /[\p{L}\p{Nl}\p{Extended_Pictographic}_][\p{L}\p{Nl}\p{M}\p{N}\p{Extended_Pictographic}_]*/uy;
const spacePattern = /(?:[\s\u00a0\ufeff]|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*/y;
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "'": "'",
  "\\": "\\",
};

/** All tokens with an `end` behind them. Throws FeelSyntaxError on a character that FEEL does not know. */
export function tokenise(text: string): readonly Token[] {
  if (text.length > longestExpression) {
    refuse(
      "too-large",
      { at: 0, length: 1, line: 1, column: 1 },
      `Cannot read expression: found ${text.length} characters, expected at most ${longestExpression}`,
      `无法读取表达式：共 ${text.length} 个字符，最多 ${longestExpression} 个`,
    );
  }
  const place = placeIn(text);
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(spacePattern, text, at).length;
    if (at >= text.length) break;
    const { kind, text: value, length } = nextToken(text, at, place);
    tokens.push({ kind, text: value, span: place(at, length) });
    at += length;
  }
  return [...tokens, { kind: "end", text: "", span: place(text.length, 0) }];
}

/** Turns offsets into spans; offsets must not fall. */
function placeIn(text: string): (at: number, length: number) => Span {
  let line = 1;
  let lineAt = 0;
  let read = 0;
  return (at, length) => {
    for (; read < at; read++) {
      if (text[read] !== "\n") continue;
      line += 1;
      lineAt = read + 1;
    }
    return { at, length, line, column: at - lineAt + 1 };
  };
}

type Piece = Readonly<{ kind: TokenKind; text: string; length: number }>;
type Place = (at: number, length: number) => Span;

function nextToken(text: string, at: number, place: Place): Piece {
  if (text[at] === '"') return stringToken(text, at, place);
  const number = matchAt(numberPattern, text, at);
  if (number !== "") return { kind: "number", text: number, length: number.length };
  const word = matchAt(wordPattern, text, at);
  if (word !== "") return { kind: "word", text: word, length: word.length };
  const sign = signs.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return { kind: "sign", text: sign, length: sign.length };
  const found = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return refuse(
    "syntax",
    place(at, found.length),
    `Cannot read expression: found ${found}, expected FEEL written with half-width signs`,
    `无法读取表达式：遇到 ${found}，应为使用半角符号书写的 FEEL`,
  );
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function stringToken(text: string, at: number, place: Place): Piece {
  let value = "";
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index] ?? "";
    if (character === '"') return { kind: "string", text: value, length: index + 1 - at };
    if (character !== "\\") {
      value += character;
      continue;
    }
    const escaped = readEscape(text, index + 1, place);
    value += escaped.value;
    index += escaped.length;
  }
  return refuse(
    "syntax",
    place(at, 1),
    "Cannot read expression: found a text without end, expected a closing quote",
    "无法读取表达式：文本没有结束，应有右引号",
  );
}

function readEscape(text: string, at: number, place: Place): { value: string; length: number } {
  const unicode = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6}))/.exec(text.slice(at, at + 7));
  const code = Number.parseInt(unicode?.[1] ?? unicode?.[2] ?? "", 16);
  if (unicode !== null && code <= 0x10ffff) {
    return { value: String.fromCodePoint(code), length: unicode[0].length };
  }
  const escaped = text[at] ?? "";
  if (Object.hasOwn(escapes, escaped)) return { value: escapes[escaped] ?? "", length: 1 };
  // A regular expression reads better with single backslashes, and DMN models write them so.
  if (/[\w.()[\]{}^$|?*+/-]/.test(escaped)) return { value: `\\${escaped}`, length: 1 };
  return refuse(
    "syntax",
    place(at - 1, 2),
    `Cannot read expression: found \\${escaped}, expected an escape such as \\" or \\\\`,
    `无法读取表达式：遇到 \\${escaped}，应为 \\" 或 \\\\ 等转义符`,
  );
}
