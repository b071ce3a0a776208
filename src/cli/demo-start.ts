// The demo as the first start makes it: the history with a kept report at the end of each of its last months, accounts at
// the core simulator, and a few weeks of staff at work. What is there already is left alone, so that a start that was
// interrupted goes on where it stopped.

import { actorOf } from "../adapters/identity/accounts.ts";
import { serviceActor, type Actor, type Role } from "../domain/actor.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { Tidemark } from "../compose.ts";
import { demoMonthEnds, demoShock } from "../portfolio/demo-calendar.ts";
import { demoPortfolio } from "../portfolio/demo-commands.ts";
import { standingAt, type DemoPlan } from "../portfolio/demo-history.ts";
import { beginDemo } from "../portfolio/demo-seed.ts";
import { liveAsDemoStaff, type DemoPart, type DemoStaff } from "../portfolio/demo-staff.ts";
import { makeDailyReport } from "../portfolio/report-make.ts";
import { demoRefusalOf, seedWithProgress } from "./demo.ts";
import { loadSimulator } from "./core.ts";
import { note, type Frame } from "./frame.ts";
import type { Session } from "./session.ts";

/** The strategy of the demo. */
export const demoStrategyId = "consumer-cn";

/** Month ends with a kept report: the last one before the shock, and each since. */
const reportMonths = [-1, 0, 1, 2].map((since) => demoShock.month + since);

/**
 * Makes the demo, or what is missing of it; `addStrategy` stores and approves its strategy. Where the installation has
 * a demo already, that one is finished, whatever size was asked for. `onProgress` hears hundredths of the whole.
 * @returns why it cannot be made, or null; when the person stopped it, the next start goes on
 */
export async function loadDemo(
  frame: Frame,
  session: Session,
  asked: DemoPlan,
  addStrategy: () => Promise<void>,
  onProgress: (progress: Readonly<{ done: number; of: number }>) => void,
): Promise<Refusal | null> {
  const { tidemark } = session;
  const found = await tidemark.demo.read();
  const plan = found === null ? asked : { lines: found.lines, seed: found.seed };
  const refusal = await demoRefusalOf(tidemark, plan);
  if (refusal !== null) return refusal;
  note(frame, {
    en: `First start: making a demo portfolio of ${plan.lines} lines with a year of history`,
    zh: `首次启动：正在生成 ${plan.lines} 笔授信及一年历史的演示组合`,
  });
  await beginDemo(tidemark.world, tidemark.testClock!, tidemark.demo, plan);
  await addStrategy();
  const { stage } = await seedWithProgress(frame, session, plan, {
    pauseAt: reportMonths,
    onMonthEnd: (month) => keepReport(tidemark, month),
    onShare: (share) => onProgress({ done: Math.floor(historyPercent * share), of: 100 }),
  });
  if (stage !== "life") return null;
  return liveOn(frame, session, plan, lifeProgress(onProgress));
}

/** What the history takes of the whole; the rest is staff at work. */
const historyPercent = 70;

const lifeParts = 8;

/** Parts of the work of staff are as good as equal; a sweep moves on within its part. */
function lifeProgress(
  onProgress: (progress: Readonly<{ done: number; of: number }>) => void,
): Readonly<{ part: () => void; within: (share: number) => void }> {
  let begun = 0;
  const tell = (share: number): void => {
    const parts = Math.min(lifeParts, begun - 1 + share);
    const done = historyPercent + Math.floor(((99 - historyPercent) * parts) / lifeParts);
    onProgress({ done, of: 100 });
  };
  return {
    part: () => {
      begun += 1;
      tell(0);
    },
    within: tell,
  };
}

/** Reports made on the evening of a month end, when balances were those of that day: of the demo and of everything. */
async function keepReport({ world, reports }: Tidemark, month: number): Promise<void> {
  if (!reportMonths.includes(month)) return;
  const asOf = demoMonthEnds[month]!;
  for (const portfolio of [demoPortfolio, null]) {
    const made = await makeDailyReport(standingAt(world, asOf), reports, {
      ...{ asOf, portfolio },
      actor: serviceActor("demo"),
    });
    if (made !== null && isRefusal(made)) throw new Error(`Demo report refused: ${made.detail.en}`);
  }
}

async function liveOn(
  frame: Frame,
  session: Session,
  plan: DemoPlan,
  progress: ReturnType<typeof lifeProgress>,
): Promise<Refusal | null> {
  const { tidemark, stopped, pause } = session;
  const { world, portfolio, testClock, owner } = tidemark;
  const { simulator } = await tidemark.core.reach();
  if (simulator !== null) await loadSimulator(tidemark, simulator, demoPortfolio);
  const lived = await liveAsDemoStaff(world, portfolio, testClock!, await staffOf(tidemark), {
    ...{ strategyId: demoStrategyId, plan, owner, stop: stopped, pause },
    onStep: () => undefined,
    onSweep: ({ phase, bucketsDone, buckets }) =>
      progress.within(((phase === "assess" ? 0 : 0.5) + bucketsDone / buckets / 2) % 1),
    onPart: (part) => {
      progress.part();
      note(frame, partWords[part]);
    },
  });
  if (typeof lived !== "boolean") return lived;
  const mark = await tidemark.demo.read();
  if (lived && mark !== null) await tidemark.demo.write({ ...mark, stage: "done" });
  return null;
}

const partWords: Readonly<Record<DemoPart, Text>> = {
  sweep: { en: "Demo: sweep of the portfolio", zh: "演示：扫描组合" },
  reviews: { en: "Demo: reviewers at work", zh: "演示：复核员处理中" },
  waiting: { en: "Demo: notices, waiting times, executions", zh: "演示：通知、等待期与执行" },
};

/** The demo accounts, or in their place parts of Tidemark where people made their own accounts. */
async function staffOf(tidemark: Tidemark): Promise<DemoStaff> {
  return {
    operator: await demoActor(tidemark, "operator", "operator"),
    reviewers: [
      await demoActor(tidemark, "reviewer1", "reviewer"),
      await demoActor(tidemark, "reviewer2", "reviewer"),
    ],
    legal: await demoActor(tidemark, "legal", "legal"),
  };
}

/** The demo account of a login, or one of Tidemark's own parts in its role. */
export async function demoActor(
  { accounts }: Pick<Tidemark, "accounts">,
  login: string,
  role: Role,
): Promise<Actor> {
  const account = await accounts.findByLogin(login);
  if (account !== null && account.roles.includes(role)) return actorOf(account);
  return { ...serviceActor(`demo-${login}`), roles: [role] };
}
