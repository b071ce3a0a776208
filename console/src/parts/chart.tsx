// One bar chart for every distribution: bars that link to their rows, figures beside them, and the same numbers as text
// for whoever does not see it. Drawn on a canvas, whose tooltips need no leave in the content security policy.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";

register([BarChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export type Bar = Readonly<{ key: string; label: string; value: number; text: string }>;

type ChartProps = Readonly<{
  label: string;
  bars: readonly Bar[];
  onPick?: (key: string) => void;
  /** upright: along an ordered scale such as points */
  upright?: boolean;
}>;

const rowHeight = 26;
const uprightHeight = 220;

/** Okabe and Ito's blue and its light counterpart: told apart in every common kind of colour blindness. */
const colours = { light: "#0072b2", dark: "#56b4e9" } as const;
const inks = { light: "#1f2a30", dark: "#d7e0e4" } as const;
const grids = { light: "#dde3e6", dark: "#32424a" } as const;

export function Chart({ label, bars, onPick, upright = false }: ChartProps): ReactNode {
  const { theme } = useLook();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const height = upright ? uprightHeight : bars.length * rowHeight + 8;
  useEffect(() => {
    if (place.current === null) return undefined;
    const drawn = init(place.current, null, { renderer: "canvas" });
    chart.current = drawn;
    const resize = new ResizeObserver(() => drawn.resize());
    resize.observe(place.current);
    return () => {
      resize.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(optionOf(bars, upright, theme), true);
    chart.current?.resize();
  }, [bars, upright, theme]);
  useEffect(() => {
    const drawn = chart.current;
    if (drawn === null || onPick === undefined) return undefined;
    const listen = ({ dataIndex }: Readonly<{ dataIndex?: number }>): void => {
      const bar = bars[dataIndex ?? -1];
      if (bar !== undefined) onPick(bar.key);
    };
    drawn.on("click", listen);
    return () => {
      drawn.off("click", listen);
    };
  }, [bars, onPick]);
  return (
    <div
      ref={place}
      role="img"
      aria-label={`${label}: ${bars.map((bar) => `${bar.label} ${bar.text}`).join("; ")}`}
      className={`chart chart-${upright ? "upright" : "rows"}`}
      style={{ height }}
    />
  );
}

function optionOf(
  bars: readonly Bar[],
  upright: boolean,
  theme: "light" | "dark",
): EChartsCoreOption {
  const ink = inks[theme];
  const names = {
    type: "category",
    data: bars.map((bar) => bar.label),
    inverse: !upright,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: grids[theme] } },
    axisLabel: { color: ink, ...(upright ? {} : { width: 140, overflow: "truncate" }) },
  };
  const values = {
    type: "value",
    axisLabel: { show: upright, color: ink },
    splitLine: { show: upright, lineStyle: { color: grids[theme] } },
  };
  return {
    animation: false,
    grid: upright
      ? { left: 8, right: 8, top: 12, bottom: 8, containLabel: true }
      : { left: 4, right: 92, top: 4, bottom: 4, containLabel: true },
    tooltip: { trigger: "item", renderMode: "richText" },
    xAxis: upright ? names : values,
    yAxis: upright ? values : names,
    series: [
      {
        type: "bar",
        barMaxWidth: upright ? 48 : 14,
        itemStyle: { color: colours[theme] },
        label: {
          show: !upright,
          position: "right",
          color: ink,
          formatter: ({ dataIndex }: { dataIndex: number }) => bars[dataIndex]?.text ?? "",
        },
        tooltip: {
          formatter: ({ dataIndex }: { dataIndex: number }) =>
            `${bars[dataIndex]?.label ?? ""} ${bars[dataIndex]?.text ?? ""}`,
        },
        data: bars.map((bar) => bar.value),
      },
    ],
  };
}
