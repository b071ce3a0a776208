// Everything that may be asked about sources, over one world: the API and the command line are given this one desk, so that
// neither has rules of its own.

import { staffRoles, type Actor } from "../domain/actor.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import type { ConnectorAsk, ConnectorCost } from "../domain/connector.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { askRoles, askSource, unknownSource, type AskRequest } from "./ask-source.ts";
import type { Breaker } from "./circuit-breaker.ts";
import type { ConnectorSpec, Sources } from "./connector-ports.ts";
import type { Page, PageRequest, World } from "./ports.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** How a source stands: its breaker, what came of the last ask and of the last that it answered, and today's costs. */
export type SourceStanding = Readonly<{
  spec: ConnectorSpec;
  breaker: Breaker;
  last: ConnectorAsk | null;
  lastAnswered: ConnectorAsk | null;
  today: ConnectorCost;
}>;

const what = { en: "Asks of sources", zh: "外部数据查询记录" };
const longestDays = 400;

/** The desk over one world. */
export function connectorDesk(world: World, sources: Sources) {
  const { connectors } = world.store;
  const costs = (from: BusinessDate, to: BusinessDate) => connectors.costs(from, to);
  return {
    askRoles,
    ask: (request: AskRequest) => askSource(world, sources, request),
    standings: async (): Promise<readonly SourceStanding[]> => {
      const on = world.clock.dateOf(await world.clock.now());
      const sums = await costs(on, on);
      return Promise.all(
        [...sources.specs.values()].map((spec) => standing(world, spec, sums, on)),
      );
    },
    standing: async (name: string): Promise<SourceStanding | Refusal> => {
      const spec = sources.specs.get(name);
      if (spec === undefined) return unknownSource(sources, name);
      const on = world.clock.dateOf(await world.clock.now());
      return standing(world, spec, await costs(on, on), on);
    },
    /** single asks name lines, so that they are told to those who may see all */
    asks: async (
      actor: Actor,
      page: PageRequest,
      filter: Readonly<{ source?: string; outcome?: string }>,
    ): Promise<Page<ConnectorAsk> | Refusal> =>
      wholeLenderRefusal(actor, staffRoles, what) ?? connectors.asks(page, filter),
    /** by day; without a first day those of the 30 days up to the last one, without a last day up to today */
    costs: async (
      from: BusinessDate | null,
      to: BusinessDate | null,
    ): Promise<readonly ConnectorCost[] | Refusal> => {
      const last = to ?? world.clock.dateOf(await world.clock.now());
      const first = from ?? addDays(last, -29);
      const refusal = daysRefusal(first, last);
      return isRefusal(refusal) ? refusal : costs(first, last);
    },
  };
}

export type ConnectorDesk = ReturnType<typeof connectorDesk>;

async function standing(
  { store: { connectors } }: World,
  spec: ConnectorSpec,
  sums: readonly ConnectorCost[],
  on: BusinessDate,
): Promise<SourceStanding> {
  const { id: source, cost } = spec;
  const { breaker } = await connectors.breaker(source);
  const newest = { after: null, limit: 1, newestFirst: true };
  const last = (await connectors.asks(newest, { source })).rows[0] ?? null;
  const answered = await connectors.asks(newest, { source, outcome: "answered" });
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
