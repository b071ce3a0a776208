// A sweep before and while it runs: what it would do, with examples, and holding it, letting it go on or ending it.

import { z } from "zod";
import { isRefusal } from "../../../domain/refusal.ts";
import { forRoles, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendRefusal } from "../problem.ts";
import { sweepWire } from "../wire/sweep.ts";
import { capRefusal, currencyOfActive, startFields, wiredSweep } from "./sweep-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bestProposals, previewWire, wiredPreview } from "./sweep-preview.ts";

const tags = ["sweeps"];

/** Adds POST /v1/sweeps/preview and …/{id}/pause, resume and cancel. */
export function addSweepControlRoutes(api: Api, dependencies: ServerDependencies): void {
  addPreview(api, dependencies);
  for (const control of ["pause", "resume", "cancel"] as const) {
    addControl(api, dependencies, control);
  }
}

function addPreview(api: Api, dependencies: ServerDependencies): void {
  const { sweeps } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/sweeps/preview",
    config: { access: forRoles(sweeps.roles) },
    schema: {
      operationId: "previewSweep",
      summary: summary({
        en: "What a sweep would do, with examples; nothing is stored",
        zh: "预览扫描结果及示例，不保存",
      }),
      tags,
      body: z.strictObject(startFields),
      response: { 200: previewWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { strategy, asOf, portfolio = null, dailyCap, shadows } = request.body;
      const currency = await currencyOfActive(dependencies, strategy);
      const mismatch = capRefusal(dailyCap, currency);
      if (mismatch !== null) return sendRefusal(request, reply, mismatch);
      const best = bestProposals();
      const { actor } = principalIn(request);
      const dailyCapMinor = dailyCap?.amountMinor ?? null;
      const asked = { strategyId: strategy, asOf, portfolio, dailyCapMinor, shadows, actor };
      const sweep = await sweeps.preview(asked, best.add);
      if (isRefusal(sweep)) return sendRefusal(request, reply, sweep);
      return reply.send(await wiredPreview(dependencies, sweep, best.list(), request.language));
    },
  });
}

const controls = {
  pause: { en: "Hold a sweep", zh: "暂停扫描" },
  resume: { en: "Let a paused sweep go on", zh: "恢复已暂停的扫描" },
  cancel: {
    en: "End a sweep; decisions already made stay",
    zh: "取消扫描；已作出的决定不受影响",
  },
} as const;

function addControl(
  api: Api,
  dependencies: ServerDependencies,
  control: keyof typeof controls,
): void {
  const { sweeps, world, replies } = dependencies;
  api.route({
    method: "POST",
    url: `/v1/sweeps/:id/${control}`,
    config: { access: forRoles(sweeps.roles) },
    schema: {
      operationId: `${control}Sweep`,
      summary: summary(controls[control]),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({}),
      response: { 200: sweepWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { id, control });
      return answerOnce(replies, key, request, reply, async () => {
        const sweep = await sweeps[control](id, actor);
        if (isRefusal(sweep)) return sweep;
        if (control === "resume") sweeps.run(id);
        return { status: 200, reply: await wiredSweep(dependencies, sweep) };
      });
    },
  });
}
