// How a built-in function is declared: one or more signatures as text, and its work. Arguments are matched by place or
// name, checked and coerced here once (DMN 1.5 §10.3.2.9.4), so that no function has to guard itself.

import { type FeelType, anyType, builtInType } from "./feel-type.ts";
import { nothing, type Run, spend } from "./run.ts";
import {
  type FeelFunction,
  type FeelValue,
  isList,
  kindNames,
  kindOf,
  type NamedValue,
} from "./value.ts";

/** Work gets the arguments of its signature in order; those left out are null. */
export type Work = (run: Run, given: readonly FeelValue[]) => FeelValue;

type BuiltInParameter = Readonly<{ name: string; type: string; optional: boolean }>;
type Signature = Readonly<{ parameters: readonly BuiltInParameter[]; rest: boolean; work: Work }>;

/** A built-in function with what the checker needs to know of it. */
export type BuiltIn = Readonly<{
  name: string;
  signatures: readonly Readonly<{ parameters: readonly BuiltInParameter[]; rest: boolean }>[];
  result: FeelType;
  value: FeelFunction;
}>;

/**
 * Declares a function. A signature reads `string: string, start position: number, length?: number`; `...` behind the
 * last parameter takes any number of values as one list.
 */
export function builtIn(
  name: string,
  result: string,
  ...signatures: readonly (readonly [string, Work])[]
): BuiltIn {
  const read = signatures.map(([text, work]) => ({ ...readSignature(text), work }));
  const invoke = (run: Run, given: readonly NamedValue[]): FeelValue =>
    call(run, name, read, given);
  const value: FeelFunction = {
    ...{ kind: "function", name, invoke },
    parameters: read[0]?.parameters.map((parameter) => parameter.name) ?? [],
    call: (run, given) =>
      invoke(
        run,
        given.map((one) => ({ name: null, value: one })),
      ),
  };
  return { name, signatures: read, result: builtInType(result) ?? anyType, value };
}

function readSignature(text: string): Omit<Signature, "work"> {
  const rest = text.endsWith("...");
  const parameters = text
    .replace("...", "")
    .split(", ")
    .filter((one) => one !== "")
    .map((one) => {
      const [name = "", type = "any"] = one.split(": ");
      return { name: name.replace("?", ""), type, optional: name.endsWith("?") };
    });
  return { parameters, rest };
}

function call(
  run: Run,
  name: string,
  signatures: readonly Signature[],
  given: readonly NamedValue[],
): FeelValue {
  spend(run, 2);
  let refused = "";
  for (const signature of signatures) {
    const values = arranged(signature, given);
    if (values === null) continue;
    const coerced = values.map((value, at) =>
      coerce(value, signature.parameters[at]?.type ?? "any"),
    );
    const wrong = coerced.findIndex(
      (value, at) => !accepts(signature.parameters[at], value, given),
    );
    if (wrong === -1) return signature.work(run, coerced);
    refused = `${signature.parameters[wrong]?.name ?? ""}: ${kindNames[kindOf(coerced[wrong] ?? null)]}`;
  }
  const wanted = signatures
    .map(({ parameters }) => `(${parameters.map(written).join(", ")})`)
    .join(" / ");
  const found = refused === "" ? `${given.length}` : refused;
  return nothing(
    run,
    `Cannot call ${name}: found ${found}, expected ${wanted}`,
    `无法调用 ${name}：实际为 ${found}，应为 ${wanted}`,
  );
}

/** A parameter as its documentation writes it. */
export function written({ name, type, optional }: BuiltInParameter): string {
  return `${name}${optional ? "?" : ""}: ${type}`;
}

/** The arguments in the signature's order; null when they do not fit it by number or name. */
function arranged(
  { parameters, rest }: Signature,
  given: readonly NamedValue[],
): FeelValue[] | null {
  if (given.some(({ name }) => name !== null)) return arrangedByName(parameters, given);
  if (rest) return given.length === 0 ? null : [given.map(({ value }) => value)];
  const least = parameters.filter(({ optional }) => !optional).length;
  if (given.length < least || given.length > parameters.length) return null;
  return parameters.map((_, at) => given[at]?.value ?? null);
}

function arrangedByName(
  parameters: readonly BuiltInParameter[],
  given: readonly NamedValue[],
): FeelValue[] | null {
  const byName = new Map(given.map(({ name, value }) => [name, value]));
  const known = given.every(({ name }) => parameters.some((one) => one.name === name));
  const complete = parameters.every(({ name, optional }) => optional || byName.has(name));
  if (!known || !complete || byName.size !== given.length) return null;
  return parameters.map(({ name }) => byName.get(name) ?? null);
}

/** A list of one item stands for it, and a value for the list of it, where the other is wanted. */
function coerce(value: FeelValue, type: string): FeelValue {
  if (type === "list") return value === null || isList(value) ? value : [value];
  const single = isList(value) && value.length === 1 && type !== "any";
  return single ? (value[0] ?? null) : value;
}

function accepts(
  parameter: BuiltInParameter | undefined,
  value: FeelValue,
  given: readonly NamedValue[],
): boolean {
  if (parameter === undefined || parameter.type === "any") return true;
  // Left out is not the same as given as null, except where null is told apart by the work itself.
  if (value === null) return parameter.optional && given.length > 0;
  return parameter.type
    .split("|")
    .some((type) => (builtInType(type)?.kind ?? type) === kindOf(value));
}
