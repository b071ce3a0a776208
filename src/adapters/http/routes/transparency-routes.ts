// The transparency report over the API: made anew from what is stored whenever it is asked for, in the form and language
// that are asked for.

import type { FastifyReply } from "fastify";
import { z } from "zod";
import { isRefusal } from "../../../domain/refusal.ts";
import { languages } from "../../../domain/text.ts";
import { usualCell, type TransparencyReport } from "../../../portfolio/transparency-ports.ts";
import { pageStylePolicy } from "../../reports/page-style.ts";
import { reportMediaTypes } from "../../reports/render-report.ts";
import { transparencyFormats, type TransparencyFormat } from "../../reports/view-transparency.ts";
import { forRoles, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { sendRefusal } from "../problem.ts";
import { dateInput, textInput } from "../text-input.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const documentAnswer = {
  description: bilingual("The report", "报告"),
  content: Object.fromEntries(
    transparencyFormats.map((format) => [
      reportMediaTypes[format].split(";")[0]!,
      { schema: format === "json" ? z.record(z.string(), z.unknown()) : z.string() },
    ]),
  ),
};

/** Adds GET /v1/transparency-report. */
export function addTransparencyRoutes(api: Api, { transparency }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/transparency-report",
    config: { access: forRoles(transparency.roles) },
    schema: {
      operationId: "readTransparencyReport",
      summary: summary({
        en: "The transparency report of a period, small counts left out",
        zh: "某一期间的透明度报告（不公布小计数）",
      }),
      tags: ["reports"],
      querystring: z.object({
        from: dateInput,
        to: dateInput,
        portfolio: textInput(200)
          .optional()
          .describe(bilingual("Absent: every portfolio", "不填表示全部组合")),
        smallestCell: z.coerce
          .number()
          .int()
          .default(usualCell)
          .describe(bilingual("Counts from 1 to this less 1 are left out", "小于此值的计数不公布")),
        format: z.enum(transparencyFormats).default("json"),
        lang: z
          .enum(languages)
          .optional()
          .describe(bilingual("Absent: the language of the answer", "不填则为应答语言")),
      }),
      response: { 200: documentAnswer, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { from, to, portfolio, smallestCell, format, lang } = request.query;
      const report = await transparency.make({
        ...{ from, to, smallestCell },
        portfolio: portfolio ?? null,
        actor: principalIn(request).actor,
      });
      if (isRefusal(report)) return sendRefusal(request, reply, report);
      const text = await transparency.render(report, format, lang ?? request.language);
      return sendReport(reply, report, format, text);
    },
  });
}

/** A page may be framed by our own pages and may do nothing but show itself. */
function sendReport(
  reply: FastifyReply,
  { from, to }: Pick<TransparencyReport, "from" | "to">,
  format: TransparencyFormat,
  text: string,
): FastifyReply {
  const place = format === "md" ? "attachment" : "inline";
  reply.headers({
    "content-type": reportMediaTypes[format],
    "content-disposition": `${place}; filename="transparency-report-${from}-${to}.${format}"`,
    ...(format === "html"
      ? { "content-security-policy": pageStylePolicy, "x-frame-options": "SAMEORIGIN" }
      : {}),
  });
  return reply.send(Buffer.from(text));
}
