// `tidemark demo live`: plays what would be heard of the demo portfolio next, at a rate, through the desk that all signals
// go through. A server that runs beside it tries the triggers and makes the decisions, and its console shows them.

import { exitCodes } from "../adapters/refusal-table.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { TakenSignal } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import type { DemoPlan } from "../portfolio/demo-history.ts";
import { demoStreamEvent, type DemoEvent } from "../portfolio/demo-stream.ts";
import { parseDuration } from "./duration.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { withSession, type Session } from "./session.ts";
import { deskOf } from "./signals.ts";
import { detailsText } from "./table.ts";

const usualRate = 20;
const highestRate = 10_000;
const mostEvents = 100_000_000;
const tickMs = 100;

export function registerDemoLive(program: Program): void {
  const noun = program.noun("demo", { en: "The demo portfolio", zh: "演示组合" });
  const live = program.add(
    noun,
    "live",
    {
      en: "Play what would be heard of the demo portfolio next, as it comes in",
      zh: "按速率播放演示组合的后续事件",
    },
    [
      "demo live --rate 50",
      "demo live --rate 200 --for 5m --json",
      "demo live --events 100000 --run 1 --print > events.ndjson",
    ],
  );
  const option = (flag: string, label: Text): unknown => live.option(flag, program.text(label));
  option("--rate <number>", {
    en: `events a second (${usualRate})`,
    zh: `每秒事件数（缺省 ${usualRate}）`,
  });
  option("--for <duration>", {
    en: "how long (until Ctrl-C)",
    zh: "持续时间（缺省直到 Ctrl-C）",
  });
  option("--events <number>", { en: "at most so many events", zh: "最多事件数" });
  option("--run <number>", {
    en: "the same run gives the same events under the same ids (a new one)",
    zh: "同一编号给出相同事件与事件编号（缺省为新编号）",
  });
  option("--print", {
    en: "print the events, one a line, and send nothing; needs --events",
    zh: "仅逐行输出事件而不发送，须给出 --events",
  });
  program.changesData(live);
  program.action(live, async (frame, _args, options) => {
    const play = playOf(options, Date.now());
    if (isRefusal(play)) return printRefusal(frame, play);
    return withSession(frame, (session) => playLive(frame, session, play));
  });
}

/** What is played. `forMs` and `events`: whichever ends first. */
type Play = Readonly<{
  rate: number;
  forMs: number;
  events: number;
  run: number;
  printed: boolean;
}>;

function playOf(options: Readonly<Record<string, unknown>>, nowMs: number): Play | Refusal {
  const rate = wholeNumber(options["rate"], usualRate, "--rate", highestRate);
  const events = wholeNumber(options["events"], mostEvents, "--events", mostEvents);
  const run = wholeNumber(options["run"], Math.floor(nowMs / 1_000), "--run");
  const span = options["for"];
  const forMs = typeof span === "string" ? parseDuration(span, "--for") : Infinity;
  const printed = options["print"] === true;
  for (const one of [rate, events, run, forMs]) if (isRefusal(one)) return one;
  if (printed && options["events"] === undefined) {
    return refuse("invalid", {
      en: "--print: found no --events, expected how many",
      zh: "--print：须用 --events 给出事件数",
    });
  }
  return { rate, events, run, forMs, printed } as Play;
}

async function playLive(frame: Frame, session: Session, play: Play): Promise<number> {
  const { demo, world } = session.tidemark;
  const plan = await demo.read();
  if (plan === null) {
    return printRefusal(
      frame,
      refuse("wrong-state", {
        en: "Cannot play events: found no demo portfolio here, make one with tidemark demo seed",
        zh: "无法播放事件：本系统没有演示组合，可运行 tidemark demo seed 生成",
      }),
    );
  }
  if (!play.printed) return sendLive(frame, session, play, plan);
  const at = await world.clock.now();
  for (let number = 0; number < play.events && !session.stopped(); number += 1) {
    const event = demoStreamEvent(plan, play.run, number, at);
    frame.terminal.out(`${JSON.stringify(event)}\n`);
  }
  return exitCodes.success;
}

type Counts = Record<TakenSignal["outcome"], number>;

async function sendLive(
  frame: Frame,
  session: Session,
  { rate, events, run, forMs }: Play,
  plan: DemoPlan,
): Promise<number> {
  const desk = deskOf(session);
  const counts: Counts = { recorded: 0, duplicate: 0, rejected: 0, refused: 0 };
  const bar = startProgress(frame, { en: "Playing", zh: "播放中" }, { en: "events", zh: "个事件" });
  const began = performance.now();
  let stoppedBy: Refusal | null = null;
  let sent = 0;
  try {
    while (!session.stopped() && stoppedBy === null && sent < events) {
      const tookMs = performance.now() - began;
      if (tookMs >= forMs) break;
      const due = Math.min(events, Math.floor((tookMs * rate) / 1_000) + 1, sent + rate);
      const at = await session.tidemark.world.clock.now();
      const some: DemoEvent[] = [];
      for (; sent < due; sent += 1) some.push(demoStreamEvent(plan, run, sent, at));
      const incoming = some.map((event) => ({ event }));
      for (const one of await desk.take(session.actor, incoming, { dryRun: frame.dryRun })) {
        counts[one.outcome] += 1;
        if (one.outcome === "refused") stoppedBy ??= one.refusal;
      }
      bar.update(sent, Number.isFinite(forMs) ? Math.round((forMs * rate) / 1_000) : sent, "");
      await session.pause(tickMs);
    }
  } finally {
    bar.stop();
  }
  report(frame, counts, { sent, run, seconds: (performance.now() - began) / 1_000 });
  return stoppedBy === null ? exitCodes.success : printRefusal(frame, stoppedBy);
}

const words = {
  run: { en: "run", zh: "编号" },
  events: { en: "events", zh: "事件" },
  recorded: { en: "  recorded", zh: "  已计入" },
  duplicate: { en: "  known already", zh: "  此前已计入" },
  rejected: { en: "  rejected", zh: "  被拒绝" },
  rate: { en: "events a second", zh: "每秒事件数" },
} as const satisfies Readonly<Record<string, Text>>;

function report(
  frame: Frame,
  { recorded, duplicate, rejected }: Counts,
  { sent, run, seconds }: Readonly<{ sent: number; run: number; seconds: number }>,
): void {
  const perSecond = Math.round(sent / Math.max(seconds, 0.001));
  printJson(frame, {
    ...{ run, events: sent, recorded, duplicates: duplicate, rejected, perSecond },
    ...{ seconds: Math.round(seconds * 10) / 10, dryRun: frame.dryRun },
  });
  if (frame.json) return;
  if (frame.dryRun) {
    print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  }
  frame.terminal.out(
    detailsText(frame, [
      [words.run, String(run)],
      [words.events, String(sent)],
      [words.recorded, String(recorded)],
      [words.duplicate, String(duplicate)],
      [words.rejected, String(rejected)],
      [words.rate, String(perSecond)],
    ]),
  );
}
