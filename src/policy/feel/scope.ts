// The names that an expression reads while it runs. Scopes are maps in a chain, so that a name from a document can
// never reach anything but a value that was put there.

import type { FeelValue } from "./value.ts";

/** Values by name, innermost first. */
export type Scope = Readonly<{ values: ReadonlyMap<string, FeelValue>; parent: Scope | null }>;

export const emptyScope: Scope = { values: new Map(), parent: null };

export function scopeOf(
  values: ReadonlyMap<string, FeelValue>,
  parent: Scope | null = null,
): Scope {
  return { values, parent };
}

/** The value of a name; undefined when no scope has it. */
export function lookUp(scope: Scope, name: string): FeelValue | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const value = at.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
