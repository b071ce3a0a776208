// A pack seen as the list of its values, each with its place, status and source: what a check looks through, what is
// shown to people, and what two releases are compared by.

import type { CompliancePack, Value, ValueStatus } from "./pack.ts";
import { pointerTo } from "./schema-check.ts";

/** One value and its place, a JSON pointer into the pack. */
export type PlacedValue = Readonly<{ pointer: string }> & Value<unknown>;

/** One place in which two packs differ; null where one of them has nothing. JSON of value, status and source. */
export type PackDifference = Readonly<{
  pointer: string;
  from: string | null;
  to: string | null;
}>;

/** Every value of a pack in document order. */
export function valuesOf(pack: CompliancePack): readonly PlacedValue[] {
  return walk(pack, "").flatMap(({ pointer, found }) =>
    found === null ? [] : [{ pointer, ...found }],
  );
}

/** Places of the duties of which nothing was read: neither law nor terms stand there. */
export function openPlaces(pack: CompliancePack): readonly string[] {
  return walk(pack.duties, "/duties").flatMap(({ pointer, found }) =>
    found === null ? [pointer] : [],
  );
}

/** How sure a pack is: its values by status, and the places of its duties that stand open. */
export type PackCounts = Readonly<Record<ValueStatus | "open", number>>;

export function countValues(pack: CompliancePack): PackCounts {
  const count = (status: ValueStatus): number =>
    valuesOf(pack).filter((one) => one.status === status).length;
  return {
    confirmed: count("confirmed"),
    contract: count("contract"),
    unconfirmed: count("unconfirmed"),
    open: openPlaces(pack).length,
  };
}

const plainFields = ["label", "productScope", "effectiveFrom", "effectiveTo", "calendar"] as const;

/** Where two packs differ, in order of place. Their version and the words on the release are left out. */
export function packDifferences(
  older: CompliancePack,
  newer: CompliancePack,
): readonly PackDifference[] {
  const from = contents(older);
  const to = contents(newer);
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((pointer) => from.get(pointer) !== to.get(pointer))
    .toSorted()
    .map((pointer) => ({
      pointer,
      from: from.get(pointer) ?? null,
      to: to.get(pointer) ?? null,
    }));
}

function contents(pack: CompliancePack): ReadonlyMap<string, string> {
  const plain = plainFields.map((key) => [`/${key}`, JSON.stringify(pack[key])] as const);
  const values = valuesOf(pack).map(
    ({ pointer, value, status, source }) =>
      [pointer, JSON.stringify({ value, status, source })] as const,
  );
  return new Map([...plain, ...values]);
}

type Place = Readonly<{ pointer: string; found: Value<unknown> | null }>;

function walk(node: unknown, pointer: string): readonly Place[] {
  if (node === null) return [{ pointer, found: null }];
  if (typeof node !== "object") return [];
  if (isValue(node)) return [{ pointer, found: node }];
  return Object.entries(node).flatMap(([key, member]) => walk(member, pointerTo(pointer, key)));
}

function isValue(node: object): node is Value<unknown> {
  return "value" in node && "status" in node && "source" in node;
}
