// Charts as SVG, drawn on the server by echarts and then freed of everything that differs between two drawings (class
// names that count on, hover styles). Colours become classes, so that the page decides them, by day and by night, and no
// style stands in an attribute, so that a strict policy need not allow any.

import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { ViewChart } from "./view-shape.ts";

use([BarChart, GridComponent, LegendComponent, SVGRenderer]);

const width = 720;
const height = 260;

/** Stand-ins that no drawing uses otherwise, and the classes that they become. */
const inks = { text: "#010101", rule: "#010102", bar1: "#010103", bar2: "#010104" } as const;

/** One `svg` element with its title; the same chart gives the same text. */
export function chartSvg(chart: ViewChart): string {
  const drawing = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    drawing.setOption(optionsOf(chart));
    return cleaned(drawing.renderToSVGString({ useViewBox: true }), chart);
  } finally {
    drawing.dispose();
  }
}

function optionsOf({
  categories,
  series,
}: ViewChart): Parameters<ReturnType<typeof init>["setOption"]>[0] {
  const text = { color: inks.text, fontFamily: "sans-serif", fontSize: 12 };
  return {
    animation: false,
    color: [...(series.length > 1 ? [inks.bar2] : []), inks.bar1],
    textStyle: text,
    legend: { show: series.length > 1, top: 0, itemGap: 24, textStyle: text },
    grid: { left: 8, right: 8, top: series.length > 1 ? 32 : 12, bottom: 8 },
    xAxis: {
      type: "category",
      data: [...categories],
      axisLabel: { ...text, hideOverlap: true },
      axisLine: { lineStyle: { color: inks.rule } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: text,
      splitLine: { lineStyle: { color: inks.rule } },
    },
    series: series.map(({ name, values }) => ({ name, type: "bar", data: [...values] })),
  };
}

function cleaned(svg: string, { id, title }: ViewChart): string {
  let text = svg
    .replaceAll(/<style[\s\S]*?<\/style>/g, "")
    .replaceAll(
      / (?:class|style|ecmeta_\w+|pointer-events|xmlns:xlink|version|baseProfile)="[^"]*"/g,
      "",
    )
    .replaceAll(/\n+/g, "\n");
  for (const [name, colour] of Object.entries(inks)) {
    text = text.replaceAll(new RegExp(` (?:fill|stroke)="${colour}"`, "g"), ` class="${name}"`);
  }
  const opened = `<svg role="img" aria-labelledby="chart-${id}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">`;
  return text
    .trim()
    .replace(/^<svg [^>]*>/, `${opened}<title id="chart-${id}">${escapedText(title)}</title>`);
}

/** Text inside an element or a quoted attribute. */
export function escapedText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
