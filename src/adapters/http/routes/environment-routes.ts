// What was told of the world that lines live in, and how far the news of each place has spread.

import { z } from "zod";
import { environmentNewsStates } from "../../../domain/environment-news.ts";
import { bucketCount } from "../../../domain/id.ts";
import { forStaff } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { dateWire, idWire, instantWire } from "../wire/text.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["signals"];

const signalWire = z
  .object({
    source: z.string(),
    id: z.string(),
    type: z.string(),
    subject: z.string(),
    asOf: dateWire,
    happenedAt: instantWire.nullable(),
    knownAt: instantWire,
    by: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "EnvironmentSignal" });

const newsWire = z
  .object({
    id: idWire.describe(
      bilingual("The cause of the decisions that it led to", "由此作出的决定以其为起因"),
    ),
    place: z.string().describe(bilingual("country/cn, region/GD …", "country/cn、region/GD 等")),
    knownAt: instantWire,
    state: z.enum(environmentNewsStates),
    changed: z
      .array(z.string())
      .describe(
        bilingual("Facts that triggers test and that changed", "发生变化且有触发器检验的事实"),
      ),
    nextBucket: z
      .int()
      .describe(
        bilingual(
          `Of ${bucketCount} buckets those before it are done`,
          `共 ${bucketCount} 个分桶，此前的均已完成`,
        ),
      ),
    lines: z.int().describe(bilingual("Lines of the place looked at", "已查看的当地授信数")),
    held: z.int().describe(bilingual("On how many a trigger held", "触发条件成立的授信数")),
    decided: z.int().describe(bilingual("About how many was decided", "作出决定的授信数")),
    endedAt: instantWire.nullable(),
  })
  .meta({ id: "EnvironmentNews" });

const limit = z.coerce.number().int().min(1).max(1_000).default(100);

/** Adds GET /v1/environment-signals and /v1/environment-news. */
export function addEnvironmentRoutes(api: Api, { world }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/environment-signals",
    config: { access: forStaff },
    schema: {
      operationId: "listEnvironmentSignals",
      summary: summary({
        en: "Signals about the environment, newest first",
        zh: "环境信号（由新到旧）",
      }),
      tags,
      querystring: z.object({ type: z.string().max(64).optional(), limit }),
      response: { 200: z.object({ data: z.array(signalWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { type = null, limit: most } = request.query;
      const found = await world.store.environment.newest(type, most);
      return reply.send({
        data: found.map(({ content: _content, data, ...signal }) => ({
          ...signal,
          data: { ...data },
        })),
      });
    },
  });
  api.route({
    method: "GET",
    url: "/v1/environment-news",
    config: { access: forStaff },
    schema: {
      operationId: "listEnvironmentNews",
      summary: summary({
        en: "News of places and how far it has spread, newest first",
        zh: "各地区、行业、国家的环境变化及其扩散进度（由新到旧）",
      }),
      tags,
      querystring: z.object({ limit }),
      response: { 200: z.object({ data: z.array(newsWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const found = await world.store.environment.newestNews(request.query.limit);
      return reply.send({ data: found.map((news) => ({ ...news, changed: [...news.changed] })) });
    },
  });
}
