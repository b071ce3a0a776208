// Read-only mode: a stop switch over everything. While it is on nothing is written: no command, no answer of the world, no
// strategy, no account. Reads, previews and exports go on, and stop switches themselves can still be set and lifted, or
// nobody could end it.

import { readOnlyArea } from "../domain/halt-area.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Halt } from "./hold-ports.ts";

/** The one refusal that every write gets in read-only mode; null where it is off. */
export function readOnlyRefusal(halts: readonly Halt[]): Refusal | null {
  const halt = halts.find(({ area }) => area === readOnlyArea);
  return halt === undefined
    ? null
    : refuse("read-only", {
        en: `Nothing can be changed: read-only by ${halt.by} until ${halt.expiresAt}: ${halt.reason}`,
        zh: `无法变更：系统已由 ${halt.by} 设为只读，至 ${halt.expiresAt}：${halt.reason}`,
      });
}

/** True for the refusals of stop switches: what they stop is not used up and goes on afterwards. */
export function isStopped({ refused }: Refusal): boolean {
  return refused === "halted" || refused === "read-only";
}

/** True where nothing may go on by itself: everything is halted, or read-only. */
export function stopsEverything(halts: readonly Pick<Halt, "area">[]): boolean {
  return halts.some(({ area }) => area === "all" || area === readOnlyArea);
}
