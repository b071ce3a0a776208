// Cells are S-FEEL unary tests (DMN 1.5 §7 and §9.2): this parser turns their text into a syntax tree with
// positions and knows nothing of types. It is total: any text gives a tree or one error with its place.

/** A literal as written. Numbers keep their text, so that no digit is lost before the type is known. */
export type Literal = Readonly<{ at: number }> &
  (
    | Readonly<{ kind: "number"; text: string }>
    | Readonly<{ kind: "string"; value: string }>
    | Readonly<{ kind: "boolean"; value: boolean }>
    | Readonly<{ kind: "date"; text: string }>
    | Readonly<{ kind: "null" }>
  );

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type PositiveTest =
  | Readonly<{ kind: "comparison"; operator: Comparison; operand: Literal; at: number }>
  | Readonly<{
      kind: "range";
      from: Literal;
      to: Literal;
      fromIncluded: boolean;
      toIncluded: boolean;
      at: number;
    }>;

/** `any` is `-`. Otherwise one of `tests` must hold, or none of them when negated. */
export type UnaryTests =
  | Readonly<{ kind: "any" }>
  | Readonly<{ kind: "tests"; negated: boolean; tests: readonly PositiveTest[] }>;

/** `at` counts characters from 0. `expected` in both languages. */
export type CellError = Readonly<{ at: number; found: string; en: string; zh: string }>;

export type Parsed<T> = Readonly<{ value: T } | { error: CellError }>;

const maximumTests = 2_000;

class CellSyntaxError extends Error {
  readonly detail: CellError;
  constructor(detail: CellError) {
    super(detail.en);
    this.detail = detail;
  }
}

type TokenKind = "number" | "string" | "word" | "sign" | "end";
type Token = Readonly<{ kind: TokenKind; text: string; at: number; length: number }>;

/** Where parsing stands: the tokens and the index of the next one. */
type Cursor = { readonly tokens: readonly Token[]; index: number };

const signs = ["<=", ">=", "!=", "..", "<", ">", "=", "[", "]", "(", ")", ",", "-", "@"] as const;
const numberPattern = /(?:\d+(?:\.\d+)?|\.\d+)/y;
const wordPattern = /[A-Za-z_][A-Za-z0-9_]*/y;
const spacePattern = /\s*/y;
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "\\": "\\",
  "'": "'",
};

function fail(at: number, found: string, en: string, zh: string): never {
  throw new CellSyntaxError({ at, found: found === "" ? "the end" : found, en, zh });
}

/** Parses a cell of a rule or table. */
export function parseUnaryTests(text: string): Parsed<UnaryTests> {
  return guarded(text, unaryTests);
}

/** Parses an output cell: exactly one literal. */
export function parseLiteral(text: string): Parsed<Literal> {
  return guarded(text, literal);
}

function guarded<T>(text: string, read: (cursor: Cursor) => T): Parsed<T> {
  try {
    const cursor = { tokens: tokenise(text), index: 0 };
    const value = read(cursor);
    const rest = peek(cursor);
    if (rest.kind !== "end") fail(rest.at, rest.text, "the end of the cell", "单元格结束");
    return { value };
  } catch (error) {
    if (error instanceof CellSyntaxError) return { error: error.detail };
    throw error;
  }
}

function unaryTests(cursor: Cursor): UnaryTests {
  if (isSign(cursor, "-") && cursor.tokens[1]?.kind === "end") {
    cursor.index += 1;
    return { kind: "any" };
  }
  const start = peek(cursor);
  if (start.kind !== "word" || start.text !== "not") {
    return { kind: "tests", negated: false, tests: testList(cursor) };
  }
  cursor.index += 1;
  expectSign(cursor, "(");
  const tests = testList(cursor);
  expectSign(cursor, ")");
  return { kind: "tests", negated: true, tests };
}

function testList(cursor: Cursor): PositiveTest[] {
  const tests = [positiveTest(cursor)];
  while (isSign(cursor, ",")) {
    if (tests.length >= maximumTests) {
      fail(peek(cursor).at, ",", `at most ${maximumTests} tests`, `最多 ${maximumTests} 项`);
    }
    cursor.index += 1;
    tests.push(positiveTest(cursor));
  }
  return tests;
}

function positiveTest(cursor: Cursor): PositiveTest {
  const { kind, text, at } = peek(cursor);
  if (kind === "sign" && ["<", "<=", ">", ">=", "=", "!="].includes(text)) {
    cursor.index += 1;
    return { kind: "comparison", operator: text as Comparison, operand: literal(cursor), at };
  }
  if (kind === "sign" && ["[", "(", "]"].includes(text)) return range(cursor, text === "[");
  return { kind: "comparison", operator: "=", operand: literal(cursor), at };
}

function range(cursor: Cursor, fromIncluded: boolean): PositiveTest {
  const { at } = take(cursor);
  const from = literal(cursor);
  expectSign(cursor, "..");
  const to = literal(cursor);
  const close = take(cursor);
  if (close.kind !== "sign" || !["]", ")", "["].includes(close.text)) {
    fail(close.at, close.text, '"]" or ")"', "“]” 或 “)”");
  }
  return { kind: "range", from, to, fromIncluded, toIncluded: close.text === "]", at };
}

function literal(cursor: Cursor): Literal {
  const { kind, text, at } = take(cursor);
  if (kind === "string") return { kind: "string", value: text, at };
  if (kind === "number") return { kind: "number", text, at };
  if (kind === "sign" && text === "-") {
    const number = takeKind(cursor, "number", "a number after the minus sign", "负号后的数字");
    return { kind: "number", text: `-${number.text}`, at };
  }
  if (kind === "sign" && text === "@") {
    return { kind: "date", text: takeDate(cursor), at };
  }
  if (kind === "word") return word(cursor, text, at);
  return fail(
    at,
    text,
    'a number, a text in quotes, true, false, null or date("…")',
    '数字、带引号的文本、true、false、null 或 date("…")',
  );
}

function word(cursor: Cursor, text: string, at: number): Literal {
  if (text === "true" || text === "false") return { kind: "boolean", value: text === "true", at };
  if (text === "null") return { kind: "null", at };
  if (text === "date" && isSign(cursor, "(")) {
    cursor.index += 1;
    const date = takeDate(cursor);
    expectSign(cursor, ")");
    return { kind: "date", text: date, at };
  }
  return fail(
    at,
    text,
    `a value; texts stand in quotes: "${text}"`,
    `取值；文本须加引号："${text}"`,
  );
}

function takeDate(cursor: Cursor): string {
  const en = 'a date in quotes such as "2026-01-31"';
  return takeKind(cursor, "string", en, '带引号的日期，如 "2026-01-31"').text;
}

function peek(cursor: Cursor): Token {
  return cursor.tokens[Math.min(cursor.index, cursor.tokens.length - 1)]!;
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index += 1;
  return token;
}

function takeKind(cursor: Cursor, kind: TokenKind, en: string, zh: string): Token {
  const token = take(cursor);
  return token.kind === kind ? token : fail(token.at, token.text, en, zh);
}

function isSign(cursor: Cursor, text: string): boolean {
  const token = peek(cursor);
  return token.kind === "sign" && token.text === text;
}

function expectSign(cursor: Cursor, text: string): void {
  const token = take(cursor);
  if (token.kind !== "sign" || token.text !== text) {
    fail(token.at, token.text, `"${text}"`, `“${text}”`);
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(spacePattern, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = nextToken(text, at);
    tokens.push(token);
    at += token.length;
  }
  return [...tokens, { kind: "end", text: "", at, length: 0 }];
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function nextToken(text: string, at: number): Token {
  if (text[at] === '"') return stringToken(text, at);
  const number = matchAt(numberPattern, text, at);
  if (number !== null) return { kind: "number", text: number, at, length: number.length };
  const word = matchAt(wordPattern, text, at);
  if (word !== null) return { kind: "word", text: word, at, length: word.length };
  const sign = signs.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return { kind: "sign", text: sign, at, length: sign.length };
  return fail(
    at,
    String.fromCodePoint(text.codePointAt(at)!),
    "an S-FEEL test written with half-width signs",
    "使用半角符号书写的 S-FEEL 测试",
  );
}

function stringToken(text: string, at: number): Token {
  let value = "";
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index]!;
    if (character === '"') return { kind: "string", text: value, at, length: index + 1 - at };
    if (character !== "\\") {
      value += character;
      continue;
    }
    const escaped = readEscape(text, index + 1);
    value += escaped.value;
    index += escaped.length;
  }
  return fail(at, text.slice(at, at + 20), "a closing quote", "右引号");
}

function readEscape(text: string, at: number): { value: string; length: number } {
  const unicode = /^u([0-9a-fA-F]{4})/.exec(text.slice(at, at + 5));
  if (unicode !== null) {
    return { value: String.fromCharCode(Number.parseInt(unicode[1]!, 16)), length: 5 };
  }
  const escaped = text[at] ?? "";
  if (Object.hasOwn(escapes, escaped)) return { value: escapes[escaped]!, length: 1 };
  return fail(at - 1, `\\${escaped}`, 'an escape such as \\" or \\\\', '转义符，如 \\" 或 \\\\');
}
