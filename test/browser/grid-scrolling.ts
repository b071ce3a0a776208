// What scrolling a large grid costs: a table to scroll, the scrolling, and the time that the page itself takes for it.

import type { Page } from "playwright-core";

export type Drawn = Readonly<
  Record<"frames" | "perSecond" | "slowestMs" | "rows" | "cells", number>
>;

/** What one frame of scrolling costs the page's main thread, in its own time: other work of the machine does not count. */
export async function busyMsPerFrame(page: Page, scroll: () => Promise<Drawn>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const seconds = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  const before = await seconds();
  const { frames } = await scroll();
  return ((await seconds()) - before) * (1_000 / frames);
}

/** Scrolls for a while, a little every frame, and counts frames, and rows and cells in the document. */
export const scrolled = `(async () => {
  const scroller = document.querySelector(".grid-scroller");
  const times = [];
  let rows = 0;
  let cells = 0;
  await new Promise((resolve) => {
    const begun = performance.now();
    const step = (now) => {
      times.push(now);
      scroller.scrollTop += 61;
      rows = Math.max(rows, document.querySelectorAll(".grid-row").length);
      cells = Math.max(cells, document.querySelectorAll(".grid-row > *").length);
      if (now - begun < 3000) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
  const gaps = times.slice(1).map((time, at) => time - times[at]).sort((a, b) => a - b);
  const seconds = (times.at(-1) - times[0]) / 1000;
  return {
    frames: times.length,
    perSecond: Math.round((times.length - 1) / seconds),
    slowestMs: Math.round(gaps[Math.floor(gaps.length * 0.95)]),
    rows,
    cells,
  };
})()`;

const wideInputs = [
  ...["daysPastDue", "behaviourScore", "bureauScore", "multiLenderCount3m", "monthsOnBook"],
  ...["utilisation", "income", "incomeChange", "repaymentRatio3m", "industry", "customerTier"],
] as const;

/** A table of 12 columns; every row tests something else. */
export function wideTable(rows: number): unknown {
  return {
    id: "wide",
    label: { zh: "宽表", en: "Wide table" },
    hitPolicy: "F",
    inputs: wideInputs,
    outputs: [{ name: "flag", label: { zh: "标记", en: "Flag" }, type: "boolean" }],
    rows: Array.from({ length: rows }, (_, at) => ({
      id: `W${at + 1}`,
      note: { zh: `第 ${at + 1} 行`, en: `Row ${at + 1}` },
      when: [
        ...[String(at % 90), `< ${400 + (at % 400)}`, "-", `>= ${at % 20}`, `[${at % 50}..90]`],
        ...["< 0.5", ">= 1000.00", "-", `< ${(at % 10) / 10 + 0.1}`, '"retail"', '"basic"'],
      ],
      then: [at % 2 === 0 ? "true" : "false"],
    })),
    default: ["false"],
  };
}
