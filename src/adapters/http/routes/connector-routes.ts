// Sources of external data: how each stands, what was asked of it and what that cost, and asking.

import { z } from "zod";
import { reachesPortfolio } from "../../../domain/actor.ts";
import { askOutcomes, dataPurposes } from "../../../domain/connector.ts";
import { isId } from "../../../domain/id.ts";
import { isRefusal, notFound } from "../../../domain/refusal.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { subjectNames } from "../../read-subject.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendRefusal } from "../problem.ts";
import { dateInput, textInput } from "../text-input.ts";
import {
  askedWire,
  askWire,
  connectorWire,
  costWire,
  wireAsk,
  wireAsked,
  wireConnector,
  wireCost,
} from "../wire/connector.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { dryRunInput } from "./blackout-routes.ts";
import { given } from "./line-routes.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["connectors"];
const sourceParams = z.object({ source: textInput(40) });

/** Adds GET /v1/connectors, /v1/connectors/{source} and its asks, POST there, and GET /v1/connector-costs. */
export function addConnectorRoutes(api: Api, dependencies: ServerDependencies): void {
  addStandings(api, dependencies);
  addAsks(api, dependencies);
  addAsk(api, dependencies);
}

function addStandings(api: Api, { connectors }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/connectors",
    config: { access: forStaff },
    schema: {
      operationId: "listConnectors",
      summary: summary({ en: "Sources and how they stand", zh: "外部数据来源及其状态" }),
      tags,
      response: { 200: z.object({ data: z.array(connectorWire) }), ...problemAnswers },
    },
    handler: async (_request, reply) =>
      reply.send({ data: (await connectors.standings()).map(wireConnector) }),
  });
  api.route({
    method: "GET",
    url: "/v1/connectors/:source",
    config: { access: forStaff },
    schema: {
      operationId: "readConnector",
      summary: summary({ en: "One source and how it stands", zh: "单个数据来源及其状态" }),
      tags,
      params: sourceParams,
      response: { 200: connectorWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const found = await connectors.standing(request.params.source);
      if (isRefusal(found)) return sendRefusal(request, reply, found);
      return reply.send(wireConnector(found));
    },
  });
  api.route({
    method: "GET",
    url: "/v1/connector-costs",
    config: { access: forStaff },
    schema: {
      operationId: "listConnectorCosts",
      summary: summary({ en: "Costs by day and source", zh: "按日、按来源的费用" }),
      tags,
      querystring: z.object({ from: dateInput.optional(), to: dateInput.optional() }),
      response: { 200: z.object({ data: z.array(costWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { from = null, to = null } = request.query;
      const found = await connectors.costs(from, to);
      if (isRefusal(found)) return sendRefusal(request, reply, found);
      return reply.send({ data: found.map(wireCost) });
    },
  });
}

const askColumns: readonly CsvColumn<z.output<typeof askWire>>[] = [
  column("查询 ID", "Ask id", (ask) => ask.id),
  column("来源", "Source", (ask) => ask.source),
  column("授信 ID", "Line id", (ask) => ask.lineId),
  column("目的", "Purpose", (ask) => ask.purpose),
  column("时间", "At", (ask) => ask.at),
  column("查询人", "By", (ask) => ask.by),
  column("结果", "Outcome", (ask) => ask.outcome),
  column("原因", "Because", (ask) => ask.because),
  column("请求数", "Calls", (ask) => ask.calls),
  column("币种", "Currency", (ask) => ask.cost.currency),
  column("费用", "Cost", (ask) => ask.cost),
  column("耗时（毫秒）", "Took (ms)", (ask) => ask.tookMs),
];

function addAsks(api: Api, { connectors, settings }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/connectors/:source/asks",
    config: { access: forStaff },
    schema: {
      operationId: "listConnectorAsks",
      summary: summary({ en: "What was asked of a source", zh: "数据来源的查询记录" }),
      tags,
      params: sourceParams,
      querystring: z.object({
        ...{ ...listQuery, ...orderQuery },
        outcome: z.enum(askOutcomes).optional(),
      }),
      response: { 200: listAnswer(askWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { order, outcome } = request.query;
      const filter = given({ source: request.params.source, outcome });
      const read = connectors.asks(principalIn(request).actor, filter);
      if (isRefusal(read)) return sendRefusal(request, reply, read);
      const page = async (asked: PageRequest) => {
        const { rows, next } = await read({ ...asked, newestFirst: order === "newest" });
        return { data: rows.map(wireAsk), next };
      };
      const listing = { name: "connector-asks", columns: askColumns, page };
      return answerList(request, reply, request.query, listing, settings.tableRows);
    },
  });
}

function addAsk(api: Api, { connectors, world, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/connectors/:source/asks",
    config: { access: forRoles(connectors.askRoles) },
    schema: {
      operationId: "askConnector",
      summary: summary({
        en: "Ask a source about the customer of a line",
        zh: "就授信客户查询数据来源",
      }),
      tags,
      params: sourceParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({
        line: textInput(200).describe(bilingual("Id or reference", "编号或授信号")),
        purpose: z.enum(dataPurposes),
        dryRun: dryRunInput,
      }),
      response: { 200: askedWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { source } = request.params;
      const { line: name, purpose, dryRun } = request.body;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { source, body: request.body });
      return answerOnce(replies, key, request, reply, async () => {
        const { reads } = world.store;
        const line = isId(name)
          ? await reads.line(name)
          : (await reads.lines({ after: null, limit: 1 }, { reference: name })).rows[0];
        if (!line || !reachesPortfolio(actor.scope, line.portfolio)) {
          return notFound(subjectNames.line, name);
        }
        const asked = await connectors.ask({ source, line, purpose, actor, dryRun });
        if (isRefusal(asked)) return asked;
        return { status: 200, reply: wireAsked(asked, actor, dryRun) };
      });
    },
  });
}
