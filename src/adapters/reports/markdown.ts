// A report as Markdown: for terminals, tickets and reviews. Charts are left out, because every number of theirs stands
// in a table.

import type { ReportView, ViewTable } from "./view-shape.ts";

/** The same view gives the same text. Ends with a line break. */
export function markdownReport(view: ReportView): string {
  const details = view.details.map(
    ([label, value]) => `- **${escaped(label)}**: ${escaped(value)}`,
  );
  const sections = view.sections.map(({ title, notes, tables }) =>
    [
      `## ${escaped(title)}`,
      ...(notes.length === 0 ? [] : [notes.map((note) => `- ${escaped(note)}`).join("\n")]),
      ...tables.map(tableText),
    ].join("\n\n"),
  );
  return `${[`# ${escaped(view.title)}`, details.join("\n"), ...sections, "---", escaped(view.footer)].join("\n\n")}\n`;
}

function tableText({ caption, columns, rows }: ViewTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  const rule = columns.map(({ number }) => (number ? "---:" : "---"));
  return [
    `**${escaped(caption)}**`,
    "",
    line(columns.map(({ label }) => label)),
    `| ${rule.join(" | ")} |`,
    ...rows.map(line),
  ].join("\n");
}

function cell(text: string): string {
  return escaped(text).replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** What a lender named must not become markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]]/g, "\\$&");
}
