// What is remembered of asking sources, in memory: the same lists, sums and versions as in the database.

import type { ConnectorAsk, ConnectorCost } from "../../domain/connector.ts";
import { closedBreaker } from "../../domain/circuit-breaker.ts";
import type { Connectors } from "../../flow/connector-ports.ts";
import { matches, paged } from "./reads.ts";
import { compareText, keyOf, type StoredAsk, type Tables } from "./tables.ts";

/** The port over the tables. */
export function connectorsIn({ breakers, asks }: Tables): Connectors {
  return {
    breaker: async (source) => breakers.get(source) ?? { breaker: closedBreaker, ver: 0 },
    putBreaker: async (source, breaker, ver) => {
      if ((breakers.get(source)?.ver ?? 0) !== ver) return false;
      breakers.set(source, { breaker, ver: ver + 1 });
      return true;
    },
    ...beginning(asks),
    find: async (id, nowMs) => {
      const held = asks.get(id);
      return held === undefined ? null : standing(held, nowMs);
    },
    answered: async (source, since, customerIds) => {
      const wanted = new Set(customerIds);
      const found = [...asks.values()].flatMap(({ ask, claim }) => {
        const isIt = ask.source === source && ask.outcome === "answered" && ask.at > since;
        return isIt && claim !== null && wanted.has(claim.customerId) ? [claim.customerId] : [];
      });
      return new Set(found);
    },
    asks: async (page, filter, nowMs) => {
      const all = [...asks.values()].map((held) => standing(held, nowMs));
      const rows = all.filter(
        (ask) => matches(filter.source, ask.source) && matches(filter.outcome, ask.outcome),
      );
      return paged("connector_ask", rows, page, ({ at, id }) => ({ at, id }));
    },
    costs: async (from, to) => {
      const sums = new Map<string, ConnectorCost>();
      for (const {
        ask: { source, on, currency, calls, costMinor },
      } of asks.values()) {
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

function beginning(asks: Tables["asks"]): Pick<Connectors, "begin" | "charge" | "keep"> {
  return {
    begin: async (ask, { customerId, nowMs, untilMs }) => {
      for (const [id, held] of asks) {
        const { ask: other, claim } = held;
        if (other.source !== ask.source || other.outcome !== "asking") continue;
        if (claim?.customerId !== customerId) continue;
        if (claim.untilMs > nowMs) return id;
        asks.set(id, { ask: standing(held, nowMs), claim });
      }
      asks.set(ask.id, { ask, claim: { customerId, untilMs } });
      return null;
    },
    charge: async (id, calls, costMinor) => {
      const held = asks.get(id);
      if (held !== undefined) asks.set(id, { ...held, ask: { ...held.ask, calls, costMinor } });
    },
    keep: async (ask) => {
      const held = asks.get(ask.id);
      if (held === undefined) asks.set(ask.id, { ask, claim: null });
      else if (held.ask.outcome === "asking" || held.ask.because === "lost") {
        const { outcome, because, calls, costMinor, tookMs } = ask;
        const came = { outcome, because, calls, costMinor, tookMs };
        asks.set(ask.id, { ...held, ask: { ...held.ask, ...came } });
      }
    },
  };
}

/** An ask at a moment of real time: one that nobody has kept by its time is lost. */
function standing({ ask, claim }: StoredAsk, nowMs: number): ConnectorAsk {
  const isLost = ask.outcome === "asking" && claim !== null && claim.untilMs <= nowMs;
  return isLost ? { ...ask, outcome: "none", because: "lost" } : ask;
}
