// Whether an expression makes sense before it ever runs: names, members, kinds that go together, arguments of built-in
// functions, and values of enumerations, against declared types. Any means "cannot tell" and is never refused.

import { type Expression, partsOf, type UnaryTestsTree } from "./ast.ts";
import { builtInDeclarations } from "./built-ins.ts";
import { scopeNames } from "./evaluate.ts";
import type { FeelProblem, FeelProblemCode } from "./feel-problem.ts";
import { anyType, type FeelType, typeName } from "./feel-type.ts";
import { parseExpression, parseTests } from "./parse.ts";

/** Types of the names that an expression may read. */
export type TypeEnvironment = ReadonlyMap<string, FeelType>;

/** The type of an expression and everything that is wrong with it. */
export type FeelChecked = Readonly<{ type: FeelType; problems: readonly FeelProblem[] }>;

type Checking = Readonly<{ names: TypeEnvironment; problems: FeelProblem[] }>;

/** Checks an expression against the types of the names in scope. */
export function checkExpression(text: string, names: TypeEnvironment): FeelChecked {
  const parsed = parseExpression(text, scopeNames(names.keys(), membersIn(names)));
  if (!parsed.ok) return { type: anyType, problems: [parsed.problem] };
  const problems: FeelProblem[] = [];
  return { type: typeOf(parsed.value, { names, problems }), problems };
}

/** Checks the tests of a cell whose tested value has a type. */
export function checkTests(
  text: string,
  tested: FeelType,
  names: TypeEnvironment,
): readonly FeelProblem[] {
  const parsed = parseTests(text, scopeNames(names.keys(), membersIn(names)));
  if (!parsed.ok) return [parsed.problem];
  const problems: FeelProblem[] = [];
  checkTree(parsed.value, tested, { names: new Map([...names, ["?", tested]]), problems });
  return problems;
}

function* membersIn(names: TypeEnvironment): Generator<string> {
  for (const type of names.values()) if (type.kind === "context") yield* type.members.keys();
}

function checkTree(tree: UnaryTestsTree, tested: FeelType, checking: Checking): void {
  if (tree.kind === "any") return;
  for (const { expression, usesInput } of tree.tests) {
    if (usesInput) typeOf(expression, checking);
    else if (expression.kind === "test") together(expression, tested, expression.operand, checking);
    else together(expression, tested, expression, checking);
  }
}

function report(
  checking: Checking,
  code: FeelProblemCode,
  at: Expression,
  en: string,
  zh: string,
): void {
  checking.problems.push({ code, span: at.span, message: { en, zh } });
}

function typeOf(tree: Expression, checking: Checking): FeelType {
  switch (tree.kind) {
    case "number":
    case "boolean":
    case "null":
      return { kind: tree.kind };
    case "string":
      return { kind: "string", values: [tree.value] };
    case "name":
      return typeOfName(tree, tree.name, checking);
    case "path":
      return typeOfMember(tree, tree.member, typeOf(tree.of, checking), checking);
    case "comparison":
      together(tree, typeOf(tree.left, checking), tree.right, checking);
      return { kind: "boolean" };
    case "arithmetic":
      return typeOfArithmetic(tree, checking);
    case "call":
      return typeOfCall(tree, checking);
    case "if": {
      wants(tree.test, "boolean", checking);
      const [then, otherwise] = [typeOf(tree.then, checking), typeOf(tree.otherwise, checking)];
      return then.kind === otherwise.kind ? plain(then) : anyType;
    }
    case "and":
    case "or":
      for (const part of tree.parts) wants(part, "boolean", checking);
      return { kind: "boolean" };
    case "between":
    case "in":
    case "instance-of":
      for (const part of partsOf(tree)) typeOf(part, checking);
      return { kind: "boolean" };
    case "list":
      for (const item of tree.items) typeOf(item, checking);
      return { kind: "list", of: anyType };
    default:
      // These bring names of their own into scope, whose types are not known here.
      return anyType;
  }
}

function plain(type: FeelType): FeelType {
  return type.kind === "string" ? { kind: "string" } : type;
}

function typeOfName(tree: Expression, name: string, checking: Checking): FeelType {
  const type = checking.names.get(name);
  if (type !== undefined) return type;
  if (builtInDeclarations.has(name)) return { kind: "function", parameters: null, result: anyType };
  report(checking, "unknown-name", tree, `Cannot find name: ${name}`, `找不到名称：${name}`);
  return anyType;
}

function typeOfMember(
  tree: Expression,
  member: string,
  of: FeelType,
  checking: Checking,
): FeelType {
  if (of.kind !== "context") return anyType;
  const type = of.members.get(member);
  if (type === undefined && of.closed) {
    report(
      checking,
      "unknown-member",
      tree,
      `Cannot find member: ${member}`,
      `找不到成员：${member}`,
    );
  }
  return type ?? anyType;
}

/** The two must be of one kind, and a literal one of the declared values. */
function together(at: Expression, left: FeelType, other: Expression, checking: Checking): void {
  const right = typeOf(other, checking);
  const loose = ["any", "null", "list", "range"];
  if (loose.includes(left.kind) || loose.includes(right.kind)) return;
  if (left.kind !== right.kind) {
    mismatch(at, typeName(right), typeName(left), checking);
  } else if (left.kind === "string" && right.kind === "string" && left.values !== undefined) {
    const unknown = right.values?.find((value) => left.values?.includes(value) === false);
    if (other.kind !== "string" || unknown === undefined) return;
    const values = left.values.join(", ");
    report(
      checking,
      "undeclared-value",
      other,
      `Cannot compare with "${unknown}": expected one of ${values}`,
      `无法与“${unknown}”比较：应为 ${values} 之一`,
    );
  }
}

function mismatch(at: Expression, found: string, expected: string, checking: Checking): void {
  report(
    checking,
    "type-mismatch",
    at,
    `Cannot use value: found ${found}, expected ${expected}`,
    `类型不符：实际为 ${found}，应为 ${expected}`,
  );
}

function wants(tree: Expression, kind: FeelType["kind"], checking: Checking): void {
  const type = typeOf(tree, checking);
  if (![kind, "any", "null"].includes(type.kind)) mismatch(tree, typeName(type), kind, checking);
}

function typeOfArithmetic(
  tree: Extract<Expression, { kind: "arithmetic" }>,
  checking: Checking,
): FeelType {
  const [left, right] = [typeOf(tree.left, checking), typeOf(tree.right, checking)];
  if (left.kind === "number" && right.kind === "number") return { kind: "number" };
  if (tree.sign === "+" && left.kind === "string" && right.kind === "string")
    return { kind: "string" };
  for (const [part, type] of [
    [tree.left, left],
    [tree.right, right],
  ] as const) {
    const text = type.kind === "string" && (tree.sign !== "+" || left.kind !== right.kind);
    const other = part === tree.left ? right : left;
    const never = ["boolean", "context", "function"].includes(type.kind) || text;
    if (never && other.kind !== "any") mismatch(part, typeName(type), "number", checking);
  }
  return anyType;
}

function typeOfCall(tree: Extract<Expression, { kind: "call" }>, checking: Checking): FeelType {
  for (const { value } of tree.arguments) typeOf(value, checking);
  const name = tree.target.kind === "name" ? tree.target.name : null;
  const declared =
    name === null || checking.names.has(name) ? undefined : builtInDeclarations.get(name);
  if (declared === undefined) {
    typeOf(tree.target, checking);
    return anyType;
  }
  const fits = declared.signatures.some(({ parameters, rest }) => {
    const least = parameters.filter(({ optional }) => !optional).length;
    const count = tree.arguments.length;
    const named = tree.arguments.every(
      (one) => one.name === null || parameters.some((known) => known.name === one.name),
    );
    return named && count >= least && (rest || count <= parameters.length);
  });
  if (!fits) {
    const en = `Cannot call ${declared.name}: it has no signature with these arguments`;
    report(checking, "wrong-arguments", tree, en, `无法调用 ${declared.name}：参数不符合任何签名`);
  }
  return declared.result;
}
