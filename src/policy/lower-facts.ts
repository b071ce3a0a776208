// The fact dictionary: each declaration must be complete and consistent in itself before any rule reads it.
// Protected facts are checked like the others but get no operand, so nothing after this can name them.

import { lineStatuses } from "../domain/credit-line.ts";
import { type FactDeclaration, lineFacts } from "../domain/facts.ts";
import type { FactIr } from "./ir.ts";
import { addOperand, asOfName, type Lowering } from "./lowering.ts";
import { declaredType, type OperandType } from "./operand.ts";
import { encodeFact, readFactText } from "./fact-text.ts";
import { pointer, shown } from "./problem.ts";

/** Lowers the dictionary; the facts that rules may read, in declared order. */
export function lowerFacts(lowering: Lowering): FactIr[] {
  const facts: FactIr[] = [];
  const seen = new Set<string>();
  lowering.strategy.facts.forEach((declaration, index) => {
    const path = pointer("/facts", index);
    if (seen.has(declaration.name))
      reportDuplicate(lowering, "fact", declaration.name, `${path}/name`);
    seen.add(declaration.name);
    checkName(lowering, declaration.name, `${path}/name`);
    checkFields(lowering, declaration, path);
    checkLineFact(lowering, declaration, path);
    checkReadBy(lowering, declaration, path);
    const type = declaredType(declaration, lowering.strategy.currency);
    if (type === null) return reportBounds(lowering, declaration, path);
    if (!checkRange(lowering, type, path)) return;
    const neutral = readNeutral(lowering, declaration, type, path);
    if (declaration.sensitivity === "protected") return;
    facts.push(factIr(lowering, declaration, type, neutral));
  });
  requireLineFacts(lowering, facts);
  return facts;
}

/** Nothing is cited, reached or proved by a fact that only triggers test. */
function checkReadBy(lowering: Lowering, declaration: FactDeclaration, path: string): void {
  if (declaration.readBy === undefined) return;
  for (const field of ["neutral", "actionable", "follows", "harsherWhen"] as const) {
    if (declaration[field] === undefined) continue;
    lowering.problems.add(
      "unknown-field",
      `${path}/${field}`,
      `Cannot declare fact ${declaration.name}: found ${field} on a fact that only triggers read, expected none`,
      `无法声明事实“${declaration.name}”：仅供触发器使用的事实不应有 ${field}`,
    );
  }
}

/** Makes a fact, or what is read like one, known to everything after it. */
export function factIr(
  lowering: Lowering,
  declaration: FactDeclaration,
  type: OperandType,
  neutral: number | null,
): FactIr {
  const { name, label } = declaration;
  const operand = addOperand(lowering, {
    name,
    type,
    nullable: declaration.missing === "unknown",
    label,
    facts: new Set([name]),
    table: -1,
    score: null,
  });
  const codes =
    type.kind === "enum" ? new Map(type.values.map((value, index) => [value, index])) : null;
  const required = declaration.missing === "refuse";
  return { name, slot: operand.slot, declaration, type, codes, neutral, required };
}

/** Reports an id that is used twice. */
export function reportDuplicate(
  lowering: Pick<Lowering, "problems">,
  kind: string,
  id: string,
  path: string,
): void {
  lowering.problems.add(
    "duplicate-id",
    path,
    `Cannot use ${kind} ${path}: found "${id}" a second time, expected each id once`,
    `无法使用 ${path}：“${id}”重复出现，每个标识只能使用一次`,
  );
}

/** Reports repeated ids in a list; `path` is the list's. */
export function checkUnique(
  lowering: Pick<Lowering, "problems">,
  kind: string,
  ids: readonly string[],
  path: string,
  field = "id",
): void {
  const seen = new Set<string>();
  ids.forEach((id, index) => {
    if (seen.has(id))
      reportDuplicate(lowering, kind, id, `${path}/${index}${field === "" ? "" : `/${field}`}`);
    seen.add(id);
  });
}

/** Names that every JavaScript object already has would read something where a fact is absent. */
function checkName(lowering: Lowering, name: string, path: string): void {
  if (!(name in Object.prototype) && !reserved.includes(name)) return;
  lowering.problems.add(
    "duplicate-id",
    path,
    `Cannot declare fact "${name}": found a reserved name, expected another one`,
    `无法声明事实“${name}”：该名称为保留名称`,
  );
}

const reserved: readonly string[] = ["segment", "grade", asOfName];

const fieldsByType: Readonly<Record<FactDeclaration["type"], readonly (keyof FactDeclaration)[]>> =
  {
    number: ["scale", "unit", "minimum", "maximum", "harsherWhen"],
    money: ["minimum", "maximum", "harsherWhen"],
    boolean: ["harsherWhen"],
    enum: ["values"],
    date: ["harsherWhen"],
  };

/** Fields that only some types have: refused on the others, and an enum must list its values once each. */
export function checkFields(
  lowering: Pick<Lowering, "problems">,
  declared: Readonly<Partial<FactDeclaration> & Pick<FactDeclaration, "type">>,
  path: string,
): void {
  for (const field of ["scale", "unit", "minimum", "maximum", "values", "harsherWhen"] as const) {
    if (declared[field] === undefined || fieldsByType[declared.type].includes(field)) continue;
    lowering.problems.add(
      "unknown-field",
      `${path}/${field}`,
      `Cannot read ${path}: found field "${field}" on type ${declared.type}, expected none`,
      `无法读取 ${path}：类型 ${declared.type} 不应有字段“${field}”`,
    );
  }
  if (declared.type !== "enum") return;
  if (declared.values === undefined) {
    lowering.problems.add(
      "missing-field",
      path,
      `Cannot read ${path}: found an enum without "values", expected its closed list of values`,
      `无法读取 ${path}：枚举缺少“values”，应列出全部取值`,
    );
    return;
  }
  const values = declared.values.map((entry) => entry.value);
  checkUnique(lowering, "value", values, `${path}/values`, "value");
}

function checkLineFact(lowering: Lowering, declaration: FactDeclaration, path: string): void {
  const { name, source, type } = declaration;
  const known = Object.hasOwn(lineFacts, name);
  if (known !== (source === "line")) {
    lowering.problems.add(
      "type-mismatch",
      `${path}/source`,
      `Cannot use fact "${name}": found source ${shown(source)}, expected ${known ? '"line", because Tidemark keeps it itself' : 'another source than "line"'}`,
      `无法使用事实“${name}”：来源为 ${shown(source)}，${known ? "该事实由系统维护，来源应为“line”" : "来源不应为“line”"}`,
    );
  }
  if (!known) return;
  const expected = lineFacts[name as keyof typeof lineFacts];
  if (type !== expected || (declaration.scale ?? 0) !== 0) {
    lowering.problems.add(
      "type-mismatch",
      `${path}/type`,
      `Cannot use line fact "${name}": found type ${type}, expected ${expected} of scale 0`,
      `无法使用额度事实“${name}”：类型为 ${type}，应为 ${expected}，小数位为 0`,
    );
  }
  if (name === "lineStatus") checkStatuses(lowering, declaration, path);
}

function checkStatuses(lowering: Lowering, declaration: FactDeclaration, path: string): void {
  const values = (declaration.values ?? []).map((entry) => entry.value);
  const missing = lineStatuses.filter((status) => !values.includes(status));
  const foreign = values.filter((value) => !(lineStatuses as readonly string[]).includes(value));
  if (missing.length === 0 && foreign.length === 0) return;
  lowering.problems.add(
    "undeclared-value",
    `${path}/values`,
    `Cannot use line fact "lineStatus": found values ${values.join(", ")}, expected exactly ${lineStatuses.join(", ")}`,
    `无法使用额度事实“lineStatus”：取值为 ${values.join("、")}，应恰为 ${lineStatuses.join("、")}`,
  );
}

function reportBounds(lowering: Lowering, declaration: FactDeclaration, path: string): void {
  const found = `${declaration.minimum ?? "-"} / ${declaration.maximum ?? "-"}`;
  lowering.problems.add(
    "excess-digits",
    path,
    `Cannot read bounds of "${declaration.name}": found ${found}, expected numbers with at most the declared decimals`,
    `无法读取“${declaration.name}”的上下限：发现 ${found}，小数位不得超过声明的位数`,
  );
}

/** Refuses a minimum above the maximum; true when the range is usable. */
export function checkRange(
  lowering: Pick<Lowering, "problems">,
  type: OperandType,
  path: string,
): boolean {
  if ((type.kind !== "number" && type.kind !== "money") || type.low <= type.high) return true;
  lowering.problems.add(
    "out-of-range",
    `${path}/minimum`,
    `Cannot read range ${path}: found a minimum above the maximum, expected minimum ≤ maximum`,
    `无法读取范围 ${path}：下限大于上限`,
  );
  return false;
}

function readNeutral(
  lowering: Lowering,
  declaration: FactDeclaration,
  type: OperandType,
  path: string,
): number | null {
  if (declaration.neutral === undefined) return null;
  const read = readFactText(declaration, lowering.strategy.currency, declaration.neutral);
  if ("problem" in read) {
    lowering.problems.add(
      "type-mismatch",
      `${path}/neutral`,
      `Cannot read neutral value of "${declaration.name}": ${read.problem.en}`,
      `无法读取“${declaration.name}”的中性值：${read.problem.zh}`,
    );
    return null;
  }
  const codes =
    type.kind === "enum" ? new Map(type.values.map((value, index) => [value, index])) : null;
  return encodeFact(read.value, type, codes) ?? null;
}

function requireLineFacts(lowering: Lowering, facts: readonly FactIr[]): void {
  for (const name of ["limit", "drawn", "pending"] as const) {
    const fact = facts.find((candidate) => candidate.name === name);
    if (fact !== undefined && fact.declaration.missing === "refuse") continue;
    lowering.problems.add(
      "missing-field",
      "/facts",
      `Cannot use dictionary: found no line fact "${name}" with missing "refuse", expected one because the limit rule needs it`,
      `无法使用事实字典：缺少额度事实“${name}”（missing 应为“refuse”），额度规则需要它`,
    );
  }
}
