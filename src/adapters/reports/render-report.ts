// From the kept bytes of a report to a form that people read. Everything is drawn from the document alone: a report can
// be shown again in any form and language long after the portfolio has changed. What draws charts and prints is loaded with
// the first page that needs it: every command composes a renderer, few draw.

import type { Language } from "../../domain/text.ts";
import type { DailyReport } from "../../portfolio/report-document.ts";
import { reportSchema } from "../../portfolio/report-document.ts";
import type { KeptReport } from "../../portfolio/report-ports.ts";
import { faultIn } from "../fault.ts";
import { markdownReport } from "./markdown.ts";
import { reportView } from "./report-view.ts";
import type { ReportView } from "./view-shape.ts";
import { readReportTexts, type ReportTexts } from "./report-texts.ts";

export const reportFormats = ["md", "html", "json", "pdf"] as const;

export type ReportFormat = (typeof reportFormats)[number];

export const reportMediaTypes: Readonly<Record<ReportFormat, string>> = {
  md: "text/markdown; charset=utf-8",
  html: "text/html; charset=utf-8",
  json: "application/json; charset=utf-8",
  pdf: "application/pdf",
};

/** Draws a kept report; the same one gives the same bytes. Throws a Fault for a schema of another version. */
export type RenderReport = (
  kept: Pick<KeptReport, "document" | "hash">,
  format: ReportFormat,
  language: Language,
) => Promise<Buffer>;

/** Draws with the shipped texts, which are read on first use. */
export function reportRenderer(read: () => ReportTexts = readReportTexts): RenderReport {
  let texts: ReportTexts | null = null;
  return async ({ document, hash }, format, language) => {
    if (format === "json") return Buffer.from(document);
    const report = JSON.parse(document) as DailyReport;
    refuseOtherSchema(report);
    texts ??= read();
    const view = reportView(report, hash, language, texts.say(language));
    return drawn(view, format, Date.parse(report.knownAt));
  };
}

async function drawn(
  view: ReportView,
  format: Exclude<ReportFormat, "json">,
  at: number,
): Promise<Buffer> {
  switch (format) {
    case "md":
      return Buffer.from(markdownReport(view));
    case "html":
      return Buffer.from((await import("./html.ts")).htmlReport(view));
    case "pdf":
      return (await import("./pdf.ts")).pdfReport(view, at);
  }
}

function refuseOtherSchema({ schema }: Readonly<{ schema: string }>): void {
  if (schema === reportSchema) return;
  const text = {
    en: `Cannot show report: found ${schema}, expected ${reportSchema}; read it as JSON`,
    zh: `无法显示报告：文档格式为 ${schema}，应为 ${reportSchema}；请以 JSON 形式读取`,
  };
  throw faultIn(text, { retryable: false });
}

/** "risk-report-2026-03-31.pdf": nothing of the lender's in a file name. */
export function reportFileName(asOf: string, format: ReportFormat): string {
  return `risk-report-${asOf}.${format}`;
}
