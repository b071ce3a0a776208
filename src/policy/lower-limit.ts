// Limit rule and guards: amounts become minor units, the selector's values become treatments, and every row
// that leads to something worse for the customer must be able to say why.

import { scaledInteger, currencyExponents } from "../domain/money.ts";
import type {
  BoundIr,
  FactIr,
  GuardIr,
  LimitIr,
  LineSlots,
  SourceIr,
  TableIr,
  TargetIr,
  TreatmentIr,
} from "./ir.ts";
import { builtInGuards } from "./limit-rule.ts";
import { checkUnique, reportDuplicate } from "./lower-facts.ts";
import { findOperand, type Lowering, lowerCondition } from "./lowering.ts";
import { pointer, shown } from "./problem.ts";
import type { AmountSource, Guard, RateSource, Target, Treatment } from "./strategy.ts";

/** Where the line facts stand; −1 for those that the document does not declare. */
export function lineSlots(lowering: Lowering): LineSlots {
  const slot = (name: keyof LineSlots): number => lowering.operands.get(name)?.slot ?? -1;
  return {
    limit: slot("limit"),
    drawn: slot("drawn"),
    pending: slot("pending"),
    daysSinceDecrease: slot("daysSinceDecrease"),
    decreasedLast12Months: slot("decreasedLast12Months"),
  };
}

/** An amount of the document in minor units; 0 after reporting that it cannot be read. */
export function amountMinor(
  lowering: Lowering,
  text: string,
  path: string,
  minimum: number,
): number {
  const { currency } = lowering.strategy;
  const value = scaledInteger(text, currencyExponents[currency]);
  if (value !== null && value >= minimum) return value;
  lowering.problems.add(
    value === null ? "excess-digits" : "out-of-range",
    path,
    `Cannot read amount ${path}: found ${shown(text)}, expected an amount in ${currency} ${minimum > 0 ? "above 0" : "of at least 0"} with at most ${currencyExponents[currency]} decimals`,
    `无法读取金额 ${path}：发现 ${shown(text)}，应为${minimum > 0 ? "大于 0" : "不小于 0"} 的 ${currency} 金额，最多 ${currencyExponents[currency]} 位小数`,
  );
  return 0;
}

/** Lowers the limit rule; null when the selector or its treatments cannot be used. */
export function lowerLimit(lowering: Lowering, tables: readonly TableIr[]): LimitIr | null {
  const { limitRule } = lowering.strategy;
  const path = "/limitRule";
  checkUnique(
    lowering,
    "treatment",
    limitRule.treatments.map((one) => one.id),
    `${path}/treatments`,
  );
  checkUnique(
    lowering,
    "floor",
    limitRule.floors.map((one) => one.id),
    `${path}/floors`,
  );
  checkUnique(
    lowering,
    "cap",
    limitRule.caps.map((one) => one.id),
    `${path}/caps`,
  );
  const select = findOperand(lowering, limitRule.select, `${path}/select`);
  if (select === null) return null;
  if (select.type.kind !== "enum" || select.table < 0) {
    lowering.problems.add(
      "type-mismatch",
      `${path}/select`,
      `Cannot select a treatment by "${select.name}": found type ${select.type.kind}, expected an enum output of a table`,
      `无法按“${select.name}”选择处置：类型为 ${select.type.kind}，应为决策表的枚举输出`,
    );
    return null;
  }
  if (select.nullable) reportMayBeUnknown(lowering, select.name, `${path}/select`);
  const treatments = orderTreatments(
    lowering,
    select.type.values,
    select.table,
    `${path}/treatments`,
  );
  if (treatments === null) return null;
  requireReasons(lowering, tables, treatments, select.table, select.name);
  const bound = (
    one: Readonly<{ id: string; label: BoundIr["label"]; amount?: string; rateBp?: number }>,
    place: string,
  ): BoundIr => {
    const { id, label } = one;
    if (one.amount !== undefined)
      return {
        id,
        label,
        kind: "amount",
        amountMinor: amountMinor(lowering, one.amount, `${place}/amount`, 0),
      };
    if (one.rateBp !== undefined) return { id, label, kind: "rate", rateBp: one.rateBp };
    return { id, label, kind: "present-limit" };
  };
  return {
    selectSlot: select.slot,
    treatments,
    floors: limitRule.floors.map((floor, at) => bound(floor, `${path}/floors/${at}`)),
    stepMinor: amountMinor(lowering, limitRule.rounding.step, `${path}/rounding/step`, 1) || 1,
    mode: limitRule.rounding.mode,
    caps: limitRule.caps.map((cap, at) => bound(cap, `${path}/caps/${at}`)),
    belowDrawn: limitRule.belowDrawn === "allowed",
  };
}

function reportMayBeUnknown(lowering: Lowering, name: string, path: string): void {
  lowering.problems.add(
    "may-be-unknown",
    path,
    `Cannot use "${name}" in the limit rule: found that it can be unknown, expected a table with a default or a row that always holds`,
    `无法在额度规则中使用“${name}”：其取值可能未知，决策表应有默认输出或恒成立的行`,
  );
}

/** Treatments in the order of the selector's values: exactly one each. */
function orderTreatments(
  lowering: Lowering,
  values: readonly string[],
  table: number,
  path: string,
): TreatmentIr[] | null {
  const { treatments } = lowering.strategy.limitRule;
  const lowered = treatments.map((treatment, at) =>
    lowerTreatment(lowering, treatment, table, pointer(path, at)),
  );
  const ids = lowered.map((treatment) => treatment.id);
  const missing = values.filter((value) => !ids.includes(value));
  const foreign = ids.filter((id) => !values.includes(id));
  if (missing.length === 0 && foreign.length === 0) {
    return values.map((value) => lowered.find((treatment) => treatment.id === value)!);
  }
  lowering.problems.add(
    "undeclared-value",
    path,
    `Cannot use treatments: found ${ids.join(", ")}, expected exactly the selector's values ${values.join(", ")}`,
    `无法使用处置：发现 ${ids.join("、")}，应恰为选择列的取值 ${values.join("、")}`,
  );
  return null;
}

function lowerTreatment(
  lowering: Lowering,
  treatment: Treatment,
  table: number,
  path: string,
): TreatmentIr {
  const { id, label, action } = treatment;
  if (treatment.action !== "decrease") return { id, label, action, target: null, tables: [table] };
  const target = lowerTarget(lowering, treatment.target, `${path}/target`);
  const source =
    target.method === "cut-by-rate"
      ? target.rate
      : target.method === "cut-to-balance"
        ? null
        : target.amount;
  const others =
    source?.kind === "slot" && source.table >= 0 && source.table !== table ? [source.table] : [];
  return { id, label, action, target, tables: [table, ...others] };
}

function lowerTarget(lowering: Lowering, target: Target, path: string): TargetIr {
  switch (target.method) {
    case "cut-by-rate":
      return {
        method: target.method,
        rate: rateSource(lowering, target.rate, `${path}/rate`),
        rounding: target.rounding,
      };
    case "cut-by-amount":
    case "set-to":
      return {
        method: target.method,
        amount: amountSource(lowering, target.amount, `${path}/amount`),
      };
    case "cut-to-balance":
      return target;
  }
}

function rateSource(lowering: Lowering, source: RateSource, path: string): SourceIr {
  if ("bp" in source) return { kind: "constant", value: source.bp };
  const operand = slotSource(lowering, source.operand, `${path}/operand`);
  const type = lowering.operands.get(source.operand)?.type;
  if (type !== undefined && (type.kind !== "number" || type.scale !== 4)) {
    reportSourceType(
      lowering,
      source.operand,
      "a number of scale 4 (0.3000 is 30 %)",
      "小数位为 4 的数值（0.3000 即 30 %）",
      `${path}/operand`,
    );
  }
  return operand;
}

function amountSource(lowering: Lowering, source: AmountSource, path: string): SourceIr {
  if ("amount" in source)
    return { kind: "constant", value: amountMinor(lowering, source.amount, `${path}/amount`, 0) };
  const operand = slotSource(lowering, source.operand, `${path}/operand`);
  const type = lowering.operands.get(source.operand)?.type;
  if (type !== undefined && type.kind !== "money") {
    reportSourceType(lowering, source.operand, "an amount of money", "金额", `${path}/operand`);
  }
  return operand;
}

function slotSource(lowering: Lowering, name: string, path: string): SourceIr {
  const operand = findOperand(lowering, name, path);
  if (operand === null) return { kind: "constant", value: 0 };
  if (operand.nullable) reportMayBeUnknown(lowering, name, path);
  return { kind: "slot", slot: operand.slot, operand: name, table: operand.table };
}

function reportSourceType(
  lowering: Lowering,
  name: string,
  en: string,
  zh: string,
  path: string,
): void {
  lowering.problems.add(
    "type-mismatch",
    path,
    `Cannot use "${name}" in the limit rule: found type ${lowering.operands.get(name)?.type.kind ?? "none"}, expected ${en}`,
    `无法在额度规则中使用“${name}”：类型为 ${lowering.operands.get(name)?.type.kind ?? "无"}，应为${zh}`,
  );
}

/** Rows that act, or that make the effect worse than the table's mildest row, must say why. */
function requireReasons(
  lowering: Lowering,
  tables: readonly TableIr[],
  treatments: readonly TreatmentIr[],
  selecting: number,
  selector: string,
): void {
  const table = tables[selecting];
  const column = table?.outputs.findIndex((output) => selector.endsWith(`.${output.name}`)) ?? -1;
  if (table === undefined || column < 0) return;
  const acts = (value: number): boolean =>
    treatments[value] !== undefined && treatments[value].action !== "none";
  table.rows.forEach((row, at) => {
    if (acts(row.outputs[column]!))
      requireReason(lowering, table, at, selecting, treatments[row.outputs[column]!]!.id);
  });
  const fallback = table.defaults?.[column] ?? Number.NaN;
  if (acts(fallback)) {
    lowering.problems.add(
      "missing-reasons",
      `/tables/${selecting}/default`,
      `Cannot use the default of table "${table.id}": found treatment "${treatments[fallback]!.id}", expected one without action because a default has no reasons`,
      `无法使用决策表“${table.id}”的默认输出：处置为“${treatments[fallback]!.id}”，默认输出没有原因，不得触发处置`,
    );
  }
  for (const treatment of treatments) requireSourceReasons(lowering, tables, treatment);
}

function requireSourceReasons(
  lowering: Lowering,
  tables: readonly TableIr[],
  treatment: TreatmentIr,
): void {
  const { target } = treatment;
  if (target === null || target.method === "cut-to-balance") return;
  const source = target.method === "cut-by-rate" ? target.rate : target.amount;
  if (source.kind !== "slot" || source.table < 0) return;
  const table = tables[source.table];
  const column = table?.outputs.findIndex((output) => output.slot === source.slot) ?? -1;
  if (table === undefined || column < 0) return;
  const values = [
    ...table.rows.map((row) => row.outputs[column]!),
    ...(table.defaults === null ? [] : [table.defaults[column]!]),
  ];
  const known = values.filter((value) => !Number.isNaN(value));
  const best =
    target.method === "set-to"
      ? known.reduce((most, value) => Math.max(most, value), 0)
      : known.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const mildest = table.hitPolicy === "C+" ? 0 : best;
  table.rows.forEach((row, at) => {
    const value = row.outputs[column]!;
    const worse = target.method === "set-to" ? value < mildest : value > mildest;
    if (worse && row.tests.length > 0)
      requireReason(lowering, table, at, source.table, treatment.id);
  });
}

function requireReason(
  lowering: Lowering,
  table: TableIr,
  at: number,
  index: number,
  treatment: string,
): void {
  const row = lowering.strategy.tables[index]?.rows[at];
  if (row === undefined || (row.reasons ?? []).length > 0 || (row.reasonsFrom ?? []).length > 0)
    return;
  lowering.problems.add(
    "missing-reasons",
    `/tables/${index}/rows/${at}`,
    `Cannot use row "${row.id}" of table "${table.id}": found no reason codes although it leads to "${treatment}", expected "reasons" or "reasonsFrom"`,
    `无法使用决策表“${table.id}”的行“${row.id}”：该行导致“${treatment}”却没有原因码，应设置“reasons”或“reasonsFrom”`,
  );
}

/** Lowers the guards in document order. */
export function lowerGuards(lowering: Lowering, facts: readonly FactIr[]): GuardIr[] {
  const { guards } = lowering.strategy;
  checkUnique(
    lowering,
    "guard",
    guards.map((guard) => guard.id),
    "/guards",
  );
  return guards.map((guard, at) => {
    const path = pointer("/guards", at);
    if ((Object.values(builtInGuards) as string[]).includes(guard.id))
      reportDuplicate(lowering, "guard", guard.id, `${path}/id`);
    requireGuardFacts(lowering, guard, facts, path);
    return lowerGuard(lowering, guard, path);
  });
}

function lowerGuard(lowering: Lowering, guard: Guard, path: string): GuardIr {
  const { id, label } = guard;
  const base = { id, label, tests: lowerCondition(lowering, guard.when ?? {}, `${path}/when`) };
  switch (guard.kind) {
    case "cool-down":
      return { ...base, kind: guard.kind, days: guard.days, actions: guard.actions };
    case "max-cut":
    case "max-cut-12-months":
      return { ...base, kind: guard.kind, rateBp: guard.rateBp };
    case "minimum-line":
      return {
        ...base,
        kind: guard.kind,
        amountMinor: amountMinor(lowering, guard.amount, `${path}/amount`, 0),
      };
    case "minimum-cut":
      return {
        ...base,
        kind: guard.kind,
        amountMinor: amountMinor(lowering, guard.amount, `${path}/amount`, 0),
        rateBp: guard.rateBp,
      };
  }
}

function requireGuardFacts(
  lowering: Lowering,
  guard: Guard,
  facts: readonly FactIr[],
  path: string,
): void {
  const needed =
    guard.kind === "cool-down"
      ? "daysSinceDecrease"
      : guard.kind === "max-cut-12-months"
        ? "decreasedLast12Months"
        : null;
  if (needed === null) return;
  const fact = facts.find((candidate) => candidate.name === needed);
  const strict = guard.kind === "max-cut-12-months";
  if (fact !== undefined && (!strict || fact.declaration.missing === "refuse")) return;
  const missing = strict ? ' with missing "refuse"' : "";
  lowering.problems.add(
    "missing-field",
    path,
    `Cannot use guard "${guard.id}": found no line fact "${needed}"${missing} in the dictionary, expected one`,
    `无法使用护栏“${guard.id}”：事实字典缺少额度事实“${needed}”${strict ? "（missing 应为“refuse”）" : ""}`,
  );
}
