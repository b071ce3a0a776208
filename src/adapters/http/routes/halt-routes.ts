// The emergency switch over the API: who stopped what, why and until when, and stopping or resuming.

import { z } from "zod";
import { isRefusal } from "../../../domain/refusal.ts";
import { parseInstant, type Instant } from "../../../domain/calendar.ts";
import type { Halt } from "../../../flow/hold-ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendRefusal } from "../problem.ts";
import { textInput } from "../text-input.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { instantWire } from "../wire/text.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["halts"];

const haltWire = z
  .object({
    area: z.string(),
    reason: z.string(),
    by: z.string(),
    at: instantWire,
    expiresAt: instantWire,
  })
  .meta({ id: "Halt" });

function wireHalt({ area, reason, by, at, expiresAt }: Halt): z.output<typeof haltWire> {
  return { area, reason, by, at, expiresAt };
}

const instantInput = z
  .string()
  .meta({ format: "date-time" })
  .refine((text) => parseInstant(text) !== null, {
    params: {
      expected: {
        en: "an instant in UTC with milliseconds, such as 2026-01-31T08:00:00.000Z",
        zh: "带毫秒的 UTC 时刻，例如 2026-01-31T08:00:00.000Z",
      },
    },
  })
  .transform((text) => text as Instant);

const columns: readonly CsvColumn<z.output<typeof haltWire>>[] = [
  column("环节", "Area", (halt) => halt.area),
  column("理由", "Reason", (halt) => halt.reason),
  column("停用人", "Halted by", (halt) => halt.by),
  column("停用时间", "Halted at", (halt) => halt.at),
  column("截止时间", "Until", (halt) => halt.expiresAt),
];

/** Adds GET and POST /v1/halts and DELETE /v1/halts/{area}. */
export function addHaltRoutes(api: Api, dependencies: ServerDependencies): void {
  const { world } = dependencies;
  api.route({
    method: "GET",
    url: "/v1/halts",
    config: { access: forStaff },
    schema: {
      operationId: "listHalts",
      summary: summary({ en: "Halted areas", zh: "已停用的环节" }),
      tags,
      querystring: z.object({ format: listQuery.format }),
      response: { 200: listAnswer(haltWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const page = async () => {
        const halts = await world.store.halts.list(await world.clock.now());
        return { data: halts.map(wireHalt), next: null };
      };
      const asked = { ...request.query, limit: 1 };
      const listing = { name: "halts", columns, page };
      return answerList(request, reply, asked, listing, dependencies.settings.tableRows);
    },
  });
  addSet(api, dependencies);
  addLift(api, dependencies);
}

function addSet(api: Api, { world, halts, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/halts",
    config: { access: forRoles(halts.roles) },
    schema: {
      operationId: "halt",
      summary: summary({ en: "Halt an area", zh: "停用环节" }),
      tags,
      headers: z.object(changeHeaders),
      body: z.strictObject({
        area: z.enum(halts.areas),
        reason: textInput(1_000),
        expiresAt: instantInput.describe(bilingual("A halt always ends", "停用必有截止时间")),
      }),
      response: { 201: haltWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const key = keyOf(request, world.ids.sha256, { body });
      return answerOnce(replies, key, request, reply, async () => {
        const halt = await halts.set({ ...body, actor: principalIn(request).actor });
        return isRefusal(halt) ? halt : { status: 201, reply: wireHalt(halt) };
      });
    },
  });
}

function addLift(api: Api, { halts }: ServerDependencies): void {
  api.route({
    method: "DELETE",
    url: "/v1/halts/:area",
    config: { access: forRoles(halts.roles) },
    schema: {
      operationId: "resume",
      summary: summary({ en: "Resume a halted area", zh: "恢复环节" }),
      tags,
      params: z.object({ area: z.enum(halts.areas) }),
      response: {
        204: z.null().describe(bilingual("The area runs again", "该环节已恢复")),
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const lifted = await halts.lift(request.params.area, principalIn(request).actor);
      if (isRefusal(lifted)) return sendRefusal(request, reply, lifted);
      return reply.code(204).send(null);
    },
  });
}
