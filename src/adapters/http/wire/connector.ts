// Sources and asks on the wire. An answer's values are told only to those who may read personal data; everybody else is
// told that there is one and how old it is. The command line prints the same JSON.

import { z } from "zod";
import type { Actor } from "../../../domain/actor.ts";
import {
  askFailures,
  askOutcomes,
  dataPurposes,
  type AskFailure,
  type ConnectorAsk,
  type ConnectorCost,
} from "../../../domain/connector.ts";
import type { Asked, SourceStanding } from "../../../flow/connector-ports.ts";
import { bilingual } from "../bilingual.ts";
import { mayReadPersonalData } from "../personal-data.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { dateWire, idWire, instantWire, textWire } from "./text.ts";

const failures = Object.keys(askFailures) as [AskFailure, ...AskFailure[]];

export const askWire = z
  .object({
    id: idWire,
    source: z.string(),
    lineId: idWire,
    purpose: z.enum(dataPurposes),
    at: instantWire,
    by: z.string(),
    outcome: z
      .enum(askOutcomes)
      .describe(
        bilingual(
          "asking: under way · answered: something new · cached: known and fresh · stale: known and old · none",
          "asking 查询中 · answered 新答复 · cached 已知且新鲜 · stale 已知但较旧 · none 无",
        ),
      ),
    because: z.enum(failures).nullable().describe(bilingual("Why nothing new came", "未答复原因")),
    calls: z.int().describe(bilingual("Requests that left the house", "实际发出的请求数")),
    cost: moneyWire,
    tookMs: z.int(),
  })
  .meta({ id: "ConnectorAsk" });

export const askedWire = askWire
  .extend({
    answer: z
      .object({
        at: instantWire,
        data: z
          .record(z.string(), z.unknown())
          .nullable()
          .describe(bilingual("null: not for this role", "null 表示该角色不可见")),
      })
      .nullable(),
    detail: textWire.nullable(),
    dryRun: z.boolean(),
  })
  .meta({ id: "AskedConnector" });

export const costWire = z
  .object({
    source: z.string(),
    on: dateWire,
    asks: z.int(),
    calls: z.int(),
    cost: moneyWire,
  })
  .meta({ id: "ConnectorCost" });

export const connectorWire = z
  .object({
    id: z.string(),
    label: textWire,
    signal: z.string(),
    purposes: z.array(z.enum(dataPurposes)),
    personal: z.boolean().describe(bilingual("Consent is needed", "须有客户授权")),
    asked: z
      .enum(["http", "files"])
      .describe(bilingual("files: its answers are left in a folder", "files：答复以文件送达")),
    breaker: z.object({
      state: z.enum(["closed", "open", "half-open"]),
      until: instantWire
        .nullable()
        .describe(bilingual("Real time until which nobody asks", "在此真实时间之前不再查询")),
      failures: z.int().describe(bilingual("Among the last calls", "最近调用中的失败次数")),
    }),
    fresh: z.object({ freshHours: z.int(), staleHours: z.int() }),
    last: askWire.omit({ lineId: true }).nullable(),
    lastAnsweredAt: instantWire.nullable(),
    today: z.object({ asks: z.int(), calls: z.int(), cost: moneyWire, ceiling: moneyWire }),
  })
  .meta({ id: "Connector" });

export type ConnectorWire = z.output<typeof connectorWire>;

export function wireAsk({ costMinor, currency, on: _on, ...ask }: ConnectorAsk) {
  return { ...ask, cost: wireMoney(costMinor, currency) };
}

/** What an actor is told of an ask that was just made. */
export function wireAsked(
  { ask, answer, detail }: Asked,
  actor: Pick<Actor, "roles">,
  dryRun: boolean,
): z.output<typeof askedWire> {
  const mayRead = mayReadPersonalData(actor);
  const data = answer !== null && mayRead ? { ...answer.data } : null;
  // Why an answer was not taken names the value that was found in it.
  const isOfAnswer = ask.because === "implausible" || ask.because === "rejected";
  return {
    ...wireAsk(ask),
    answer: answer === null ? null : { at: answer.at, data },
    detail: detail === null || (isOfAnswer && !mayRead) ? null : { ...detail },
    dryRun,
  };
}

export function wireCost({ costMinor, currency, ...rest }: ConnectorCost) {
  return { ...rest, cost: wireMoney(costMinor, currency) };
}

export function wireConnector(standing: SourceStanding): ConnectorWire {
  const { spec, breaker, last, lastAnswered, today } = standing;
  const { id, label, signal, purposes, personal, cache, cost } = spec;
  return {
    ...{ id, label: { ...label }, signal, purposes: [...purposes], personal },
    asked: spec.http === undefined ? "files" : "http",
    breaker: {
      state: breaker.state,
      until: breaker.state === "closed" ? null : new Date(breaker.untilMs).toISOString(),
      failures: breaker.state === "closed" ? breaker.recent.filter(Boolean).length : 0,
    },
    fresh: { ...cache },
    last: last === null ? null : withoutLine(last),
    lastAnsweredAt: lastAnswered?.at ?? null,
    today: {
      ...{ asks: today.asks, calls: today.calls },
      cost: wireMoney(today.costMinor, cost.currency),
      ceiling: wireMoney(cost.dailyCeilingMinor, cost.currency),
    },
  };
}

function withoutLine(ask: ConnectorAsk) {
  const { lineId: _, ...rest } = wireAsk(ask);
  return rest;
}
