// Reads about reminders. A borrower sees those of his own lines; what one would say and whether it would be sent is for
// staff.

import { z } from "zod";
import { reminderStates } from "../../../domain/reminder.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { forSignedIn, forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem } from "../problem.ts";
import { reached, rowScopeOf } from "../row-scope.ts";
import { idInput } from "../text-input.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { reminderPreviewWire, reminderWire, wirePreview, wireReminder } from "../wire/reminder.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["reminders"];

const remindersQuery = z.object({
  ...listQuery,
  ...orderQuery,
  lineId: idInput.optional(),
  customerId: idInput.optional(),
  state: z.enum(reminderStates).optional(),
});

const columns: readonly CsvColumn<z.output<typeof reminderWire>>[] = [
  column("提醒 ID", "Reminder id", (one) => one.id),
  column("授信 ID", "Line id", (one) => one.lineId),
  column("客户 ID", "Customer id", (one) => one.customerId),
  column("账单日", "Statement of", (one) => one.statementOn),
  column("到期还款日", "Due on", (one) => one.dueOn),
  column("提前天数", "Days before", (one) => one.daysBefore),
  column("最低还款额", "Least to pay", (one) => one.minimumDue),
  column("币种", "Currency", ({ minimumDue }) => minimumDue.currency),
  column("状态", "State", (one) => one.state),
  column("未发送原因", "Why it was not sent", (one) => one.because),
  column("计划时间", "Planned at", (one) => one.plannedAt),
  column("发送时间", "Sent at", (one) => one.sentAt),
  column("投递次数", "Attempts", ({ deliveries }) => deliveries.length),
];

/** Adds GET /v1/reminders, /v1/reminders/{id} and /v1/reminders/{id}/preview. */
export function addReminderRoutes(api: Api, dependencies: ServerDependencies): void {
  addLists(api, dependencies);
  addPreview(api, dependencies);
}

function addLists(api: Api, { world, settings }: ServerDependencies): void {
  const { reads } = world.store;
  api.route({
    method: "GET",
    url: "/v1/reminders",
    config: { access: forSignedIn },
    schema: {
      operationId: "listReminders",
      summary: summary({ en: "List reminders", zh: "还款提醒列表" }),
      tags,
      querystring: remindersQuery,
      response: { 200: listAnswer(reminderWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { lineId, customerId, state } = query;
      const { scope } = principalIn(request).actor;
      const filter = { ...given({ lineId, customerId, state }), ...rowScopeOf(scope) };
      const newestFirst = query.order === "newest";
      const page = async (asked: PageRequest) => {
        const { rows, next } = await reads.reminders({ ...asked, newestFirst }, filter);
        return { data: (await reached(reads, scope, rows)).map(wireReminder), next };
      };
      const listing = { name: "reminders", columns, page };
      return answerList(request, reply, query, listing, settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/reminders/:id",
    config: { access: forSignedIn },
    schema: {
      operationId: "readReminder",
      summary: summary({ en: "Read a reminder", zh: "查看还款提醒" }),
      tags,
      params: idParams,
      response: { 200: reminderWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const reminder = await reads.reminder(request.params.id);
      const found = reminder === null ? [] : [reminder];
      const [seen] = await reached(reads, principalIn(request).actor.scope, found);
      if (seen === undefined) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(seen.ver)).send(wireReminder(seen));
    },
  });
}

function addPreview(api: Api, { world, lineWatch }: ServerDependencies): void {
  const { reads } = world.store;
  api.route({
    method: "GET",
    url: "/v1/reminders/:id/preview",
    config: { access: forStaff },
    schema: {
      operationId: "previewReminder",
      summary: summary({
        en: "What a reminder says or would say now, and whether it would be sent; nothing is sent",
        zh: "提醒的内容（或现在将写成的内容）以及是否会发送；不会实际发送",
      }),
      tags,
      params: idParams,
      response: { 200: reminderPreviewWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const reminder = await reads.reminder(request.params.id);
      const found = reminder === null ? [] : [reminder];
      const [seen] = await reached(reads, principalIn(request).actor.scope, found);
      if (seen === undefined) return sendProblem(request, reply, "not-found");
      return reply.send(wirePreview(await lineWatch.reminder(seen)));
    },
  });
}
