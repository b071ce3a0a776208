// Everything that may be asked about sources, over one world: the API and the command line are given this one desk, so that
// neither has rules of its own.

import { staffRoles } from "../domain/actor.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import type { ConnectorCost } from "../domain/connector.ts";
import type { ConnectorSpec } from "../domain/connector-spec.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { askRoles, askSource, unknownSource } from "./ask-source.ts";
import type { ConnectorDesk, SourceStanding, Sources } from "./connector-ports.ts";
import type { World } from "./ports.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

const what = { en: "Asks of sources", zh: "外部数据查询记录" };
const longestDays = 400;

/** The desk over one world. */
export function connectorDesk(world: World, sources: Sources): ConnectorDesk {
  const { connectors } = world.store;
  const costs = (from: BusinessDate, to: BusinessDate) => connectors.costs(from, to);
  return {
    askRoles,
    ask: (request) => askSource(world, sources, request),
    standings: async () => {
      const on = world.clock.dateOf(await world.clock.now());
      const sums = await costs(on, on);
      return Promise.all(
        [...sources.specs.values()].map((spec) => standing(world, sources, spec, { sums, on })),
      );
    },
    standing: async (name) => {
      const spec = sources.specs.get(name);
      if (spec === undefined) return unknownSource(sources, name);
      const on = world.clock.dateOf(await world.clock.now());
      return standing(world, sources, spec, { sums: await costs(on, on), on });
    },
    asks: (actor, filter) =>
      wholeLenderRefusal(actor, staffRoles, what) ??
      ((page) => connectors.asks(page, filter, sources.nowMs())),
    costs: async (from, to) => {
      const last = to ?? world.clock.dateOf(await world.clock.now());
      const first = from ?? addDays(last, -29);
      const refusal = daysRefusal(first, last);
      return isRefusal(refusal) ? refusal : costs(first, last);
    },
  };
}

async function standing(
  { store: { connectors } }: World,
  { nowMs }: Pick<Sources, "nowMs">,
  spec: ConnectorSpec,
  { sums, on }: Readonly<{ sums: readonly ConnectorCost[]; on: BusinessDate }>,
): Promise<SourceStanding> {
  const { id: source, cost } = spec;
  const { breaker } = await connectors.breaker(source);
  const newest = { after: null, limit: 1, newestFirst: true };
  const last = (await connectors.asks(newest, { source }, nowMs())).rows[0] ?? null;
  const answered = await connectors.asks(newest, { source, outcome: "answered" }, nowMs());
  const none = { source, on, currency: cost.currency, asks: 0, calls: 0, costMinor: 0 };
  const today = sums.find((one) => one.source === source) ?? none;
  return { spec, breaker, last, lastAnswered: answered.rows[0] ?? null, today };
}

function daysRefusal(from: BusinessDate, to: BusinessDate): Refusal | null {
  return from <= to && to < addDays(from, longestDays)
    ? null
    : refuse(
        "invalid",
        {
          en: `Days: found ${from} to ${to}, expected up to ${longestDays} days, the first before the last`,
          zh: `日期范围：为 ${from} 至 ${to}，应先早后晚且不超过 ${longestDays} 天`,
        },
        "/from",
      );
}
