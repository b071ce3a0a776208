// Reads about decisions: what was decided, why in full, and the same decision made again. A borrower sees
// his own decisions from the moment he was given notice; the full explanation and the replay are for staff.

import { z } from "zod";
import type { Scope } from "../../../domain/actor.ts";
import { actions } from "../../../domain/assessment.ts";
import { addDays } from "../../../domain/calendar.ts";
import { decisionStates, type Decision } from "../../../domain/decision.ts";
import type { Id } from "../../../domain/id.ts";
import { reasonCodes, type ReasonCode } from "../../../domain/reason-code.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import { portfolioRefusal } from "../../../domain/known-portfolio.ts";
import type { PageRequest, Reads } from "../../../flow/ports.ts";
import { forSignedIn, forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { reached, rowScopeOf, withinPortfolio } from "../row-scope.ts";
import { dateInput, idInput, textInput } from "../text-input.ts";
import { toldReplay, withheldFacts } from "../withheld.ts";
import {
  decisionWire,
  wireDecision,
  wireDecisionForBorrower,
  type DecisionWire,
} from "../wire/decision.ts";
import { withWireMoney } from "../wire/money.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { idWire } from "../wire/text.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["decisions"];

const decisionsQuery = z.object({
  ...listQuery,
  ...orderQuery,
  lineId: idInput.optional(),
  customerId: idInput.optional(),
  portfolio: textInput(200).optional(),
  state: z.enum(decisionStates).optional(),
  action: z
    .enum(actions)
    .optional()
    .describe(bilingual("Of the outcome in force", "当前生效结果的处置方式")),
  reason: z
    .enum(Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]])
    .optional()
    .describe(bilingual("A principal reason of it", "其主要理由之一")),
  segment: textInput(200).optional(),
  experiment: textInput(40).optional().describe(bilingual("Made under it", "所属实验")),
  arm: textInput(40).optional().describe(bilingual("Arm of the experiment", "实验组")),
  madeFrom: dateInput.optional().describe(bilingual("Made on this day or later", "该日及之后作出")),
  madeTo: dateInput.optional().describe(bilingual("Made on this day or before", "该日及之前作出")),
  causeId: idInput
    .optional()
    .describe(bilingual("The sweep or signal that led to it", "引发该决定的扫描或信号")),
});

/** Adds GET /v1/decisions, /v1/decisions/{id}, …/explanation and …/replay. */
export function addDecisionRoutes(api: Api, dependencies: ServerDependencies): void {
  addList(api, dependencies);
  addSingle(api, dependencies);
  addExplanation(api, dependencies);
  addReplay(api, dependencies);
}

const columns: readonly CsvColumn<DecisionWire>[] = [
  column("决定 ID", "Decision id", (decision) => decision.id),
  column("授信 ID", "Line id", (decision) => decision.lineId),
  column("客户 ID", "Customer id", (decision) => decision.customerId),
  column("状态", "State", (decision) => decision.state),
  column("处置", "Action", (decision) => decision.outcome.action),
  column("币种", "Currency", (decision) => decision.outcome.from?.currency),
  column("调整前额度", "Limit before", (decision) => decision.outcome.from),
  column("调整后额度", "Limit after", (decision) => decision.outcome.to),
  column("理由代码", "Reason codes", ({ reasons }) => reasons.map(({ code }) => code).join(" ")),
  column("理由", "Reasons", ({ reasons }) => reasons.map(({ text }) => text).join("; ")),
  column("客群", "Segment", (decision) => decision.assessment?.segment),
  column("策略", "Strategy", (decision) => decision.strategy.id),
  column("版本", "Version", (decision) => decision.strategy.version),
  column("实验", "Experiment", (decision) => decision.arm?.experiment),
  column("实验组", "Arm", (decision) => decision.arm?.arm),
  column("数据日期", "As of", (decision) => decision.asOf),
  column("作出时间", "Made at", (decision) => decision.madeAt),
  column("发起人", "Started by", (decision) => decision.maker),
  column("最早生效日", "Effective on", (decision) => decision.effectiveOn),
  column("终止原因", "Ended because", (decision) => decision.endedBecause),
];

function addList(api: Api, dependencies: ServerDependencies): void {
  const { reads, strategies } = dependencies.world.store;
  api.route({
    method: "GET",
    url: "/v1/decisions",
    config: { access: forSignedIn },
    schema: {
      operationId: "listDecisions",
      summary: summary({ en: "List decisions", zh: "决定列表" }),
      tags,
      querystring: decisionsQuery,
      response: { 200: listAnswer(decisionWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query, language } = request;
      const { actor } = principalIn(request);
      const refused = await portfolioRefusal(reads.portfolios, query.portfolio, actor.scope);
      if (refused !== null) return sendRefusal(request, reply, refused);
      const scope = withinPortfolio(actor.scope, query.portfolio);
      const inside = query.reason ?? query.segment ?? query.experiment ?? query.arm;
      if (scope.kind === "own" && inside !== undefined) {
        return sendProblem(request, reply, "forbidden");
      }
      const withheld = await withheldFacts(actor, strategies);
      const filter = { ...filterOf(dependencies, query), ...rowScopeOf(scope) };
      const newestFirst = query.order === "newest";
      const page = async (asked: PageRequest) => {
        const { rows, next } = await reads.decisions({ ...asked, newestFirst }, filter);
        const seen = (await reached(reads, scope, rows)).filter((decision) =>
          isTold(decision, scope),
        );
        const data = seen.map((decision) =>
          scope.kind === "own"
            ? wireDecisionForBorrower(decision, language)
            : wireDecision(decision, language, withheld),
        );
        return { data, next };
      };
      const listing = { name: "decisions", columns, page };
      return answerList(request, reply, query, listing, dependencies.settings.tableRows);
    },
  });
}

/** Days are business days of the lender. */
function filterOf(
  { world }: ServerDependencies,
  query: z.output<typeof decisionsQuery>,
): Parameters<Reads["decisions"]>[1] {
  const { lineId, customerId, state, causeId, action, reason, segment } = query;
  const { experiment, arm, madeFrom, madeTo } = query;
  return given({
    ...{ lineId, customerId, state, causeId, action, reason, segment, experiment, arm },
    madeFrom: madeFrom === undefined ? undefined : world.clock.startOf(madeFrom),
    madeBefore: madeTo === undefined ? undefined : world.clock.startOf(addDays(madeTo, 1)),
  });
}

function addSingle(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/decisions/:id",
    config: { access: forSignedIn },
    schema: {
      operationId: "readDecision",
      summary: summary({ en: "Read a decision", zh: "查看决定" }),
      tags,
      params: idParams,
      response: { 200: decisionWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const { scope } = actor;
      const { strategies } = dependencies.world.store;
      const decision = await decisionInScope(dependencies, request.params.id, scope);
      if (decision === null) return sendProblem(request, reply, "not-found");
      const body =
        scope.kind === "own"
          ? wireDecisionForBorrower(decision, request.language)
          : wireDecision(decision, request.language, await withheldFacts(actor, strategies));
      return reply.header("etag", entityTag(decision.ver)).send(body);
    },
  });
}

function addExplanation(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/decisions/:id/explanation",
    config: { access: forStaff },
    schema: {
      operationId: "explainDecision",
      summary: summary({
        en: "Why: facts, points, rows hit, limit arithmetic, guards, the way back",
        zh: "依据说明：事实、分值、命中规则、额度计算、护栏、改善途径",
      }),
      tags,
      params: idParams,
      response: {
        200: z
          .record(z.string(), z.unknown())
          .describe(bilingual("In the language of the request", "使用请求的语言")),
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const decision = await decisionInScope(dependencies, request.params.id, actor.scope);
      if (decision === null) return sendProblem(request, reply, "not-found");
      const withheld = await withheldFacts(actor, dependencies.world.store.strategies);
      const explanation = await dependencies.explain(decision.id, request.language, withheld);
      if (explanation === null) return sendProblem(request, reply, "not-found");
      if (isRefusal(explanation)) return sendRefusal(request, reply, explanation);
      const { currency } = decision.record.assessment;
      return reply.send(withWireMoney(explanation, currency) as Record<string, unknown>);
    },
  });
}

const replayWire = z
  .object({
    decisionId: idWire,
    equal: z
      .boolean()
      .describe(bilingual("Byte equality of the two full records", "两份完整记录是否逐字节相同")),
    at: z
      .int()
      .nullable()
      .describe(
        bilingual(
          "First character that differs in the texts told",
          "所示文本中第一个不同的字符位置",
        ),
      ),
    stored: z
      .string()
      .describe(
        bilingual(
          'Canonical JSON of the record, as stored, with "withheld" for facts that this reader is not told',
          '已存记录的规范 JSON；不向该读者展示的事实以 "withheld" 代替',
        ),
      ),
    replayed: z
      .string()
      .describe(
        bilingual("Canonical JSON of the record, as made again", "重放所得记录的规范 JSON"),
      ),
  })
  .meta({ id: "Replay" });

function addReplay(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/decisions/:id/replay",
    config: { access: forStaff },
    schema: {
      operationId: "replayDecision",
      summary: summary({ en: "Make a decision again and compare", zh: "重放决定并比对" }),
      tags,
      params: idParams,
      response: { 200: replayWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const decision = await decisionInScope(dependencies, request.params.id, actor.scope);
      const replay = decision === null ? null : await dependencies.replay(decision.id);
      if (replay === null) return sendProblem(request, reply, "not-found");
      if (isRefusal(replay)) return sendRefusal(request, reply, replay);
      const withheld = await withheldFacts(actor, dependencies.world.store.strategies);
      return reply.send({ ...toldReplay(replay, withheld) });
    },
  });
}

/** A borrower learns of a decision by its notice, never before. */
function isTold(decision: Decision, scope: Scope): boolean {
  return scope.kind !== "own" || decision.noticeId !== null;
}

/** The decision, or null when it does not exist, lies outside the scope or was not told yet. */
export async function decisionInScope(
  { world }: ServerDependencies,
  id: Id,
  scope: Scope,
): Promise<Decision | null> {
  const decision = await world.store.reads.decision(id);
  if (decision === null || !isTold(decision, scope)) return null;
  const [seen] = await reached(world.store.reads, scope, [decision]);
  return seen ?? null;
}
