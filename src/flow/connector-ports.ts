// Asking the outside world for data: what is configured of a source, how it is reached, and what is remembered of asking.
// The rules stand in ask-source.ts and hold for every source; an adapter only knows how to fetch one answer.

import type { BusinessDate } from "../domain/calendar.ts";
import type { ConnectorAsk, ConnectorCost, DataPurpose } from "../domain/connector.ts";
import type { Currency } from "../domain/money.ts";
import type { SignalType } from "../domain/signal-catalogue.ts";
import type { SignalData } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import type { Breaker, BreakerRule } from "./circuit-breaker.ts";
import type { Page, PageRequest } from "./ports.ts";

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

/** Whom an ask is about, by the lender's own references. */
export type AskSubject = Readonly<{ customer: string; line: string }>;

/** One request, and what the source said; `detail` never repeats the answer. */
export type Fetched =
  | Readonly<{ data: SignalData }>
  | Readonly<{ failed: "down" | "slow" | "declined" | "malformed"; detail: Text }>;

/** The sources, and what asking needs of the world beside the store: real time, waiting, chance. */
export type Sources = Readonly<{
  specs: ReadonlyMap<string, ConnectorSpec>;
  /** never throws for what a source does */
  fetch: (spec: ConnectorSpec, subject: AskSubject) => Promise<Fetched>;
  /** real time, which a test clock does not move */
  nowMs: () => number;
  pause: (ms: number) => Promise<void>;
  /** from 0 up to 1 */
  chance: () => number;
}>;

/** What is remembered of asking. */
export type Connectors = Readonly<{
  /** the breaker of a source and its version; closed and 0 for one that was never asked */
  breaker: (source: string) => Promise<Readonly<{ breaker: Breaker; ver: number }>>;
  /** puts the breaker in the place of version `ver`; false where another version stands there now */
  putBreaker: (source: string, breaker: Breaker, ver: number) => Promise<boolean>;
  /** keeps an ask, once by id */
  keep: (ask: ConnectorAsk) => Promise<void>;
  /** by the instant they were made */
  asks: (
    page: PageRequest,
    filter: Readonly<{ source?: string; outcome?: string }>,
  ) => Promise<Page<ConnectorAsk>>;
  /** by day, newest first, then by source; both days included */
  costs: (from: BusinessDate, to: BusinessDate) => Promise<readonly ConnectorCost[]>;
}>;
