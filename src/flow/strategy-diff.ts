// What changed from one stored version of a strategy to another, for the person who is to approve it.

import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { Change } from "../policy/diff/change.ts";
import { diffStrategies } from "../policy/diff/diff-strategies.ts";
import type { World } from "./ports.ts";
import { readStored } from "./strategy-laws.ts";

/**
 * Differences in the order of the version that is looked at.
 * Refused: invalid (a document that this release cannot read), not-found.
 */
export async function diffVersions(
  { store }: Pick<World, "store">,
  id: string,
  since: number,
  version: number,
): Promise<readonly Change[] | Refusal> {
  const before = await store.strategies.find(id, since);
  const after = await store.strategies.find(id, version);
  if (before === null || after === null) {
    const missing = before === null ? since : version;
    return refuse("not-found", {
      en: `Cannot find strategy: ${id} version ${missing}`,
      zh: `未找到策略：${id} 第 ${missing} 版`,
    });
  }
  const old = readStored(before);
  const now = readStored(after);
  if (isRefusal(old)) return old;
  return isRefusal(now) ? now : diffStrategies(old, now);
}
