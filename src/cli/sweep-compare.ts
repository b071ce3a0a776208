// `tidemark sweep compare`: what would change if a strategy in the shadow of a sweep took the live one's place.

import { wireComparison } from "../adapters/http/wire/comparison.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import type { Currency } from "../domain/money.ts";
import { reasonCodes } from "../domain/reason-code.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { compareSweep, shadowIn } from "../portfolio/compare-sweep.ts";
import { swaps, type Comparison, type SaidAction, type Swap } from "../portfolio/comparison.ts";
import { choiceText } from "../portfolio/experiment-life.ts";
import { amountText } from "./amount.ts";
import { print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { strategyChoice } from "./strategy-choice.ts";
import { currencyOf, findSweep } from "./sweeps.ts";
import { tableText } from "./table.ts";
import { actionWords } from "./words.ts";

/** Adds `compare` below `sweep`, which is registered already. */
export function registerSweepCompare(program: Program): void {
  const sweep = program.noun("sweep", { en: "Sweeps", zh: "扫描" });
  const compare = program.add(
    sweep,
    "compare",
    {
      en: "Compare a sweep with a strategy that ran in its shadow",
      zh: "将扫描与其陪跑策略作比较",
    },
    ["sweep compare ID", "sweep compare ID --with consumer-cn@2 --json"],
  );
  compare.argument("<id>", program.text({ en: "id of a sweep", zh: "扫描编号" })).option(
    "--with <strategy>",
    program.text({
      en: "which strategy in the shadow, as ID or ID@VERSION (the first)",
      zh: "陪跑策略：编号或 编号@版本（缺省为第一份）",
    }),
  );
  program.action(compare, (frame, [id], options) =>
    withSession(frame, (session) => compareOne(frame, session, String(id), options["with"])),
  );
}

async function compareOne(
  frame: Frame,
  { tidemark }: Session,
  id: string,
  given: unknown,
): Promise<number> {
  const sweep = await findSweep(tidemark, id);
  if (isRefusal(sweep)) return printRefusal(frame, sweep);
  const choice = typeof given === "string" ? strategyChoice(given, "--with") : null;
  if (choice !== null && isRefusal(choice)) return printRefusal(frame, choice);
  const shadow = shadowIn(sweep, choice);
  if (isRefusal(shadow)) return printRefusal(frame, shadow);
  const comparison = await compareSweep(tidemark.portfolio.sweeps, sweep, shadow);
  const currency = await currencyOf(tidemark, sweep.strategy.id);
  printJson(frame, wireComparison(sweep, shadow, comparison, currency, frame.language));
  const { lines, heldOut } = comparison;
  print(frame, {
    en: `${lines} lines, live ${choiceText(sweep.strategy)}, in the shadow ${choiceText(shadow)}; ${heldOut} held out`,
    zh: `共 ${lines} 笔，现行 ${choiceText(sweep.strategy)}，陪跑 ${choiceText(shadow)}；留存 ${heldOut} 笔`,
  });
  if (frame.json) return exitCodes.success;
  const parts = [swapsText, matrixText, segmentsText, reasonsText];
  for (const part of parts) frame.terminal.out(`\n${part(frame, comparison, currency)}`);
  return exitCodes.success;
}

const swapWords: Readonly<Record<Swap, Text>> = {
  in: { en: "only the shadow acts", zh: "仅陪跑处置" },
  out: { en: "only the live one acts", zh: "仅现行处置" },
  harsher: { en: "shadow harsher", zh: "陪跑更重" },
  milder: { en: "shadow milder", zh: "陪跑更轻" },
  same: { en: "the same", zh: "相同" },
};

const words = {
  swap: { en: "who changes", zh: "变动" },
  lines: { en: "lines", zh: "笔数" },
  live: { en: "live", zh: "现行" },
  shadow: { en: "shadow", zh: "陪跑" },
  liveRemoved: { en: "removed, live", zh: "现行压降敞口" },
  shadowRemoved: { en: "removed, shadow", zh: "陪跑压降敞口" },
  segment: { en: "segment", zh: "客群" },
  reason: { en: "reason", zh: "原因" },
} as const satisfies Readonly<Record<string, Text>>;

const money = [
  { label: words.liveRemoved, right: true },
  { label: words.shadowRemoved, right: true },
] as const;

type Removed = Readonly<{ liveRemovedMinor: number; shadowRemovedMinor: number }>;

function removed({ liveRemovedMinor, shadowRemovedMinor }: Removed, currency: Currency): string[] {
  return [amountText(liveRemovedMinor, currency), amountText(shadowRemovedMinor, currency)];
}

function swapsText(frame: Frame, comparison: Comparison, currency: Currency): string {
  const rows = swaps.map((swap) => {
    const sum = comparison.swaps[swap];
    return [say(frame, swapWords[swap]), String(sum.lines), ...removed(sum, currency)];
  });
  return tableText(
    frame,
    [{ label: words.swap }, { label: words.lines, right: true }, ...money],
    rows,
  );
}

function matrixText(frame: Frame, { matrix }: Comparison, currency: Currency): string {
  const rows = matrix.map((cell) => [
    ...[saidText(frame, cell.live), saidText(frame, cell.shadow), String(cell.lines)],
    ...removed(cell, currency),
  ]);
  const columns = [words.live, words.shadow].map((label) => ({ label }));
  return tableText(frame, [...columns, { label: words.lines, right: true }, ...money], rows);
}

function saidText(frame: Frame, action: SaidAction): string {
  return say(
    frame,
    action === "unevaluable" ? { en: "facts missing", zh: "缺少数据" } : actionWords[action],
  );
}

function segmentsText(frame: Frame, { segments }: Comparison, currency: Currency): string {
  const changing = swaps.filter((swap) => swap !== "same");
  const rows = segments.map((one) => [
    one.segment || "–",
    String(one.lines),
    ...changing.map((swap) => String(one[swap])),
    ...removed(one, currency),
  ]);
  const counts = [words.lines, ...changing.map((swap) => swapWords[swap])];
  const columns = counts.map((label) => ({ label, right: true }));
  return tableText(frame, [{ label: words.segment }, ...columns, ...money], rows);
}

function reasonsText(frame: Frame, { reasons }: Comparison): string {
  const rows = reasons.map(({ code, live, shadow }) => [
    `${code} ${say(frame, reasonCodes[code])}`,
    String(live),
    String(shadow),
  ]);
  const columns = [words.live, words.shadow].map((label) => ({ label, right: true }));
  return tableText(frame, [{ label: words.reason }, ...columns], rows);
}
