// Blackout windows over the API: which hold or held, setting one, and lifting one before its last day.

import { z } from "zod";
import { causes } from "../../../domain/decision.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { dateInput, idInput, textInput } from "../text-input.ts";
import { blackoutWire, wireBlackout } from "../wire/hold.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["halts"];

/** Names of regions or industries; an empty list stands for all of them. */
export const placesInput = z
  .array(textInput(200))
  .max(200)
  .default([])
  .describe(bilingual("Empty: all of them", "为空表示全部"));

export const dryRunInput = z
  .boolean()
  .default(false)
  .describe(bilingual("Only say whether it would be refused", "只检查是否会被拒绝，不保存"));

const columns: readonly CsvColumn<z.output<typeof blackoutWire>>[] = [
  column("事件", "Event", (one) => one.event),
  column("首日", "From", (one) => one.from),
  column("末日", "To", (one) => one.to),
  column("地区", "Regions", (one) => one.regions.join(" ")),
  column("行业", "Industries", (one) => one.industries.join(" ")),
  column("豁免", "Exempt", (one) => one.exempt.join(" ")),
  column("理由", "Reason", (one) => one.reason),
  column("设置人", "Set by", (one) => one.by),
  column("设置时间", "Set at", (one) => one.at),
  column("解除人", "Lifted by", (one) => one.lifted?.by ?? null),
  column("窗口 ID", "Window id", (one) => one.id),
];

/** Adds GET and POST /v1/blackouts and POST /v1/blackouts/{id}/lift. */
export function addBlackoutRoutes(api: Api, dependencies: ServerDependencies): void {
  const { world } = dependencies;
  api.route({
    method: "GET",
    url: "/v1/blackouts",
    config: { access: forStaff },
    schema: {
      operationId: "listBlackouts",
      summary: summary({
        en: "List blackout windows, newest first",
        zh: "禁止窗口列表（由新到旧）",
      }),
      tags,
      querystring: z.object({ ...listQuery, after: idInput.optional() }),
      response: { 200: listAnswer(blackoutWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const page = async ({ after, limit }: PageRequest) => {
        const rows = await world.store.blackouts.list(after, limit);
        const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
        return { data: rows.map((row) => wireBlackout(row)), next };
      };
      const listing = { name: "blackouts", columns, page };
      return answerList(request, reply, request.query, listing, dependencies.settings.tableRows);
    },
  });
  addSet(api, dependencies);
  addLift(api, dependencies);
}

function addSet(api: Api, { world, blackouts, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/blackouts",
    config: { access: forRoles(blackouts.roles) },
    schema: {
      operationId: "setBlackout",
      summary: summary({
        en: "Set a blackout window: nobody in it is told of a cut, and nobody is cut",
        zh: "设置禁止窗口：其间不通知、不执行任何调减",
      }),
      tags,
      headers: z.object(changeHeaders),
      body: z.strictObject({
        event: textInput(200),
        from: dateInput,
        to: dateInput,
        regions: placesInput,
        industries: placesInput,
        exempt: z
          .array(z.enum(causes))
          .default([])
          .describe(bilingual("Causes of decisions that are let through", "豁免的决定起因")),
        reason: textInput(1_000),
        dryRun: dryRunInput,
      }),
      response: { 200: blackoutWire, 201: blackoutWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const key = keyOf(request, world.ids.sha256, { body });
      return answerOnce(replies, key, request, reply, async () => {
        const { from, to, dryRun, ...rest } = body;
        const days = { fromOn: from, toOn: to };
        const id = world.ids.derive(0, "blackout", key.client, key.key, key.bodyHash);
        const { actor } = principalIn(request);
        const set = await blackouts.set({ ...rest, ...days, id, actor }, { dryRun });
        if (isRefusal(set)) return set;
        const wired = wireBlackout({ ...set, lifted: null }, dryRun);
        return { status: dryRun ? 200 : 201, reply: wired };
      });
    },
  });
}

function addLift(api: Api, { world, blackouts, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/blackouts/:id/lift",
    config: { access: forRoles(blackouts.roles) },
    schema: {
      operationId: "liftBlackout",
      summary: summary({
        en: "Lift a blackout window before its last day",
        zh: "提前解除禁止窗口",
      }),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({ reason: textInput(1_000), dryRun: dryRunInput }),
      response: { 200: blackoutWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { reason: because, dryRun } = request.body;
      const key = keyOf(request, world.ids.sha256, { id, body: request.body });
      return answerOnce(replies, key, request, reply, async () => {
        const { actor } = principalIn(request);
        const lifted = await blackouts.lift(id, { actor, because }, { dryRun });
        if (isRefusal(lifted)) return lifted;
        return { status: 200, reply: wireBlackout(lifted, dryRun) };
      });
    },
  });
}
