// `tidemark work`: scheduler and dispatcher without the API, either until nothing is left to do now or until
// somebody stops them. `tidemark serve`: with the API, and nothing set up first. The server is loaded by the commands
// that run it, so that no other one waits for it.

import { exitCodes } from "../adapters/refusal-table.ts";
import { drain } from "../flow/advance.ts";
import { fireDue } from "../flow/scheduler.ts";
import { note, print, printJson, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";

export function registerWork(program: Program): void {
  const work = program.add(
    program.root,
    "work",
    {
      en: "Fire due timers and send messages, without the API",
      zh: "处理到期事项并发出消息（不启动 API）",
    },
    ["work --until-idle"],
  );
  work.option(
    "--until-idle",
    program.text({
      en: "end when nothing is due and nothing is unsent",
      zh: "无到期事项且无待发消息时结束",
    }),
  );
  program.action(work, (frame, _args, options) =>
    withSession(
      frame,
      (session) =>
        options["untilIdle"] === true ? workUntilIdle(frame, session) : workOn(frame, session),
      { unattended: true },
    ),
  );
  const command = program.add(
    program.root,
    "serve",
    { en: "Serve the API and work in the background", zh: "启动 API 并在后台处理" },
    ["serve --port 4270"],
  );
  program.action(command, (frame) =>
    withSession(frame, (session) => serveOn(frame, session), { unattended: true }),
  );
}

async function serveOn(frame: Frame, session: Session): Promise<number> {
  const { serve } = await import("../serve.ts");
  const serving = await serve(session.tidemark);
  print(frame, { en: `Tidemark: ${serving.url}`, zh: `潮位：${serving.url}` });
  printJson(frame, { url: serving.url });
  await untilStopped(session);
  await serving.stop();
  return exitCodes.success;
}

async function workUntilIdle(frame: Frame, session: Session): Promise<number> {
  const { world, owner } = session.tidemark;
  const run = { owner, stop: session.stopped, pause: session.pause, onStep: () => undefined };
  let fired = 0;
  let sent = 0;
  for (let more = true; more && !session.stopped();) {
    const now = await fireDue(world, session.stopped);
    fired += now;
    sent += await drain(world, run);
    more = now > 0;
  }
  const unsent = await world.store.waiting.unsent();
  printJson(frame, { fired, sent, unsent });
  print(frame, {
    en: `Fired ${fired} timers, sent ${sent} messages, ${unsent} unsent`,
    zh: `触发 ${fired} 个定时事项，发出 ${sent} 条消息，未发出 ${unsent} 条`,
  });
  return exitCodes.success;
}

async function workOn(frame: Frame, session: Session): Promise<number> {
  const { startBackground } = await import("../serve.ts");
  const background = startBackground(session.tidemark);
  note(frame, { en: "Working; Ctrl-C stops", zh: "处理中；Ctrl-C 停止" });
  await untilStopped(session);
  await background.stop();
  return exitCodes.success;
}

const hourMs = 3_600_000;

/** Waits for Ctrl-C. */
export async function untilStopped(session: Session): Promise<void> {
  while (!session.stopped()) await session.pause(hourMs);
}
