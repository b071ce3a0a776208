// Strategies over the API: an analyst adds a checked draft, an approver who did not write it brings exactly
// that document into force.

import { z } from "zod";
import { isRefusal } from "../../../domain/refusal.ts";
import type { Language } from "../../../domain/text.ts";
import type { Problem as StrategyProblem } from "../../../policy/problem.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf, type NoAnswer } from "../idempotency.ts";
import { entityTag, preconditionOf } from "../precondition.ts";
import { sendProblem } from "../problem.ts";
import {
  strategySummaryWire,
  strategyWire,
  wireStrategy,
  wireStrategySummary,
} from "../wire/strategy.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["strategies"];

const strategyIdInput = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

const versionParams = z.object({
  id: strategyIdInput,
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number),
});

const dryRunQuery = z.object({
  dryRun: z.enum(["true", "false"]).default("false").describe(bilingual("Check only", "只检查")),
});

/** Adds GET and POST /v1/strategies, GET one version and POST its approval. */
export function addStrategyRoutes(api: Api, dependencies: ServerDependencies): void {
  addReads(api, dependencies);
  addDraft(api, dependencies);
  addApproval(api, dependencies);
}

const columns: readonly CsvColumn<z.output<typeof strategySummaryWire>>[] = [
  column("策略", "Strategy", (strategy) => strategy.id),
  column("版本", "Version", (strategy) => strategy.version),
  column("状态", "State", (strategy) => strategy.state),
  column("作者", "Author", (strategy) => strategy.author),
  column("批准人", "Approved by", (strategy) => strategy.approvedBy),
  column("提交时间", "Added at", (strategy) => strategy.addedAt),
  column("哈希", "Hash", (strategy) => strategy.hash),
];

function addReads(api: Api, { world, settings }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/strategies",
    config: { access: forStaff },
    schema: {
      operationId: "listStrategies",
      summary: summary({ en: "List strategy versions", zh: "策略版本列表" }),
      tags,
      querystring: z.object({
        format: listQuery.format,
        id: strategyIdInput.optional(),
        state: z.enum(["draft", "active", "retired"]).optional(),
      }),
      response: { 200: listAnswer(strategySummaryWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, state, format } = request.query;
      const page = async () => {
        const stored = await world.store.strategies.list();
        const data = stored
          .filter((one) => one.id === (id ?? one.id) && one.state === (state ?? one.state))
          .map(wireStrategySummary);
        return { data, next: null };
      };
      const listing = { name: "strategies", columns, page };
      return answerList(request, reply, { format, limit: 1 }, listing, settings.tableRows);
    },
  });
  for (const { url, operationId } of versionAddresses) addVersion(api, world, url, operationId);
}

/** One document under two addresses: that of its approval, and that of the list of its versions. */
const versionAddresses = [
  { url: "/v1/strategies/:id/:version", operationId: "readStrategy" },
  { url: "/v1/strategies/:id/versions/:version", operationId: "readStrategyVersion" },
] as const;

function addVersion(
  api: Api,
  world: ServerDependencies["world"],
  url: string,
  operationId: string,
): void {
  api.route({
    method: "GET",
    url,
    config: { access: forStaff },
    schema: {
      operationId,
      summary: summary({ en: "Read a strategy version", zh: "查看策略版本" }),
      tags,
      params: versionParams,
      response: { 200: strategyWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const strategy = await world.store.strategies.find(id, version);
      if (strategy === null) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(strategy.hash)).send(wireStrategy(strategy));
    },
  });
}

function addDraft(api: Api, dependencies: ServerDependencies): void {
  const { world, strategies, replies, settings } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/strategies",
    bodyLimit: settings.documentLimitBytes,
    config: { access: forRoles(strategies.authorRoles) },
    schema: {
      operationId: "addStrategy",
      summary: summary({ en: "Add a strategy draft", zh: "提交策略草稿" }),
      tags,
      headers: z.object(changeHeaders),
      querystring: dryRunQuery,
      body: z
        .record(z.string(), z.unknown())
        .describe(bilingual("The strategy document", "策略文档")),
      response: { 200: strategySummaryWire, 201: strategySummaryWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const dryRun = request.query.dryRun === "true";
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, {
        body: request.body,
        dryRun,
      });
      return answerOnce(replies, key, request, reply, async () => {
        const added = await strategies.add(request.body, actor, { dryRun });
        if (isRefusal(added)) return added;
        if ("problems" in added) return faulty(added.problems, request.language);
        const status = added.was === "added" ? 201 : 200;
        return { status, reply: wireStrategySummary(added.strategy) };
      });
    },
  });
}

/** A document with problems was understood and refused: each problem keeps its own pointer. */
function faulty(problems: readonly StrategyProblem[], language: Language): NoAnswer {
  const count = problems.length;
  return {
    problem: "invalid",
    parts: {
      detail: {
        en: `Cannot add strategy: found ${count} problems, expected none`,
        zh: `无法提交策略：发现 ${count} 个问题`,
      },
      errors: problems.map(({ path, message }) => ({
        in: "body",
        pointer: path,
        detail: message[language],
      })),
    },
  };
}

function addApproval(api: Api, { world, strategies, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/strategies/:id/:version/approve",
    config: { access: forRoles(strategies.approverRoles) },
    schema: {
      operationId: "approveStrategy",
      summary: summary({ en: "Bring a strategy version into force", zh: "批准策略版本生效" }),
      tags,
      params: versionParams,
      headers: z.object({
        ...changeHeaders,
        "if-match": z
          .string()
          .max(200)
          .optional()
          .describe(bilingual("Hash of the document looked at", "所查看文档的哈希")),
      }),
      querystring: dryRunQuery,
      body: z.strictObject({
        signOff: z
          .array(z.string().max(200))
          .max(200)
          .optional()
          .describe(
            bilingual("Undecided laws that the approver answers for", "批准人具名承担的未决定律"),
          ),
      }),
      response: { 200: strategySummaryWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const { signOff = [] } = request.body;
      const dryRun = request.query.dryRun === "true";
      const precondition = preconditionOf(request.headers["if-match"]);
      if (precondition.kind === "unreadable") return sendProblem(request, reply, "malformed");
      const hash = precondition.kind === "tag" ? precondition.tag : null;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { id, version, hash, signOff, dryRun });
      return answerOnce(replies, key, request, reply, async () => {
        const approved = await strategies.approve(id, version, actor, hash, { dryRun, signOff });
        if (!isRefusal(approved)) return { status: 200, reply: wireStrategySummary(approved) };
        const stale = hash !== null && approved.refused === "stale-approval";
        const parts = { detail: approved.detail };
        return stale ? { problem: "version-changed", parts } : approved;
      });
    },
  });
}
