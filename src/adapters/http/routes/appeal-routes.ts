// Reads about appeals. A borrower sees his own, with the answer; lodging one and answering it are commands of the pipeline.

import { z } from "zod";
import { forSignedIn, principalIn } from "../access.ts";
import type { Id } from "../../../domain/id.ts";
import { answerNoticeIdOf, type ReviewCase } from "../../../domain/review-case.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { sendProblem } from "../problem.ts";
import { reached, rowScopeOf } from "../row-scope.ts";
import { idInput } from "../text-input.ts";
import { appealWire, wireAppeal } from "../wire/appeal.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["appeals"];

const appealsQuery = z.object({
  ...listQuery,
  ...orderQuery,
  lineId: idInput.optional(),
  customerId: idInput.optional(),
  decisionId: idInput.optional(),
  state: z.enum(["open", "resolved"]).optional(),
});

const columns: readonly CsvColumn<z.output<typeof appealWire>>[] = [
  column("申诉 ID", "Appeal id", (appeal) => appeal.id),
  column("决定 ID", "Decision id", (appeal) => appeal.decisionId),
  column("授信 ID", "Line id", (appeal) => appeal.lineId),
  column("客户 ID", "Customer id", (appeal) => appeal.customerId),
  column("事由", "Ground", (appeal) => appeal.ground),
  column("提出时间", "Lodged at", (appeal) => appeal.lodgedAt),
  column("应答复时间", "Due at", (appeal) => appeal.dueAt),
  column("结论", "Verdict", (appeal) => appeal.verdict),
  column("答复", "Answer", (appeal) => appeal.answer),
  column("答复时间", "Answered at", (appeal) => appeal.answeredAt),
  column("答复通知 ID", "Notice id", (appeal) => appeal.noticeId),
];

/** Adds GET /v1/appeals and /v1/appeals/{id}. */
export function addAppealRoutes(api: Api, { world, settings }: ServerDependencies): void {
  const { reads } = world.store;
  const wired = (review: ReviewCase): z.output<typeof appealWire> => {
    const derive = (...parts: readonly string[]): Id => world.ids.derive(review.bucket, ...parts);
    return wireAppeal(review, answerNoticeIdOf(review, derive));
  };
  api.route({
    method: "GET",
    url: "/v1/appeals",
    config: { access: forSignedIn },
    schema: {
      operationId: "listAppeals",
      summary: summary({ en: "List appeals", zh: "申诉列表" }),
      tags,
      querystring: appealsQuery,
      response: { 200: listAnswer(appealWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { lineId, customerId, decisionId, state } = query;
      const { scope } = principalIn(request).actor;
      const filter = {
        ...given({ lineId, customerId, decisionId, state }),
        ...rowScopeOf(scope),
        appeals: true,
      };
      const newestFirst = query.order === "newest";
      const page = async (asked: PageRequest) => {
        const { rows, next } = await reads.reviews({ ...asked, newestFirst }, filter);
        return { data: (await reached(reads, scope, rows)).map(wired), next };
      };
      const listing = { name: "appeals", columns, page };
      return answerList(request, reply, query, listing, settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/appeals/:id",
    config: { access: forSignedIn },
    schema: {
      operationId: "readAppeal",
      summary: summary({ en: "Read an appeal", zh: "查看申诉" }),
      tags,
      params: idParams,
      response: { 200: appealWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const review = await reads.review(request.params.id);
      const found = review === null || review.appeal === null ? [] : [review];
      const [seen] = await reached(reads, principalIn(request).actor.scope, found);
      return seen === undefined
        ? sendProblem(request, reply, "not-found")
        : reply.send(wired(seen));
    },
  });
}
