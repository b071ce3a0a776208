// For machines that look after the process: alive, ready, and its numbers. Alive says nothing about the
// world; ready says in words what is missing.

import { z } from "zod";
import { forEverybody, forStaff } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["operation"];

const readyWire = z.object({
  ready: z.boolean(),
  missing: z
    .array(z.string())
    .describe(bilingual("What keeps it from being ready, in words", "尚未就绪的原因")),
});

/** Adds GET /healthz, /readyz and /metrics. */
export function addHealthRoutes(api: Api, { ready, metrics, settings }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/healthz",
    config: { access: forEverybody },
    schema: {
      operationId: "readHealth",
      summary: summary({ en: "The process runs", zh: "进程存活" }),
      tags,
      response: { 200: z.object({ alive: z.literal(true) }), ...problemAnswers },
    },
    handler: async () => ({ alive: true as const }),
  });
  api.route({
    method: "GET",
    url: "/readyz",
    config: { access: forEverybody },
    schema: {
      operationId: "readReadiness",
      summary: summary({
        en: "Database, migrations, core system and scheduler answer",
        zh: "数据库、迁移、核心系统与调度器就绪",
      }),
      tags,
      response: { 200: readyWire, 503: readyWire, ...problemAnswers },
    },
    handler: async (_request, reply) => {
      const missing = [...(await ready())];
      const isReady = missing.length === 0;
      if (!isReady) reply.header("retry-after", "2");
      return reply.code(isReady ? 200 : 503).send({ ready: isReady, missing });
    },
  });
  api.route({
    method: "GET",
    url: "/metrics",
    config: { access: settings.openMetrics ? forEverybody : forStaff },
    schema: {
      operationId: "readMetrics",
      summary: summary({ en: "Numbers in the Prometheus text format", zh: "Prometheus 格式指标" }),
      tags,
      response: {
        200: {
          description: bilingual("Prometheus text format", "Prometheus 文本格式"),
          content: { "text/plain": { schema: z.string() } },
        },
        ...problemAnswers,
      },
    },
    handler: async (_request, reply) => {
      const text = await metrics.text();
      return reply
        .type(metrics.contentType)
        .serializer((body: unknown) => String(body))
        .send(text);
    },
  });
}
