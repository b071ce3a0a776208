// Live views: what happens is told as server-sent events while somebody looks.

import type { FastifyReply } from "fastify";
import { z } from "zod";
import { forStaff, principalIn, principalOf, type AccessParts } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { liveTopics } from "../live-events.ts";
import type { LiveStreams } from "../live-streams.ts";
import { sendProblem } from "../problem.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

/** Adds GET /v1/events. */
export function addEventRoutes(
  api: Api,
  dependencies: ServerDependencies,
  streams: LiveStreams,
): void {
  const parts: AccessParts = { ...dependencies, ...dependencies.settings };
  api.route({
    method: "GET",
    url: "/v1/events",
    // The head of a stream without an end would hold it open for nobody.
    exposeHeadRoute: false,
    config: { access: forStaff },
    schema: {
      operationId: "listenToEvents",
      summary: summary({ en: "What happens, as it happens", zh: "实时事件" }),
      tags: ["events"],
      headers: z.object({
        "last-event-id": z
          .string()
          .max(200)
          .optional()
          .describe(bilingual("Goes on after this message", "从该消息之后继续")),
      }),
      response: {
        200: {
          description: bilingual(
            `Server-sent events: ${liveTopics.join(", ")}; data is JSON with ids, states and counts`,
            `服务器推送事件：${liveTopics.join("、")}；data 为仅含编号、状态和计数的 JSON`,
          ),
          content: { "text/event-stream": { schema: z.string() } },
        },
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const principal = principalIn(request);
      const { session } = principal;
      const stillAllowed = async (): Promise<boolean> =>
        session === null
          ? (await principalOf(request, parts)) !== null
          : (await dependencies.sessions.isOpen(session.token)) &&
            (await dependencies.accounts.find(principal.account.id))?.disabled === false;
      const after = request.headers["last-event-id"] ?? null;
      const stream = streams.open(principal, after, stillAllowed);
      if (stream === null) {
        reply.header("retry-after", "30");
        return sendProblem(request, reply, "too-many-requests");
      }
      reply.header("x-accel-buffering", "no");
      // A stream is sent as it is; the schema says what it consists of.
      return (reply as FastifyReply).type("text/event-stream; charset=utf-8").send(stream);
    },
  });
}
