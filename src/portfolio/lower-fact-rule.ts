// One fact of a mapping: its source is held against its declaration, so that a value which is read or derived
// can only be of the declared type, at the declared scale, from the declared list.

import { parseBusinessDate } from "../domain/calendar.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import { pointer, shown } from "../policy/problem.ts";
import {
  boundText,
  lowerDerivation,
  lowerOperand,
  numericType,
  type Readable,
  sameType,
  typeText,
} from "./lower-expression.ts";
import type { FactRule, FactSource, Meant } from "./mapping.ts";
import type { DerivationPart, FactPart, Literal } from "./mapping-document.ts";

/** Lowers one fact; null when something is wrong, which is then among the problems. */
export function lowerFact(
  readable: Readable,
  declaration: FactDeclaration,
  part: FactPart,
  path: string,
): FactRule | null {
  const source = lowerSource(readable, declaration, part, path);
  return source === null ? null : { declaration, source };
}

function lowerSource(
  readable: Readable,
  declaration: FactDeclaration,
  part: FactPart,
  path: string,
): FactSource | null {
  if ("column" in part) {
    readable.readColumn(part.column);
    return {
      from: "column",
      column: part.column,
      values: part.values === undefined ? null : new Map(codes(readable, declaration, part, path)),
      otherwise: otherwise(readable, declaration, part, path),
    };
  }
  if ("lookup" in part) return lowerLookup(readable, declaration, part.lookup, `${path}/lookup`);
  if ("bucket" in part) return lowerBucket(readable, declaration, part.bucket, `${path}/bucket`);
  return lowerDerived(readable, declaration, part, path);
}

function lowerDerived(
  readable: Readable,
  declaration: FactDeclaration,
  part: DerivationPart,
  path: string,
): FactSource | null {
  const expression = lowerDerivation(readable, part, path);
  if (expression === null) return null;
  const type = numericType(declaration);
  if (type !== null && sameType(type, expression.type)) return { from: "expression", expression };
  const found = typeText(expression.type);
  const expected = type === null ? declaration.type : typeText(type);
  readable.problems.add(
    "type-mismatch",
    path,
    `Cannot derive fact "${declaration.name}": found ${found}, expected ${expected} as declared`,
    `无法推导事实“${declaration.name}”：结果为 ${found}，声明为 ${expected}`,
  );
  return null;
}

type Coded = Readonly<{ values?: Readonly<Record<string, Literal>>; otherwise?: Literal }>;

function codes(
  readable: Readable,
  declaration: FactDeclaration,
  part: Coded,
  path: string,
): readonly (readonly [string, Meant])[] {
  return Object.entries(part.values ?? {}).map(
    ([code, value]) =>
      [code, meant(readable, declaration, value, pointer(`${path}/values`, code))] as const,
  );
}

function otherwise(
  readable: Readable,
  declaration: FactDeclaration,
  part: Coded,
  path: string,
): Meant | undefined {
  return part.otherwise === undefined
    ? undefined
    : meant(readable, declaration, part.otherwise, `${path}/otherwise`);
}

type LookupPart = Extract<FactPart, { lookup: unknown }>["lookup"];
type BucketPart = Extract<FactPart, { bucket: unknown }>["bucket"];

function lowerLookup(
  readable: Readable,
  declaration: FactDeclaration,
  part: LookupPart,
  path: string,
): FactSource | null {
  if (!readable.facts.has(part.of)) {
    readable.problems.add(
      "unknown-name",
      `${path}/of`,
      `Cannot look up "${part.of}": found no fact of this name above, expected one`,
      `无法查找“${part.of}”：上文没有该事实`,
    );
    return null;
  }
  return {
    from: "lookup",
    of: part.of,
    values: codes(readable, declaration, part, path).map(([code, value]) => ({
      code,
      meant: value,
    })),
    otherwise: otherwise(readable, declaration, part, path),
  };
}

function lowerBucket(
  readable: Readable,
  declaration: FactDeclaration,
  part: BucketPart,
  path: string,
): FactSource | null {
  const of = lowerOperand(readable, part.of, `${path}/of`);
  if (of === null) return null;
  const starts = part.starts.map((start, index) =>
    boundText(readable, start, of.type, pointer(`${path}/starts`, index)),
  );
  const ascending = part.starts.every(
    (start, index) => index === 0 || Number(part.starts[index - 1]) < Number(start),
  );
  if (part.values.length !== part.starts.length + 1 || !ascending) {
    readable.problems.add(
      "row-width",
      path,
      `Cannot make buckets of "${declaration.name}": found ${part.starts.length} starts and ${part.values.length} values, expected ascending starts and one value more`,
      `无法划分“${declaration.name}”：起点 ${part.starts.length} 个、取值 ${part.values.length} 个，起点应递增且取值多一个`,
    );
    return null;
  }
  const values = part.values.map((value, index) =>
    meant(readable, declaration, value, pointer(`${path}/values`, index)),
  );
  return starts.includes(null) ? null : { from: "bucket", of, starts: starts as string[], values };
}

/** Checks that a literal is a value of the fact; null stands for unknown. */
function meant(
  readable: Readable,
  declaration: FactDeclaration,
  value: Literal,
  path: string,
): Meant {
  if (value === null && declaration.missing === "unknown") return null;
  const text = value === null ? null : fitting(readable, declaration, value, path);
  if (text !== null) return text;
  const expected = expectedOf(declaration);
  readable.problems.add(
    "undeclared-value",
    path,
    `Cannot use value of "${declaration.name}": found ${shown(value)}, expected ${expected}`,
    `无法使用“${declaration.name}”的取值：发现 ${shown(value)}，应为 ${expected}`,
  );
  return null;
}

function fitting(
  readable: Readable,
  declaration: FactDeclaration,
  value: Exclude<Literal, null>,
  path: string,
): Meant {
  switch (declaration.type) {
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "enum":
      return declaration.values?.some((entry) => entry.value === value) === true
        ? (value as string)
        : null;
    case "date":
      return parseBusinessDate(value);
    case "number":
    case "money":
      return typeof value === "boolean"
        ? null
        : boundText(readable, value, numericType(declaration)!, path);
  }
}

function expectedOf(declaration: FactDeclaration): string {
  if (declaration.type === "boolean") return "true / false";
  if (declaration.type === "enum") {
    return (declaration.values ?? []).map((entry) => entry.value).join(" / ");
  }
  const type = numericType(declaration);
  return type === null ? "YYYY-MM-DD" : typeText(type);
}
