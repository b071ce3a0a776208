// `tidemark demo seed`: fills an empty sandbox with an invented portfolio and a year of its history. The same number of
// lines and the same seed give the same portfolio on any machine; `tidemark start` does this and more by itself.

import type { Command } from "commander";
import { databaseBytes } from "../adapters/demo-mark.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { Tidemark } from "../compose.ts";
import { wholeLenderRefusal } from "../flow/whole-lender.ts";
import { openCrew } from "../crew.ts";
import { demoCrew } from "../demo-job.ts";
import { demoRefusal, seedDemo, type DemoRun } from "../portfolio/demo-seed.ts";
import { demoLastDate } from "../portfolio/demo-calendar.ts";
import { mostLinesWithAllMovements, type DemoPlan } from "../portfolio/demo-history.ts";
import { demoSample } from "../portfolio/demo-sample.ts";
import { interrupted, note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { withSession, type Session } from "./session.ts";
import { detailsText } from "./table.ts";

/** Size and seed where nobody says otherwise. */
export const defaultDemo: DemoPlan = { lines: 20_000, seed: 20_260_630 };

const mostLines = 10_000_000;

export function registerDemo(program: Program): void {
  const noun = program.noun("demo", { en: "The demo portfolio", zh: "演示组合" });
  const seed = program.add(
    noun,
    "seed",
    {
      en: "Fill an empty sandbox with an invented portfolio and a year of its history",
      zh: "为空的沙箱生成虚构组合及一年历史",
    },
    ["demo seed", "demo seed --lines 100000 --seed 7", "demo seed --lines 1000000 --dry-run"],
  );
  addDemoOptions(program, seed);
  program.changesData(seed);
  program.action(seed, async (frame, _args, options) => {
    const plan = demoPlanOf(options);
    return isRefusal(plan)
      ? printRefusal(frame, plan)
      : withSession(frame, (session) => runSeed(frame, session, plan));
  });
}

/** Adds --lines and --seed. */
export function addDemoOptions(program: Program, command: Command): void {
  command
    .option(
      "--lines <number>",
      program.text({
        en: `how many lines (${defaultDemo.lines})`,
        zh: `授信笔数（缺省 ${defaultDemo.lines}）`,
      }),
    )
    .option(
      "--seed <number>",
      program.text({
        en: `which invented portfolio (${defaultDemo.seed})`,
        zh: `随机种子（缺省 ${defaultDemo.seed}）`,
      }),
    );
}

/** --lines and --seed; a refusal where one is no whole number of a possible size. */
export function demoPlanOf(options: Readonly<Record<string, unknown>>): DemoPlan | Refusal {
  const lines = wholeNumber(options["lines"], defaultDemo.lines, "--lines", mostLines);
  if (typeof lines !== "number") return lines;
  const seed = wholeNumber(options["seed"], defaultDemo.seed, "--seed", 2 ** 31 - 1);
  if (typeof seed !== "number") return seed;
  return { lines, seed };
}

async function runSeed(frame: Frame, session: Session, plan: DemoPlan): Promise<number> {
  const { tidemark } = session;
  const what = { en: "Seed demo", zh: "生成演示数据" };
  const forbidden = wholeLenderRefusal(session.actor, ["administrator"], what);
  if (forbidden !== null) return printRefusal(frame, forbidden);
  const mark = await tidemark.demo.read();
  const refusal = await demoRefusalOf(tidemark, plan);
  if (refusal !== null) return printRefusal(frame, refusal);
  if (frame.dryRun) return previewSeed(frame, tidemark, plan);
  const started = performance.now();
  const seeded = await seedWithProgress(frame, session, plan);
  if (seeded.stage === "history") {
    note(frame, {
      en: "Stopped: run the same command to go on",
      zh: "已停止：再次运行同一命令可继续",
    });
    return interrupted;
  }
  const fresh = mark === null || mark.stage === "history";
  if (seeded.stage === "life") await finishSeed(tidemark);
  return reportSeed(frame, tidemark, plan, {
    commands: seeded.commands,
    seconds: fresh ? (performance.now() - started) / 1_000 : 0,
    added: fresh,
  });
}

/** Whoever seeds by hand goes on by hand: a later start adds no work of demo staff. */
async function finishSeed({ demo }: Tidemark): Promise<void> {
  const mark = await demo.read();
  if (mark !== null) await demo.write({ ...mark, stage: "done" });
}

/** Why the demo cannot be seeded here, or null. Real customers never share an installation with invented ones. */
export async function demoRefusalOf(
  { demo, portfolio, testClock }: Tidemark,
  plan: DemoPlan,
): Promise<Refusal | null> {
  return testClock === null
    ? refuse("wrong-state", {
        en: "Cannot seed demo: this installation is live, demo data belong into a sandbox",
        zh: "无法生成演示数据：本系统为生产模式，演示数据仅限沙箱",
      })
    : demoRefusal(portfolio, await demo.read(), plan);
}

type Seeding = Readonly<{ stage: "history" | "life" | "done"; commands: number }>;

/** Where seeding pauses, and who hears what share of it is done, 0 to 1. */
type SeedPauses = Pick<DemoRun, "pauseAt" | "onMonthEnd"> &
  Readonly<{ onShare: (share: number) => void }>;

/** Loads what is missing of the history, with a bar. */
export async function seedWithProgress(
  frame: Frame,
  { tidemark, stopped }: Pick<Session, "tidemark" | "stopped">,
  plan: DemoPlan,
  pauses: SeedPauses = { pauseAt: [], onMonthEnd: async () => {}, onShare: () => {} },
): Promise<Seeding> {
  const { world, testClock, demo } = tidemark;
  const bar = startProgress(
    frame,
    { en: "Demo history", zh: "演示历史" },
    { en: "lines", zh: "笔" },
  );
  const crew = openCrew(tidemark);
  try {
    const { mark, commands } = await seedDemo(world, testClock!, demo, plan, {
      ...{ pauseAt: pauses.pauseAt, onMonthEnd: pauses.onMonthEnd },
      ...demoCrew(crew, plan),
      stop: stopped,
      onProgress: (sent, done, all) => {
        pauses.onShare(done / all);
        bar.update(
          Math.round((plan.lines * done) / all),
          plan.lines,
          say(frame, { en: `${sent} records`, zh: `${sent} 条记录` }),
        );
      },
    });
    return { stage: mark.stage, commands };
  } finally {
    bar.stop();
    await crew.close();
  }
}

const words = {
  lines: { en: "lines", zh: "授信笔数" },
  seed: { en: "seed", zh: "随机种子" },
  customers: { en: "customers", zh: "客户数" },
  to: { en: "history to", zh: "历史止" },
  records: { en: "records told", zh: "写入记录" },
  seconds: { en: "seconds", zh: "用时（秒）" },
  rate: { en: "records a second", zh: "每秒记录" },
  disk: { en: "disk used", zh: "占用磁盘" },
} as const;

function previewSeed(frame: Frame, { world }: Tidemark, plan: DemoPlan): number {
  const sample = demoSample(world.ids, plan);
  printJson(frame, { ...plan, ...sample, dryRun: true });
  print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  if (frame.json) return exitCodes.success;
  frame.terminal.out(
    detailsText(frame, [
      [words.lines, String(plan.lines)],
      [words.seed, String(plan.seed)],
      [words.customers, `≈ ${sample.customers}`],
      [words.records, `≈ ${sample.records}`],
      [words.disk, `≈ ${megabytes(sample.bytes)}`],
    ]),
  );
  return exitCodes.success;
}

async function reportSeed(
  frame: Frame,
  tidemark: Tidemark,
  plan: DemoPlan,
  { commands, seconds, added }: Readonly<{ commands: number; seconds: number; added: boolean }>,
): Promise<number> {
  const diskBytes = await databaseBytes(tidemark.database);
  const { lines } = await tidemark.portfolio.totals("demo");
  const recordsPerSecond = seconds === 0 ? 0 : Math.round(commands / seconds);
  const movements = plan.lines <= mostLinesWithAllMovements ? "12 months" : "90 days";
  printJson(frame, {
    ...plan,
    ...{ added, records: commands, recordsPerSecond, diskBytes, movements, asOf: demoLastDate },
    ...{ linesStored: lines, seconds: Math.round(seconds * 10) / 10, dryRun: false },
  });
  if (!added) {
    print(frame, {
      en: "Demo: already there, nothing was added",
      zh: "演示数据：已存在，未新增任何数据",
    });
  }
  if (frame.json) return exitCodes.success;
  frame.terminal.out(
    detailsText(frame, [
      [words.lines, String(lines)],
      [words.seed, String(plan.seed)],
      [words.to, demoLastDate],
      ...(added
        ? ([
            [words.records, String(commands)],
            [words.seconds, seconds.toFixed(1)],
            [words.rate, String(recordsPerSecond)],
          ] as const)
        : []),
      [words.disk, megabytes(diskBytes)],
    ]),
  );
  return exitCodes.success;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MB`;
}
