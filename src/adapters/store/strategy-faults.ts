// What both stores answer when a strategy version is stored twice or is not there: the same document again is no
// change, another document under the same version is not stored, because decisions name versions for ever.

import type { StoredStrategy } from "../../flow/ports.ts";
import { Fault } from "../fault.ts";

/**
 * "exists" when the very same version is stored already, "taken" when it stands with other contents; throws a fault that
 * names what stands in the way otherwise.
 */
export function sameStrategy(
  strategy: StoredStrategy,
  found: readonly StoredStrategy[],
): "exists" | "taken" {
  const { id, version, hash } = strategy;
  const same = found.find((other) => other.id === id && other.version === version);
  if (same !== undefined) return same.hash === hash ? "exists" : "taken";
  const state = found
    .map(
      (other) => `${other.id} version ${other.version} is ${other.state} with hash ${other.hash}`,
    )
    .join("; ");
  throw new Fault(`Cannot add strategy ${id} version ${version}: ${state}`, { retryable: false });
}

/** The fault of moving on what is not stored. */
export function unknownStrategy(id: string, version: number): Fault {
  return new Fault(`Cannot move strategy ${id} on: version ${version} is not stored`, {
    retryable: false,
  });
}
