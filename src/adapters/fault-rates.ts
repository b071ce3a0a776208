// How often a simulated system goes wrong, as people write it: one form for all simulators.

import { Fault } from "./fault.ts";

/** Rates in basis points of requests, and how long "slow" takes. */
export type Rates<Name extends string> = Readonly<{
  rates: ReadonlyMap<Name, number>;
  slowMs: number;
}>;

/**
 * Reads "lost=500,slow=1000,slow-ms=100": rates in basis points from 0 to 10,000. An empty text or "none" is no faults,
 * "standard" stands for the given mix. Throws a Fault that names what was found and expected.
 */
export function readRates<Name extends string>(
  spec: string,
  names: readonly Name[],
  { standard, slowMs: usualSlowMs }: Readonly<{ standard: string; slowMs: number }>,
): Rates<Name> {
  const rates = new Map<Name, number>();
  let slowMs = usualSlowMs;
  if (spec === "" || spec === "none") return { rates, slowMs };
  for (const part of (spec === "standard" ? standard : spec).split(",")) {
    const [written = "", text = ""] = part.split("=");
    const name = names.find((one) => one === written);
    const value = /^\d{1,5}$/.test(text) ? Number(text) : -1;
    if (written === "slow-ms" && value >= 0) slowMs = value;
    else if (name !== undefined && value >= 0 && value <= 10_000) rates.set(name, value);
    else {
      throw new Fault(
        `Cannot read faults: found ${part}, expected ${names.join("|")}=0..10000 (basis points) or slow-ms=0..99999`,
        { retryable: false },
      );
    }
  }
  return { rates, slowMs };
}
