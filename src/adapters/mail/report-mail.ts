// A kept report as a mail: the page itself, the same as text for programs that show no pages, and a print to keep.

import type { Id } from "../../domain/id.ts";
import type { Language } from "../../domain/text.ts";
import type { MailMessage } from "../../portfolio/report-delivery.ts";
import type { KeptReport } from "../../portfolio/report-ports.ts";
import { reportFileName, reportMediaTypes, type RenderReport } from "../reports/render-report.ts";

/** Writes mails in one language. */
export function reportMail(
  render: RenderReport,
  language: Language,
): (report: KeptReport, to: string, id: Id) => Promise<MailMessage> {
  return async (report, to, id) => {
    const text = (await render(report, "md", language)).toString("utf8");
    const html = (await render(report, "html", language)).toString("utf8");
    const pdf = {
      filename: reportFileName(report.asOf, "pdf"),
      contentType: reportMediaTypes.pdf,
      content: await render(report, "pdf", language),
    };
    const subject = /^# (.*)$/m.exec(text)?.[1] ?? report.asOf;
    return { id, to, subject, text, html, attachments: [pdf], at: Date.parse(report.madeAt) };
  };
}
