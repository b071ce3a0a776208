// The tightest levels of the grammar: literals, names, lists, ranges, contexts and functions, and what may follow
// them: paths, filters and calls.

import type { Argument, ComparisonSign, Expression, Parameter } from "./ast.ts";
import {
  type Cursor,
  expectSign,
  isSign,
  isWord,
  node,
  peek,
  take,
  takeNameUntil,
  takeSign,
  unexpected,
} from "./cursor.ts";
import { refuse, type Span } from "./feel-problem.ts";
import { growingTable, matchName, nameTable } from "./name-table.ts";
import { parseType } from "./parse-type.ts";

/** The looser levels, handed in so that the grammar's two files need not import each other. */
type Levels = Readonly<{
  expression: (cursor: Cursor) => Expression;
  sum: (cursor: Cursor) => Expression;
}>;

const joiningWords = [
  ...["then", "else", "return", "satisfies"],
  ...["and", "or", "in", "between", "instance"],
] as const;

const keywords = new Set<string>(["if", "for", "some", "every", ...joiningWords]);

/** What no expression begins with. */
const joining = new Set<string>([...joiningWords, ",", ")", "]", "}", ".."]);

/** A primary with its paths, filters and calls. */
export function postfix(cursor: Cursor, levels: Levels): Expression {
  const { span } = peek(cursor);
  let of = primary(cursor, levels);
  for (;;) {
    if (takeSign(cursor, ".")) {
      of = node(cursor, span, { kind: "path", of, member: memberName(cursor) });
    } else if (isSign(cursor, "[") && !endsRange(cursor)) {
      of = filter(cursor, levels, of, span);
    } else if (isSign(cursor, "(")) {
      of = call(cursor, levels, of, span);
    } else {
      return of;
    }
  }
}

/** A bracket that no expression follows opens no filter: it is the open end of a range such as `]1..5[`. */
function endsRange(cursor: Cursor): boolean {
  const { kind, text } = peek(cursor, 1);
  return kind === "end" || (kind !== "string" && joining.has(text));
}

function filter(cursor: Cursor, levels: Levels, of: Expression, span: Span): Expression {
  expectSign(cursor, "[");
  const outer = cursor.names;
  cursor.names = nameTable(["item", ...knownMembers(cursor)], outer);
  const by = levels.expression(cursor);
  cursor.names = outer;
  expectSign(cursor, "]");
  return node(cursor, span, { kind: "filter", of, by });
}

/** Members may be named without their owner inside a filter; only those with spaces or signs need to be known. */
function knownMembers(cursor: Cursor): Iterable<string> {
  return cursor.members.keys.values();
}

function memberName(cursor: Cursor): string {
  const known =
    matchName(cursor.members, cursor.tokens, cursor.index) ??
    matchName(fixedMembers, cursor.tokens, cursor.index);
  if (known !== null) {
    cursor.index += known.count;
    return known.name;
  }
  if (peek(cursor).kind !== "word") return unexpected(cursor, "a member's name", "成员名称");
  return take(cursor).text;
}

/** Members of ranges and temporal values that hold spaces. */
const fixedMembers = nameTable(["start included", "end included", "time offset"]);

function call(cursor: Cursor, levels: Levels, target: Expression, span: Span): Expression {
  expectSign(cursor, "(");
  const given: Argument[] = [];
  if (!isSign(cursor, ")")) {
    do given.push(argument(cursor, levels));
    while (takeSign(cursor, ","));
  }
  const close = expectSign(cursor, ")");
  if (given.some(({ name }) => (name === null) !== (given[0]?.name === null))) {
    refuse(
      "wrong-arguments",
      close.span,
      "Cannot read call: found named and unnamed arguments, expected only one kind",
      "无法读取函数调用：具名参数与位置参数不能混用",
    );
  }
  return node(cursor, span, { kind: "call", target, arguments: given });
}

function argument(cursor: Cursor, levels: Levels): Argument {
  if (!namedAhead(cursor)) return { name: null, value: levels.expression(cursor) };
  const name = takeNameUntil(cursor, ({ text }) => text === ":");
  expectSign(cursor, ":");
  return { name, value: levels.expression(cursor) };
}

const mostNameTokens = 12;

/** Does `name :` stand next? */
function namedAhead(cursor: Cursor): boolean {
  if (peek(cursor).kind !== "word") return false;
  for (let ahead = 1; ahead <= mostNameTokens; ahead++) {
    const { kind, text } = peek(cursor, ahead);
    if (kind === "sign" && text === ":") return true;
    if (kind === "end" || kind === "string" || "()[]{},".includes(text)) return false;
  }
  return false;
}

function primary(cursor: Cursor, levels: Levels): Expression {
  const { kind, text, span } = peek(cursor);
  switch (kind) {
    case "number":
      take(cursor);
      return node(cursor, span, { kind: "number", text });
    case "string":
      take(cursor);
      return node(cursor, span, { kind: "string", value: text });
    case "word":
      return word(cursor, levels);
    case "sign":
      return sign(cursor, levels);
    case "end":
      return unexpected(cursor, "an expression", "表达式");
  }
}

function sign(cursor: Cursor, levels: Levels): Expression {
  const { text, span } = peek(cursor);
  switch (text) {
    case "[":
      return listOrRange(cursor, levels);
    case "(":
      return parenthesis(cursor, levels);
    case "]":
      take(cursor);
      return range(cursor, levels, { span, from: levels.sum(cursor), fromIncluded: false });
    case "{":
      return context(cursor, levels);
    case "@":
      return temporal(cursor);
    case "?":
      take(cursor);
      cursor.usesInput = true;
      return node(cursor, span, { kind: "name", name: "?" });
    default:
      return unexpected(cursor, "a value, a name or (", "取值、名称或 (");
  }
}

function temporal(cursor: Cursor): Expression {
  const { span } = take(cursor);
  const { kind, text } = peek(cursor);
  if (kind !== "string")
    return unexpected(cursor, 'a text such as "2026-01-31"', '文本，如 "2026-01-31"');
  take(cursor);
  return node(cursor, span, { kind: "temporal", text });
}

function word(cursor: Cursor, levels: Levels): Expression {
  const { text, span } = peek(cursor);
  const known = matchName(cursor.names, cursor.tokens, cursor.index);
  if (known !== null && (known.count > 1 || !["true", "false", "null"].includes(text))) {
    cursor.index += known.count;
    return node(cursor, span, { kind: "name", name: known.name });
  }
  if (text === "function" && isSign(cursor, "(", 1)) return functionLiteral(cursor, levels);
  if (keywords.has(text)) return unexpected(cursor, "a value or a name", "取值或名称");
  take(cursor);
  if (text === "true" || text === "false") {
    return node(cursor, span, { kind: "boolean", value: text === "true" });
  }
  if (text === "null") return node(cursor, span, { kind: "null" });
  return node(cursor, span, { kind: "name", name: text });
}

function functionLiteral(cursor: Cursor, levels: Levels): Expression {
  const { span } = take(cursor);
  expectSign(cursor, "(");
  const parameters: Parameter[] = [];
  if (!isSign(cursor, ")")) {
    do {
      const name = takeNameUntil(cursor, ({ text }) => [":", ",", ")"].includes(text));
      parameters.push({ name, type: takeSign(cursor, ":") ? parseType(cursor) : null });
    } while (takeSign(cursor, ","));
  }
  expectSign(cursor, ")");
  if (isWord(cursor, "external")) {
    const en = "Cannot read function: external functions run foreign code and are never called";
    refuse("unsupported", peek(cursor).span, en, "无法读取函数：外部函数会运行外来代码，不予支持");
  }
  const outer = cursor.names;
  cursor.names = nameTable(
    parameters.map(({ name }) => name),
    outer,
  );
  const body = levels.expression(cursor);
  cursor.names = outer;
  return node(cursor, span, { kind: "function", parameters, body });
}

type RangeStart = Readonly<{ span: Span; from: Expression; fromIncluded: boolean }>;

/** The rest of a range after its first end. */
function range(
  cursor: Cursor,
  levels: Levels,
  { span, from, fromIncluded }: RangeStart,
): Expression {
  expectSign(cursor, "..");
  const to = levels.sum(cursor);
  const close = ["]", ")", "["].find((text) => isSign(cursor, text));
  if (close === undefined) return unexpected(cursor, '"]" or ")"', "“]” 或 “)”");
  take(cursor);
  const toIncluded = close === "]";
  return node(cursor, span, { kind: "range", from, to, fromIncluded, toIncluded });
}

function listOrRange(cursor: Cursor, levels: Levels): Expression {
  const { span } = take(cursor);
  const items: Expression[] = [];
  if (!isSign(cursor, "]")) {
    const from = levels.expression(cursor);
    if (isSign(cursor, "..")) return range(cursor, levels, { span, from, fromIncluded: true });
    items.push(from);
    while (takeSign(cursor, ",")) items.push(levels.expression(cursor));
  }
  expectSign(cursor, "]");
  return node(cursor, span, { kind: "list", items });
}

function parenthesis(cursor: Cursor, levels: Levels): Expression {
  const { span } = take(cursor);
  const { kind, text } = peek(cursor);
  if (kind === "sign" && ["<", "<=", ">", ">=", "=", "!="].includes(text)) {
    take(cursor);
    const operand = levels.sum(cursor);
    expectSign(cursor, ")");
    return openRange(cursor, span, text as ComparisonSign, operand);
  }
  const inner = levels.expression(cursor);
  if (isSign(cursor, ".."))
    return range(cursor, levels, { span, from: inner, fromIncluded: false });
  expectSign(cursor, ")");
  return inner;
}

/** `(> 5)` as a range with one open end; `(= 5)` as a range of one point. */
function openRange(
  cursor: Cursor,
  span: Span,
  sign: ComparisonSign,
  operand: Expression,
): Expression {
  const included = sign === "<=" || sign === ">=";
  const ends = { fromIncluded: false, toIncluded: false };
  switch (sign) {
    case "<":
    case "<=":
      return node(cursor, span, {
        kind: "range",
        ...ends,
        from: null,
        to: operand,
        toIncluded: included,
      });
    case ">":
    case ">=":
      return node(cursor, span, {
        kind: "range",
        ...ends,
        from: operand,
        to: null,
        fromIncluded: included,
      });
    case "=":
      return node(cursor, span, {
        kind: "range",
        from: operand,
        to: operand,
        fromIncluded: true,
        toIncluded: true,
      });
    case "!=":
      return node(cursor, span, { kind: "test", sign, operand });
  }
}

function context(cursor: Cursor, levels: Levels): Expression {
  const { span } = take(cursor);
  const outer = cursor.names;
  const entries: (readonly [string, Expression])[] = [];
  const own = growingTable(outer);
  cursor.names = own;
  if (!isSign(cursor, "}")) {
    do {
      const at = peek(cursor).span;
      const name = takeNameUntil(cursor, ({ text }) => text === ":");
      if (own.has(name)) refuseTwice(at, name);
      expectSign(cursor, ":");
      entries.push([name, levels.expression(cursor)]);
      own.add(name);
    } while (takeSign(cursor, ","));
  }
  expectSign(cursor, "}");
  cursor.names = outer;
  return node(cursor, span, { kind: "context", entries });
}

function refuseTwice(span: Span, name: string): never {
  const en = `Cannot read context: ${name} is given twice`;
  return refuse("syntax", span, en, `无法读取上下文：${name} 重复`);
}
