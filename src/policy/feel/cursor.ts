// Where parsing stands. Reading, expecting and joining tokens live here, so that the grammar reads like the grammar.

import type { Expression, ExpressionShape } from "./ast.ts";
import { partsOf } from "./ast.ts";
import { refuse, type Span, spanning } from "./feel-problem.ts";
import type { NameTable } from "./name-table.ts";
import type { Token } from "./token.ts";

/** Deepest nesting of a tree; below it neither compiling nor evaluating can run out of stack. */
export const deepestTree = 200;

/** The tokens, the next one's index, the names in scope and how deep the grammar is nested. */
export type Cursor = {
  readonly tokens: readonly Token[];
  /** names of members, for paths whose type the grammar does not know */
  readonly members: NameTable;
  index: number;
  nesting: number;
  names: NameTable;
  usesInput: boolean;
};

export function peek(cursor: Cursor, ahead = 0): Token {
  const at = Math.min(cursor.index + ahead, cursor.tokens.length - 1);
  const token = cursor.tokens[at];
  if (token === undefined) throw new RangeError("Cannot read token: there is always an end");
  return token;
}

export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index += 1;
  return token;
}

export function isSign(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === "sign" && token.text === text;
}

export function isWord(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === "word" && token.text === text;
}

/** Takes the sign when it stands next. */
export function takeSign(cursor: Cursor, text: string): boolean {
  if (!isSign(cursor, text)) return false;
  cursor.index += 1;
  return true;
}

export function takeWord(cursor: Cursor, text: string): boolean {
  if (!isWord(cursor, text)) return false;
  cursor.index += 1;
  return true;
}

export function expectSign(cursor: Cursor, text: string): Token {
  return isSign(cursor, text) ? take(cursor) : unexpected(cursor, `"${text}"`, `“${text}”`);
}

export function expectWord(cursor: Cursor, text: string): Token {
  return isWord(cursor, text) ? take(cursor) : unexpected(cursor, `"${text}"`, `“${text}”`);
}

/** Refuses the next token. */
export function unexpected(cursor: Cursor, en: string, zh: string): never {
  const { kind, text, span } = peek(cursor);
  const found = kind === "end" ? "the end" : kind === "string" ? JSON.stringify(text) : text;
  const foundZh = kind === "end" ? "结尾" : found;
  return refuse(
    "syntax",
    span,
    `Cannot read expression: found ${found}, expected ${en}`,
    `无法读取表达式：遇到 ${foundZh}，应为${zh}`,
  );
}

/** The end of the token before the next one. */
function lastSpan(cursor: Cursor): Span {
  return (cursor.tokens[cursor.index - 1] ?? peek(cursor)).span;
}

/** A node from `from` up to the token taken last. Refuses trees that are too deep. */
export function node(cursor: Cursor, from: Span, shape: ExpressionShape): Expression {
  const bare = { ...shape, span: spanning(from, lastSpan(cursor)), depth: 1 } as Expression;
  let depth = 0;
  for (const part of partsOf(bare)) depth = Math.max(depth, part.depth);
  if (depth >= deepestTree) tooDeep(bare.span);
  return { ...bare, depth: depth + 1 };
}

/** Runs `read` one level deeper; refuses nesting that would exhaust the stack. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  cursor.nesting += 1;
  if (cursor.nesting > deepestTree) tooDeep(peek(cursor).span);
  const value = read();
  cursor.nesting -= 1;
  return value;
}

function tooDeep(span: Span): never {
  return refuse(
    "too-deep",
    span,
    `Cannot read expression: it is nested deeper than ${deepestTree} levels`,
    `无法读取表达式：嵌套超过 ${deepestTree} 层`,
  );
}

/** Tokens from the next one up to (not with) the first that `ends`, as a name with its spaces as written. */
export function takeNameUntil(cursor: Cursor, ends: (token: Token) => boolean): string {
  const first = peek(cursor);
  if (first.kind === "string") return take(cursor).text;
  if (first.kind !== "word") return unexpected(cursor, "a name", "名称");
  let name = "";
  let end = first.span.at;
  while (!ends(peek(cursor)) && peek(cursor).kind !== "end") {
    const { text, span, kind } = peek(cursor);
    if (kind === "string" || "()[]{},:".includes(text)) {
      return unexpected(cursor, "a name", "名称");
    }
    name += span.at > end ? ` ${text}` : text;
    end = span.at + span.length;
    cursor.index += 1;
  }
  return name;
}
