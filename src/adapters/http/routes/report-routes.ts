// Reports over the API: the shelf, one report in any form, and making one now. An actor with some portfolios makes and
// sees reports of those only; a report of every portfolio is for those who reach everything.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { reachesPortfolio, type Scope } from "../../../domain/actor.ts";
import { portfolioRefusal } from "../../../domain/known-portfolio.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import { languages } from "../../../domain/text.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import type { KeptReport, ReportFilter } from "../../../portfolio/report-ports.ts";
import { pageStylePolicy } from "../../reports/page-style.ts";
import {
  reportFileName,
  reportFormats,
  reportMediaTypes,
  type ReportFormat,
} from "../../reports/render-report.ts";
import { forRoles, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { dateInput, textInput } from "../text-input.ts";
import { listQuery } from "../wire/list.ts";
import { pageWire } from "../wire/page.ts";
import { reportWire, wireReport } from "../wire/report.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["reports"];

/** Adds GET and POST /v1/reports and GET /v1/reports/{id}. */
export function addReportRoutes(api: Api, dependencies: ServerDependencies): void {
  addList(api, dependencies);
  addRead(api, dependencies);
  addMake(api, dependencies);
}

const listWithUnread = {
  description: bilingual("A page of rows, or all of them as a table", "一页数据，或全部行的表格"),
  content: {
    "application/json": {
      schema: pageWire(reportWire).extend({
        unread: z
          .int()
          .describe(
            bilingual("Reports that this account has not opened", "当前账号尚未打开的报告数"),
          ),
      }),
    },
    "text/csv": { schema: z.string() },
  },
};

const columns: readonly CsvColumn<z.output<typeof reportWire>>[] = [
  column("截至日期", "As of", (report) => report.asOf),
  column("组合", "Portfolio", (report) => report.portfolio),
  column("生成时间", "Made at", (report) => report.madeAt),
  column("生成人", "Made by", (report) => report.maker),
  column("已读", "Read", (report) => report.read),
  column("SHA-256", "SHA-256", (report) => report.hash),
  column("报告 ID", "Report id", (report) => report.id),
];

function addList(api: Api, { reports, settings, world }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/reports",
    config: { access: forRoles(reports.roles) },
    schema: {
      operationId: "listReports",
      summary: summary({ en: "List kept reports, newest first", zh: "留存报告列表（由新到旧）" }),
      tags,
      querystring: z.object({
        ...listQuery,
        portfolio: textInput(200).optional(),
        asOf: dateInput.optional(),
      }),
      response: { 200: listWithUnread, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { portfolio, asOf } = request.query;
      const { account, actor } = principalIn(request);
      const { portfolios } = world.store.reads;
      const refused = await portfolioRefusal(portfolios, portfolio, actor.scope);
      if (refused !== null) return sendRefusal(request, reply, refused);
      const filter = { ...scopeFilter(actor.scope), accountId: account.id };
      const wanted: ReportFilter = {
        ...filter,
        ...(portfolio === undefined ? {} : { portfolio }),
        ...(asOf === undefined ? {} : { asOf }),
      };
      const unread = await reports.shelf.unread(filter);
      const page = async (part: PageRequest) => {
        const { rows, next } = await reports.shelf.list(part, wanted);
        return { data: rows.map(wireReport), next, unread };
      };
      const listing = { name: "reports", columns, page };
      return answerList(request, reply, request.query, listing, settings.tableRows);
    },
  });
}

function scopeFilter(scope: Scope): Readonly<{ portfolios?: readonly string[] }> {
  switch (scope.kind) {
    case "all":
      return {};
    case "portfolios":
      return { portfolios: scope.portfolios };
    case "own":
      return { portfolios: [] };
  }
}

const documentAnswer = {
  description: bilingual(
    "The report; as JSON the very bytes that were kept",
    "报告；JSON 形式为留存的原始字节",
  ),
  content: Object.fromEntries(
    reportFormats.map((format) => [
      reportMediaTypes[format].split(";")[0]!,
      { schema: format === "json" ? z.record(z.string(), z.unknown()) : z.string() },
    ]),
  ),
};

function addRead(api: Api, { reports }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/reports/:id",
    config: { access: forRoles(reports.roles) },
    schema: {
      operationId: "readReport",
      summary: summary({ en: "Read a report in one of its forms", zh: "以指定形式查看报告" }),
      tags,
      params: idParams,
      querystring: z.object({
        format: z
          .enum(reportFormats)
          .optional()
          .describe(
            bilingual("Absent: what Accept asks for, else json", "不填则按 Accept，否则为 json"),
          ),
        lang: z
          .enum(languages)
          .optional()
          .describe(bilingual("Absent: the language of the answer", "不填则为应答语言")),
      }),
      response: { 200: documentAnswer, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { account, actor } = principalIn(request);
      const kept = await reports.shelf.find(request.params.id);
      if (kept === null || !reachesPortfolio(actor.scope, kept.portfolio)) {
        return sendProblem(request, reply, "not-found");
      }
      await reports.shelf.markRead(kept.id, account.id);
      const { format = acceptedFormat(request), lang = request.language } = request.query;
      const bytes = await reports.render(kept, format, lang);
      return sendReport(reply, kept, format, bytes);
    },
  });
}

/** The first form that Accept names; JSON where it names none of ours. */
function acceptedFormat(request: FastifyRequest): ReportFormat {
  const accepted = (request.headers.accept ?? "")
    .split(",")
    .map((one) => one.split(";")[0]!.trim());
  for (const type of accepted) {
    const found = reportFormats.find((format) => reportMediaTypes[format].split(";")[0] === type);
    if (found !== undefined) return found;
  }
  return "json";
}

/** A page may be framed by our own pages and may do nothing but show itself. */
function sendReport(
  reply: FastifyReply,
  kept: KeptReport,
  format: ReportFormat,
  bytes: Buffer,
): FastifyReply {
  const place = format === "html" || format === "json" ? "inline" : "attachment";
  reply.headers({
    "content-type": reportMediaTypes[format],
    "content-disposition": `${place}; filename="${reportFileName(kept.asOf, format)}"`,
    etag: `"${kept.hash}"`,
    ...(format === "html"
      ? { "content-security-policy": pageStylePolicy, "x-frame-options": "SAMEORIGIN" }
      : {}),
  });
  return reply.send(bytes);
}

function addMake(api: Api, { reports, replies, world }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/reports",
    config: { access: forRoles(reports.makerRoles) },
    schema: {
      operationId: "makeReport",
      summary: summary({ en: "Make and keep a daily report now", zh: "立即生成并留存每日报告" }),
      tags,
      headers: z.object(changeHeaders),
      body: z.strictObject({
        asOf: dateInput
          .optional()
          .describe(bilingual("Absent: the present business day", "不填则为当前营业日")),
        portfolio: textInput(200)
          .optional()
          .describe(bilingual("Absent: every portfolio", "不填表示全部组合")),
      }),
      response: { 201: reportWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const key = keyOf(request, world.ids.sha256, { body });
      return answerOnce(replies, key, request, reply, async () => {
        const { clock } = world;
        const made = await reports.make({
          asOf: body.asOf ?? clock.dateOf(await clock.now()),
          portfolio: body.portfolio ?? null,
          actor: principalIn(request).actor,
        });
        if (isRefusal(made)) return made;
        reply.header("location", `/v1/reports/${made.id}`);
        return { status: 201, reply: wireReport({ ...made, read: false }) };
      });
    },
  });
}
