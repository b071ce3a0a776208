// `tidemark core load`: gives the sandbox's core simulator the accounts that the portfolio has. Accounts that it
// knows already stay as they are: what the core system has is the core system's.

import type { SimulatorClient } from "../adapters/core/simulator-client.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { refuse } from "../domain/refusal.ts";
import type { CoreAccount } from "../flow/core-ports.ts";
import { pagesOf } from "../flow/page.ts";
import type { Tidemark } from "../compose.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import { addPortfolio, withPortfolio } from "./portfolio.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import type { Session } from "./session.ts";

export function registerCore(program: Program): void {
  const noun = program.noun("core", { en: "The core system", zh: "核心系统" });
  const load = program.add(
    noun,
    "load",
    {
      en: "Give the core simulator the lines of the portfolio",
      zh: "将组合中的授信载入模拟核心系统",
    },
    ["core load"],
  );
  addPortfolio(program, load);
  program.changesData(load);
  program.action(load, (frame, _args, options) =>
    withPortfolio(frame, options, (session, portfolio) => loadPortfolio(frame, session, portfolio)),
  );
}

async function loadPortfolio(
  frame: Frame,
  { tidemark }: Session,
  portfolio: string | null,
): Promise<number> {
  const { lines } = await tidemark.portfolio.totals(portfolio);
  const { simulator } = await tidemark.core.reach();
  if (simulator === null) return printRefusal(frame, notASimulator);
  const bar = startProgress(frame, { en: "Loading", zh: "载入中" }, { en: "lines", zh: "笔" });
  const loaded = frame.dryRun
    ? { added: 0, kept: 0 }
    : await loadSimulator(tidemark, simulator, portfolio, (done) =>
        bar.update(done, lines),
      ).finally(bar.stop);
  printJson(frame, { lines, ...loaded, dryRun: frame.dryRun });
  print(frame, {
    en: frame.dryRun
      ? `Dry run: ${lines} lines would be offered`
      : `Core simulator: ${loaded.added} accounts added, ${loaded.kept} kept`,
    zh: frame.dryRun
      ? `试运行：将提交 ${lines} 笔授信`
      : `模拟核心：新增账户 ${loaded.added}，保留 ${loaded.kept}`,
  });
  return exitCodes.success;
}

const notASimulator = refuse("wrong-state", {
  en: "Cannot load accounts: TIDEMARK_CORE_URL names the lender's own core system, only the simulator can be loaded",
  zh: "无法载入账户：TIDEMARK_CORE_URL 指向机构自有核心系统，仅模拟核心可载入",
});

/** Offers every line of a portfolio (null: all) to the simulator. */
export async function loadSimulator(
  { world }: Pick<Tidemark, "world">,
  simulator: SimulatorClient,
  portfolio: string | null,
  onProgress: (done: number) => void = () => undefined,
): Promise<Readonly<{ added: number; kept: number }>> {
  return simulator.load(accountsOf(world, portfolio, onProgress));
}

async function* accountsOf(
  { store }: Tidemark["world"],
  portfolio: string | null,
  onProgress: (done: number) => void,
): AsyncGenerator<CoreAccount> {
  const filter = portfolio === null ? {} : { portfolio };
  let done = 0;
  for await (const lines of pagesOf((page) => store.reads.lines(page, filter), 1_000)) {
    for (const line of lines) yield accountOf(line);
    done += lines.length;
    onProgress(done);
  }
}

function accountOf(line: CreditLine): CoreAccount {
  return {
    lineReference: line.reference,
    limitMinor: line.limitMinor,
    drawnMinor: line.drawnMinor,
    pendingMinor: line.pendingMinor,
    // An exited line is closed at the core system: it knows no further state.
    status: line.status === "exited" ? "closed" : line.status,
    currency: line.currency,
  };
}
