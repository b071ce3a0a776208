// The steps of a strategy version besides adding and approving it, the account of all of them (who, when, why), and what
// changed since another version.

import { z } from "zod";
import { isRefusal } from "../../../domain/refusal.ts";
import type { Text } from "../../../domain/text.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { textInput } from "../text-input.ts";
import {
  strategyChangeWire,
  strategyStepWire,
  strategySummaryWire,
  wireStrategyStep,
  wireStrategySummary,
} from "../wire/strategy.ts";
import { dryRunQuery, strategyIdInput, strategyTags, versionParams } from "./strategy-routes.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const reasonInput = textInput(2_000).describe(bilingual("Kept with the step", "随该步骤留存"));

const steps = {
  submit: {
    roles: "authorRoles",
    body: z.strictObject({ reason: reasonInput.optional() }),
    text: { en: "Submit a strategy draft for approval", zh: "提交策略草稿待批准" },
  },
  retire: {
    roles: "approverRoles",
    body: z.strictObject({ reason: reasonInput }),
    text: { en: "Retire a strategy version", zh: "停用策略版本" },
  },
  restore: {
    roles: "authorRoles",
    body: z.strictObject({ reason: reasonInput }),
    text: {
      en: "Make a new version with the contents of a retired one, submitted for approval",
      zh: "以已停用版本的内容建立新版本并提交批准",
    },
  },
} as const satisfies Readonly<Record<string, Readonly<{ text: Text; [part: string]: unknown }>>>;

/** Adds POST …/submit, …/retire and …/restore of a version, GET …/diff, and GET /v1/strategies/{id}/history. */
export function addStrategyStepRoutes(api: Api, dependencies: ServerDependencies): void {
  for (const step of ["submit", "retire", "restore"] as const) addStep(api, dependencies, step);
  addHistory(api, dependencies);
  addDiff(api, dependencies);
}

function addStep(
  api: Api,
  { world, strategies, replies }: ServerDependencies,
  step: keyof typeof steps,
): void {
  const { roles, body, text } = steps[step];
  api.route({
    method: "POST",
    url: `/v1/strategies/:id/:version/${step}`,
    config: { access: forRoles(strategies[roles]) },
    schema: {
      operationId: `${step}Strategy`,
      summary: summary(text),
      tags: strategyTags,
      params: versionParams,
      headers: z.object(changeHeaders),
      querystring: dryRunQuery,
      body,
      response: { 200: strategySummaryWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const { reason = null } = request.body;
      const dryRun = request.query.dryRun === "true";
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { id, version, reason, dryRun });
      return answerOnce(replies, key, request, reply, async () => {
        const done = await strategies[step](id, version, actor, { reason, dryRun });
        return isRefusal(done) ? done : { status: 200, reply: wireStrategySummary(done) };
      });
    },
  });
}

function addHistory(api: Api, { world }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/strategies/:id/history",
    config: { access: forStaff },
    schema: {
      operationId: "readStrategyHistory",
      summary: summary({
        en: "Every step of every version: who, when, why",
        zh: "各版本的全部步骤：何人、何时、何故",
      }),
      tags: strategyTags,
      params: z.object({ id: strategyIdInput }),
      response: { 200: z.object({ data: z.array(strategyStepWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const found = await world.store.strategies.history(request.params.id);
      if (found.length === 0) return sendProblem(request, reply, "not-found");
      return reply.send({ data: found.map(wireStrategyStep) });
    },
  });
}

function addDiff(api: Api, { strategies }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/strategies/:id/:version/diff",
    config: { access: forStaff },
    schema: {
      operationId: "diffStrategy",
      summary: summary({
        en: "What changed since another version, in words",
        zh: "相对另一版本的变化（文字说明）",
      }),
      tags: strategyTags,
      params: versionParams,
      querystring: z.object({
        since: versionParams.shape.version.describe(bilingual("The other version", "对比的版本")),
      }),
      response: { 200: z.object({ data: z.array(strategyChangeWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const found = await strategies.diff(id, request.query.since, version);
      if (isRefusal(found)) return sendRefusal(request, reply, found);
      return reply.send({ data: [...found] });
    },
  });
}
