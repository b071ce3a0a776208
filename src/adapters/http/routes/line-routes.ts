// Reads about lines. A borrower's list is his own lines, and a line outside the reader's scope does not
// exist to him.

import { z } from "zod";
import { lineStatuses, type CreditLine } from "../../../domain/credit-line.ts";
import type { Id } from "../../../domain/id.ts";
import { forSignedIn, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem } from "../problem.ts";
import { reachesLine, rowScopeOf } from "../row-scope.ts";
import { textInput } from "../text-input.ts";
import { eventWire, wireEvent, wireEventForBorrower } from "../wire/event.ts";
import { lineWire, wireLine } from "../wire/line.ts";
import { pageQuery, pageWire } from "../wire/page.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import type { Scope } from "../../../domain/actor.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["lines"];

const linesQuery = z.object({
  ...pageQuery,
  portfolio: textInput(200).optional(),
  status: z.enum(lineStatuses).optional(),
  reference: textInput(200)
    .optional()
    .describe(bilingual("The lender's own reference, exactly", "贷款机构自己的编号，精确匹配")),
});

/** Adds GET /v1/lines, /v1/lines/{id} and /v1/lines/{id}/timeline. */
export function addLineRoutes(api: Api, dependencies: ServerDependencies): void {
  addList(api, dependencies);
  addSingle(api, dependencies);
  addTimeline(api, dependencies);
}

function addList(api: Api, { world }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines",
    config: { access: forSignedIn },
    schema: {
      operationId: "listLines",
      summary: summary({ en: "List lines", zh: "授信列表" }),
      tags,
      querystring: linesQuery,
      response: { 200: pageWire(lineWire), ...problemAnswers },
    },
    handler: async (request) => {
      const { after = null, limit, portfolio, status, reference } = request.query;
      const { scope } = principalIn(request).actor;
      const { rows, next } = await world.store.reads.lines(
        { after, limit },
        {
          ...rowScopeOf(scope),
          ...(portfolio === undefined ? {} : { portfolio }),
          ...(status === undefined ? {} : { status }),
          ...(reference === undefined ? {} : { reference }),
        },
      );
      return { data: rows.filter((line) => reachesLine(scope, line)).map(wireLine), next };
    },
  });
}

function addSingle(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines/:id",
    config: { access: forSignedIn },
    schema: {
      operationId: "readLine",
      summary: summary({ en: "Read a line", zh: "查看授信" }),
      tags,
      params: idParams,
      response: { 200: lineWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { scope } = principalIn(request).actor;
      const line = await lineInScope(dependencies, request.params.id, scope);
      if (line === null) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(line.ver)).send(wireLine(line));
    },
  });
}

const timelineQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(bilingual("`next` of the page before", "上一页的 `next`")),
  limit: pageQuery.limit,
});

function addTimeline(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines/:id/timeline",
    config: { access: forSignedIn },
    schema: {
      operationId: "readTimeline",
      summary: summary({
        en: "What happened to a line, oldest first",
        zh: "授信时间线（由早到晚）",
      }),
      tags,
      params: idParams,
      querystring: timelineQuery,
      response: { 200: pageWire(eventWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { scope } = principalIn(request).actor;
      const line = await lineInScope(dependencies, request.params.id, scope);
      if (line === null) return sendProblem(request, reply, "not-found");
      const { after, limit } = request.query;
      const events = await dependencies.world.store.reads.timeline(line.id);
      const told = events
        .filter((event) => event.seq > after)
        .map((event) =>
          scope.kind === "own" ? wireEventForBorrower(event) : wireEvent(event, line.currency),
        )
        .filter((event) => event !== null);
      const data = told.slice(0, limit);
      const next = told.length > limit ? String(data.at(-1)?.seq ?? after) : null;
      return reply.send({ data, next });
    },
  });
}

/** The line, or null when it does not exist or lies outside the scope. */
export async function lineInScope(
  { world }: ServerDependencies,
  id: Id,
  scope: Scope,
): Promise<CreditLine | null> {
  const line = await world.store.reads.line(id);
  return line !== null && reachesLine(scope, line) ? line : null;
}
