// `tidemark clock`: the time that counts, and in a sandbox the means to move it. Moving it forward works off
// everything that falls due on the way, in order.

import { hasHistory } from "../adapters/installation.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import type { SandboxClock } from "../adapters/clock.ts";
import type { Actor } from "../domain/actor.ts";
import { addMilliseconds, parseAskedDate, parseInstant, type Instant } from "../domain/calendar.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { advanceClock, clockRefusal } from "../flow/advance.ts";
import type { Tidemark } from "../compose.ts";
import { parseDuration } from "./duration.ts";
import { interrupted, note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { withSession, type Session } from "./session.ts";

export function registerClock(program: Program): void {
  const noun = program.noun("clock", {
    en: "Business time and the sandbox's test clock",
    zh: "业务时间与沙箱时钟",
  });
  const show = program.add(
    noun,
    "show",
    {
      en: "Show the time that counts",
      zh: "显示当前业务时间",
    },
    ["clock show"],
  );
  program.action(show, (frame) => withSession(frame, (session) => showClock(frame, session)));
  const advance = program.add(
    noun,
    "advance",
    {
      en: "Move the test clock forward and work off what falls due (sandbox only)",
      zh: "向前拨动沙箱时钟，并依次处理到期事项",
    },
    ["clock advance 30d", "clock advance --to 2026-06-30"],
  );
  advance
    .argument(
      "[span]",
      program.text({ en: "how far: 30s, 90m, 12h, 30d, 2w", zh: "时长：30s、90m、12h、30d、2w" }),
    )
    .option(
      "--to <date>",
      program.text({
        en: "to the start of a date, or to an instant",
        zh: "拨至某日零时或某一时刻",
      }),
    );
  program.changesData(advance);
  program.action(advance, (frame, [span], options) =>
    withSession(frame, (session) => advanceTo(frame, session, span, options["to"])),
  );
  const set = program.add(
    noun,
    "set",
    {
      en: "Start the test clock at any time, while nothing has happened yet (sandbox only)",
      zh: "设定沙箱时钟的起点（仅限尚无任何事件时）",
    },
    ["clock set 2005-10-01"],
  );
  set.argument("<date>", program.text({ en: "date or instant", zh: "日期或时刻" }));
  program.changesData(set);
  program.action(set, (frame, [text]) =>
    withSession(frame, (session) => setClock(frame, session, String(text))),
  );
}

async function showClock(frame: Frame, { tidemark }: Session): Promise<number> {
  const { clock } = tidemark.world;
  const { mode, timeZone } = tidemark.installation;
  const now = await clock.now();
  const test = (await tidemark.testClock?.reading()) ?? null;
  const date = clock.dateOf(now);
  const nextDue = await tidemark.world.store.waiting.nextDue([]);
  printJson(frame, { now, businessDate: date, timeZone, mode, testClock: test, nextDue });
  print(frame, {
    en: `${now} (business date ${date}, ${timeZone}): ${test === null ? "real time" : "test clock"}, ${mode}; ${nextDue === null ? "no timer waits" : `next timer due at ${nextDue}`}`,
    zh: `${now}（业务日期 ${date}，${timeZone}）：${test === null ? "真实时间" : "沙箱时钟"}，${mode === "live" ? "生产" : "沙箱"}；${nextDue === null ? "没有等待中的定时事项" : `下一定时事项于 ${nextDue} 到期`}`,
  });
  return exitCodes.success;
}

/** The clock of a sandbox that the actor may move, or the refusal. */
function movable({ testClock }: Tidemark, actor: Actor): SandboxClock | Refusal {
  return (
    clockRefusal(actor) ??
    testClock ??
    refuse("wrong-state", {
      en: "Cannot move clock: this installation is live, its time is real",
      zh: "无法拨动时钟：本系统为生产模式，使用真实时间",
    })
  );
}

async function advanceTo(
  frame: Frame,
  session: Session,
  span: unknown,
  to: unknown,
): Promise<number> {
  const { tidemark } = session;
  const clock = movable(tidemark, session.actor);
  if (isRefusal(clock)) return printRefusal(frame, clock);
  const now = await clock.now();
  const target = targetOf(tidemark, now, span, to);
  if (isRefusal(target)) return printRefusal(frame, target);
  if (target < now) return printRefusal(frame, backwards(target, now));
  if (frame.dryRun) return previewAdvance(frame, session, now, target);
  const bar = startProgress(frame, { en: "Advancing", zh: "推进中" }, { en: "days", zh: "天" });
  const days = (at: Instant): number => Math.floor((Date.parse(at) - Date.parse(now)) / 86_400_000);
  const advanced = await advanceClock(tidemark.world, clock, target, {
    owner: tidemark.owner,
    stop: session.stopped,
    pause: session.pause,
    onStep: (at, fired) =>
      bar.update(
        days(at),
        days(target),
        say(frame, { en: `${fired} timers`, zh: `${fired} 个定时事项` }),
      ),
  }).finally(bar.stop);
  printJson(frame, advanced);
  print(frame, {
    en: `Clock: ${advanced.from} → ${advanced.to}, ${advanced.fired} timers fired, ${advanced.sent} messages sent`,
    zh: `时钟：${advanced.from} → ${advanced.to}，触发 ${advanced.fired} 个定时事项，发出 ${advanced.sent} 条消息`,
  });
  await warnOfRest(frame, session);
  if (advanced.to >= target) return exitCodes.success;
  note(frame, {
    en: `Stopped: run tidemark clock advance --to ${target} to go on`,
    zh: `已停止：运行 tidemark clock advance --to ${target} 可继续`,
  });
  return interrupted;
}

/** Messages that the world did not take are told, not swallowed. */
async function warnOfRest(frame: Frame, { tidemark }: Session): Promise<void> {
  const unsent = await tidemark.world.store.waiting.unsent();
  if (unsent === 0) return;
  note(frame, {
    en: `${unsent} messages are still unsent: run tidemark work --until-idle`,
    zh: `仍有 ${unsent} 条消息未发出：可运行 tidemark work --until-idle`,
  });
}

async function previewAdvance(
  frame: Frame,
  { tidemark }: Session,
  from: Instant,
  to: Instant,
): Promise<number> {
  const next = await tidemark.world.store.waiting.nextDue([]);
  const due = next !== null && next <= to ? next : null;
  printJson(frame, { dryRun: true, from, to, nextDue: due });
  print(frame, {
    en: `Dry run: clock would go ${from} → ${to}, ${due === null ? "nothing falls due" : `first due at ${due}`}`,
    zh: `试运行：时钟将由 ${from} 拨至 ${to}，${due === null ? "期间无到期事项" : `首个到期时间 ${due}`}`,
  });
  return exitCodes.success;
}

function targetOf(
  { world }: Tidemark,
  now: Instant,
  span: unknown,
  to: unknown,
): Instant | Refusal {
  if ((span === undefined) === (to === undefined)) {
    return refuse("invalid", {
      en: "Advance: expected either a span such as 30d or --to DATE",
      zh: "推进：须给出时长（如 30d）或 --to 日期，二者取一",
    });
  }
  if (span === undefined) return momentOf(world, String(to), "--to");
  const milliseconds = parseDuration(span as string, "SPAN");
  return isRefusal(milliseconds) ? milliseconds : addMilliseconds(now, milliseconds);
}

function momentOf({ clock }: Tidemark["world"], text: string, option: string): Instant | Refusal {
  const date = parseAskedDate(text);
  return (
    (date === null ? parseInstant(text) : clock.startOf(date)) ??
    refuse("invalid", {
      en: `${option}: found ${JSON.stringify(text)}, expected a date such as 2026-06-30 or an instant such as 2026-06-30T00:00:00.000Z`,
      zh: `${option}：为 ${JSON.stringify(text)}，应为日期（2026-06-30）或时刻（2026-06-30T00:00:00.000Z）`,
    })
  );
}

function backwards(target: Instant, now: Instant): Refusal {
  return refuse("invalid", {
    en: `Cannot move clock back: found ${target}, expected ${now} or later`,
    zh: `时钟不能回拨：目标为 ${target}，应不早于 ${now}`,
  });
}

async function setClock(frame: Frame, { tidemark, actor }: Session, text: string): Promise<number> {
  const clock = movable(tidemark, actor);
  if (isRefusal(clock)) return printRefusal(frame, clock);
  const to = momentOf(tidemark.world, text, "DATE");
  if (isRefusal(to)) return printRefusal(frame, to);
  const before = await clock.reading();
  if (before !== to && (await hasHistory(tidemark.database))) {
    return printRefusal(
      frame,
      refuse("wrong-state", {
        en: `Cannot set clock: events have happened, found ${await clock.now()}, use tidemark clock advance`,
        zh: `无法设定时钟：系统中已有事件，当前为 ${await clock.now()}，请使用 tidemark clock advance`,
      }),
    );
  }
  if (!frame.dryRun) await clock.set(to);
  printJson(frame, { testClock: to, dryRun: frame.dryRun });
  print(frame, {
    en: `Test clock: ${frame.dryRun ? "could start" : "stands"} at ${to}`,
    zh: `沙箱时钟：${frame.dryRun ? "可设为" : "已设为"} ${to}`,
  });
  return exitCodes.success;
}
