// Reads about notices. A borrower sees those that were sent to him.

import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Id } from "../../../domain/id.ts";
import { noticeStates } from "../../../domain/notice.ts";
import { portfolioRefusal } from "../../../domain/known-portfolio.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { forSignedIn, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { reached, rowScopeOf, withinPortfolio } from "../row-scope.ts";
import { idInput, textInput } from "../text-input.ts";
import { noticeWire, wireNotice } from "../wire/notice.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { languages } from "../../../domain/text.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["notices"];

const noticesQuery = z.object({
  ...listQuery,
  ...orderQuery,
  lineId: idInput.optional(),
  customerId: idInput.optional(),
  decisionId: idInput.optional(),
  portfolio: textInput(200).optional(),
  channel: textInput(100).optional(),
  state: z.enum(noticeStates).optional(),
  causeId: idInput
    .optional()
    .describe(bilingual("The sweep or signal that led to the decision", "引发该决定的扫描或信号")),
});

const columns: readonly CsvColumn<z.output<typeof noticeWire>>[] = [
  column("通知 ID", "Notice id", (notice) => notice.id),
  column("决定 ID", "Decision id", (notice) => notice.decisionId),
  column("授信 ID", "Line id", (notice) => notice.lineId),
  column("客户 ID", "Customer id", (notice) => notice.customerId),
  column("状态", "State", (notice) => notice.state),
  column("渠道", "Channel", (notice) => notice.channel),
  column("模板", "Template", (notice) => notice.template),
  column("中文标题", "Subject in Chinese", (notice) => notice.subject.zh),
  column("英文标题", "Subject in English", (notice) => notice.subject.en),
  column("理由代码", "Reason codes", ({ reasons }) => reasons.map(({ code }) => code).join(" ")),
  column("签发时间", "Issued at", (notice) => notice.issuedAt),
  column("送达时间", "Delivered at", (notice) => notice.deliveredAt),
  column("最早生效日", "Effective on", (notice) => notice.effectiveOn),
  column("投递次数", "Attempts", ({ deliveries }) => deliveries.length),
];

/** Adds GET /v1/notices, /v1/notices/{id} and /v1/notices/{id}/letter. */
export function addNoticeRoutes(api: Api, dependencies: ServerDependencies): void {
  addLists(api, dependencies);
  addLetter(api, dependencies);
}

function addLists(api: Api, { world, settings }: ServerDependencies): void {
  const { reads } = world.store;
  api.route({
    method: "GET",
    url: "/v1/notices",
    config: { access: forSignedIn },
    schema: {
      operationId: "listNotices",
      summary: summary({ en: "List notices", zh: "通知列表" }),
      tags,
      querystring: noticesQuery,
      response: { 200: listAnswer(noticeWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query, language } = request;
      const { lineId, customerId, decisionId, state, channel, causeId } = query;
      const { actor } = principalIn(request);
      const refused = await portfolioRefusal(reads.portfolios, query.portfolio, actor.scope);
      if (refused !== null) return sendRefusal(request, reply, refused);
      const scope = withinPortfolio(actor.scope, query.portfolio);
      const filter = {
        ...given({ lineId, customerId, decisionId, state, channel, causeId }),
        ...rowScopeOf(scope),
      };
      const newestFirst = query.order === "newest";
      const page = async (asked: PageRequest) => {
        const { rows, next } = await reads.notices({ ...asked, newestFirst }, filter);
        const seen = await reached(reads, scope, rows);
        return { data: seen.map((notice) => wireNotice(notice, language)), next };
      };
      const listing = { name: "notices", columns, page };
      return answerList(request, reply, query, listing, settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/notices/:id",
    config: { access: forSignedIn },
    schema: {
      operationId: "readNotice",
      summary: summary({ en: "Read a notice", zh: "查看通知" }),
      tags,
      params: idParams,
      response: { 200: noticeWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const notice = await reads.notice(request.params.id);
      const found = notice === null ? [] : [notice];
      const [seen] = await reached(reads, principalIn(request).actor.scope, found);
      if (seen === undefined) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(seen.ver)).send(wireNotice(seen, request.language));
    },
  });
}

function addLetter(api: Api, { world, notices }: ServerDependencies): void {
  const { reads } = world.store;
  api.route({
    method: "GET",
    url: "/v1/notices/:id/letter",
    config: { access: forSignedIn },
    schema: {
      operationId: "readNoticeLetter",
      summary: summary({
        en: "A notice as a letter without its address: tagged PDF, the same bytes each time",
        zh: "通知的信函形式（不含地址）：带标签的 PDF，每次字节相同",
      }),
      tags,
      params: idParams,
      querystring: z.object({
        lang: z
          .enum(languages)
          .optional()
          .describe(bilingual("Absent: the language of the answer", "不填则为应答语言")),
      }),
      response: {
        200: {
          description: bilingual("The letter", "信函"),
          content: { "application/pdf": { schema: z.string() } },
        },
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const notice = await reads.notice(request.params.id);
      const found = notice === null ? [] : [notice];
      const [seen] = await reached(reads, principalIn(request).actor.scope, found);
      if (seen === undefined) return sendProblem(request, reply, "not-found");
      const bytes = await notices.letter(seen, request.query.lang ?? request.language);
      return sendLetter(reply, seen.id, bytes);
    },
  });
}

function sendLetter(reply: FastifyReply, id: Id, bytes: Buffer): FastifyReply {
  return reply
    .type("application/pdf")
    .header("content-disposition", `inline; filename="${id}.pdf"`)
    .send(bytes);
}
