// How one fact of a row is made, from its column or from what is known already, and held against its
// declaration: a value that leaves here is of the declared type, range and list.

import { parseBusinessDate } from "../domain/calendar.ts";
import type { FactDeclaration, FactValue } from "../domain/facts.ts";
import { decimalText, scaledInteger } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import { declaredType, type OperandType } from "../policy/operand.ts";
import {
  compileExpression,
  plainForm,
  scaleOf,
  type Setting,
  type Slots,
} from "./evaluate-expression.ts";
import type { FactRule, FactSource, Meant } from "./mapping.ts";
import {
  amountForm,
  cellText,
  type CellReader,
  type Column,
  complain,
  dateReader,
  listedText,
  type NumberForm,
  numberReader,
  type RowInProgress,
} from "./read-cell.ts";
import { rowProblem } from "./row-problem.ts";

/** Makes one fact; undefined where a problem was added to the row. */
export type FactReader = Readonly<{
  name: string;
  /** whether it reads what other facts are: not tried once the row has a problem */
  derived: boolean;
  read: (row: RowInProgress, slots: Slots) => FactValue | undefined;
}>;

/** Compiles one fact for one currency. `declared` holds the facts above it. */
export function compileFact(
  rule: FactRule,
  setting: Setting,
  declared: ReadonlyMap<string, FactDeclaration>,
): FactReader {
  const { declaration, source } = rule;
  const type = typeOf(declaration, setting);
  if (source.from === "column") {
    const column = setting.columnOf(source.column);
    const read = compileColumn(source, type, setting);
    return { name: declaration.name, derived: false, read: required(declaration, column, read) };
  }
  const derive = compileDerived(declaration.name, source, type, setting, declared);
  return { name: declaration.name, derived: true, read: checked(declaration, type, derive) };
}

function typeOf(declaration: FactDeclaration, setting: Setting): OperandType {
  const type = declaredType(declaration, setting.currency);
  if (type !== null) return type;
  const { minimum = "-", maximum = "-" } = declaration;
  throw new RangeError(
    `Cannot read bounds of "${declaration.name}": ${minimum} / ${maximum} has too many decimals for ${setting.currency}`,
  );
}

type ColumnSource = Extract<FactSource, { from: "column" }>;
type Derived = (row: RowInProgress, slots: Slots) => FactValue;

function required(
  declaration: FactDeclaration,
  column: Column,
  read: CellReader<Exclude<FactValue, null>>,
): FactReader["read"] {
  if (declaration.missing === "unknown") return read;
  const expected = { en: "a value: the fact must be known", zh: "有取值：该事实不可缺失" };
  return (row) => {
    const value = read(row);
    return value === null ? complain(row, column, "missing-value", expected) : value;
  };
}

function compileColumn(
  source: ColumnSource,
  type: OperandType,
  setting: Setting,
): CellReader<Exclude<FactValue, null>> {
  const column = setting.columnOf(source.column);
  if (source.values !== null) return compileCodes(source, source.values, type, column);
  switch (type.kind) {
    case "number":
    case "money":
      return numberReader(setting.format, column, formOf(type, setting));
    case "date":
      return dateReader(setting.format, column);
    case "enum":
      return codeReader(column, new Map(type.values.map((value) => [value, value])));
    case "boolean":
      return codeReader(
        column,
        new Map([
          ["true", true],
          ["false", false],
        ]),
      );
  }
}

function compileCodes(
  source: ColumnSource,
  values: ReadonlyMap<string, Meant>,
  type: OperandType,
  column: Column,
): CellReader<Exclude<FactValue, null>> {
  const meanings = new Map([...values].map(([code, meant]) => [code, valueOf(meant, type)]));
  const otherwise = source.otherwise === undefined ? undefined : valueOf(source.otherwise, type);
  return codeReader(column, meanings, otherwise);
}

function codeReader<T extends FactValue>(
  column: Column,
  values: ReadonlyMap<string, T>,
  otherwise?: T,
): CellReader<Exclude<T, null>> {
  const expected = listedText([...values.keys()]);
  return (row) => {
    const text = cellText(row, column);
    const found = values.get(text);
    if (found !== undefined) return found as Exclude<T, null> | null;
    if (text === "") return null;
    return otherwise === undefined
      ? complain(row, column, "unknown-code", expected)
      : (otherwise as Exclude<T, null> | null);
  };
}

/** The declared range in the words of the declared unit. */
function formOf(
  type: Extract<OperandType, { kind: "number" | "money" }>,
  setting: Setting,
): NumberForm {
  const form =
    type.kind === "money"
      ? amountForm(setting.format, setting.currency, type.low, type.high)
      : plainForm(type.scale, type.low, type.high);
  return { ...form, expected: withRange(form.expected, type) };
}

function withRange(expected: Text, type: Extract<OperandType, { kind: "number" | "money" }>): Text {
  const low = type.low === -Number.MAX_SAFE_INTEGER ? null : decimalText(type.low, type.scale);
  const high = type.high === Number.MAX_SAFE_INTEGER ? null : decimalText(type.high, type.scale);
  if (low === null && high === null) return expected;
  const range = `${low ?? "…"} – ${high ?? "…"}`;
  return { en: `${expected.en}, within ${range}`, zh: `${expected.zh}，范围 ${range}` };
}

/** The fact value that a literal of the mapping stands for. */
function valueOf(meant: Meant, type: OperandType): FactValue {
  if (typeof meant !== "string") return meant;
  return type.kind === "number" || type.kind === "money" ? scaledInteger(meant, type.scale) : meant;
}

function compileDerived(
  name: string,
  source: Exclude<FactSource, ColumnSource>,
  type: OperandType,
  setting: Setting,
  declared: ReadonlyMap<string, FactDeclaration>,
): Derived {
  switch (source.from) {
    case "expression":
      return compileExpression(source.expression, setting);
    case "bucket":
      return compileBucket(source, type, setting);
    case "lookup":
      return compileLookup(source, type, setting, { name, of: declared.get(source.of)! });
  }
}

type Bucket = Extract<FactSource, { from: "bucket" }>;
type Lookup = Extract<FactSource, { from: "lookup" }>;

/** The fact that is looked up, and the one whose codes are. */
type Declared = Readonly<{ name: string; of: FactDeclaration }>;

function compileBucket(source: Bucket, type: OperandType, setting: Setting): Derived {
  const of = compileExpression(source.of, setting);
  const scale = scaleOf(source.of.type, setting.currency);
  const starts = source.starts.map((start) => scaledInteger(start, scale) ?? Number.NaN);
  const values = source.values.map((value) => valueOf(value, type));
  return (row, slots) => {
    const value = of(row, slots);
    if (value === null) return null;
    let place = 0;
    while (place < starts.length && value >= starts[place]!) place += 1;
    return values[place] ?? null;
  };
}

function compileLookup(
  source: Lookup,
  type: OperandType,
  setting: Setting,
  declared: Declared,
): Derived {
  const ofType = typeOf(declared.of, setting);
  const slot = setting.slotOf(source.of);
  const values = new Map(
    source.values.map(({ code, meant }) => [codeOf(code, ofType), valueOf(meant, type)] as const),
  );
  const otherwise = source.otherwise === undefined ? undefined : valueOf(source.otherwise, type);
  const expected = listedText(source.values.map(({ code }) => code));
  return (row, slots) => {
    const code = slots[slot] ?? null;
    if (code === null) return null;
    const found = values.get(code) ?? otherwise;
    if (found !== undefined || values.has(code)) return found ?? null;
    const shown = written(code, ofType);
    row.problems.push(rowProblem(row.line, declared.name, "unknown-code", shown, expected));
    return null;
  };
}

function codeOf(code: string, type: OperandType): FactValue {
  if (type.kind === "boolean") return code === "true";
  return valueOf(code, type);
}

/** Holds a derived value against the declaration; NaN is a result that does not exist. */
function checked(
  declaration: FactDeclaration,
  type: OperandType,
  derive: Derived,
): FactReader["read"] {
  const { name, missing } = declaration;
  const within = rangeOf(type);
  return (row, slots) => {
    const before = row.problems.length;
    const value = derive(row, slots);
    if (row.problems.length > before) return undefined;
    if (value === null && missing === "unknown") return null;
    if (value !== null && fits(value, type)) return value;
    const shown = value === null || Number.isNaN(value) ? "" : written(value, type);
    const reason = value === null ? "missing-value" : "out-of-range";
    row.problems.push(rowProblem(row.line, name, reason, shown, within));
    return undefined;
  };
}

function written(value: Exclude<FactValue, null>, type: OperandType): string {
  const scaled = typeof value === "number" && (type.kind === "number" || type.kind === "money");
  return scaled ? decimalText(value, type.scale) : String(value);
}

function fits(value: Exclude<FactValue, null>, type: OperandType): boolean {
  switch (type.kind) {
    case "number":
    case "money":
      return typeof value === "number" && value >= type.low && value <= type.high;
    case "boolean":
      return typeof value === "boolean";
    case "enum":
      return typeof value === "string" && type.values.includes(value);
    case "date":
      return parseBusinessDate(value) !== null;
  }
}

function rangeOf(type: OperandType): Text {
  if (type.kind === "enum") return listedText(type.values);
  const known = { en: "a known value", zh: "有取值" };
  return type.kind === "number" || type.kind === "money" ? withRange(known, type) : known;
}
