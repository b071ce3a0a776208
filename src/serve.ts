// The server: the API, the scheduler and the dispatcher in one process. Loops never end by a fault (they log it,
// wait longer and try again) and stopping lets the piece of work at hand finish.

import { join } from "node:path";
import {
  addTexts,
  approveTexts,
  previewNotice,
  textsApproverRoles,
  textsAuthorRoles,
} from "./flow/notice-texts.ts";
import { explainRecord } from "./flow/explain-decision.ts";
import { readSentTable } from "./adapters/files/sent-table.ts";
import { buildServer } from "./adapters/http/server.ts";
import {
  defaultHttpSettings,
  type Preparation,
  type ServerDependencies,
} from "./adapters/http/dependencies.ts";
import { preparingText } from "./adapters/http/preparation.ts";
import { sweepRates, type SweepRates } from "./adapters/http/sweep-rates.ts";
import { toldJson, type Withheld } from "./adapters/http/withheld.ts";
import { localised } from "./adapters/localised.ts";
import { Fault, faultIn } from "./adapters/fault.ts";
import { makeBell, pause } from "./adapters/pause.ts";
import { letterPdf } from "./adapters/notices/letter.ts";
import { signingKey } from "./adapters/notices/signature.ts";
import { reportRenderer } from "./adapters/reports/render-report.ts";
import { takeSignalFiles } from "./adapters/signals/signal-folder.ts";
import { version } from "./adapters/version.ts";
import { packageFolder, type Tidemark } from "./compose.ts";
import { openCrew } from "./crew.ts";
import type { Id } from "./domain/id.ts";
import type { Language } from "./domain/text.ts";
import { isRefusal, refuse } from "./domain/refusal.ts";
import { advanceClock, clockRefusal, clockRoles } from "./flow/advance.ts";
import { dispatch } from "./flow/dispatch.ts";
import { pipeline } from "./flow/pipeline.ts";
import { replayDecision } from "./flow/replay.ts";
import { fireDue } from "./flow/scheduler.ts";
import { connectorDesk } from "./flow/connector-desk.ts";
import { signalDesk } from "./flow/signal-desk.ts";
import { longestEvent } from "./flow/take-signals.ts";
import { transact } from "./flow/transact.ts";
import { compareSweep, comparedLines, shadowIn } from "./portfolio/compare-sweep.ts";
import { controlSweep } from "./portfolio/sweep-control.ts";
import { makeDailyReport, reportMakerRoles, reportRoles } from "./portfolio/report-make.ts";
import { keepSchedule } from "./portfolio/report-schedule.ts";
import { sweepLookout } from "./portfolio/sweep-lookout.ts";
import { previewSweep } from "./portfolio/sweep-preview.ts";
import { openSweep, runSweep, sweepRoles } from "./portfolio/sweep.ts";
import {
  blackoutHooks,
  emergencyHooks,
  experimentHooks,
  haltHooks,
  reviewDeskHooks,
  strategyHooks,
  transparencyHooks,
  watchHooks,
} from "./server-hooks.ts";
import { sweepHelp } from "./sweep-job.ts";
import { waveHooks, workOnUndo } from "./wave-undo-job.ts";

/** Work in the background of one process. */
export type Background = Readonly<{
  /** works on a sweep until it is done or the process stops; the same sweep twice is once */
  sweep: (id: Id) => void;
  /** works on an approved undoing of a wave until it is done or the process stops; the same one twice is once */
  undo: (id: Id) => void;
  /** lines per second of late on a sweep that this process works on, else null */
  rate: (id: Id) => number | null;
  /** what went wrong last in a loop that has not got over it; empty when all is well */
  troubles: () => string[];
  /** has the scheduler look at once for what fell due, instead of after its rest */
  wake: () => void;
  /** aborted once everything shall stop */
  signal: AbortSignal;
  /** asks everything to stop and waits until it has */
  stop: () => Promise<void>;
}>;

const idleMs = 250;
const lookoutMs = 2_000;
const firstBackOffMs = 500;
const longestBackOffMs = 30_000;

/** Starts scheduler and dispatcher, and goes on with sweeps that nobody works on, whoever left or resumed them. */
export function startBackground(tidemark: Tidemark): Background {
  const { begin, ...background } = openBackground(tidemark);
  begin();
  return background;
}

/** The same, but nothing runs before `begin`, except sweeps that are asked for. */
function openBackground(tidemark: Tidemark): Background & Readonly<{ begin: () => void }> {
  const { world, log } = tidemark;
  const stop = new AbortController();
  const stopped = (): boolean => stop.signal.aborted;
  const troubles = new Map<string, string>();
  const running = new Map<string, Promise<void>>();
  const askedAgain = new Set<Id>();
  const rates = sweepRates(() => performance.now());
  const bell = makeBell();
  const loop = (
    name: string,
    restMs: number,
    work: () => Promise<boolean>,
    rest: Loop["rest"] = pause,
  ): void => {
    running.set(name, keepOn({ name, restMs, rest, work, signal: stop.signal, troubles, log }));
  };
  const sweep = (id: Id): void => {
    const name = `sweep ${id}`;
    if (stopped()) return;
    // It may be about to stop because it was paused: once it has, it is worked on again.
    if (running.has(name)) return void askedAgain.add(id);
    const work = workOnSweep(tidemark, id, stop.signal, rates)
      .catch((error: unknown) => log.error({ err: error, sweep: id }, "Sweep stopped by a failure"))
      .finally(() => {
        running.delete(name);
        rates.forget(id);
        if (askedAgain.delete(id)) sweep(id);
      });
    running.set(name, work);
  };
  const undo = (id: Id): void => {
    const name = `undo ${id}`;
    if (stopped() || running.has(name)) return;
    const work = workOnUndo(tidemark, id, stop.signal)
      .catch((error: unknown) => log.error({ err: error, undo: id }, "Undoing a wave failed"))
      .finally(() => running.delete(name));
    running.set(name, work);
  };
  const begin = (): void => {
    if (stopped()) return;
    loop("scheduler", idleMs, async () => (await fireDue(world, stopped)) > 0, bell.rest);
    loop(
      "dispatcher",
      idleMs,
      async () => (await dispatch(world, tidemark.owner, stopped)).sent > 0,
    );
    const isAtWork = (id: Id): boolean => running.has(`sweep ${id}`);
    const lookout = sweepLookout(world, tidemark.portfolio, isAtWork);
    loop("signal files", lookoutMs, signalFiles(tidemark, bell.ring, stopped));
    loop("sweeps", lookoutMs, async () => {
      for (const id of await lookout(performance.now())) sweep(id);
      for (const id of await tidemark.portfolio.waves.idle()) undo(id);
      return false;
    });
  };
  return {
    ...{ begin, sweep, undo, wake: bell.ring },
    rate: rates.of,
    signal: stop.signal,
    troubles: () => [...troubles].map(([name, trouble]) => `${name}: ${trouble}`),
    stop: async () => {
      stop.abort();
      await Promise.all(running.values());
    },
  };
}

/** Takes the files of signals that lie in the folder of the settings; nothing where there is none. */
function signalFiles(
  { world, config: { signalFolder, clockSkewMs } }: Tidemark,
  onDue: () => void,
  stopped: () => boolean,
): () => Promise<boolean> {
  const { take } = signalDesk({ ...world, onDue }, clockSkewMs);
  return async () =>
    signalFolder !== null &&
    (await takeSignalFiles(signalFolder, { take, longestEvent }, stopped)) > 0;
}

type Loop = Readonly<{
  name: string;
  /** between two looks when there is nothing to do */
  restMs: number;
  rest: (ms: number, signal: AbortSignal) => Promise<void>;
  work: () => Promise<boolean>;
  signal: AbortSignal;
  troubles: Map<string, string>;
  log: Tidemark["log"];
}>;

/** Works again at once while there was something to do, after a rest otherwise, later and later after failures. */
async function keepOn({ name, restMs, rest, work, signal, troubles, log }: Loop): Promise<void> {
  let backOffMs = firstBackOffMs;
  while (!signal.aborted) {
    try {
      const busy = await work();
      troubles.delete(name);
      backOffMs = firstBackOffMs;
      if (!busy) await rest(restMs, signal);
    } catch (error) {
      troubles.set(name, error instanceof Fault ? error.message : "internal error, see the log");
      log.error({ err: error, loop: name, retryInMs: backOffMs }, "Loop failed");
      await pause(backOffMs, signal);
      backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
    }
  }
}

async function workOnSweep(
  tidemark: Tidemark,
  id: Id,
  signal: AbortSignal,
  rates: SweepRates,
): Promise<void> {
  const { world, portfolio, owner, log } = tidemark;
  const stopped = (): boolean => signal.aborted;
  const crew = openCrew(tidemark);
  try {
    const sweep = await runSweep(world, portfolio, id, {
      ...{ owner, stop: stopped },
      help: sweepHelp(tidemark, crew, stopped),
      pause: (ms) => pause(ms, signal),
      onProgress: ({ phase, bucketsDone, buckets, counts }) => {
        const { paced, toReview, straightThrough } = counts;
        rates.add(id, phase === "assess" ? counts.planned : paced + toReview + straightThrough);
        log.info({ sweep: id, phase, bucketsDone, buckets }, "Sweep goes on");
      },
    });
    log.info({ sweep: id, state: sweep.state }, "Sweep worked on");
  } finally {
    await crew.close();
  }
}

/** Work that goes before all other work while pages can be read already; tells how much of it is done. */
export type Prepare = (onProgress: (progress: Preparation) => void) => Promise<void>;

/** A listening server. */
export type Serving = Readonly<{
  url: string;
  /** resolves when the preparation is over and background work has begun; rejects as the preparation does */
  prepared: Promise<void>;
  /** stops taking requests, finishes those at hand, and stops the loops; idempotent */
  stop: () => Promise<void>;
}>;

/**
 * Starts the API on the host and port of the settings, and background work. With a preparation that one comes first:
 * until it is over nothing falls due, nothing is sent and changes are refused. Throws a Fault when it cannot listen.
 */
export async function serve(tidemark: Tidemark, prepare: Prepare | null = null): Promise<Serving> {
  const { config, metrics, world } = tidemark;
  const background = openBackground(tidemark);
  let preparing: Preparation | null = prepare === null ? null : { done: 0, of: 1 };
  const server = buildServer(dependenciesOf(tidemark, background, () => preparing));
  metrics.gauge("tidemark_outbox_unsent", "Messages not yet sent", () =>
    world.store.waiting.unsent(),
  );
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopAll(server, background));
  const begin = async (): Promise<void> => {
    await prepare?.((progress) => (preparing = progress));
    await keepSchedule(world, tidemark.reports, { minutes: config.reportAtMinutes });
    preparing = null;
    background.begin();
  };
  try {
    const address = await server.listen({ host: config.host, port: config.port });
    const prepared = begin();
    // Whoever waits for it gets the failure; nobody has to.
    prepared.catch(() => undefined);
    if (prepare === null) await prepared;
    return { url: address, prepared, stop };
  } catch (cause) {
    await stop();
    throw listenFault(config.host, config.port, cause);
  }
}

/** The API alone, not yet listening, with nothing in the background: for whoever measures it. */
export function apiOf(tidemark: Tidemark): ReturnType<typeof buildServer> {
  return buildServer(dependenciesOf(tidemark, openBackground(tidemark), () => null));
}

async function stopAll(
  server: Readonly<{ close: () => Promise<void> }>,
  background: Background,
): Promise<void> {
  // Together: a request that works for long, such as moving the test clock, ends only when asked to stop.
  await Promise.all([server.close(), background.stop()]);
}

function listenFault(host: string, port: number, cause: unknown): unknown {
  const { code } = cause as { code?: string };
  if (code !== "EADDRINUSE" && code !== "EACCES" && code !== "EADDRNOTAVAIL") return cause;
  const state = {
    EADDRINUSE: { en: "another program listens there", zh: "该端口已被其他程序占用" },
    EACCES: { en: "this user may not", zh: "当前用户无此权限" },
    EADDRNOTAVAIL: { en: "this machine has no such address", zh: "本机没有该地址" },
  }[code];
  const text = {
    en: `Cannot listen on ${host}:${port}: ${state.en}, choose another with --port or --host`,
    zh: `无法监听 ${host}:${port}：${state.zh}，请用 --port 或 --host 另行指定`,
  };
  return faultIn(text, { cause, retryable: false, code });
}

function dependenciesOf(
  tidemark: Tidemark,
  background: Background,
  preparing: () => Preparation | null,
): ServerDependencies {
  const { world, portfolio, accounts, sessions, apiKeys, replies, log, metrics, config } = tidemark;
  const { lender, mode, currency, timeZone } = tidemark.installation;
  // News may set a trigger, which shall not wait for the scheduler's rest.
  const watchful = { ...world, onDue: background.wake };
  return {
    ...{ world, portfolio, pipeline, accounts, sessions, apiKeys, replies, log, metrics },
    ...{ views: tidemark.views, preparing, packs: tidemark.packs.packs },
    installation: { lender, mode, currency, timeZone, version },
    clock: clockHooks(tidemark, background),
    transact: (bucket, commands, options) => transact(world, bucket, commands, options),
    sweeps: sweepHooks(tidemark, background),
    waves: waveHooks(tidemark, config.waveWatch, background.undo),
    strategies: strategyHooks(world, portfolio),
    experiments: experimentHooks(world, portfolio),
    emergencies: emergencyHooks(world, portfolio),
    reviewDesk: reviewDeskHooks(world),
    halts: haltHooks(world),
    blackouts: blackoutHooks(world),
    signals: signalDesk(watchful, config.clockSkewMs),
    connectors: connectorDesk(watchful, tidemark.sources),
    reports: reportHooks(tidemark),
    transparency: transparencyHooks(world, portfolio),
    notices: noticeHooks(tidemark),
    ...watchHooks(world),
    replay: (id) => replayDecision(world, id),
    readTable: readSentTable,
    explain: (id, language, withheld) => explain(tidemark, id, language, withheld),
    ready: () => readiness(tidemark, background, preparing()),
    now: () => new Date(),
    settings: {
      ...defaultHttpSettings,
      language: config.language,
      secure: config.https,
      trustProxy: config.trustProxy,
      origins: config.origins,
      openMetrics: config.openMetrics,
      signalSecret: config.signalSecret,
      consoleFolder: join(packageFolder, "console", "dist"),
    },
  };
}

function reportHooks({ world, reports }: Tidemark): ServerDependencies["reports"] {
  return {
    roles: reportRoles,
    makerRoles: reportMakerRoles,
    shelf: reports,
    make: async (request) => {
      const made = await makeDailyReport(world, reports, request);
      if (made === null) throw new Error("A report was stopped that nobody can stop");
      return isRefusal(made) ? made : made.kept;
    },
    render: reportRenderer(),
  };
}

function noticeHooks({ world, config, contact }: Tidemark): ServerDependencies["notices"] {
  return {
    letter: (notice, language) =>
      letterPdf({ notice, language, lender: contact.lender[language], recipient: [] }),
    receiptKey: config.noticeSecret === null ? null : signingKey(config.noticeSecret),
    authorRoles: textsAuthorRoles,
    approverRoles: textsApproverRoles,
    addTexts: (...asked) => addTexts(world, ...asked),
    approveTexts: (...asked) => approveTexts(world, ...asked),
    preview: (...asked) => previewNotice(world, ...asked),
  };
}

function sweepHooks(
  { world, portfolio }: Tidemark,
  background: Background,
): ServerDependencies["sweeps"] {
  return {
    roles: sweepRoles,
    open: (request) => openSweep(world, portfolio, request),
    preview: (request, onProposals) =>
      previewSweep(world, portfolio, request, {
        stop: () => false,
        onProgress: () => undefined,
        ...(onProposals === undefined ? {} : { onProposals }),
      }),
    run: background.sweep,
    pause: (id, actor) => controlSweep(world, portfolio, id, "pause", actor),
    resume: (id, actor) => controlSweep(world, portfolio, id, "resume", actor),
    cancel: (id, actor) => controlSweep(world, portfolio, id, "cancel", actor),
    rate: background.rate,
    shadowIn,
    compare: (...asked) => compareSweep(portfolio.sweeps, ...asked),
    comparedLines: (...asked) => comparedLines(portfolio.sweeps, ...asked),
  };
}

/** One move of the test clock at a time: a second one would find days worked off that are not. */
function clockHooks(
  { world, testClock, owner }: Tidemark,
  background: Background,
): ServerDependencies["clock"] {
  let moving = false;
  return {
    roles: clockRoles,
    advance: async (target, actor) => {
      const forbidden = clockRefusal(actor);
      if (forbidden !== null) return forbidden;
      if (testClock === null) {
        return refuse("wrong-state", {
          en: "Cannot move clock: this installation is live, its time is real",
          zh: "无法拨动时钟：本系统为生产模式，使用真实时间",
        });
      }
      if (moving) {
        return refuse("wrong-state", {
          en: "Cannot move clock: somebody else is moving it, wait until that is done",
          zh: "无法拨动时钟：他人正在拨动，请稍候",
        });
      }
      moving = true;
      try {
        return await advanceClock(world, testClock, target, {
          owner,
          stop: () => background.signal.aborted,
          pause: (ms) => pause(ms, background.signal),
          onStep: () => undefined,
        });
      } finally {
        moving = false;
      }
    },
  };
}

async function explain(
  { world }: Tidemark,
  id: Id,
  language: Language,
  withheld: Withheld,
): Promise<unknown> {
  const decision = await world.store.reads.decision(id);
  if (decision === null) return null;
  const strategy = await world.loadStrategy(decision.record.assessment.strategy.hash);
  const found = explainRecord(decision.record, strategy);
  return isRefusal(found) ? found : localised(toldJson(found, withheld), language);
}

/** The database must answer, the loops must be well, and nothing may still be in preparation. */
async function readiness(
  { database }: Tidemark,
  background: Background,
  preparing: Preparation | null,
): Promise<readonly string[]> {
  const troubles = background.troubles();
  if (preparing !== null) troubles.push(preparingText(preparing).en);
  try {
    await database.query("select 1 from installation");
    return troubles;
  } catch (error) {
    return [error instanceof Fault ? error.message : "Cannot ask the database", ...troubles];
  }
}
