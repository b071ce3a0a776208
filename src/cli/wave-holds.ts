// `tidemark wave standing`, `hold` and `release`: what customers say of a wave, and stopping what is left of it.

import { wireWave } from "../adapters/http/wire/hold.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { reachesPortfolio } from "../domain/actor.ts";
import { addMilliseconds } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import type { WaveStanding } from "../portfolio/wave-ports.ts";
import { holdWave, releaseWave, waveStanding } from "../portfolio/wave-watch.ts";
import { parseDuration } from "./duration.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { idOf } from "./subject.ts";
import { waveLabel } from "./waves.ts";

type Options = Readonly<Record<string, unknown>>;

const usualSpan = "7d";

export function registerWaveHolds(program: Program): void {
  const noun = program.noun("wave", waveLabel);
  const sweep = program.text({ en: "id of a sweep", zh: "扫描编号" });
  const why = program.text({ en: "why", zh: "理由" });
  const standing = program.add(
    noun,
    "standing",
    { en: "Who was told, complained and asked", zh: "已通知、投诉与咨询情况" },
    ["wave standing SWEEP"],
  );
  standing.argument("<sweep>", sweep);
  program.action(standing, (frame, [id]) => withSweep(frame, String(id), show));
  const hold = program.add(
    noun,
    "hold",
    { en: "Hold its remaining notices and executions", zh: "暂停批次剩余的通知与执行" },
    ['wave hold SWEEP --reason "Press inquiry" --for 3d'],
  );
  hold
    .argument("<sweep>", sweep)
    .requiredOption("--reason <text>", why)
    .option(
      "--for <span>",
      program.text({ en: "how long at most: 12h, 3d, 2w", zh: "最长时间：12h、3d、2w" }),
      usualSpan,
    );
  program.changesData(hold);
  program.action(hold, (frame, [id], options) =>
    withSweep(frame, String(id), (session, known) => holdIt(frame, session, known, options)),
  );
  const release = program.add(
    noun,
    "release",
    {
      en: "Release a held wave; not by whoever held it or started the sweep",
      zh: "恢复已暂停的批次（暂停人与扫描发起人除外）",
    },
    ['wave release SWEEP --reason "Letter corrected and approved"'],
  );
  release.argument("<sweep>", sweep).requiredOption("--reason <text>", why);
  program.changesData(release);
  program.action(release, (frame, [id], options) =>
    withSweep(frame, String(id), (session, known) => releaseIt(frame, session, known, options)),
  );
}

async function show(session: Session, id: Id, frame: Frame): Promise<number> {
  const sweep = await session.tidemark.portfolio.sweeps.find(id);
  if (sweep === null || !reachesPortfolio(session.actor.scope, sweep.portfolio)) {
    return printRefusal(frame, notFound({ en: "sweep", zh: "扫描" }, id));
  }
  return report(frame, session, id, await standingOf(session, id));
}

function withSweep(
  frame: Frame,
  text: string,
  act: (session: Session, id: Id, frame: Frame) => Promise<number>,
): Promise<number> {
  return withSession(frame, async (session) => {
    const id = idOf(text);
    return isRefusal(id) ? printRefusal(frame, id) : act(session, id, frame);
  });
}

function standingOf({ tidemark }: Session, id: Id): Promise<WaveStanding> {
  const { world, portfolio, config } = tidemark;
  return waveStanding(world, portfolio, config.waveWatch, id);
}

async function holdIt(frame: Frame, session: Session, id: Id, options: Options): Promise<number> {
  const span = parseDuration(String(options["for"]), "--for");
  if (isRefusal(span)) return printRefusal(frame, span);
  const { world, portfolio } = session.tidemark;
  const expiresAt = addMilliseconds(await world.clock.now(), span);
  const asked = { reason: String(options["reason"]), expiresAt, actor: session.actor };
  const pause = await holdWave(world, portfolio, id, asked, { dryRun: frame.dryRun });
  if (isRefusal(pause)) return printRefusal(frame, pause);
  return report(frame, session, id, { ...(await standingOf(session, id)), pause });
}

async function releaseIt(
  frame: Frame,
  session: Session,
  id: Id,
  options: Options,
): Promise<number> {
  const { world, portfolio } = session.tidemark;
  const asked = { because: String(options["reason"]), actor: session.actor };
  const released = await releaseWave(world, portfolio, id, asked, { dryRun: frame.dryRun });
  if (isRefusal(released)) return printRefusal(frame, released);
  return report(frame, session, id, await standingOf(session, id));
}

function report(frame: Frame, { tidemark }: Session, id: Id, standing: WaveStanding): number {
  const { echo, pause } = standing;
  printJson(frame, wireWave(id, standing, tidemark.config.waveWatch, frame.dryRun));
  print(frame, {
    en: `Told ${echo.told}, complained ${echo.complaints}, asked ${echo.inquiries}`,
    zh: `已通知 ${echo.told}，投诉 ${echo.complaints}，咨询 ${echo.inquiries}`,
  });
  print(
    frame,
    pause === null
      ? { en: "The wave is not held", zh: "批次未暂停" }
      : {
          en: `Held by ${pause.by} until ${pause.expiresAt}: ${pause.reason}`,
          zh: `已由 ${pause.by} 暂停至 ${pause.expiresAt}：${pause.reason}`,
        },
  );
  return exitCodes.success;
}
