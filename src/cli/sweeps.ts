// `tidemark sweep` re-evaluates a portfolio and `tidemark sweeps` looks after sweeps. Ctrl-C leaves the rest to
// the next run of the same command, which finishes the same sweep.

import { Option } from "commander";
import { wireSweep } from "../adapters/http/wire/sweep.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { parseAskedDate, type BusinessDate } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";
import { holdoutArm } from "../domain/arm.ts";
import type { Currency } from "../domain/money.ts";
import { isRefusal, notFound, type Refusal, refusals, refuse } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { Tidemark } from "../compose.ts";
import { openCrew } from "../crew.ts";
import { choiceText } from "../portfolio/experiment-life.ts";
import {
  type AskPlan,
  sweepStandings,
  type Sweep,
  type SweepFilter,
  type SweepPreview,
} from "../portfolio/ports.ts";
import { controlSweep, type SweepControl } from "../portfolio/sweep-control.ts";
import { previewSweep } from "../portfolio/sweep-preview.ts";
import { openSweep, runSweep, type SweepProgress, type SweepRequest } from "../portfolio/sweep.ts";
import { sweepHelp } from "../sweep-job.ts";
import { amountText, parseAmount } from "./amount.ts";
import { chosen } from "./chosen.ts";
import { interrupted, note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { startProgress, type Progress } from "./progress.ts";
import { withSession, type Session } from "./session.ts";
import { strategyChoices } from "./strategy-choice.ts";
import { idOf } from "./subject.ts";
import { detailsText, tableText } from "./table.ts";
import { sweepStateWords } from "./words.ts";

export function registerSweeps(program: Program): void {
  const sweep = program.add(
    program.root,
    "sweep",
    { en: "Re-evaluate a portfolio, or go on with it", zh: "扫描组合（或继续未完成的扫描）" },
    [
      "sweep --strategy consumer-cn --dry-run",
      "sweep --strategy consumer-cn --as-of 2026-03-31 --daily-cap 5000000",
      "sweep --strategy consumer-cn --shadow consumer-cn@2",
    ],
  );
  sweep
    .option(
      "--strategy <id>",
      program.text({ en: "strategy with an active version", zh: "已生效的策略" }),
    )
    .option(
      "--as-of <date>",
      program.text({ en: "date of the facts (today)", zh: "数据日期（缺省为今日）" }),
    )
    .option(
      "--portfolio <name>",
      program.text({ en: "one portfolio (all)", zh: "指定组合（缺省为全部）" }),
    )
    .option(
      "--daily-cap <amount>",
      program.text({
        en: "most exposure to remove in a day (unlimited)",
        zh: "每日压降上限（缺省不限）",
      }),
    )
    .option(
      "--shadow <strategies...>",
      program.text({
        en: "assess the same lines beside, without effect: ID or ID@VERSION",
        zh: "陪跑策略，不产生效果：编号或 编号@版本",
      }),
    );
  program.changesData(sweep);
  program.action(sweep, (frame, _args, options) =>
    withSession(frame, (session) => sweepOrPreview(frame, session, options)),
  );
  registerCare(program);
}

function registerCare(program: Program): void {
  const noun = program.noun("sweeps", { en: "Sweeps", zh: "扫描记录" });
  const list = program.add(
    noun,
    "list",
    {
      en: "List sweeps, newest first",
      zh: "扫描列表（由新到旧）",
    },
    ["sweeps list --standing paused", "sweeps list --strategy consumer-cn --limit 5"],
  );
  const standing = new Option(
    "--standing <standing>",
    program.text({ en: "only those that stand so", zh: "按进行情况" }),
  );
  list
    .addOption(standing.choices(sweepStandings))
    .option("--strategy <id>", program.text({ en: "of one strategy", zh: "指定策略" }));
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listSweeps(frame, session, options)),
  );
  const show = program.add(
    noun,
    "show",
    { en: "Show a sweep with its counts", zh: "查看扫描及计数" },
    ["sweeps show ID"],
  );
  show.argument("<id>", program.text(idLabel));
  program.action(show, (frame, [id]) =>
    withSession(frame, async ({ tidemark }) => {
      const sweep = await findSweep(tidemark, String(id));
      return isRefusal(sweep)
        ? printRefusal(frame, sweep)
        : reportSweep(frame, tidemark, sweep, false);
    }),
  );
  for (const control of controls) {
    const verb = program.add(noun, control.verb, control.label, [`sweeps ${control.verb} ID`]);
    verb.argument("<id>", program.text(idLabel));
    program.changesData(verb);
    program.action(verb, (frame, [id]) =>
      withSession(frame, (session) => takeControl(frame, session, control, String(id))),
    );
  }
}

type Control = Readonly<{
  verb: SweepControl;
  label: Text;
  done: Text;
  could: Text;
}>;

const controls: readonly Control[] = [
  {
    verb: "pause",
    label: { en: "Hold an unfinished sweep until it is resumed", zh: "暂停未完成的扫描，直至恢复" },
    done: { en: "paused, resume it to go on", zh: "已暂停，恢复后继续" },
    could: { en: "could be paused", zh: "可以暂停" },
  },
  {
    verb: "resume",
    label: { en: "Let a paused sweep go on", zh: "恢复已暂停的扫描" },
    done: {
      en: "may go on: run the command that started it, or leave it to the server",
      zh: "可以继续：再次运行启动命令，或由服务端继续",
    },
    could: { en: "could be resumed", zh: "可以恢复" },
  },
  {
    verb: "cancel",
    label: {
      en: "Cancel an unfinished sweep; decisions made so far stay",
      zh: "取消未完成的扫描（已作出的决定保留）",
    },
    done: { en: "cancelled, decisions made so far stay", zh: "已取消，已作出的决定保留" },
    could: { en: "could be cancelled", zh: "可以取消" },
  },
];

const idLabel: Text = { en: "id of a sweep", zh: "扫描编号" };

async function sweepOrPreview(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const request = await requestOf(session, options);
  if (isRefusal(request)) return printRefusal(frame, request);
  const { tidemark } = session;
  const { world, portfolio } = tidemark;
  if (frame.dryRun) {
    const progress = watch(frame);
    const preview = await previewSweep(world, portfolio, request, {
      stop: session.stopped,
      onProgress: progress.onProgress,
    }).finally(progress.stop);
    if (isRefusal(preview)) return printRefusal(frame, preview);
    const code = await reportSweep(frame, tidemark, preview, true);
    return session.stopped() ? interrupted : code;
  }
  const open = await openSweep(world, portfolio, request);
  return isRefusal(open) ? printRefusal(frame, open) : workOnOpened(frame, session, open);
}

/** Works on a sweep that was just opened, shows how far it got and says how it goes on. */
export async function workOnOpened(
  frame: Frame,
  session: Session,
  open: Pick<Sweep, "id">,
): Promise<number> {
  const { tidemark } = session;
  const sweep = await workOn(session, open.id, watch(frame));
  const code = await reportSweep(frame, tidemark, sweep, false);
  if (sweep.state === "done" || sweep.state === "cancelled") return code;
  if (sweep.pausedBy !== null) {
    note(frame, {
      en: `Paused by ${sweep.pausedBy}: tidemark sweeps resume ${sweep.id}`,
      zh: `已由 ${sweep.pausedBy} 暂停：请运行 tidemark sweeps resume ${sweep.id}`,
    });
    return interrupted;
  }
  note(frame, {
    en: `Stopped: run the same command to go on with sweep ${sweep.id}, or tidemark sweeps cancel ${sweep.id}`,
    zh: `已停止：再次运行同一命令可继续扫描 ${sweep.id}，或运行 tidemark sweeps cancel ${sweep.id} 取消`,
  });
  return interrupted;
}

async function workOn(session: Session, id: Id, progress: Watch): Promise<Sweep> {
  const { tidemark, stopped, pause } = session;
  const crew = openCrew(tidemark);
  try {
    return await runSweep(tidemark.world, tidemark.portfolio, id, {
      ...{ owner: tidemark.owner, stop: stopped, pause, onProgress: progress.onProgress },
      help: sweepHelp(tidemark, crew, stopped),
    });
  } finally {
    progress.stop();
    await crew.close();
  }
}

type Watch = Readonly<{ onProgress: (progress: SweepProgress) => void; stop: () => void }>;

/** A bar per pass; each pass counts all buckets once. */
function watch(frame: Frame): Watch {
  const labels = {
    ask: { en: "Asking sources", zh: "查询外部数据" },
    assess: { en: "Assessing", zh: "评估中" },
    decide: { en: "Deciding", zh: "决策中" },
  } as const;
  let phase: SweepProgress["phase"] | null = null;
  let bar: Progress | null = null;
  return {
    onProgress: (progress) => {
      if (progress.phase !== phase) {
        bar?.stop();
        phase = progress.phase;
        bar = startProgress(frame, labels[phase], { en: "buckets", zh: "分桶" });
      }
      const { evaluated, proposed } = progress.counts;
      bar?.update(
        progress.bucketsDone,
        progress.buckets,
        say(frame, {
          en: `${evaluated} evaluated, ${proposed} proposed`,
          zh: `已评估 ${evaluated}，拟调整 ${proposed}`,
        }),
      );
    },
    stop: () => bar?.stop(),
  };
}

async function requestOf(
  { tidemark, actor }: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<SweepRequest | Refusal> {
  const { clock } = tidemark.world;
  // Not a required option of the command, because `sweep compare` is a command below it and needs none.
  if (typeof options["strategy"] !== "string") return noStrategy;
  const strategyId = options["strategy"];
  const asOf =
    dateOf(options["asOf"]) ??
    (options["asOf"] === undefined ? clock.dateOf(await clock.now()) : null);
  if (asOf === null) return notADate(options["asOf"]);
  const cap = options["dailyCap"];
  const currency = await currencyOf(tidemark, strategyId);
  const money = typeof cap === "string" ? parseAmount(cap, currency, "--daily-cap") : null;
  if (isRefusal(money)) return money;
  if (money !== null && (money.currency !== currency || money.amountMinor < 0)) {
    return refuse("currency-mismatch", {
      en: `--daily-cap: found ${String(cap)}, expected 0 or more in ${currency}`,
      zh: `--daily-cap：为 ${String(cap)}，应为不小于 0 的 ${currency} 金额`,
    });
  }
  const portfolio = typeof options["portfolio"] === "string" ? options["portfolio"] : null;
  const shadows = strategyChoices(options["shadow"], "--shadow");
  if (isRefusal(shadows)) return shadows;
  return { strategyId, asOf, portfolio, dailyCapMinor: money?.amountMinor ?? null, shadows, actor };
}

const noStrategy = refuse("invalid", {
  en: "--strategy: found none, expected the id of a strategy with an active version",
  zh: "--strategy：未给出，应为已生效策略的编号",
});

function dateOf(given: unknown): BusinessDate | null {
  return parseAskedDate(given);
}

function notADate(given: unknown): Refusal {
  return refuse("invalid", {
    en: `--as-of: found ${JSON.stringify(given)}, expected a date such as 2026-03-31`,
    zh: `--as-of：为 ${JSON.stringify(given)}，应为日期，如 2026-03-31`,
  });
}

/** Currency of a strategy; the installation's where there is no such strategy, which is refused later. */
export async function currencyOf({ world, installation }: Tidemark, id: string): Promise<Currency> {
  const { strategies } = world.store;
  const stored = (await strategies.active(id)) ?? (await strategies.find(id));
  if (stored === null) return installation.currency;
  return (JSON.parse(stored.document) as Readonly<{ currency: Currency }>).currency;
}

const words = {
  id: { en: "sweep", zh: "扫描" },
  strategy: { en: "strategy", zh: "策略" },
  asOf: { en: "as of", zh: "数据日期" },
  portfolio: { en: "portfolio", zh: "组合" },
  state: { en: "state", zh: "状态" },
  experiment: { en: "experiment", zh: "实验" },
  shadows: { en: "in the shadow", zh: "陪跑策略" },
  cap: { en: "daily cap", zh: "每日上限" },
  planned: { en: "planned", zh: "计划" },
  evaluated: { en: "evaluated", zh: "已评估" },
  unchanged: { en: "unchanged", zh: "不变" },
  proposed: { en: "proposed", zh: "拟调整" },
  paced: { en: "  paced", zh: "  排期" },
  toReview: { en: "  to review", zh: "  转人工复核" },
  straightThrough: { en: "  straight through", zh: "  自动通过" },
  held: { en: "    held by a window", zh: "    窗口内等待" },
  refused: { en: "refused or excluded", zh: "拒绝或排除" },
  heldOut: { en: "Held out by the experiment", zh: "属留存对照组" },
  removed: { en: "exposure removed", zh: "压降敞口" },
  segment: { en: "segment", zh: "客群" },
  total: { en: "total", zh: "合计" },
  maker: { en: "maker", zh: "发起人" },
  started: { en: "started", zh: "开始" },
} as const satisfies Readonly<Record<string, Text>>;

export async function reportSweep(
  frame: Frame,
  tidemark: Tidemark,
  found: Sweep | SweepPreview,
  dryRun: boolean,
): Promise<number> {
  const currency = await currencyOf(tidemark, found.strategy.id);
  printJson(frame, wireSweep(found, currency, dryRun));
  if (dryRun) print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  if (frame.json) return exitCodes.success;
  const { counts, strategy } = found;
  const numbers = [
    "planned",
    "evaluated",
    "unchanged",
    "proposed",
    "paced",
    "toReview",
    "straightThrough",
    ...(counts.held === 0 ? [] : (["held"] as const)),
  ] as const;
  frame.terminal.out(
    detailsText(frame, [
      [words.id, found.id],
      [words.strategy, `${strategy.id} ${strategy.version}`],
      [words.asOf, found.asOf],
      [words.portfolio, found.portfolio ?? "–"],
      [words.state, stateText(frame, found)],
      ...(found.experiment === null ? [] : [[words.experiment, found.experiment.id] as const]),
      ...(found.shadows.length === 0
        ? []
        : [[words.shadows, found.shadows.map(choiceText).join(", ")] as const]),
      ...(found.dailyCapMinor === null
        ? []
        : [[words.cap, amountText(found.dailyCapMinor, currency)] as const]),
      ...numbers.map((name) => [words[name], String(counts[name])] as const),
    ]),
  );
  frame.terminal.out(countsText(frame, found, currency));
  for (const plan of "asks" in found ? found.asks : []) print(frame, planText(plan));
  return exitCodes.success;
}

/** What a sweep would ask first, and how far today's ceiling allows it. */
function planText({ source, asks, costMinor, leftMinor, currency }: AskPlan): Text {
  const cost = amountText(costMinor, currency);
  const left = amountText(leftMinor, currency);
  return {
    en: `Would ask ${source} ${asks} times first, cost ${cost}; today's ceiling leaves ${left}`,
    zh: `扫描前将查询 ${source} ${asks} 次，费用 ${cost}；当日上限尚余 ${left}`,
  };
}

function stateText(frame: Frame, { state, pausedBy }: Sweep): string {
  const text = say(frame, sweepStateWords[state]);
  if (pausedBy === null || state === "cancelled") return text;
  return say(frame, {
    en: `${text}, paused by ${pausedBy}`,
    zh: `${text}（已由 ${pausedBy} 暂停）`,
  });
}

/** Exclusions have the lender's own ids; the holdout and refusals are ours to put in words. */
function saidOfCode(frame: Frame, code: string): string {
  if (code === holdoutArm) return `${code}: ${say(frame, words.heldOut)}`;
  if (!Object.hasOwn(refusals, code)) return code;
  return `${code}: ${say(frame, refusals[code as keyof typeof refusals])}`;
}

function countsText(frame: Frame, { counts }: Sweep, currency: Currency): string {
  const refused = Object.entries(counts.refused).map(([code, count]) => [
    saidOfCode(frame, code),
    String(count),
  ]);
  const removed = Object.entries(counts.removedBySegment);
  const total = removed.reduce((sum, [, amountMinor]) => sum + amountMinor, 0);
  const rows = removed.map(([segment, amountMinor]) => [
    segment || "–",
    amountText(amountMinor, currency),
  ]);
  if (removed.length > 1) rows.push([say(frame, words.total), amountText(total, currency)]);
  const refusedText = tableText(
    frame,
    [{ label: words.refused }, { label: { en: "lines", zh: "笔数" }, right: true }],
    refused,
  );
  const removedText = tableText(
    frame,
    [{ label: words.segment }, { label: words.removed, right: true }],
    rows,
  );
  return [refusedText, removedText]
    .filter((text) => text !== "")
    .map((text) => `\n${text}`)
    .join("");
}

async function listSweeps(
  frame: Frame,
  { tidemark }: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const { sweeps } = tidemark.portfolio;
  const rows: { sweep: Sweep; currency: Currency }[] = [];
  // The option takes only these standings.
  const filter = chosen(options, ["standing", "strategy"]) as SweepFilter;
  for (const sweep of await sweeps.list(page.after, page.limit, filter)) {
    const counts = await sweeps.counts(sweep.id);
    const currency = await currencyOf(tidemark, sweep.strategy.id);
    rows.push({ sweep: { ...sweep, counts }, currency });
  }
  const next = rows.length === page.limit ? (rows.at(-1)?.sweep.id ?? null) : null;
  const columns = ["id", "strategy", "asOf", "state", "proposed", "maker", "started"] as const;
  printPage(
    frame,
    { rows, next },
    ({ sweep, currency }) => wireSweep(sweep, currency),
    columns.map((name) => ({ label: words[name] })),
    ({ sweep }) => [
      sweep.id,
      `${sweep.strategy.id} ${sweep.strategy.version}`,
      sweep.asOf,
      stateText(frame, sweep),
      String(sweep.counts.proposed),
      sweep.maker,
      sweep.startedAt,
    ],
  );
  return exitCodes.success;
}

/** A sweep with its counts as they are now. */
export async function findSweep({ portfolio }: Tidemark, text: string): Promise<Sweep | Refusal> {
  const id = idOf(text);
  if (isRefusal(id)) return id;
  const sweep = await portfolio.sweeps.find(id);
  if (sweep === null) return notFound({ en: "sweep", zh: "扫描" }, text);
  return { ...sweep, counts: await portfolio.sweeps.counts(id) };
}

async function takeControl(
  frame: Frame,
  { tidemark, actor }: Session,
  { verb, done, could }: Control,
  text: string,
): Promise<number> {
  const id = idOf(text);
  if (isRefusal(id)) return printRefusal(frame, id);
  const { dryRun } = frame;
  const sweep = await controlSweep(tidemark.world, tidemark.portfolio, id, verb, actor, { dryRun });
  if (isRefusal(sweep)) return printRefusal(frame, sweep);
  const { state, pausedBy } = sweep;
  printJson(frame, { id, state, pausedBy, dryRun });
  const said = dryRun ? could : done;
  print(frame, { en: `Sweep ${id}: ${said.en}`, zh: `扫描 ${id}：${said.zh}` });
  return exitCodes.success;
}
