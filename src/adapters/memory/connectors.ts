// What is remembered of asking sources, in memory: the same lists, sums and versions as in the database.

import type { ConnectorCost } from "../../domain/connector.ts";
import { closedBreaker } from "../../domain/circuit-breaker.ts";
import type { Connectors } from "../../flow/connector-ports.ts";
import { matches, paged } from "./reads.ts";
import { compareText, keyOf, type Tables } from "./tables.ts";

/** The port over the tables. */
export function connectorsIn({ breakers, asks }: Tables): Connectors {
  return {
    breaker: async (source) => breakers.get(source) ?? { breaker: closedBreaker, ver: 0 },
    putBreaker: async (source, breaker, ver) => {
      if ((breakers.get(source)?.ver ?? 0) !== ver) return false;
      breakers.set(source, { breaker, ver: ver + 1 });
      return true;
    },
    keep: async (ask) => {
      if (!asks.has(ask.id)) asks.set(ask.id, ask);
    },
    asks: async (page, filter) => {
      const rows = [...asks.values()].filter(
        (ask) => matches(filter.source, ask.source) && matches(filter.outcome, ask.outcome),
      );
      return paged("connector_ask", rows, page, ({ at, id }) => ({ at, id }));
    },
    costs: async (from, to) => {
      const sums = new Map<string, ConnectorCost>();
      for (const { source, on, currency, calls, costMinor } of asks.values()) {
        if (on < from || on > to) continue;
        const key = keyOf(source, on, currency);
        const sum = sums.get(key) ?? { source, on, currency, asks: 0, calls: 0, costMinor: 0 };
        sums.set(key, {
          ...sum,
          ...{ asks: sum.asks + 1, calls: sum.calls + calls, costMinor: sum.costMinor + costMinor },
        });
      }
      return [...sums.values()].toSorted(
        (one, other) =>
          compareText(other.on, one.on) ||
          compareText(one.source, other.source) ||
          compareText(one.currency, other.currency),
      );
    },
  };
}
