// What a request and a route carry beyond fastify's own: declared once so that no handler casts.

import type { Language } from "../../domain/text.ts";
import type { Metrics } from "../metrics.ts";
import type { Access, Principal } from "./access.ts";

declare module "fastify" {
  // Only interfaces can be merged into a module's own.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface FastifyContextConfig {
    /** who may call the route; a route without it is refused when the server is built */
    access?: Access;
  }
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface FastifyRequest {
    language: Language;
    principal: Principal | null;
  }
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface FastifyInstance {
    metrics: Metrics;
  }
}
