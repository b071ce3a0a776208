// One source of external data as it is configured: how it is asked, and the rules around asking, which are data and the same
// for every source.

import type { BreakerRule } from "./circuit-breaker.ts";
import type { DataPurpose } from "./connector.ts";
import type { Currency } from "./money.ts";
import type { SignalType } from "./signal-catalogue.ts";
import type { Text } from "./text.ts";

/** Tries again after a failure that may pass: `times` at most, waiting twice as long each time. */
export type RetryRule = Readonly<{ times: number; firstDelayMs: number; mostDelayMs: number }>;

/** An answer younger than `freshHours` is not asked for again; one younger than `staleHours` helps when nothing new comes. */
export type CacheRule = Readonly<{ freshHours: number; staleHours: number }>;

/** Of every request that leaves the house; beyond the ceiling of a business day none does. */
export type CostRule = Readonly<{
  currency: Currency;
  perCallMinor: number;
  dailyCeilingMinor: number;
}>;

/** Inclusive bounds of a number, or of an amount in minor units. */
export type Plausible = Readonly<{ from: number; to: number }>;

/** A header whose value stands here, in the environment or in a file; keys belong in the latter two. */
export type HttpHeader = Readonly<{
  name: string;
  value?: string;
  environment?: string;
  file?: string;
}>;

/** Where a field of the signal stands in the answer; `decimals`: the answer writes units of which it has so many decimals. */
export type HttpField = Readonly<{ pointer: string; decimals?: number }>;

/** How a source is asked by HTTP: `{customer}` and `{line}` in the path or query are the lender's references. */
export type HttpSource = Readonly<{
  url: string;
  mostBytes: number;
  headers: readonly HttpHeader[];
  fields: Readonly<Record<string, HttpField>>;
}>;

/**
 * One source. Without `http` it is not asked: its answers come as files in the watched folder, as events of the source
 * `connector/ID`. `personal`: asking says something about a person, so that the customer must have consented.
 */
export type ConnectorSpec = Readonly<{
  id: string;
  label: Text;
  signal: SignalType;
  purposes: readonly DataPurpose[];
  personal: boolean;
  timeOutMs: number;
  retries: RetryRule;
  breaker: BreakerRule;
  cache: CacheRule;
  cost: CostRule;
  plausible: Readonly<Record<string, Plausible>>;
  http?: HttpSource;
}>;

/** The document: `hosts` are the only ones that anything is asked of, loopback ones included. */
export type ConnectorsDocument = Readonly<{
  hosts: readonly string[];
  sources: readonly ConnectorSpec[];
}>;
