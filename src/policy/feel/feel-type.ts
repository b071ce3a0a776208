// Types of FEEL (DMN 1.5 §10.3.2.9): which value conforms to which type, how types are named, and how a written type
// becomes one. The checker and the models' item definitions share them.

import type { WrittenType } from "./ast.ts";
import {
  type FeelKind,
  type FeelValue,
  isContext,
  isList,
  kindNames,
  kindOf,
  ofKind,
} from "./value.ts";

/** `values` are the only ones a string may take; a context may hold more members than it names. */
export type FeelType =
  | Readonly<{ kind: "any" }>
  | Readonly<{ kind: Exclude<FeelKind, "list" | "range" | "context" | "string" | "function"> }>
  | Readonly<{ kind: "string"; values?: readonly string[] }>
  | Readonly<{ kind: "list" | "range"; of: FeelType }>
  | Readonly<{ kind: "context"; members: ReadonlyMap<string, FeelType>; closed: boolean }>
  | Readonly<{ kind: "function"; parameters: readonly string[] | null; result: FeelType }>;

export const anyType: FeelType = { kind: "any" };

const builtInTypes: ReadonlyMap<string, FeelType> = new Map<string, FeelType>([
  ["any", anyType],
  ["Any", anyType],
  ["null", { kind: "null" }],
  ["Null", { kind: "null" }],
  ["number", { kind: "number" }],
  ["string", { kind: "string" }],
  ["boolean", { kind: "boolean" }],
  ["date", { kind: "date" }],
  ["time", { kind: "time" }],
  ["date and time", { kind: "date-time" }],
  ["dateTime", { kind: "date-time" }],
  ["date time", { kind: "date-time" }],
  ["years and months duration", { kind: "years-months" }],
  ["yearMonthDuration", { kind: "years-months" }],
  ["year month duration", { kind: "years-months" }],
  ["days and time duration", { kind: "days-time" }],
  ["dayTimeDuration", { kind: "days-time" }],
  ["day time duration", { kind: "days-time" }],
  ["list", { kind: "list", of: anyType }],
  ["range", { kind: "range", of: anyType }],
  ["context", { kind: "context", members: new Map(), closed: false }],
  ["function", { kind: "function", parameters: null, result: anyType }],
]);

/** A built-in type by its name, undefined for none. */
export function builtInType(name: string): FeelType | undefined {
  return builtInTypes.get(name);
}

/** Finds types beside the built-in ones. */
export type TypeLookup = (name: string) => FeelType | undefined;

/** The type that was written; undefined where a name is unknown. */
export function resolveType(written: WrittenType, lookup: TypeLookup): FeelType | undefined {
  switch (written.kind) {
    case "named":
      return lookup(written.name) ?? builtInType(written.name);
    case "list":
    case "range": {
      const of = resolveType(written.of, lookup);
      return of && { kind: written.kind, of };
    }
    case "context": {
      const members = new Map<string, FeelType>();
      for (const [name, type] of written.members) {
        const resolved = resolveType(type, lookup);
        if (resolved === undefined) return undefined;
        members.set(name, resolved);
      }
      return { kind: "context", members, closed: false };
    }
    case "function":
      return { kind: "function", parameters: null, result: anyType };
  }
}

/** Does the value conform? null conforms to everything but is an instance of nothing except Any and Null. `pay` is called for every part that is looked at. */
export function conforms(value: FeelValue, type: FeelType, pay: () => void): boolean {
  pay();
  if (type.kind === "any" || value === null) return true;
  if (type.kind !== kindOf(value)) return false;
  switch (type.kind) {
    case "string":
      return (
        type.values === undefined || (typeof value === "string" && type.values.includes(value))
      );
    case "list":
      return isList(value) && value.every((item) => conforms(item, type.of, pay));
    case "range":
      return (
        ofKind(value, "range") &&
        conforms(value.from, type.of, pay) &&
        conforms(value.to, type.of, pay)
      );
    case "context":
      return isContext(value) && conformsToMembers(value, type.members, pay);
    default:
      return true;
  }
}

function conformsToMembers(
  value: ReadonlyMap<string, FeelValue>,
  members: ReadonlyMap<string, FeelType>,
  pay: () => void,
): boolean {
  for (const [name, type] of members) {
    const member = value.get(name);
    if (member !== undefined && !conforms(member, type, pay)) return false;
  }
  return true;
}

/** `value instance of type` */
export function isInstance(value: FeelValue, type: FeelType, pay: () => void): boolean {
  if (value === null) return type.kind === "any" || type.kind === "null";
  if (type.kind === "context" && isContext(value)) {
    for (const name of type.members.keys()) if (!value.has(name)) return false;
  }
  return conforms(value, type, pay);
}

/** A type as FEEL writes it. */
export function typeName(type: FeelType): string {
  switch (type.kind) {
    case "any":
      return "Any";
    case "list":
    case "range":
      return type.of.kind === "any" ? type.kind : `${type.kind}<${typeName(type.of)}>`;
    default:
      return kindNames[type.kind];
  }
}
