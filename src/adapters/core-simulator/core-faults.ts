// The ways in which a core system goes wrong, on purpose. Which operation meets which fault is fixed by a seed and
// the operation's id, or named outright for one operation, so that a failure can be seen again.

import type { CoreOperation } from "../../flow/core-ports.ts";
import { chanceBp } from "../chance.ts";
import { Fault } from "../fault.ts";

/**
 * time-out: applied, never answered · lost: the connection breaks before anything is applied, once ·
 * duplicate: the request arrives twice · refusal: declined for no reason of ours · slow: answered late ·
 * drawdown: the customer draws all that is left just before.
 */
export const coreFaults = ["time-out", "lost", "duplicate", "refusal", "slow", "drawdown"] as const;

export type CoreFault = (typeof coreFaults)[number];

/** Rates in basis points of operations, and how long "slow" takes. */
export type FaultRates = Readonly<{ rates: ReadonlyMap<CoreFault, number>; slowMs: number }>;

const defaultSlowMs = 250;

/** A little of everything: what a sandbox should survive without anybody noticing but the log. */
const standard = "time-out=20,lost=50,duplicate=200,refusal=50,slow=100,drawdown=50";

/**
 * Reads "time-out=500,slow=1000,slow-ms=100": rates in basis points from 0 to 10,000. An empty text or "none"
 * is no faults, "standard" a little of each. Throws a Fault that names what was found and expected.
 */
export function parseFaultRates(spec: string): FaultRates {
  const rates = new Map<CoreFault, number>();
  let slowMs = defaultSlowMs;
  if (spec === "" || spec === "none") return { rates, slowMs };
  for (const part of (spec === "standard" ? standard : spec).split(",")) {
    const [name = "", text = ""] = part.split("=");
    const value = /^\d{1,5}$/.test(text) ? Number(text) : -1;
    if (name === "slow-ms" && value >= 0) slowMs = value;
    else if (isCoreFault(name) && value >= 0 && value <= 10_000) rates.set(name, value);
    else {
      throw new Fault(
        `Cannot read faults: found ${part}, expected ${coreFaults.join("|")}=0..10000 (basis points) or slow-ms=0..99999`,
        { retryable: false },
      );
    }
  }
  return { rates, slowMs };
}

function isCoreFault(name: string): name is CoreFault {
  return (coreFaults as readonly string[]).includes(name);
}

/** The faults named outright for an operation id or a line reference; they replace the seeded ones. */
export type Scripts = Map<string, readonly CoreFault[]>;

/** The faults that an operation meets. */
export function faultsOf(
  operation: CoreOperation,
  { rates }: FaultRates,
  seed: string,
  scripts: Scripts,
): ReadonlySet<CoreFault> {
  const named = scripts.get(operation.operationId) ?? scripts.get(operation.lineReference);
  if (named !== undefined) return new Set(named);
  const happens = (fault: CoreFault): boolean => {
    const rateBp = rates.get(fault) ?? 0;
    return rateBp > 0 && chanceBp(seed, fault, operation.operationId) < rateBp;
  };
  return new Set(coreFaults.filter(happens));
}
