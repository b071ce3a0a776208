// What would change if a strategy in the shadow of a sweep took the live one's place, and the lines behind each number.

import { z } from "zod";
import type { StrategyRef } from "../../../domain/assessment.ts";
import type { Currency } from "../../../domain/money.ts";
import { reachesPortfolio, type Scope } from "../../../domain/actor.ts";
import { reasonCodes, type ReasonCode } from "../../../domain/reason-code.ts";
import { isRefusal, notFound, type Refusal } from "../../../domain/refusal.ts";
import type { Id } from "../../../domain/id.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import type { Sweep } from "../../../portfolio/ports.ts";
import { forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { sendRefusal } from "../problem.ts";
import { idInput, textInput } from "../text-input.ts";
import {
  comparedLineWire,
  comparisonWire,
  saidActionWire,
  swapWire,
  wireComparedLine,
  wireComparison,
} from "../wire/comparison.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { strategyIdInput, versionParams } from "./strategy-routes.ts";
import { currencyOfHash } from "./sweep-routes.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["sweeps"];

const shadowQuery = {
  strategy: strategyIdInput
    .optional()
    .describe(bilingual("In the shadow; absent: the first one", "陪跑策略，缺省为第一份")),
  version: versionParams.shape.version.optional(),
};

const reasonInput = z.enum(Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]]);

const linesQuery = z.object({
  ...listQuery,
  after: idInput.optional(),
  ...shadowQuery,
  live: saidActionWire.optional(),
  shadow: saidActionWire.optional(),
  segment: textInput(200).optional(),
  swap: swapWire.optional(),
  liveReason: reasonInput.optional(),
  shadowReason: reasonInput.optional(),
});

/** Adds GET /v1/sweeps/{id}/comparison and …/comparison/lines. */
export function addComparisonRoutes(api: Api, dependencies: ServerDependencies): void {
  addComparison(api, dependencies);
  addLines(api, dependencies);
}

function addComparison(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/sweeps/:id/comparison",
    config: { access: forStaff },
    schema: {
      operationId: "compareSweep",
      summary: summary({
        en: "The live strategy of a sweep against one in its shadow: who changes, by segment, money, reasons",
        zh: "扫描的现行策略与陪跑策略之比较：变动对象、客群、金额、原因",
      }),
      tags,
      params: idParams,
      querystring: z.object(shadowQuery),
      response: { 200: comparisonWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { scope } = principalIn(request).actor;
      const found = await compared(dependencies, request.params.id, scope, request.query);
      if (isRefusal(found)) return sendRefusal(request, reply, found);
      const { sweep, shadow, currency } = found;
      const comparison = await dependencies.sweeps.compare(sweep, shadow);
      return reply.send(wireComparison(sweep, shadow, comparison, currency, request.language));
    },
  });
}

const columns: readonly CsvColumn<z.output<typeof comparedLineWire>>[] = [
  column("授信 ID", "Line id", ({ lineId }) => lineId),
  column("客群", "Segment", ({ segment }) => segment),
  column("现行处置", "Live action", ({ live }) => live.action),
  column("现行调整后额度", "Live limit after", ({ live }) => live.to),
  column("现行压降敞口", "Live exposure removed", ({ live }) => live.removed),
  column("现行原因", "Live reasons", ({ live }) => live.reasons.join(" ")),
  column("陪跑处置", "Shadow action", ({ shadow }) => shadow.action),
  column("陪跑调整后额度", "Shadow limit after", ({ shadow }) => shadow.to),
  column("陪跑压降敞口", "Shadow exposure removed", ({ shadow }) => shadow.removed),
  column("陪跑原因", "Shadow reasons", ({ shadow }) => shadow.reasons.join(" ")),
];

function addLines(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/sweeps/:id/comparison/lines",
    config: { access: forStaff },
    schema: {
      operationId: "listComparedLines",
      summary: summary({
        en: "Lines behind a comparison, except those that both strategies leave as they are",
        zh: "比较所涉授信明细（两份策略均不变者除外）",
      }),
      tags,
      params: idParams,
      querystring: linesQuery,
      response: { 200: listAnswer(comparedLineWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { params, query } = request;
      const { scope } = principalIn(request).actor;
      const found = await compared(dependencies, params.id, scope, query);
      if (isRefusal(found)) return sendRefusal(request, reply, found);
      const { live, shadow, segment, swap, liveReason, shadowReason } = query;
      const filter = given({ live, shadow, segment, swap, liveReason, shadowReason });
      const page = async (asked: PageRequest) => {
        const { rows, next } = await dependencies.sweeps.comparedLines(
          ...[found.sweep, found.shadow, filter, asked],
        );
        return { data: rows.map((row) => wireComparedLine(row, found.currency)), next };
      };
      const listing = { name: "compared-lines", columns, page };
      return answerList(request, reply, query, listing, dependencies.settings.tableRows);
    },
  });
}

type Compared = Readonly<{ sweep: Sweep; shadow: StrategyRef; currency: Currency }>;

/** A sweep outside the scope is as good as none. */
async function compared(
  dependencies: ServerDependencies,
  id: Id,
  scope: Scope,
  asked: Readonly<{ strategy?: string | undefined; version?: number | undefined }>,
): Promise<Compared | Refusal> {
  const sweep = await dependencies.portfolio.sweeps.find(id);
  if (sweep === null || !reachesPortfolio(scope, sweep.portfolio)) {
    return notFound({ en: "sweep", zh: "扫描" }, id);
  }
  const { strategy, version = null } = asked;
  const choice = strategy === undefined ? null : { id: strategy, version };
  const shadow = dependencies.sweeps.shadowIn(sweep, choice);
  if (isRefusal(shadow)) return shadow;
  return { sweep, shadow, currency: await currencyOfHash(dependencies, sweep.strategy.hash) };
}
