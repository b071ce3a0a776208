// A store that finds nothing and keeps nothing: what remains is the work and memory of the application itself.

import type { Store } from "../../src/flow/ports.ts";
import { emptyState } from "./given.ts";

/** Only transactions work; every other port throws. */
export function forgetfulStore(): Store {
  const transaction: Store["transaction"] = (_bucket, _dryRun, work) =>
    work({
      nextSeq: 1,
      halts: async () => [],
      recall: async () => null,
      load: async () => emptyState(),
      commit: () => "0".repeat(64),
      save: async () => undefined,
    });
  return new Proxy({ transaction } as Store, {
    get: (target, name) => {
      if (name === "transaction") return target.transaction;
      throw new Error(`The forgetful store has no ${String(name)}`);
    },
  });
}
