// What customers say of a wave can stop it: complaints and questions are counted as they come in, against thresholds that
// were declared before, and a wave that reaches one is paused like anything else that is halted: its remaining notices and
// executions wait, until another person than whoever started it or paused it lets it go on, and says why.

import { reachesPortfolio, serviceActor, type Actor } from "../domain/actor.ts";
import { addMilliseconds, type Instant } from "../domain/calendar.ts";
import { waveArea } from "../domain/halt-area.ts";
import type { Id } from "../domain/id.ts";
import { basisPointsPerOne } from "../domain/money.ts";
import { firstRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { Timer } from "../domain/timer.ts";
import type { Halt } from "../flow/hold-ports.ts";
import type { World } from "../flow/ports.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import { fireHeld } from "../flow/scheduler.ts";
import { haltRoles, haltTermsRefusal } from "../flow/stop-switch.ts";
import { saveTimer } from "../flow/strategy-effective.ts";
import type { PortfolioStore } from "./ports.ts";
import type { WaveEcho, WaveStanding, WaveThresholds } from "./wave-ports.ts";

/** Roles that may pause a wave and let it go on: those of the stop switches. */
export const waveHoldRoles = haltRoles;

const dayMs = 86_400_000;

/** A pause ends by itself after this long, as every halt does; it can be set again. */
const longestPauseMs = 30 * dayMs;

/** What a customer says is about the waves that told them of a change in so many days before. */
const rememberedDays = 92;

/** Who pauses where nobody does. */
const watcher = serviceActor("wave-watch").id;

type Waves = Pick<PortfolioStore, "waves" | "sweeps">;

/**
 * Looks at the waves that told the lines of these timers of a change and pauses those that reach a threshold; consumes the
 * timers. Looking twice pauses once.
 */
export async function fireWaveWatch(
  world: World,
  { waves }: Pick<Waves, "waves">,
  thresholds: WaveThresholds | null,
  timers: readonly Timer[],
): Promise<void> {
  const now = await world.clock.now();
  if (thresholds !== null) {
    const since = addMilliseconds(now, -thresholds.days * dayMs);
    const lineIds = timers.map(({ subject }) => subject);
    const remembered = addMilliseconds(now, -rememberedDays * dayMs);
    for (const sweepId of await waves.toldOf(lineIds, remembered)) {
      await pauseIfLoud(world, waves, thresholds, { sweepId, since, now });
    }
  }
  for (const timer of timers) await saveTimer(world, { ...timer, state: "fired" });
}

/** What was said before a person let the wave go on was answered by that. */
async function pauseIfLoud(
  { store }: World,
  waves: Waves["waves"],
  thresholds: WaveThresholds,
  { sweepId, since, now }: Readonly<{ sweepId: Id; since: Instant; now: Instant }>,
): Promise<void> {
  const area = waveArea(sweepId);
  const isPaused = (await store.halts.list(now)).some((halt) => halt.area === area);
  if (isPaused) return;
  const resumedAt = await store.halts.liftedAt(area);
  const from = resumedAt !== null && resumedAt > since ? resumedAt : since;
  const reason = reasonToPause(await waves.echo(sweepId, from), thresholds);
  if (reason === null) return;
  const expiresAt = addMilliseconds(now, longestPauseMs);
  await store.halts.set({ area, reason, by: watcher, at: now, expiresAt });
}

/** Which threshold is reached, in words that name it and what was counted; null for none. */
export function reasonToPause(
  { told, complaints, inquiries }: WaveEcho,
  { complaintsBp, inquiriesBp, minimum, days }: WaveThresholds,
): string | null {
  const reached = (count: number, bp: number | null): boolean =>
    bp !== null && count >= minimum && count * basisPointsPerOne >= bp * told;
  const inDays = `in ${days} days / ${days} 天内`;
  if (reached(complaints, complaintsBp)) {
    return `complaints / 投诉: ${complaints} of ${told} told ${inDays}, threshold / 阈值 ${complaintsBp} bp, ${minimum}`;
  }
  if (reached(inquiries, inquiriesBp)) {
    return `inquiries / 咨询: ${inquiries} of ${told} told ${inDays}, threshold / 阈值 ${inquiriesBp} bp, ${minimum}`;
  }
  return null;
}

type Options = Readonly<{ dryRun?: boolean }>;

/** Holds a wave by hand. Refused: forbidden, out-of-scope, invalid, not-found, wrong-state (held already). */
export async function holdWave(
  world: World,
  { sweeps }: Pick<Waves, "sweeps">,
  sweepId: Id,
  asked: Readonly<{ reason: string; expiresAt: Instant; actor: Actor }>,
  options: Options = {},
): Promise<Halt | Refusal> {
  const { actor, expiresAt } = asked;
  const at = await world.clock.now();
  const found = await waveFor(world, { sweeps }, sweepId, actor);
  const refusal = firstRefusal([
    found.refusal,
    haltTermsRefusal(asked, at),
    found.pause === null
      ? null
      : refuse("wrong-state", {
          en: `Cannot hold wave of sweep ${sweepId}: it is paused by ${found.pause.by}`,
          zh: `无法暂停扫描 ${sweepId} 的批次：已由 ${found.pause.by} 暂停`,
        }),
  ]);
  if (refusal !== null) return refusal;
  const area = waveArea(sweepId);
  const halt: Halt = { area, reason: asked.reason.trim(), by: actor.id, at, expiresAt };
  if (options.dryRun !== true) await world.store.halts.set(halt);
  return halt;
}

/**
 * Releases a held wave, with what waited for it. Refused: forbidden, out-of-scope, invalid (no reason), not-found (no
 * such sweep, or not paused), maker-is-checker (whoever paused it, or started the sweep).
 */
export async function releaseWave(
  world: World,
  { sweeps }: Pick<Waves, "sweeps">,
  sweepId: Id,
  { actor, because }: Readonly<{ actor: Actor; because: string }>,
  options: Options = {},
): Promise<Halt | Refusal> {
  const { pause, maker, refusal: unfit } = await waveFor(world, { sweeps }, sweepId, actor);
  const refusal = firstRefusal([
    unfit,
    because.trim() === ""
      ? refuse(
          "invalid",
          { en: "Release wave: found no reason", zh: "恢复批次：未填写理由" },
          "/reason",
        )
      : null,
    pause === null ? notPaused(sweepId) : null,
    actor.id === maker || actor.id === pause?.by
      ? refuse("maker-is-checker", {
          en: `Cannot release wave of sweep ${sweepId}: ${actor.id} ${actor.id === maker ? "started the sweep" : "paused it"}, somebody else must let it go on`,
          zh: `无法恢复扫描 ${sweepId} 的批次：${actor.id} ${actor.id === maker ? "发起了该扫描" : "暂停了该批次"}，须由他人恢复`,
        })
      : null,
  ]);
  if (refusal !== null) return refusal;
  if (options.dryRun === true) return pause!;
  const { area, expiresAt } = pause!;
  const lifted = await world.store.halts.lift(
    area,
    actor.id,
    await world.clock.now(),
    because.trim(),
  );
  if (!lifted) return notPaused(sweepId);
  await fireHeld(world, expiresAt, { wave: sweepId });
  return pause!;
}

function notPaused(sweepId: Id): Refusal {
  return refuse("not-found", {
    en: `Cannot release wave of sweep ${sweepId}: it is not paused`,
    zh: `无法恢复扫描 ${sweepId} 的批次：未被暂停`,
  });
}

type WaveFound = Readonly<{ pause: Halt | null; maker: string | null; refusal: Refusal | null }>;

async function waveFor(
  { store, clock }: World,
  { sweeps }: Pick<Waves, "sweeps">,
  sweepId: Id,
  actor: Actor,
): Promise<WaveFound> {
  const sweep = await sweeps.find(sweepId);
  const halts = await store.halts.list(await clock.now());
  const refusal = firstRefusal([
    roleRefusal(actor, waveHoldRoles, { en: "Pause of a wave", zh: "批次暂停" }),
    sweep === null ? notFound({ en: "sweep", zh: "扫描" }, sweepId) : null,
    sweep === null || reachesPortfolio(actor.scope, sweep.portfolio)
      ? null
      : refuse("out-of-scope", {
          en: `Wave of sweep ${sweepId}: outside the scope of ${actor.id}`,
          zh: `扫描 ${sweepId} 的批次：不在 ${actor.id} 的管辖范围内`,
        }),
  ]);
  const pause = halts.find(({ area }) => area === waveArea(sweepId)) ?? null;
  return { pause, maker: sweep?.maker ?? null, refusal };
}

/** How a wave stands now, counted over the days of the thresholds; without thresholds over a fortnight. */
export async function waveStanding(
  { store, clock }: World,
  { waves }: Pick<Waves, "waves">,
  thresholds: WaveThresholds | null,
  sweepId: Id,
): Promise<WaveStanding> {
  const now = await clock.now();
  const since = addMilliseconds(now, -(thresholds?.days ?? usualDays) * dayMs);
  const halts = await store.halts.list(now);
  const pause = halts.find(({ area }) => area === waveArea(sweepId)) ?? null;
  return { echo: await waves.echo(sweepId, since), pause };
}

const usualDays = 14;
