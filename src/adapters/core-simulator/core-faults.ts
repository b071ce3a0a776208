// The ways in which a core system goes wrong, on purpose. Which operation meets which fault is fixed by a seed and
// the operation's id, or named outright for one operation, so that a failure can be seen again.

import type { CoreOperation } from "../../flow/core-ports.ts";
import { chanceBp } from "../chance.ts";
import { readRates, type Rates } from "../fault-rates.ts";

/**
 * time-out: applied, never answered · lost: the connection breaks before anything is applied, once ·
 * duplicate: the request arrives twice · refusal: declined for no reason of ours · slow: answered late ·
 * drawdown: the customer draws all that is left just before.
 */
export const coreFaults = ["time-out", "lost", "duplicate", "refusal", "slow", "drawdown"] as const;

export type CoreFault = (typeof coreFaults)[number];

export type FaultRates = Rates<CoreFault>;

/** A little of everything: what a sandbox should survive without anybody noticing but the log. */
const standard = "time-out=20,lost=50,duplicate=200,refusal=50,slow=100,drawdown=50";

/** Reads rates of operations, see `readRates`; "standard" is a little of each. */
export function parseFaultRates(spec: string): FaultRates {
  return readRates(spec, coreFaults, { standard, slowMs: 250 });
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
