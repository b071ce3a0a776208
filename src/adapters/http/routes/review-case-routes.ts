// Reads about review cases, for staff only: who must agree to what, and who did.

import { z } from "zod";
import type { Actor } from "../../../domain/actor.ts";
import { reviewPriorities, reviewQueues } from "../../../domain/review-case.ts";
import { portfolioRefusal } from "../../../domain/known-portfolio.ts";
import type { PageRequest, Reads } from "../../../flow/ports.ts";
import { forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { reached, rowScopeOf, withinPortfolio } from "../row-scope.ts";
import { idInput, textInput } from "../text-input.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { reviewCaseWire, wireReviewCase } from "../wire/review-case.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["review-cases"];

const desks = ["mine", "queues", "asked"] as const;

const truth = z.enum(["true", "false"]).optional();

const reviewCasesQuery = z.object({
  ...listQuery,
  ...orderQuery,
  state: z.enum(["open", "resolved"]).optional(),
  overdue: truth.describe(bilingual("true: open and overdue", "true 表示待办且已逾期")),
  desk: z
    .enum(desks)
    .optional()
    .describe(
      bilingual(
        "What is open. mine: in my hands · queues: I could decide them (role, skills, authority), nobody else works on them, and I neither made nor touched them · asked: my opinion was asked for",
        "待办件。mine：由我办理；queues：我的角色、技能与权限可办理，无人领取，且非我经办或处理过；asked：征询我的意见",
      ),
    ),
  appeals: truth.describe(
    bilingual("true: appeals only · false: none", "true 仅申诉；false 不含申诉"),
  ),
  priority: z.enum(reviewPriorities).optional(),
  skill: textInput(32).optional(),
  assignedTo: textInput(100).optional(),
  lineId: idInput.optional(),
  customerId: idInput.optional(),
  portfolio: textInput(200).optional(),
  queue: z.enum(reviewQueues).optional(),
  decisionId: idInput.optional(),
  causeId: idInput
    .optional()
    .describe(bilingual("The sweep or signal that led to the decision", "引发该决定的扫描或信号")),
});

const columns: readonly CsvColumn<z.output<typeof reviewCaseWire>>[] = [
  column("复核件 ID", "Review case id", (review) => review.id),
  column("决定 ID", "Decision id", (review) => review.decisionId),
  column("授信 ID", "Line id", (review) => review.lineId),
  column("客户 ID", "Customer id", (review) => review.customerId),
  column("路径", "Route", (review) => review.route),
  column("队列", "Queue", (review) => review.queue),
  column("技能", "Skills", (review) => review.skills.join(" ")),
  column("优先级", "Priority", (review) => review.priority),
  column("申诉事由", "Ground of appeal", (review) => review.appeal?.ground),
  column("影响金额", "Impact", (review) => review.impact),
  column("状态", "State", (review) => review.state),
  column("开立时间", "Opened at", (review) => review.openedAt),
  column("应办时间", "Due at", (review) => review.dueAt),
  column("升级时间", "Passed up at", (review) => review.escalatedAt),
  column("办理人", "Assigned to", (review) => review.assignedTo),
  column("暂缓至", "Snoozed until", (review) => review.snooze?.until),
  column("所需批准数", "Approvals needed", (review) => review.approvalsNeeded),
  column("已批准数", "Approvals", (review) => review.approvals.length),
  column("结论", "Resolution", (review) => review.resolution),
  column("办结人", "Resolved by", (review) => review.resolvedBy),
  column("办结时间", "Resolved at", (review) => review.resolvedAt),
  column("备注", "Note", (review) => review.note),
];

/** Adds GET /v1/review-cases and /v1/review-cases/{id}. */
export function addReviewCaseRoutes(api: Api, dependencies: ServerDependencies): void {
  const { reads } = dependencies.world.store;
  api.route({
    method: "GET",
    url: "/v1/review-cases",
    config: { access: forStaff },
    schema: {
      operationId: "listReviewCases",
      summary: summary({ en: "List review cases", zh: "复核件列表" }),
      tags,
      querystring: reviewCasesQuery,
      response: { 200: listAnswer(reviewCaseWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { actor } = principalIn(request);
      const refused = await portfolioRefusal(reads.portfolios, query.portfolio, actor.scope);
      if (refused !== null) return sendRefusal(request, reply, refused);
      const scope = withinPortfolio(actor.scope, query.portfolio);
      const now = await dependencies.world.clock.now();
      const { state, queue, decisionId, causeId, lineId, customerId } = query;
      const { priority, skill, assignedTo } = query;
      const filter = {
        ...given({ state, queue, decisionId, causeId, lineId, customerId }),
        ...given({ priority, skill, assignedTo }),
        ...(query.overdue === "true" ? { overdueAt: now } : {}),
        ...(query.appeals === undefined ? {} : { appeals: query.appeals === "true" }),
        ...(query.desk === undefined ? {} : deskFilter(query.desk, actor)),
        ...rowScopeOf(scope),
      };
      const newestFirst = query.order === "newest";
      const page = async (asked: PageRequest) => {
        const { rows, next } = await reads.reviews({ ...asked, newestFirst }, filter);
        return { data: (await reached(reads, scope, rows)).map(wireReviewCase), next };
      };
      const listing = { name: "review-cases", columns, page };
      return answerList(request, reply, query, listing, dependencies.settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/review-cases/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readReviewCase",
      summary: summary({ en: "Read a review case", zh: "查看复核件" }),
      tags,
      params: idParams,
      response: { 200: reviewCaseWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const review = await reads.review(request.params.id);
      const found = review === null ? [] : [review];
      const seen = await reached(reads, principalIn(request).actor.scope, found);
      const [body] = seen.map(wireReviewCase);
      if (body === undefined) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(body.ver)).send(body);
    },
  });
}

/** The part of the desk that somebody looks at. */
function deskFilter(
  desk: (typeof desks)[number],
  actor: Actor,
): Pick<Parameters<Reads["reviews"]>[1], "state" | "assignedTo" | "workableBy" | "askedOf"> {
  switch (desk) {
    case "mine":
      return { state: "open", assignedTo: actor.id };
    case "queues":
      return { workableBy: actor };
    case "asked":
      return { askedOf: actor.id };
  }
}
