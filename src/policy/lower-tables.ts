// Decision tables as DMN 1.5 §8.2 defines them. Rows become tests over integers and output values; U and A
// are held to their promise here (no two rows overlap, or overlapping rows agree), so that evaluation is
// total. What an output can be is computed from the rows, which is what range proofs rest on.

import { example, type IntegerSet, intersection, isEmpty, meets } from "./integer-set.ts";
import type { FactIr, OutputIr, RowIr, RowReasonIr, ScorecardIr, TableIr, Test } from "./ir.ts";
import { checkFields, checkRange, checkUnique } from "./lower-facts.ts";
import {
  addOperand,
  findOperand,
  type Lowering,
  lowerCell,
  lowerLiteral,
  testOf,
} from "./lowering.ts";
import { declaredType, domainOf, type Operand, type OperandType, valueText } from "./operand.ts";
import { pointer } from "./problem.ts";
import { lowerDates } from "./row-dates.ts";
import type { DecisionTable, HitPolicy, TableRow } from "./strategy.ts";

/** Hit policies whose output is a list: nothing later can test it. */
const listPolicies: readonly HitPolicy[] = ["R", "O", "C"];
const aggregating: readonly HitPolicy[] = ["C+", "C<", "C>", "C#"];

/** Facts and scorecards that rows may cite. */
export type Citable = Readonly<{ facts: readonly FactIr[]; scorecards: readonly ScorecardIr[] }>;

/** Lowers all tables in order and makes `table.ID.OUTPUT` known; `onLowered` is told of each. */
export function lowerTables(
  lowering: Lowering,
  citable: Citable,
  onLowered: (index: number) => void,
): TableIr[] {
  const { tables } = lowering.strategy;
  checkUnique(
    lowering,
    "table",
    tables.map((table) => table.id),
    "/tables",
  );
  return tables.map((table, index) => {
    const lowered = lowerTable(lowering, table, index, citable, pointer("/tables", index));
    onLowered(index);
    return lowered;
  });
}

function lowerTable(
  lowering: Lowering,
  table: DecisionTable,
  index: number,
  citable: Citable,
  path: string,
): TableIr {
  checkUnique(
    lowering,
    "row",
    table.rows.map((row) => row.id),
    `${path}/rows`,
  );
  checkUnique(
    lowering,
    "output",
    table.outputs.map((output) => output.name),
    `${path}/outputs`,
    "name",
  );
  const inputs = table.inputs.map((name, at) =>
    findOperand(lowering, name, `${path}/inputs/${at}`),
  );
  checkUnique(lowering, "input", table.inputs, `${path}/inputs`, "");
  const types = outputTypes(lowering, table, path);
  const rows = table.rows.map((row, at) =>
    lowerRow(lowering, row, inputs, table, types, citable, `${path}/rows/${at}`),
  );
  const defaults = lowerDefaults(lowering, table, types, path);
  const outputs = addOutputs(lowering, table, index, inputs, rows, defaults, types, path);
  const known = inputs.filter((input) => input !== null);
  const { id, label, hitPolicy } = table;
  const priority = priorityOutputs(lowering, table, path);
  const lowered = { id, label, hitPolicy, inputs: known, outputs, rows, defaults, priority };
  if (known.length === inputs.length) checkHitPolicy(lowering, lowered, path);
  return lowered;
}

function outputTypes(
  lowering: Lowering,
  table: DecisionTable,
  path: string,
): readonly (OperandType | null)[] {
  return table.outputs.map((output, at) => {
    const place = `${path}/outputs/${at}`;
    checkFields(lowering, output, place);
    const type = declaredType(output, lowering.strategy.currency);
    if (type === null) {
      lowering.problems.add(
        "excess-digits",
        place,
        `Cannot read bounds of output "${output.name}": found more decimals than declared, expected at most its scale`,
        `无法读取输出“${output.name}”的上下限：小数位超过声明的位数`,
      );
      return null;
    }
    checkRange(lowering, type, place);
    return type;
  });
}

function lowerRow(
  lowering: Lowering,
  row: TableRow,
  inputs: readonly (Operand | null)[],
  table: DecisionTable,
  types: readonly (OperandType | null)[],
  citable: Citable,
  path: string,
): RowIr {
  const cells = checkWidth(
    lowering,
    row.when.length,
    inputs.length,
    "input",
    row.id,
    `${path}/when`,
  );
  const values = checkWidth(
    lowering,
    row.then.length,
    types.length,
    "output",
    row.id,
    `${path}/then`,
  );
  const before = lowering.problems.list.length;
  const tests: Test[] = [];
  inputs.forEach((operand, column) => {
    const cell = row.when[column];
    if (!cells || operand === null || cell === undefined) return;
    const set = lowerCell(lowering, cell, operand, `${path}/when/${column}`);
    if (set !== null) tests.push(testOf(set, operand, cell, column));
  });
  const dates = lowerDates(lowering, row, path);
  if (dates !== null) tests.push(dates);
  const outputs = types.map((type, column) => {
    const cell = row.then[column];
    if (!values || type === null || cell === undefined) return Number.NaN;
    const name = table.outputs[column]?.name ?? "";
    return lowerLiteral(lowering, cell, type, name, `${path}/then/${column}`) ?? Number.NaN;
  });
  const upstream = new Set<number>();
  for (const test of tests) {
    const { table: made = -1, through = [] } = lowering.operands.get(test.operand) ?? {};
    for (const one of [made, ...through]) if (one >= 0) upstream.add(one);
  }
  const { id, note } = row;
  const sound = cells && lowering.problems.list.length === before;
  const reasons = sound ? lowerReasons(lowering, row, tests, citable, path) : [];
  const scores = sound ? lowerReasonsFrom(lowering, row, tests, citable, path) : [];
  return { id, note, tests, outputs, reasons, scores, upstream: [...upstream] };
}

function checkWidth(
  lowering: Lowering,
  found: number,
  expected: number,
  kind: "input" | "output",
  id: string,
  path: string,
): boolean {
  if (found === expected) return true;
  lowering.problems.add(
    "row-width",
    path,
    `Cannot read row "${id}": found ${found} ${kind} cells, expected ${expected}`,
    `无法读取行“${id}”：发现 ${found} 个${kind === "input" ? "输入" : "输出"}单元格，应为 ${expected} 个`,
  );
  return false;
}

/** A cited fact must speak through a cell of the row, and must have a value that gives no ground for concern. */
function lowerReasons(
  lowering: Lowering,
  row: TableRow,
  tests: readonly Test[],
  citable: Citable,
  path: string,
): RowReasonIr[] {
  return (row.reasons ?? []).map((reason, at) => {
    const facts: FactIr[] = [];
    reason.facts.forEach((name, position) => {
      const place = `${path}/reasons/${at}/facts/${position}`;
      if (findOperand(lowering, name, place) === null) return;
      const fact = citable.facts.find((candidate) => candidate.name === name);
      const doubt = fact === undefined ? notAFact(name) : doubtOf(lowering, fact, tests);
      if (doubt === null && fact !== undefined) facts.push(fact);
      else if (doubt !== null) {
        lowering.problems.add(
          "unprovable-reason",
          place,
          `Cannot cite "${name}" in row "${row.id}": found ${doubt.en}`,
          `无法在行“${row.id}”中引用“${name}”：${doubt.zh}`,
        );
      }
    });
    return { code: reason.code, facts };
  });
}

type Doubt = Readonly<{ en: string; zh: string }>;

function notAFact(name: string): Doubt {
  return {
    en: `"${name}" is not a fact, expected a fact of the dictionary`,
    zh: `“${name}”不是事实，应引用事实字典中的事实`,
  };
}

function doubtOf(lowering: Lowering, fact: FactIr, tests: readonly Test[]): Doubt | null {
  const speaking = tests.filter((test) =>
    lowering.operands.get(test.operand)?.facts.has(fact.name),
  );
  if (speaking.length === 0) {
    return {
      en: "no cell of the row that depends on it, expected a fact that the row tests",
      zh: "该行没有任何单元格依赖它，应引用该行实际测试的事实",
    };
  }
  if (fact.neutral === null) {
    return {
      en: 'no "neutral" value in its declaration, expected one so that the reason can be proved',
      zh: "其声明缺少“neutral”中性值，无法证明该原因",
    };
  }
  const own = speaking.find((test) => test.slot === fact.slot);
  const { neutral } = fact;
  if (
    own === undefined ||
    isEmpty(intersection(own, { bounds: [neutral, neutral], unknown: false }))
  )
    return null;
  const value = valueText(neutral, fact.type);
  return {
    en: `its neutral value ${value} inside the cell ${own.cell}, expected the row not to hold at the neutral value`,
    zh: `其中性值 ${value} 落在单元格 ${own.cell} 之内，取中性值时该行不应命中`,
  };
}

function lowerReasonsFrom(
  lowering: Lowering,
  row: TableRow,
  tests: readonly Test[],
  citable: Citable,
  path: string,
): number[] {
  return (row.reasonsFrom ?? []).flatMap((id, at) => {
    const index = citable.scorecards.findIndex((card) => card.id === id);
    const tested = tests.some((test) => lowering.operands.get(test.operand)?.score === id);
    if (index >= 0 && tested) return [index];
    lowering.problems.add(
      "unprovable-reason",
      `${path}/reasonsFrom/${at}`,
      `Cannot take reasons from "${id}" in row "${row.id}": found no cell that tests its score or a grade of it, expected one`,
      `无法在行“${row.id}”中引用评分卡“${id}”的原因：该行没有测试其分数或等级的单元格`,
    );
    return [];
  });
}

function lowerDefaults(
  lowering: Lowering,
  table: DecisionTable,
  types: readonly (OperandType | null)[],
  path: string,
): readonly number[] | null {
  const cells = table.default;
  if (cells === undefined) return null;
  const place = `${path}/default`;
  if (!checkWidth(lowering, cells.length, types.length, "output", "default", place)) return null;
  return types.map((type, column) => {
    const name = table.outputs[column]?.name ?? "";
    if (type === null) return Number.NaN;
    return lowerLiteral(lowering, cells[column]!, type, name, `${place}/${column}`) ?? Number.NaN;
  });
}

function addOutputs(
  lowering: Lowering,
  table: DecisionTable,
  index: number,
  inputs: readonly (Operand | null)[],
  rows: readonly RowIr[],
  defaults: readonly number[] | null,
  types: readonly (OperandType | null)[],
  path: string,
): OutputIr[] {
  const facts = new Set(inputs.flatMap((input) => [...(input?.facts ?? [])]));
  return table.outputs.flatMap((output, column): OutputIr[] => {
    const declared = types[column] ?? null;
    if (declared === null) return [];
    const name = `table.${table.id}.${output.name}`;
    const values = rows.map((row) => row.outputs[column]!);
    const fallback = defaults?.[column] ?? null;
    const type = effectiveType(lowering, table.hitPolicy, declared, rows, column, fallback, path);
    const spared =
      table.hitPolicy === "C#" || fallback !== null || rows.some((row) => row.tests.length === 0);
    const nullable = !spared || values.some(Number.isNaN) || Number.isNaN(fallback ?? 0);
    const operand = addOperand(lowering, {
      name,
      type,
      nullable,
      label: output.label,
      facts,
      table: index,
      score: null,
    });
    if (listPolicies.includes(table.hitPolicy)) {
      lowering.operands.delete(name);
      lowering.lists.add(name);
    }
    return [{ name: output.name, label: output.label, slot: operand.slot, type }];
  });
}

/** The declared type, narrowed to what the rows can give. */
function effectiveType(
  lowering: Lowering,
  policy: HitPolicy,
  declared: OperandType,
  rows: readonly RowIr[],
  column: number,
  fallback: number | null,
  path: string,
): OperandType {
  if (policy === "C#") {
    if (declared.kind !== "number" || declared.scale !== 0)
      reportCountType(lowering, declared, path);
    const otherwise = Number.isNaN(fallback ?? 0) ? 0 : (fallback ?? 0);
    const [low, high] = [Math.min(0, otherwise), Math.max(rows.length, otherwise)];
    return { kind: "number", scale: 0, low, high };
  }
  if (declared.kind !== "number" && declared.kind !== "money") return declared;
  const ends = policy === "C+" ? sums(rows, column) : valuesOf(rows, column);
  if (fallback !== null && !Number.isNaN(fallback)) ends.push(fallback);
  if (ends.length === 0) return declared;
  const [low, high] = ends.reduce(
    ([least, most], end) => [Math.min(least!, end), Math.max(most!, end)],
    [ends[0]!, ends[0]!],
  ) as [number, number];
  if (Number.isSafeInteger(low) && Number.isSafeInteger(high)) return { ...declared, low, high };
  lowering.problems.add(
    "unsafe-range",
    path,
    `Cannot add up table ${path}: found sums from ${low} to ${high}, expected them within ±(2^53 - 1)`,
    `无法对决策表 ${path} 求和：结果范围 ${low} 至 ${high}，应在 ±(2^53 - 1) 之内`,
  );
  return declared;
}

function reportCountType(lowering: Lowering, declared: OperandType, path: string): void {
  lowering.problems.add(
    "type-mismatch",
    `${path}/outputs/0`,
    `Cannot count into output ${path}/outputs/0: found type ${declared.kind}, expected a number of scale 0`,
    `无法计数到输出 ${path}/outputs/0：类型为 ${declared.kind}，应为小数位为 0 的数值`,
  );
}

/** The smallest and the largest sum: rows without tests always count, others only when they help. */
function sums(rows: readonly RowIr[], column: number): number[] {
  const always = valuesOf(
    rows.filter((row) => row.tests.length === 0),
    column,
  );
  const sometimes = valuesOf(
    rows.filter((row) => row.tests.length > 0),
    column,
  );
  if (always.length === 0 && sometimes.length === 0) return [];
  const base = always.reduce((sum, value) => sum + value, 0);
  const less = sometimes.reduce((sum, value) => sum + Math.min(0, value), 0);
  const more = sometimes.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (always.length > 0) return [base + less, base + more];
  const single = sometimes.reduce(
    ([least, most], value) => [Math.min(least!, value), Math.max(most!, value)],
    [sometimes[0]!, sometimes[0]!],
  );
  return [less < 0 ? less : single[0]!, more > 0 ? more : single[1]!];
}

function valuesOf(rows: readonly RowIr[], column: number): number[] {
  return rows.map((row) => row.outputs[column]!).filter((value) => !Number.isNaN(value));
}

function priorityOutputs(lowering: Lowering, table: DecisionTable, path: string): number[] {
  if (table.hitPolicy !== "P" && table.hitPolicy !== "O") return [];
  const enums = table.outputs.flatMap((output, column) => (output.type === "enum" ? [column] : []));
  if (enums.length > 0) return enums;
  lowering.problems.add(
    "type-mismatch",
    `${path}/hitPolicy`,
    `Cannot use hit policy ${table.hitPolicy} in table "${table.id}": found no enum output, expected one whose values stand in order of priority`,
    `无法在决策表“${table.id}”使用命中策略 ${table.hitPolicy}：缺少枚举输出，其取值顺序即优先级`,
  );
  return [];
}

function checkHitPolicy(lowering: Lowering, table: TableIr, path: string): void {
  if (aggregating.includes(table.hitPolicy)) return checkAggregate(lowering, table, path);
  if (table.hitPolicy !== "U" && table.hitPolicy !== "A") return;
  const sets = table.rows.map((row) => columnSets(row, table.inputs));
  for (let later = 1; later < table.rows.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      if (!sets[earlier]!.every((set, column) => meets(set, sets[later]![column]!))) continue;
      const left = table.rows[earlier]!;
      const right = table.rows[later]!;
      if (table.hitPolicy === "A" && sameOutputs(left, right)) continue;
      const shared = sharedInput(table, sets[earlier]!, sets[later]!);
      reportRowOverlap(lowering, table, left, right, shared, `${path}/rows/${later}`);
    }
  }
}

/** One set per input, the row's cell or everything, and last the days on which the row is in force. */
function columnSets(row: RowIr, inputs: readonly Operand[]): readonly IntegerSet[] {
  const sets = inputs.map(
    (input, column) =>
      row.tests.find((test) => test.column === column) ?? domainOf(input.type, input.nullable),
  );
  return [...sets, row.tests.find((test) => test.column < 0) ?? domainOf({ kind: "date" }, false)];
}

function checkAggregate(lowering: Lowering, table: TableIr, path: string): void {
  const [only] = table.outputs;
  const numeric = only?.type.kind === "number" || only?.type.kind === "money";
  if (table.outputs.length === 1 && numeric) return;
  lowering.problems.add(
    "type-mismatch",
    `${path}/outputs`,
    `Cannot use hit policy ${table.hitPolicy} in table "${table.id}": found ${table.outputs.length} outputs, expected exactly one number or amount`,
    `无法在决策表“${table.id}”使用命中策略 ${table.hitPolicy}：发现 ${table.outputs.length} 个输出，应恰有一个数值或金额输出`,
  );
}

function sameOutputs(left: RowIr, right: RowIr): boolean {
  return left.outputs.every((value, column) => Object.is(value, right.outputs[column]));
}

/** Input values that hit both rows, as text. */
function sharedInput(
  table: TableIr,
  left: readonly IntegerSet[],
  right: readonly IntegerSet[],
): string {
  return table.inputs
    .map((input, column) => {
      const shared = intersection(left[column]!, right[column]!);
      return `${input.name} = ${valueText(example(shared) ?? null, input.type)}`;
    })
    .join(", ");
}

function reportRowOverlap(
  lowering: Lowering,
  table: TableIr,
  left: RowIr,
  right: RowIr,
  shared: string,
  path: string,
): void {
  const expected =
    table.hitPolicy === "U" ? "at most one row per input" : "overlapping rows with equal outputs";
  const expectedZh = table.hitPolicy === "U" ? "每组输入最多命中一行" : "重叠的行输出应一致";
  lowering.problems.add(
    "overlapping-rows",
    path,
    `Cannot use row "${right.id}" of table "${table.id}" (hit policy ${table.hitPolicy}): found that ${shared} also hits row "${left.id}", expected ${expected}`,
    `无法使用决策表“${table.id}”（命中策略 ${table.hitPolicy}）的行“${right.id}”：${shared} 同时命中行“${left.id}”，${expectedZh}`,
  );
}
