// A report as one page that needs nothing else: no script, no font, no address. It reads well on a screen by day and by
// night, on paper, and to people who listen to it.

import type { ReportView, ViewChart, ViewSection, ViewTable } from "./view-shape.ts";
import { chartSvg, escapedText } from "./chart-svg.ts";
import { pageStyle } from "./page-style.ts";

/** The same view gives the same page. */
export function htmlReport(view: ReportView): string {
  const details = view.details
    .map(([label, value]) => `<dt>${escapedText(label)}</dt><dd>${escapedText(value)}</dd>`)
    .join("\n");
  const links = view.sections
    .map(({ id, title }) => `<li><a href="#${id}">${escapedText(title)}</a></li>`)
    .join("\n");
  const language = view.language === "zh" ? "zh-CN" : "en";
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapedText(view.title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escapedText(view.title)}</h1>
<dl>
${details}
</dl>
<nav><ul>
${links}
</ul></nav>
</header>
<main>
${view.sections.map(sectionHtml).join("\n")}
</main>
<footer>${escapedText(view.footer)}</footer>
</body>
</html>
`;
}

function sectionHtml({ id, title, notes, charts, tables }: ViewSection): string {
  const list =
    notes.length === 0
      ? []
      : [
          `<ul class="notes">\n${notes.map((note) => `<li>${escapedText(note)}</li>`).join("\n")}\n</ul>`,
        ];
  return [
    `<section id="${id}">`,
    `<h2>${escapedText(title)}</h2>`,
    ...list,
    ...charts.map(chartHtml),
    ...tables.map(tableHtml),
    "</section>",
  ].join("\n");
}

function chartHtml(chart: ViewChart): string {
  return `<figure>\n<figcaption>${escapedText(chart.title)}</figcaption>\n${chartSvg(chart)}\n</figure>`;
}

function tableHtml({ caption, columns, rows }: ViewTable): string {
  const classOf = (place: number): string =>
    columns[place]?.number === true ? ' class="number"' : "";
  const head = columns
    .map(({ label }, place) => `<th scope="col"${classOf(place)}>${escapedText(label)}</th>`)
    .join("");
  const body = rows.map((cells) => {
    const [first = "", ...rest] = cells;
    const others = rest.map((cell, place) => `<td${classOf(place + 1)}>${escapedText(cell)}</td>`);
    return `<tr><th scope="row"${classOf(0)}>${escapedText(first)}</th>${others.join("")}</tr>`;
  });
  const label = escapedText(caption);
  return `<div class="wide" role="region" aria-label="${label}" tabindex="0"><table>
<caption>${label}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody></table></div>`;
}
