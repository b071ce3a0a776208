// In read-only mode every change is refused before it is looked at, whatever it is about, so that no route can forget to
// ask. The write path asks again under its lock.

import type { FastifyInstance } from "fastify";
import type { ServerDependencies } from "./dependencies.ts";
import { sendRefusal } from "./problem.ts";
import { findCustomersPath } from "./routes/customer-routes.ts";

/** Change nothing that is kept, or must go on so that somebody can end the mode. */
const goesOn: ReadonlySet<string | undefined> = new Set([
  ...["/v1/sign-out", findCustomersPath, "/v1/halts", "/v1/halts/:area"],
  ...["/v1/strategies/:id/:version/try", "/v1/strategies/:id/:version/cells"],
  ...["/v1/strategies/table", "/v1/sweeps/preview"],
]);

/** Refuses changes while the mode is on. Signing in and out, stop switches and questions are none. */
export function guardReadOnly(
  app: FastifyInstance,
  { halts }: Pick<ServerDependencies, "halts">,
): void {
  app.addHook("onRequest", async (request, reply) => {
    const { method, routeOptions } = request;
    if (method === "GET" || method === "HEAD" || request.principal === null) return;
    if (goesOn.has(routeOptions.url)) return;
    const refusal = await halts.readOnly();
    if (refusal !== null) return sendRefusal(request, reply, refusal);
  });
}
