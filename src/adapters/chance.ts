// Faults of the sandbox are chosen by a seed and by what they happen to, never by the order of events: the same
// seed gives the same faults after a restart, on any machine and with any number of workers.

import { createHash } from "node:crypto";

/** A number from 0 to 9,999, evenly spread, fixed by its parts: below `rateBp` means that it happens. */
export function chanceBp(...parts: readonly string[]): number {
  const digest = createHash("sha256").update(parts.join("\u0000")).digest();
  // 48 bits over 10,000: the bias is below 10^-10.
  return digest.readUIntBE(0, 6) % 10_000;
}
