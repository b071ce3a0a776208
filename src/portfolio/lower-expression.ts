// Derivations of a mapping become typed integer expressions. Money and numbers never meet, numbers meet only
// at one scale, constants take the unit of what stands beside them: what passes here cannot mix units.

import type { FactDeclaration } from "../domain/facts.ts";
import { scaledInteger } from "../domain/money.ts";
import { pointer, type Problems } from "../policy/problem.ts";
import type { Expression, ValueType } from "./mapping.ts";
import type { DerivationPart, OperandPart } from "./mapping-document.ts";

/** What an expression may read: the line's amounts, the facts above, and any column. */
export type Readable = Readonly<{
  problems: Problems;
  facts: ReadonlyMap<string, FactDeclaration>;
  readColumn: (column: string) => void;
}>;

/** Amounts of the line that expressions may read by name. */
export const lineAmounts = ["limit", "drawn", "pending"] as const;

const wholeNumber: ValueType = { kind: "number", scale: 0 };

/** How a type is called in messages. */
export function typeText(type: ValueType): string {
  return type.kind === "money" ? "money" : `number of scale ${type.scale}`;
}

export function sameType(left: ValueType, right: ValueType): boolean {
  return left.kind === "money" || right.kind === "money"
    ? left.kind === right.kind
    : left.scale === right.scale;
}

/** Lowers one derivation; null when something is wrong, which is then among the problems. */
export function lowerDerivation(
  readable: Readable,
  part: DerivationPart,
  path: string,
): Expression | null {
  if ("money" in part) return cell(readable, part.money, { kind: "money" });
  if ("number" in part) {
    return cell(readable, part.number, { kind: "number", scale: part.scale ?? 0 });
  }
  if ("sum" in part) return lowerList(readable, "sum", part.sum, path);
  if ("difference" in part) return lowerList(readable, "difference", part.difference, path);
  if ("max" in part) return lowerList(readable, "max", part.max, path);
  if ("min" in part) return lowerList(readable, "min", part.min, path);
  if ("ifNull" in part) return lowerList(readable, "ifNull", part.ifNull, path);
  if ("product" in part) return lowerProduct(readable, part.product, `${path}/product`);
  if ("mean" in part) return lowerMean(readable, part.mean, `${path}/mean`);
  if ("ratio" in part) return lowerRatio(readable, part.ratio, `${path}/ratio`);
  return lowerClamp(readable, part.clamp, `${path}/clamp`);
}

/** Lowers an operand that stands alone; a constant becomes a whole number. */
export function lowerOperand(
  readable: Readable,
  part: OperandPart,
  path: string,
): Expression | null {
  if (typeof part === "number") return { op: "constant", value: String(part), type: wholeNumber };
  return typeof part === "string"
    ? lowerName(readable, part, path)
    : lowerDerivation(readable, part, path);
}

function cell(readable: Readable, column: string, type: ValueType): Expression {
  readable.readColumn(column);
  return { op: "cell", column, type };
}

function lowerName(readable: Readable, name: string, path: string): Expression | null {
  if ((lineAmounts as readonly string[]).includes(name)) {
    return { op: "name", name, type: { kind: "money" } };
  }
  const declaration = readable.facts.get(name);
  const type = declaration === undefined ? null : numericType(declaration);
  if (type !== null) return { op: "name", name, type };
  const found = declaration === undefined ? "no fact of this name above" : declaration.type;
  const foundZh = declaration === undefined ? "上文没有该事实" : `类型为 ${declaration.type}`;
  readable.problems.add(
    declaration === undefined ? "unknown-name" : "type-mismatch",
    path,
    `Cannot read operand "${name}": found ${found}, expected a number or money fact above this one, or ${lineAmounts.join(", ")}`,
    `无法读取操作数“${name}”：${foundZh}，应为上文中的数字或金额事实，或 ${lineAmounts.join("、")}`,
  );
  return null;
}

/** The type of a fact in expressions; null when it is no number. */
export function numericType(declaration: FactDeclaration): ValueType | null {
  if (declaration.type === "money") return { kind: "money" };
  if (declaration.type !== "number") return null;
  return { kind: "number", scale: declaration.scale ?? 0 };
}

type ListOp = "sum" | "difference" | "max" | "min" | "ifNull";

function lowerList(
  readable: Readable,
  op: ListOp,
  parts: readonly OperandPart[],
  path: string,
): Expression | null {
  const of = lowerAlike(readable, parts, pointer(path, op));
  return of === null ? null : { op, of, type: of[0]!.type };
}

/** Lowers operands that must be of one type; constants take it. */
function lowerAlike(
  readable: Readable,
  parts: readonly OperandPart[],
  path: string,
): readonly Expression[] | null {
  const lowered = parts.map((part, index) =>
    typeof part === "number" ? part : lowerOperand(readable, part, pointer(path, index)),
  );
  if (lowered.includes(null)) return null;
  const typed = lowered.filter((one): one is Expression => typeof one === "object" && one !== null);
  const type = typed[0]?.type ?? wholeNumber;
  const odd = typed.find((one) => !sameType(one.type, type));
  if (odd !== undefined) {
    mixed(readable, path, type, odd.type);
    return null;
  }
  return lowered.map((one) =>
    typeof one === "number" ? { op: "constant", value: String(one), type } : (one as Expression),
  );
}

function mixed(readable: Readable, path: string, one: ValueType, other: ValueType): void {
  readable.problems.add(
    "type-mismatch",
    path,
    `Cannot combine operands of ${path}: found ${typeText(one)} and ${typeText(other)}, expected one type`,
    `无法合并 ${path} 的操作数：同时出现 ${typeText(one)} 与 ${typeText(other)}，类型应一致`,
  );
}

function lowerProduct(
  readable: Readable,
  parts: readonly OperandPart[],
  path: string,
): Expression | null {
  const [left, right] = parts as readonly [OperandPart, OperandPart];
  const by = typeof right === "number" ? right : left;
  const rest = typeof right === "number" ? left : right;
  const of = lowerOperand(readable, rest, pointer(path, rest === left ? 0 : 1));
  if (typeof by !== "number") {
    readable.problems.add(
      "type-mismatch",
      path,
      `Cannot multiply ${path}: found no whole number, expected one factor to be a whole number`,
      `无法计算乘积 ${path}：其中一个因子应为整数`,
    );
    return null;
  }
  return of === null ? null : { op: "product", of, by, type: of.type };
}

type MeanPart = Extract<DerivationPart, { mean: unknown }>["mean"];
type RatioPart = Extract<DerivationPart, { ratio: unknown }>["ratio"];
type ClampPart = Extract<DerivationPart, { clamp: unknown }>["clamp"];

function lowerMean(readable: Readable, part: MeanPart, path: string): Expression | null {
  const of = lowerAlike(readable, part.of, `${path}/of`);
  return of === null ? null : { op: "mean", of, rounding: part.rounding, type: of[0]!.type };
}

function lowerRatio(readable: Readable, part: RatioPart, path: string): Expression | null {
  const of = lowerOperand(readable, part.of, `${path}/of`);
  const by = lowerOperand(readable, part.by, `${path}/by`);
  if (of === null || by === null) return null;
  if (of.type.kind !== by.type.kind) {
    mixed(readable, path, of.type, by.type);
    return null;
  }
  const type: ValueType = { kind: "number", scale: part.scale };
  return { op: "ratio", of, by, rounding: part.rounding, type };
}

function lowerClamp(readable: Readable, part: ClampPart, path: string): Expression | null {
  const of = lowerOperand(readable, part.of, `${path}/of`);
  if (of === null) return null;
  const minimum = boundText(readable, part.minimum, of.type, `${path}/minimum`);
  const maximum = boundText(readable, part.maximum, of.type, `${path}/maximum`);
  return { op: "clamp", of, minimum, maximum, type: of.type };
}

/** Checks that a bound can be written at the type's scale; null when there is none. */
export function boundText(
  readable: Readable,
  value: string | number | undefined,
  type: ValueType,
  path: string,
): string | null {
  if (value === undefined) return null;
  const text = String(value);
  // Money is read again at its currency; no accepted currency has more than two decimals.
  if (scaledInteger(text, type.kind === "money" ? 2 : type.scale) !== null) return text;
  readable.problems.add(
    "excess-digits",
    path,
    `Cannot read ${path}: found ${text}, expected ${typeText(type)}`,
    `无法读取 ${path}：发现 ${text}，应为 ${typeText(type)}`,
  );
  return null;
}
