// Experiments over the API: an analyst writes one down, somebody else approves it, and while it runs its arms can be watched.

import { z } from "zod";
import { isRefusal, type Refusal } from "../../../domain/refusal.ts";
import { reasonCodes, type ReasonCode } from "../../../domain/reason-code.ts";
import type { Role } from "../../../domain/actor.ts";
import type { Text } from "../../../domain/text.ts";
import { experimentStates, type Experiment } from "../../../portfolio/experiment-ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf, type Answer } from "../idempotency.ts";
import { sendProblem } from "../problem.ts";
import { textInput } from "../text-input.ts";
import { experimentWire, strategyChoiceInput, wireExperiment } from "../wire/experiment.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { dryRunQuery } from "./strategy-routes.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["experiments"];

const idInput = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/);
const reasonInput = textInput(2_000).describe(bilingual("Kept with the step", "随该步骤留存"));

/** Adds GET and POST /v1/experiments, GET one, and POST its approve, start and end. */
export function addExperimentRoutes(api: Api, dependencies: ServerDependencies): void {
  addReads(api, dependencies);
  addDraft(api, dependencies);
  for (const step of ["approve", "start", "end"] as const) addStep(api, dependencies, step);
}

const columns: readonly CsvColumn<z.output<typeof experimentWire>>[] = [
  column("实验", "Experiment", ({ id }) => id),
  column("决策领域", "Decision area", ({ area }) => area),
  column("状态", "State", ({ state }) => state),
  column("实验组", "Arms", ({ arms }) =>
    arms.map(({ name, shareBp }) => `${name} ${shareBp / 100}%`).join("; "),
  ),
  column("建立人", "Created by", ({ steps }) => steps[0]?.by),
  column("建立时间", "Created at", ({ steps }) => steps[0]?.at),
];

function addReads(api: Api, dependencies: ServerDependencies): void {
  const { portfolio, experiments, settings } = dependencies;
  api.route({
    method: "GET",
    url: "/v1/experiments",
    config: { access: forStaff },
    schema: {
      operationId: "listExperiments",
      summary: summary({ en: "List experiments, newest first", zh: "实验列表（由新到旧）" }),
      tags,
      querystring: z.object({
        format: listQuery.format,
        state: z.enum(experimentStates).optional(),
      }),
      response: { 200: listAnswer(experimentWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { state, format } = request.query;
      const page = async () => {
        const found = await portfolio.experiments.list();
        const chosen = found.filter((one) => one.state === (state ?? one.state));
        const viewed = await Promise.all(chosen.map(experiments.view));
        return { data: viewed.map(wireExperiment), next: null };
      };
      const listing = { name: "experiments", columns, page };
      return answerList(request, reply, { format, limit: 1 }, listing, settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/experiments/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readExperiment",
      summary: summary({
        en: "Read an experiment with what became of each arm",
        zh: "查看实验及各组情况",
      }),
      tags,
      params: z.object({ id: idInput }),
      response: { 200: experimentWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const found = await portfolio.experiments.find(request.params.id);
      if (found === null) return sendProblem(request, reply, "not-found");
      return reply.send(wireExperiment(await experiments.view(found)));
    },
  });
}

const draftBody = z.strictObject({
  id: idInput,
  arms: z
    .array(
      z.strictObject({
        name: idInput,
        strategy: strategyChoiceInput
          .nullable()
          .default(null)
          .describe(bilingual("None for the holdout", "留存对照组不填")),
        shareBp: z.int().min(1).max(10_000),
      }),
    )
    .min(1)
    .max(20)
    .describe(
      bilingual(
        "Shares sum to 10,000; one arm is named champion, at most one holdout",
        "份额合计 10,000；须有一组名为 champion，至多一组名为 holdout",
      ),
    ),
  shadows: z.array(strategyChoiceInput).max(5).default([]),
  actOn: z
    .array(z.enum(Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]]))
    .max(50)
    .default([]),
  reason: reasonInput.optional(),
});

function addDraft(api: Api, dependencies: ServerDependencies): void {
  const { world, experiments, replies } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/experiments",
    config: { access: forRoles(experiments.authorRoles) },
    schema: {
      operationId: "createExperiment",
      summary: summary({ en: "Write an experiment down as a draft", zh: "建立实验草稿" }),
      tags,
      headers: z.object(changeHeaders),
      querystring: dryRunQuery,
      body: draftBody,
      response: { 200: experimentWire, 201: experimentWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const { reason = null, ...draft } = body;
      const dryRun = request.query.dryRun === "true";
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { body, dryRun });
      return answerOnce(replies, key, request, reply, async () => {
        const created = await experiments.create(draft, actor, { reason, dryRun });
        return answer(dependencies, created, dryRun ? 200 : 201);
      });
    },
  });
}

type Step = Readonly<{ roles: "approverRoles" | "runnerRoles"; text: Text }>;

const steps = {
  approve: {
    roles: "approverRoles",
    text: { en: "Approve an experiment; its author may not", zh: "批准实验（建立人不得批准）" },
  },
  start: {
    roles: "runnerRoles",
    text: { en: "Start an approved experiment", zh: "启动已批准的实验" },
  },
  end: {
    roles: "runnerRoles",
    text: { en: "End an experiment", zh: "结束实验" },
  },
} as const satisfies Readonly<Record<string, Step>>;

function addStep(api: Api, dependencies: ServerDependencies, step: keyof typeof steps): void {
  const { world, experiments, replies } = dependencies;
  const { roles, text } = steps[step];
  const allowed: readonly Role[] = experiments[roles];
  api.route({
    method: "POST",
    url: `/v1/experiments/:id/${step}`,
    config: { access: forRoles(allowed) },
    schema: {
      operationId: `${step}Experiment`,
      summary: summary(text),
      tags,
      params: z.object({ id: idInput }),
      headers: z.object(changeHeaders),
      querystring: dryRunQuery,
      body: z.strictObject({ reason: reasonInput.optional() }),
      response: { 200: experimentWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { reason = null } = request.body;
      const dryRun = request.query.dryRun === "true";
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { id, step, reason, dryRun });
      return answerOnce(replies, key, request, reply, async () =>
        answer(dependencies, await experiments[step](id, actor, { reason, dryRun }), 200),
      );
    },
  });
}

async function answer(
  { experiments }: ServerDependencies,
  done: Experiment | Refusal,
  status: number,
): Promise<Answer | Refusal> {
  return isRefusal(done) ? done : { status, reply: wireExperiment(await experiments.view(done)) };
}
