// Reads about review cases, for staff only: who must agree to what, and who did.

import { z } from "zod";
import type { ReviewCase } from "../../../domain/review-case.ts";
import { reviewQueues } from "../../../domain/review-case.ts";
import { forStaff, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem } from "../problem.ts";
import { linesOf, reached, rowScopeOf } from "../row-scope.ts";
import { idInput } from "../text-input.ts";
import { pageQuery, pageWire } from "../wire/page.ts";
import { reviewCaseWire, wireReviewCase } from "../wire/review-case.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["review-cases"];

const reviewCasesQuery = z.object({
  ...pageQuery,
  state: z.enum(["open", "resolved"]).optional(),
  queue: z.enum(reviewQueues).optional(),
  decisionId: idInput.optional(),
  causeId: idInput
    .optional()
    .describe(bilingual("The sweep or signal that led to the decision", "引发该决定的扫描或信号")),
});

/** Adds GET /v1/review-cases and /v1/review-cases/{id}. */
export function addReviewCaseRoutes(api: Api, dependencies: ServerDependencies): void {
  const { reads } = dependencies.world.store;
  api.route({
    method: "GET",
    url: "/v1/review-cases",
    config: { access: forStaff },
    schema: {
      operationId: "listReviewCases",
      summary: summary({ en: "List review cases", zh: "复核件列表" }),
      tags,
      querystring: reviewCasesQuery,
      response: { 200: pageWire(reviewCaseWire), ...problemAnswers },
    },
    handler: async (request) => {
      const { after = null, limit, state, queue, decisionId, causeId } = request.query;
      const { scope } = principalIn(request).actor;
      const { rows, next } = await reads.reviews(
        { after, limit },
        {
          ...rowScopeOf(scope),
          ...(state === undefined ? {} : { state }),
          ...(queue === undefined ? {} : { queue }),
          ...(decisionId === undefined ? {} : { decisionId }),
          ...(causeId === undefined ? {} : { causeId }),
        },
      );
      return { data: await wired(dependencies, await reached(reads, scope, rows)), next };
    },
  });
  api.route({
    method: "GET",
    url: "/v1/review-cases/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readReviewCase",
      summary: summary({ en: "Read a review case", zh: "查看复核件" }),
      tags,
      params: idParams,
      response: { 200: reviewCaseWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const review = await reads.review(request.params.id);
      const found = review === null ? [] : [review];
      const seen = await reached(reads, principalIn(request).actor.scope, found);
      const [body] = await wired(dependencies, seen);
      if (body === undefined) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(body.ver)).send(body);
    },
  });
}

/** Amounts need the line's currency. */
async function wired(
  { world }: ServerDependencies,
  reviews: readonly ReviewCase[],
): Promise<z.output<typeof reviewCaseWire>[]> {
  const lines = await linesOf(world.store.reads, reviews);
  return reviews.map((review) => {
    const line = lines.get(review.lineId);
    if (line === undefined) throw new Error(`Review case about a missing line: ${review.id}`);
    return wireReviewCase(review, line.currency);
  });
}
