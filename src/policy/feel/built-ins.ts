// The documented list of built-in functions (DMN 1.5 §10.3.4). What is not in one of these tables does not exist.

import type { BuiltIn } from "./built-in.ts";
import { conversionFunctions } from "./built-ins-conversion.ts";
import { contextFunctions } from "./built-ins-context.ts";
import { listFunctions } from "./built-ins-list.ts";
import { numberFunctions } from "./built-ins-number.ts";
import { rangeFunctions } from "./built-ins-range.ts";
import { stringFunctions } from "./built-ins-string.ts";
import { temporalFunctions } from "./built-ins-temporal.ts";
import type { FeelFunction } from "./value.ts";

/** Every built-in function, grouped as the guide lists them. */
export const builtInGroups: Readonly<Record<string, readonly BuiltIn[]>> = {
  conversion: conversionFunctions,
  number: numberFunctions,
  string: stringFunctions,
  list: listFunctions,
  context: contextFunctions,
  temporal: temporalFunctions,
  range: rangeFunctions,
};

const all = Object.values(builtInGroups).flat();

/** Functions by name, for evaluation. */
export const builtIns: ReadonlyMap<string, FeelFunction> = new Map(
  all.map(({ name, value }) => [name, value]),
);

/** Declarations by name, for the checker. */
export const builtInDeclarations: ReadonlyMap<string, BuiltIn> = new Map(
  all.map((one) => [one.name, one]),
);
