// Compiled strategies by content hash. A hash never changes its meaning, so an entry never grows old; only the
// number of entries is bounded.

import { createHash } from "node:crypto";
import type { Text } from "../domain/text.ts";
import type { StoredStrategy, Strategies, World } from "../flow/ports.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { faultIn, type Fault } from "./fault.ts";

const mostEntries = 64;

/**
 * `loadStrategy` of the world: from memory, else read, verified against its hash and compiled. Callers that ask
 * at the same time share one load; the least recently used entry makes room. Throws a Fault when nobody stored
 * the hash, or the stored bytes are not those that were hashed.
 */
export function strategyCache(
  strategies: Pick<Strategies, "byHash">,
  compile: (stored: StoredStrategy) => CompiledStrategy,
  limit: number = mostEntries,
): World["loadStrategy"] {
  const entries = new Map<string, Promise<CompiledStrategy>>();
  return (hash) => {
    const known = entries.get(hash);
    const entry = known ?? load(strategies, compile, hash);
    entries.delete(hash);
    entries.set(hash, entry);
    if (known === undefined) {
      entry.catch(() => entries.delete(hash));
      const [oldest] = entries.keys();
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
    }
    return entry;
  };
}

async function load(
  strategies: Pick<Strategies, "byHash">,
  compile: (stored: StoredStrategy) => CompiledStrategy,
  hash: string,
): Promise<CompiledStrategy> {
  const stored = await strategies.byHash(hash);
  if (stored === null) {
    throw fault({
      en: `Cannot load strategy: nobody stored hash ${hash}`,
      zh: `无法加载策略：哈希 ${hash} 未曾存入`,
    });
  }
  const found = createHash("sha256").update(stored.document, "utf8").digest("hex");
  if (found !== hash) {
    const { id, version } = stored;
    throw fault({
      en: `Cannot load strategy ${id} version ${version}: its stored bytes hash to ${found}, expected ${hash}`,
      zh: `无法加载策略 ${id} 第 ${version} 版：存储内容的哈希为 ${found}，应为 ${hash}`,
    });
  }
  return compile(stored);
}

function fault(text: Text): Fault {
  return faultIn(text, { retryable: false });
}
