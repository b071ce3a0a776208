// While an installation is being filled everything can be read and nothing can be changed: what people do then would
// stand in the way of what is being told, and time must not move under it.

import type { FastifyInstance } from "fastify";
import type { Text } from "../../domain/text.ts";
import type { Preparation, ServerDependencies } from "./dependencies.ts";
import { sendProblem } from "./problem.ts";
import { findCustomersPath } from "./routes/customer-routes.ts";

const retryAfterSeconds = 10;

/** What a person is told. */
export function preparingText({ done, of }: Preparation): Text {
  const percent = Math.floor((100 * done) / Math.max(1, of));
  return {
    en: `The demo is being prepared: ${percent} % done, changes are possible when it is complete`,
    zh: `演示数据正在准备：已完成 ${percent}%，全部就绪后方可进行变更`,
  };
}

/** Changes nothing that is prepared. */
const noChanges: ReadonlySet<string | undefined> = new Set(["/v1/sign-out", findCustomersPath]);

/** Answers changes with 503 while the installation is in preparation. Signing in and out is no change. */
export function guardPreparation(
  app: FastifyInstance,
  { preparing }: Pick<ServerDependencies, "preparing">,
): void {
  app.addHook("onRequest", async (request, reply) => {
    const { method, routeOptions } = request;
    if (method === "GET" || method === "HEAD" || request.principal === null) return;
    const progress = preparing();
    if (progress === null || noChanges.has(routeOptions.url)) return;
    reply.header("retry-after", String(retryAfterSeconds));
    return sendProblem(request, reply, "unavailable", { detail: preparingText(progress) });
  });
}
