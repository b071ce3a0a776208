// Numbers for operators in the Prometheus text format. Labels come from closed lists only (route patterns,
// event kinds, refusal codes): never an id, a reference or a path as it was asked for.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** One answered request. `route` is the pattern, "unknown" when none matched. */
export type AnsweredRequest = Readonly<{
  method: string;
  route: string;
  status: number;
  seconds: number;
}>;

export type Metrics = Readonly<{
  request: (request: AnsweredRequest) => void;
  /** what happened in a committed transaction */
  events: (events: readonly Readonly<{ kind: string }>[]) => void;
  refusal: (code: string) => void;
  /** a number read when somebody asks; a failing read leaves the number out */
  gauge: (name: string, help: string, read: () => Promise<number> | number) => void;
  text: () => Promise<string>;
  contentType: string;
}>;

const secondBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A fresh registry; `processMetrics: false` leaves out memory, CPU and event-loop numbers. */
export function createMetrics(options: Readonly<{ processMetrics?: boolean }> = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.processMetrics !== false) collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "tidemark_http_request_seconds",
    help: "Time from request to answer",
    labelNames: ["method", "route", "status"],
    buckets: secondBuckets,
    registers,
  });
  const events = new Counter({
    name: "tidemark_events_total",
    help: "Events committed",
    labelNames: ["kind"],
    registers,
  });
  const refusals = new Counter({
    name: "tidemark_refusals_total",
    help: "Requests that a rule refused",
    labelNames: ["code"],
    registers,
  });
  return {
    request: ({ method, route, status, seconds: taken }) =>
      seconds.observe({ method, route, status: String(status) }, taken),
    events: (happened) => {
      for (const { kind } of happened) events.inc({ kind });
    },
    refusal: (code) => refusals.inc({ code }),
    gauge: (name, help, read) => addGauge(registers, name, help, read),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function addGauge(
  registers: Registry[],
  name: string,
  help: string,
  read: () => Promise<number> | number,
): void {
  const gauge = new Gauge({
    name,
    help,
    registers,
    async collect() {
      try {
        gauge.set(await read());
      } catch {
        gauge.reset();
        gauge.remove();
      }
    },
  });
}
