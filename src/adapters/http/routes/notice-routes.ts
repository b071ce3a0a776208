// Reads about notices. A borrower sees those that were sent to him.

import { z } from "zod";
import { forSignedIn, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem } from "../problem.ts";
import { reached, rowScopeOf } from "../row-scope.ts";
import { idInput } from "../text-input.ts";
import { noticeWire, wireNotice } from "../wire/notice.ts";
import { pageQuery, pageWire } from "../wire/page.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["notices"];

const noticesQuery = z.object({
  ...pageQuery,
  lineId: idInput.optional(),
  state: z.enum(["issued", "delivered", "bounced"]).optional(),
  causeId: idInput
    .optional()
    .describe(bilingual("The sweep or signal that led to the decision", "引发该决定的扫描或信号")),
});

/** Adds GET /v1/notices and /v1/notices/{id}. */
export function addNoticeRoutes(api: Api, { world }: ServerDependencies): void {
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
      response: { 200: pageWire(noticeWire), ...problemAnswers },
    },
    handler: async (request) => {
      const { after = null, limit, lineId, state, causeId } = request.query;
      const { scope } = principalIn(request).actor;
      const { rows, next } = await reads.notices(
        { after, limit },
        {
          ...rowScopeOf(scope),
          ...(lineId === undefined ? {} : { lineId }),
          ...(state === undefined ? {} : { state }),
          ...(causeId === undefined ? {} : { causeId }),
        },
      );
      const seen = await reached(reads, scope, rows);
      return { data: seen.map((notice) => wireNotice(notice, request.language)), next };
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
