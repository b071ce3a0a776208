// `tidemark reconcile`: our book against the core system's, account by account.

import { exitCodes } from "../adapters/refusal-table.ts";
import type { Text } from "../domain/text.ts";
import { reconcile, type Difference } from "../portfolio/reconcile.ts";
import { print, printJson, say, type Frame } from "./frame.ts";
import { addPortfolio, withPortfolio } from "./portfolio.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import type { Session } from "./session.ts";
import { tableText } from "./table.ts";

/** Exit code when books differ and no operation on its way explains it (EX_DATAERR). */
export const booksDiffer = 65;

const shownDifferences = 50;

export function registerReconcile(program: Program): void {
  const command = program.add(
    program.root,
    "reconcile",
    { en: "Compare all lines with the core system", zh: "与核心系统对账" },
    ["reconcile --json", "reconcile --portfolio demo"],
  );
  addPortfolio(program, command);
  program.action(command, (frame, _args, options) =>
    withPortfolio(frame, options, (session, portfolio) => run(frame, session, portfolio)),
  );
}

async function run(frame: Frame, { tidemark }: Session, portfolio: string | null): Promise<number> {
  const { lines } = await tidemark.portfolio.totals(portfolio);
  const bar = startProgress(frame, { en: "Comparing", zh: "对账中" }, { en: "lines", zh: "笔" });
  const { compared, differences } = await reconcile(tidemark.world, portfolio, (done) =>
    bar.update(done, lines),
  ).finally(bar.stop);
  const unexplained = differences.filter((one) => !one.pending).length;
  printJson(frame, { compared, differences, unexplained });
  print(frame, {
    en: `Compared ${compared} lines: ${differences.length} differences, ${unexplained} without an operation on its way`,
    zh: `已核对 ${compared} 笔：差异 ${differences.length}，其中 ${unexplained} 笔无在途操作`,
  });
  if (!frame.json)
    frame.terminal.out(differencesText(frame, differences.slice(0, shownDifferences)));
  return unexplained === 0 ? exitCodes.success : booksDiffer;
}

const fieldWords: Readonly<Record<Difference["field"], Text>> = {
  limit: { en: "limit (minor units)", zh: "额度（最小单位）" },
  status: { en: "status", zh: "状态" },
  "missing-at-core": { en: "missing at the core system", zh: "核心系统中缺失" },
  "missing-here": { en: "missing here", zh: "本系统中缺失" },
};

function differencesText(frame: Frame, differences: readonly Difference[]): string {
  const columns = [
    { label: { en: "line", zh: "授信" } },
    { label: { en: "what", zh: "差异项" } },
    { label: { en: "here", zh: "本系统" }, right: true },
    { label: { en: "core", zh: "核心系统" }, right: true },
    { label: { en: "on its way", zh: "在途" } },
  ];
  const rows = differences.map((one) => [
    one.lineReference,
    say(frame, fieldWords[one.field]),
    one.here ?? "–",
    one.core ?? "–",
    say(frame, one.pending ? { en: "yes", zh: "是" } : { en: "no", zh: "否" }),
  ]);
  return tableText(frame, columns, rows);
}
