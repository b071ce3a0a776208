// Item definitions as types (DMN 1.5 §7.3.2): a value that does not conform is null with a reason, a list of one stands
// for its item, and allowed values are unary tests on each value.

import { conforms, type FeelType, anyType, builtInType } from "../feel/feel-type.ts";
import { compileTests, type TestsClosure } from "../feel/compile.ts";
import { scopeNames } from "../feel/evaluate.ts";
import { parseTests } from "../feel/parse.ts";
import { nothing, type Run, spend } from "../feel/run.ts";
import { emptyScope } from "../feel/scope.ts";
import { type FeelValue, isContext, isList } from "../feel/value.ts";
import type { DmnModel, ItemDefinition } from "./dmn-model.ts";
import { type DmnProblem, feelInModel } from "./dmn-problem.ts";

/** A type of the model with the tests on its values. */
export type ItemType = Readonly<{
  type: FeelType;
  allowed: TestsClosure | null;
  members: ReadonlyMap<string, ItemType>;
  of: ItemType | null;
}>;

export type ItemTypes = Readonly<{
  find: (typeRef: string | null) => ItemType | undefined;
  problems: readonly DmnProblem[];
  /** names of all members, for paths with spaces */
  members: ReadonlySet<string>;
}>;

const deepestItem = 30;
const plain = (type: FeelType): ItemType => ({ type, allowed: null, members: new Map(), of: null });

/** All item definitions of a model. Definitions that name each other in a circle are refused. */
export function itemTypes(model: DmnModel): ItemTypes {
  const problems: DmnProblem[] = [];
  const members = new Set<string>();
  const known = new Map<string, ItemType>();
  const byName = new Map(model.items.map((item) => [item.name, item]));
  const find = (typeRef: string | null, depth: number): ItemType | undefined => {
    if (typeRef === null) return plain(anyType);
    const name = byName.has(typeRef) ? typeRef : typeRef.replace(/^[^:]*:/, "");
    const ready = known.get(name);
    if (ready !== undefined) return ready;
    const item = byName.get(name);
    const builtIn = builtInType(name.replace(/^feel[.:]/, ""));
    if (item === undefined) return builtIn && plain(builtIn);
    const made = make(item, depth + 1);
    known.set(name, made);
    return made;
  };
  const make = (item: ItemDefinition, depth: number): ItemType => {
    if (depth > deepestItem) {
      const message = {
        en: `Cannot use type ${item.name}: it contains itself`,
        zh: `无法使用类型 ${item.name}：自我包含`,
      };
      problems.push({ code: "cycle", where: item.name, line: item.line, message });
      return plain(anyType);
    }
    for (const component of item.components) members.add(component.name);
    const base =
      item.components.length > 0 ? contextOf(item, depth, make) : find(item.typeRef, depth);
    if (base === undefined) problems.push(unknownType(item.name, item.typeRef, item.line));
    const one = { ...(base ?? plain(anyType)), ...allowedOf(item, problems) };
    return item.isCollection ? { ...plain({ kind: "list", of: one.type }), of: one } : one;
  };
  for (const item of model.items) find(item.name, 0);
  return { find: (typeRef) => find(typeRef, 0), problems, members };
}

/** A type that nothing defines. */
export function unknownType(where: string, typeRef: string | null, line: number): DmnProblem {
  const name = typeRef ?? "";
  const message = { en: `Cannot find type: ${name}`, zh: `找不到类型：${name}` };
  return { code: "unknown-reference", where, line, message };
}

function contextOf(
  item: ItemDefinition,
  depth: number,
  make: (item: ItemDefinition, depth: number) => ItemType,
): ItemType {
  const members = new Map(item.components.map((one) => [one.name, make(one, depth + 1)]));
  const types = new Map([...members].map(([name, { type }]) => [name, type]));
  return {
    type: { kind: "context", members: types, closed: true },
    allowed: null,
    members,
    of: null,
  };
}

function allowedOf(
  item: ItemDefinition,
  problems: DmnProblem[],
): { allowed: TestsClosure } | object {
  if (item.allowed === null) return {};
  const { text, line } = item.allowed;
  const parsed = parseTests(text, scopeNames([]));
  if (parsed.ok) return { allowed: compileTests(parsed.value) };
  problems.push(feelInModel(item.name, line, text, parsed.problem));
  return {};
}

/** The value as one of this type, or null with a reason. */
export function coerceToItem(run: Run, value: FeelValue, item: ItemType, name: string): FeelValue {
  const shaped = reshaped(value, item);
  const pay = (): void => spend(run, 1);
  if (conforms(shaped, item.type, pay) && allows(run, shaped, item)) return shaped;
  return nothing(
    run,
    `Cannot use value of ${name}: it does not conform to its type`,
    `无法使用 ${name} 的值：不符合其类型`,
  );
}

function reshaped(value: FeelValue, item: ItemType): FeelValue {
  if (value === null || item.type.kind === "any") return value;
  if (item.type.kind === "list") return isList(value) ? value : [value];
  return isList(value) && value.length === 1 ? (value[0] ?? null) : value;
}

function allows(run: Run, value: FeelValue, item: ItemType): boolean {
  if (value === null) return true;
  if (item.of !== null) {
    const { of } = item;
    return isList(value) && value.every((one) => allows(run, one, of));
  }
  for (const [name, member] of isContext(value) ? item.members : []) {
    if (isContext(value) && !allows(run, value.get(name) ?? null, member)) return false;
  }
  return item.allowed === null || item.allowed(run, emptyScope, value) === true;
}
