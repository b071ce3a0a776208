// A store that finds nothing and keeps nothing: what remains is the work and memory of the application itself.

import type { Store } from "../../src/flow/ports.ts";
import { emptyState } from "./given.ts";

/** Only transactions and references work; every other port throws. */
export function forgetfulStore(): Store {
  const transaction: Store["transaction"] = (_bucket, _dryRun, work) =>
    work({
      nextSeq: 1,
      halts: async () => [],
      blackouts: async () => [],
      places: async () => new Map(),
      recall: async () => null,
      load: async () => emptyState(),
      commit: () => "0".repeat(64),
      save: async () => undefined,
    });
  const references: Store["references"] = { claim: async () => [], holders: async () => [] };
  return new Proxy({ transaction, references } as Store, {
    get: (target, name) => {
      if (name === "transaction" || name === "references") return target[name];
      throw new Error(`The forgetful store has no ${String(name)}`);
    },
  });
}
