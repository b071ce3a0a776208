// Reads about alerts, for staff. Taking and closing are commands of the pipeline.

import { z } from "zod";
import { roles } from "../../../domain/actor.ts";
import { alertKinds, alertStates } from "../../../domain/alert.ts";
import { severities } from "../../../domain/severity.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem } from "../problem.ts";
import { reached, rowScopeOf } from "../row-scope.ts";
import { idInput, textInput } from "../text-input.ts";
import { alertCountWire, alertWire, wireAlert, wireAlertCount } from "../wire/alert.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["alerts"];

const alertsQuery = z.object({
  ...listQuery,
  ...orderQuery,
  lineId: idInput.optional(),
  customerId: idInput.optional(),
  kind: z.enum(alertKinds).optional(),
  state: z.enum(alertStates).optional(),
  role: z.enum(roles).optional(),
  severity: z.enum(severities).optional(),
  owner: textInput(200).optional(),
  overdue: z
    .literal("true")
    .optional()
    .describe(bilingual("Neither closed nor in time", "已超期且未关闭")),
});

const columns: readonly CsvColumn<z.output<typeof alertWire>>[] = [
  column("预警 ID", "Alert id", (alert) => alert.id),
  column("授信 ID", "Line id", (alert) => alert.lineId),
  column("客户 ID", "Customer id", (alert) => alert.customerId),
  column("类别", "Kind", (alert) => alert.kind),
  column("严重程度", "Severity", (alert) => alert.severity),
  column("状态", "State", (alert) => alert.state),
  column("归属角色", "Role", (alert) => alert.role),
  column("负责人", "Owner", (alert) => alert.owner),
  column("产生时间", "Raised at", (alert) => alert.raisedAt),
  column("期限", "Due at", (alert) => alert.dueAt),
  column("上报时间", "Passed up at", (alert) => alert.escalatedAt),
  column("关闭时间", "Closed at", (alert) => alert.closedAt),
  column("核查结论", "Finding", (alert) => alert.finding),
];

/** Adds GET /v1/alerts, /v1/alerts/{id} and /v1/alert-statistics. */
export function addAlertRoutes(api: Api, { world, settings }: ServerDependencies): void {
  const { reads } = world.store;
  api.route({
    method: "GET",
    url: "/v1/alerts",
    config: { access: forStaff },
    schema: {
      operationId: "listAlerts",
      summary: summary({ en: "List alerts", zh: "预警列表" }),
      tags,
      querystring: alertsQuery,
      response: { 200: listAnswer(alertWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { lineId, customerId, kind, state, role, severity, owner, overdue } = query;
      const { scope } = principalIn(request).actor;
      const filter = {
        ...given({ lineId, customerId, kind, state, role, severity, owner }),
        ...(overdue === undefined ? {} : { overdueAt: await world.clock.now() }),
        ...rowScopeOf(scope),
      };
      const newestFirst = query.order === "newest";
      const page = async (asked: PageRequest) => {
        const { rows, next } = await reads.alerts({ ...asked, newestFirst }, filter);
        return { data: (await reached(reads, scope, rows)).map(wireAlert), next };
      };
      const listing = { name: "alerts", columns, page };
      return answerList(request, reply, query, listing, settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/alerts/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readAlert",
      summary: summary({ en: "Read an alert", zh: "查看预警" }),
      tags,
      params: idParams,
      response: { 200: alertWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { scope } = principalIn(request).actor;
      const alert = await reads.alert(request.params.id);
      const [seen] = await reached(reads, scope, alert === null ? [] : [alert]);
      if (seen === undefined) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(seen.ver)).send(wireAlert(seen));
    },
  });
  api.route({
    method: "GET",
    url: "/v1/alert-statistics",
    config: { access: forStaff },
    schema: {
      operationId: "readAlertStatistics",
      summary: summary({
        en: "How many alerts were raised by kind and look, and how many had something to them",
        zh: "按类别与观察项统计的预警数量与属实比例",
      }),
      tags,
      response: { 200: z.object({ data: z.array(alertCountWire) }), ...problemAnswers },
    },
    handler: async (request) => {
      const counts = await reads.alertCounts(rowScopeOf(principalIn(request).actor.scope));
      return { data: counts.map(wireAlertCount) };
    },
  });
}
