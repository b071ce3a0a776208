// A report for print: the same view on A4 pages, with charts as vectors and one font that has Chinese and Latin glyphs.
// The dates inside the file are the report's own, so the same report is the same bytes.

import { sum } from "../../domain/sum.ts";
import { openPdf, pdfBytes, type Pdf } from "../pdf-document.ts";
import { columnWidths } from "./pdf-columns.ts";
import type { ReportView, ViewChart, ViewSection, ViewTable } from "./view-shape.ts";

const margin = 42;
const colours = { ink: "#1b2330", soft: "#56606e", rule: "#c8ced6", band: "#eef1f5" } as const;
const bars = ["#0072b2", "#e69f00"] as const;

/** @param at the report's instant, milliseconds since 1970: the dates of the file */
export async function pdfReport(view: ReportView, at: number): Promise<Buffer> {
  const pdf = openPdf({
    title: view.title,
    author: "Tidemark",
    language: view.language,
    at,
    margin,
  });
  const bytes = pdfBytes(pdf);
  pdf.fillColor(colours.ink).fontSize(18).text(view.title);
  pdf.moveDown(0.3).fontSize(8.5);
  for (const [label, value] of view.details) {
    pdf.fillColor(colours.soft).text(`${label}  `, { continued: true });
    pdf.fillColor(colours.ink).text(value);
  }
  for (const section of view.sections) drawSection(pdf, section);
  pdf.moveDown().fontSize(7.5).fillColor(colours.soft).text(view.footer, margin);
  numberPages(pdf);
  pdf.end();
  return bytes;
}

function drawSection(pdf: Pdf, { title, notes, charts, tables }: ViewSection): void {
  room(pdf, 80);
  pdf.moveDown(1.2).fontSize(13).fillColor(colours.ink).text(title, margin);
  const y = pdf.y + 1;
  pdf
    .moveTo(margin, y)
    .lineTo(pdf.page.width - margin, y)
    .lineWidth(1)
    .stroke(colours.rule);
  pdf.moveDown(0.4).fontSize(8.5);
  for (const note of notes) pdf.text(`• ${note}`, margin);
  for (const chart of charts) drawChart(pdf, chart);
  for (const table of tables) drawTable(pdf, table);
}

/** Goes to the next page where less than `height` points are left. */
function room(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - margin) pdf.addPage();
}

const chartHeight = 150;

function drawChart(pdf: Pdf, { title, categories, series }: ViewChart): void {
  room(pdf, chartHeight + 50);
  pdf.moveDown(0.6).fontSize(9).fillColor(colours.ink).text(title, margin);
  drawLegend(pdf, series);
  const top = pdf.y + 6;
  const width = pdf.page.width - 2 * margin;
  const highest = Math.max(1, ...series.flatMap(({ values }) => values));
  const slot = width / Math.max(1, categories.length);
  const bar = Math.min(28, (slot * 0.8) / series.length);
  pdf.moveTo(margin, top + chartHeight).lineTo(margin + width, top + chartHeight);
  pdf.lineWidth(0.5).stroke(colours.rule);
  for (const [place, category] of categories.entries()) {
    const left = margin + slot * place + (slot - bar * series.length) / 2;
    for (const [number, { values }] of series.entries()) {
      const tall = ((chartHeight - 12) * (values[place] ?? 0)) / highest;
      const x = left + bar * number;
      pdf
        .rect(x, top + chartHeight - tall, bar * 0.92, tall)
        .fill(barColour(number, series.length));
    }
    pdf.fontSize(6.5).fillColor(colours.soft);
    const label = { width: slot, align: "center", lineBreak: false } as const;
    pdf.text(category, margin + slot * place, top + chartHeight + 3, label);
    if (series.length === 1) {
      const tall = ((chartHeight - 12) * (series[0]!.values[place] ?? 0)) / highest;
      const value = String(series[0]!.values[place] ?? 0);
      pdf.text(value, margin + slot * place, top + chartHeight - tall - 10, label);
    }
  }
  pdf.x = margin;
  pdf.y = top + chartHeight + 16;
}

/** Now is blue and then is orange, as on the page. */
function barColour(number: number, count: number): string {
  return bars[count - 1 - number] ?? bars[0];
}

function drawLegend(pdf: Pdf, series: ViewChart["series"]): void {
  if (series.length === 1) return;
  let x = margin;
  const y = pdf.y + 2;
  pdf.fontSize(7);
  for (const [number, { name }] of series.entries()) {
    pdf.rect(x, y + 2, 8, 6).fill(barColour(number, series.length));
    pdf.fillColor(colours.soft).text(name, x + 12, y, { lineBreak: false });
    x += 24 + pdf.widthOfString(name);
  }
  pdf.x = margin;
  pdf.y = y + 10;
}

const padding = 3;

function drawTable(pdf: Pdf, table: ViewTable): void {
  room(pdf, 60);
  pdf.moveDown(0.6).fontSize(9).fillColor(colours.ink).text(table.caption, margin);
  pdf.moveDown(0.2);
  const { size, widths } = columnWidths(table, pdf.page.width - 2 * margin, padding, (text, size) =>
    pdf.fontSize(size).widthOfString(text),
  );
  pdf.fontSize(size);
  const labels = table.columns.map(({ label }) => label);
  drawRow(pdf, table, widths, labels, true);
  for (const row of table.rows) {
    if (pdf.y + rowHeight(pdf, widths, row) > pdf.page.height - margin) {
      pdf.addPage();
      drawRow(pdf, table, widths, labels, true);
    }
    drawRow(pdf, table, widths, row, false);
  }
  pdf.x = margin;
}

function rowHeight(pdf: Pdf, widths: readonly number[], cells: readonly string[]): number {
  const heights = cells.map((cell, place) =>
    pdf.heightOfString(cell, { width: widths[place]! - 2 * padding }),
  );
  return Math.max(...heights) + 2 * padding - 2;
}

function drawRow(
  pdf: Pdf,
  { columns }: ViewTable,
  widths: readonly number[],
  cells: readonly string[],
  head: boolean,
): void {
  const tall = rowHeight(pdf, widths, cells);
  const whole = sum(widths);
  const { y } = pdf;
  if (head) pdf.rect(margin, y, whole, tall).fill(colours.band);
  pdf.moveTo(margin, y + tall).lineTo(margin + whole, y + tall);
  pdf.lineWidth(0.5).stroke(colours.rule);
  pdf.fillColor(colours.ink);
  let x = margin;
  for (const [place, cell] of cells.entries()) {
    const align = columns[place]?.number === true ? "right" : "left";
    pdf.text(cell, x + padding, y + padding - 1, { width: widths[place]! - 2 * padding, align });
    x += widths[place]!;
  }
  pdf.y = y + tall;
}

function numberPages(pdf: Pdf): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // Below the margin a text would start a new page.
    pdf.page.margins.bottom = 0;
    pdf.fontSize(7).fillColor(colours.soft);
    const place = { width: pdf.page.width - 2 * margin, align: "right", lineBreak: false } as const;
    pdf.text(`${page + 1} / ${count}`, margin, pdf.page.height - 28, place);
  }
}
