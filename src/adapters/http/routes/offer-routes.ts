// Reads about offers. A borrower sees those that were made to him; answers are commands of the pipeline.

import { z } from "zod";
import { offerStates } from "../../../domain/offer.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { forSignedIn, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem } from "../problem.ts";
import { reached, rowScopeOf } from "../row-scope.ts";
import { idInput } from "../text-input.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { offerWire, wireOffer } from "../wire/offer.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["offers"];

const offersQuery = z.object({
  ...listQuery,
  ...orderQuery,
  lineId: idInput.optional(),
  customerId: idInput.optional(),
  decisionId: idInput.optional(),
  state: z.enum(offerStates).optional(),
  causeId: idInput
    .optional()
    .describe(bilingual("The sweep or signal that led to the decision", "引发该决定的扫描或信号")),
});

const columns: readonly CsvColumn<z.output<typeof offerWire>>[] = [
  column("要约 ID", "Offer id", (offer) => offer.id),
  column("决定 ID", "Decision id", (offer) => offer.decisionId),
  column("授信 ID", "Line id", (offer) => offer.lineId),
  column("授信引用号", "Line reference", (offer) => offer.lineReference),
  column("客户 ID", "Customer id", (offer) => offer.customerId),
  column("状态", "State", (offer) => offer.state),
  column("币种", "Currency", (offer) => offer.to.currency),
  column("现额度", "Limit now", (offer) => offer.from.amount),
  column("提议额度", "Limit offered", (offer) => offer.to.amount),
  column("同意的额度", "Limit agreed to", (offer) => offer.consent?.limit.amount ?? null),
  column("同意渠道", "Channel of consent", (offer) => offer.consent?.channel ?? null),
  column("发出时间", "Made at", (offer) => offer.madeAt),
  column("答复截止日", "Answer by", (offer) => offer.answerBy),
  column("结束时间", "Settled at", (offer) => offer.settledAt),
];

/** Adds GET /v1/offers and /v1/offers/{id}. */
export function addOfferRoutes(api: Api, { world, settings }: ServerDependencies): void {
  const { reads } = world.store;
  api.route({
    method: "GET",
    url: "/v1/offers",
    config: { access: forSignedIn },
    schema: {
      operationId: "listOffers",
      summary: summary({ en: "List offers", zh: "协商要约列表" }),
      tags,
      querystring: offersQuery,
      response: { 200: listAnswer(offerWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { lineId, customerId, decisionId, state, causeId } = query;
      const { scope } = principalIn(request).actor;
      const filter = {
        ...given({ lineId, customerId, decisionId, state, causeId }),
        ...rowScopeOf(scope),
      };
      const newestFirst = query.order === "newest";
      const page = async (asked: PageRequest) => {
        const { rows, next } = await reads.offers({ ...asked, newestFirst }, filter);
        const seen = await reached(reads, scope, rows);
        return { data: seen.map((offer) => wireOffer(offer, scope)), next };
      };
      const listing = { name: "offers", columns, page };
      return answerList(request, reply, query, listing, settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/offers/:id",
    config: { access: forSignedIn },
    schema: {
      operationId: "readOffer",
      summary: summary({ en: "Read an offer", zh: "查看协商要约" }),
      tags,
      params: idParams,
      response: { 200: offerWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { scope } = principalIn(request).actor;
      const offer = await reads.offer(request.params.id);
      const [seen] = await reached(reads, scope, offer === null ? [] : [offer]);
      if (seen === undefined) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(seen.ver)).send(wireOffer(seen, scope));
    },
  });
}
