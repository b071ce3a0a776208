// A report as people see it, before any form: its sections in the order in which they are read. Page, print and text are
// drawn from this one view, so that none of them says more or less than another.

import type { Language } from "../../domain/text.ts";
import type { DailyReport } from "../../portfolio/report-document.ts";
import type { Say } from "./report-texts.ts";
import { activitySections } from "./view-activity.ts";
import { linesSections, summarySection } from "./view-lines.ts";
import { riskSections } from "./view-risk.ts";
import type { ReportView, ViewParts, ViewSection } from "./view-shape.ts";

/** @param hash SHA-256 of the kept document, shown so that a print can be traced to its bytes */
export function reportView(
  report: DailyReport,
  hash: string,
  language: Language,
  say: Say,
): ReportView {
  const parts = { report, say, language };
  const { asOf, portfolio, knownAt, maker, strategies } = report;
  return {
    language,
    title: say("title", { asOf }),
    details: [
      [say("detail.asOf"), asOf],
      [say("detail.portfolio"), portfolio ?? say("detail.everyPortfolio")],
      [say("detail.knownAt"), knownAt],
      [say("detail.maker"), maker],
      [
        say("detail.strategies"),
        strategies.map(({ id, version }) => `${id} ${version}`).join(", ") || say("none"),
      ],
      [say("detail.hash"), hash],
    ],
    sections: [
      summarySection(parts),
      ...linesSections(parts),
      ...riskSections(parts),
      ...activitySections(parts),
      methodSection(parts),
    ],
    footer: say("footer", { schema: report.schema }),
  };
}

function methodSection({ say }: ViewParts): ViewSection {
  const notes = ["exposure", "buckets", "roll", "psi", "windows", "movers"].map((name) =>
    say(`method.${name}`),
  );
  return { id: "method", title: say("method.title"), notes, charts: [], tables: [] };
}
