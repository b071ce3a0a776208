// A source that a test plays, with real time, waiting and chance in the test's hands: nothing here waits.

import { readConnectorsFile } from "../../src/adapters/connectors/connectors-file.ts";
import type { ConnectorSpec } from "../../src/domain/connector-spec.ts";
import type { Fetched, Sources } from "../../src/flow/connector-ports.ts";
import { repositoryRoot } from "./documents.ts";

/** The sources that ship with Tidemark. */
export const shippedSources = readConnectorsFile(`${repositoryRoot}/connectors/standard.yaml`);

/** The bureau of the sandbox. */
export const bureau = shippedSources.get("bureau")!;

export const down: Fetched = { failed: "down", detail: { en: "No connection", zh: "连接失败" } };

/** A report as the bureau tells it. */
export const report = (score: number): Fetched => ({ data: { score, inquiries30Days: 1 } });

/** Played sources: `answers` are given in turn, the last one for ever. */
export type PlayedSources = Sources &
  Readonly<{
    answers: (...next: readonly Fetched[]) => void;
    /** real time goes on */
    later: (ms: number) => void;
    /** requests so far, as `CUSTOMER LINE` */
    requests: readonly string[];
    /** waits so far, in milliseconds */
    waits: readonly number[];
  }>;

/** The shipped sources, played; `change` alters the bureau. */
export function playedSources(change: Partial<ConnectorSpec> = {}): PlayedSources {
  const requests: string[] = [];
  const waits: number[] = [];
  let answers: readonly Fetched[] = [report(700)];
  let real = 1_780_000_000_000;
  return {
    ...{ requests, waits },
    specs: new Map([...shippedSources, ["bureau", { ...bureau, ...change }]]),
    answers: (...next) => void (answers = next),
    later: (ms) => void (real += ms),
    fetch: async (_, { customer, line }) => {
      requests.push(`${customer} ${line}`);
      const [next, ...rest] = answers;
      if (rest.length > 0) answers = rest;
      return next!;
    },
    nowMs: () => real,
    pause: async (ms) => {
      waits.push(ms);
      real += ms;
    },
    chance: () => 0,
  };
}
