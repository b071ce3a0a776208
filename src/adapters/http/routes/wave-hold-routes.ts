// How a wave stands with its customers, over the API: what they say, and holding its remaining notices and executions or
// letting them go on.

import { z } from "zod";
import { addMilliseconds } from "../../../domain/calendar.ts";
import { reachesPortfolio } from "../../../domain/actor.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendProblem } from "../problem.ts";
import { textInput } from "../text-input.ts";
import { waveWire, wireWave } from "../wire/hold.ts";
import { dryRunInput } from "./blackout-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["sweeps"];
const hourMs = 3_600_000;

/** Adds GET /v1/sweeps/{id}/wave and POST /v1/sweeps/{id}/hold-wave and /release-wave. */
export function addWaveHoldRoutes(api: Api, dependencies: ServerDependencies): void {
  const { waves, portfolio } = dependencies;
  api.route({
    method: "GET",
    url: "/v1/sweeps/:id/wave",
    config: { access: forStaff },
    schema: {
      operationId: "readWave",
      summary: summary({
        en: "How the wave of a sweep stands with its customers",
        zh: "查看扫描批次的投诉、咨询与暂停情况",
      }),
      tags,
      params: idParams,
      response: { 200: waveWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const sweep = await portfolio.sweeps.find(id);
      const { scope } = principalIn(request).actor;
      if (sweep === null || !reachesPortfolio(scope, sweep.portfolio)) {
        return sendProblem(request, reply, "not-found");
      }
      return reply.send(wireWave(id, await waves.standing(id), waves.thresholds));
    },
  });
  addHold(api, dependencies);
  addRelease(api, dependencies);
}

function addHold(api: Api, { waves, world, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/sweeps/:id/hold-wave",
    config: { access: forRoles(waves.holdRoles) },
    schema: {
      operationId: "holdWave",
      summary: summary({
        en: "Hold the wave of a sweep: its remaining notices and executions wait",
        zh: "暂停扫描的批次：剩余通知与执行不再进行",
      }),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({
        reason: textInput(1_000),
        hours: z
          .int()
          .min(1)
          .max(720)
          .default(168)
          .describe(bilingual("A hold always ends", "暂停必有截止时间")),
        dryRun: dryRunInput,
      }),
      response: { 200: waveWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { reason, hours, dryRun } = request.body;
      const key = keyOf(request, world.ids.sha256, { id, body: request.body });
      return answerOnce(replies, key, request, reply, async () => {
        const expiresAt = addMilliseconds(await world.clock.now(), hours * hourMs);
        const { actor } = principalIn(request);
        const pause = await waves.hold(id, { reason, expiresAt, actor }, { dryRun });
        if (isRefusal(pause)) return pause;
        const { echo } = await waves.standing(id);
        return { status: 200, reply: wireWave(id, { echo, pause }, waves.thresholds, dryRun) };
      });
    },
  });
}

function addRelease(api: Api, { waves, world, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/sweeps/:id/release-wave",
    config: { access: forRoles(waves.holdRoles) },
    schema: {
      operationId: "releaseWave",
      summary: summary({
        en: "Release a held wave; by another person than whoever held it or started the sweep",
        zh: "恢复已暂停的批次；须由暂停人与扫描发起人之外的人操作",
      }),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({ reason: textInput(1_000), dryRun: dryRunInput }),
      response: { 200: waveWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { reason: because, dryRun } = request.body;
      const key = keyOf(request, world.ids.sha256, { id, body: request.body });
      return answerOnce(replies, key, request, reply, async () => {
        const { actor } = principalIn(request);
        const released = await waves.release(id, { actor, because }, { dryRun });
        if (isRefusal(released)) return released;
        const { echo } = await waves.standing(id);
        const standing = { echo, pause: dryRun ? released : null };
        return { status: 200, reply: wireWave(id, standing, waves.thresholds, dryRun) };
      });
    },
  });
}
