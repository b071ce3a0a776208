// In an emergency there is no time for two people to agree, so they agreed before: a profile is proposed, approved by
// somebody else and good until its last day. Starting it is a sweep like any other: compliance packs, notices and their
// gate, budgets and review stand as they always do.

import { reachesPortfolio, type Actor, type Role } from "../domain/actor.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";
import { portfolioRefusal } from "../domain/known-portfolio.ts";
import { firstRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { World } from "../flow/ports.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import type {
  EmergencyProfile,
  EmergencyState,
  EmergencyVerdict,
  SweepEmergency,
} from "./emergency-ports.ts";
import type { PortfolioStore, Proposal, Sweep } from "./ports.ts";
import { previewSweep } from "./sweep-preview.ts";
import { openSweep, type SweepRequest } from "./sweep.ts";
import { undoApproverRoles, undoAuthorRoles } from "./wave-undo.ts";

/** Roles that may propose a profile, and those that may approve, reject and revoke one. */
export const emergencyAuthorRoles: readonly Role[] = undoAuthorRoles;
export const emergencyApproverRoles: readonly Role[] = undoApproverRoles;

type Options = Readonly<{ dryRun?: boolean }>;

export type EmergencyRequest = Readonly<
  Pick<
    EmergencyProfile,
    "name" | "portfolio" | "regions" | "industries" | "dailyCapMinor" | "validUntil" | "reason"
  > & {
    id: Id;
    strategyId: string;
    /** absent: the version that is active now */
    version?: number;
    actor: Actor;
  }
>;

const what = { en: "Emergency profile", zh: "应急方案" };

/**
 * Proposes a profile for somebody else to approve. Refused: a wrong role or scope, no name or reason, a cap that is not
 * above 0, a last day that is over, an unknown strategy version, one that was never approved, an unknown portfolio.
 */
export async function proposeEmergency(
  world: World,
  { emergencies }: Pick<PortfolioStore, "emergencies">,
  asked: EmergencyRequest,
  options: Options = {},
): Promise<EmergencyProfile | Refusal> {
  const { actor, strategyId, version, ...terms } = asked;
  const { strategies } = world.store;
  const now = await world.clock.now();
  const stored =
    version === undefined
      ? await strategies.active(strategyId)
      : await strategies.find(strategyId, version);
  const isAgreed = stored !== null && ["approved", "active"].includes(stored.state);
  const name = version === undefined ? strategyId : `${strategyId} ${version}`;
  const refusal = firstRefusal([
    roleRefusal(actor, emergencyAuthorRoles, what),
    scopeRefusal(actor, terms.portfolio),
    await portfolioRefusal(world.store.reads.portfolios, terms.portfolio, actor.scope),
    termsRefusal(terms, world.clock.dateOf(now)),
    stored === null ? notFound({ en: "strategy in force", zh: "生效策略" }, name) : null,
    stored === null || isAgreed
      ? null
      : refuse("strategy-inactive", {
          en: `Strategy ${stored.id} version ${stored.version}: found ${stored.state}, expected approved or active`,
          zh: `策略 ${stored.id} 第 ${stored.version} 版：当前为 ${stored.state}，应为已批准或已生效`,
        }),
  ]);
  if (refusal !== null) return refusal;
  const strategy = { id: stored!.id, version: stored!.version, hash: stored!.hash };
  const profile: EmergencyProfile = {
    ...terms,
    ...{ name: terms.name.trim(), reason: terms.reason.trim(), strategy },
    ...{ author: actor.id, proposedAt: now, state: "proposed", decidedBy: null, decidedAt: null },
  };
  if (options.dryRun !== true) await emergencies.propose(profile);
  return profile;
}

function scopeRefusal(actor: Actor, portfolio: string | null): Refusal | null {
  return reachesPortfolio(actor.scope, portfolio)
    ? null
    : refuse("out-of-scope", {
        en: `Emergency profile for ${portfolio ?? "every portfolio"}: outside the scope of ${actor.id}`,
        zh: `${portfolio ?? "全部组合"}的应急方案：不在 ${actor.id} 的管辖范围内`,
      });
}

function termsRefusal(
  { name, reason, dailyCapMinor, validUntil }: Omit<EmergencyRequest, "actor" | "strategyId">,
  today: BusinessDate,
): Refusal | null {
  const wrong = (field: string, en: string, zh: string): Refusal =>
    refuse("invalid", { en: `Emergency profile ${en}`, zh: `应急方案${zh}` }, `/${field}`);
  return firstRefusal([
    name.trim() === "" ? wrong("name", "name: found none", "名称：未填写") : null,
    reason.trim() === "" ? wrong("reason", "reason: found none", "理由：未填写") : null,
    dailyCapMinor > 0
      ? null
      : wrong(
          "dailyCap",
          `daily cap: found ${dailyCapMinor}, expected more than 0`,
          `每日上限：为 ${dailyCapMinor}，应大于 0`,
        ),
    validUntil >= today
      ? null
      : wrong(
          "validUntil",
          `last day: found ${validUntil}, expected ${today} or later`,
          `有效期：为 ${validUntil}，不应早于 ${today}`,
        ),
  ]);
}

const moves: Readonly<Record<EmergencyVerdict, readonly [EmergencyState, EmergencyState]>> = {
  approve: ["proposed", "approved"],
  reject: ["proposed", "rejected"],
  revoke: ["approved", "revoked"],
};

/**
 * Approves, rejects or revokes a profile. Its author may reject and revoke it but not approve it. Refused: a wrong role or
 * scope, an unknown profile, one in another state, its own author's approval.
 */
export async function decideEmergency(
  world: World,
  { emergencies }: Pick<PortfolioStore, "emergencies">,
  id: Id,
  verdict: EmergencyVerdict,
  actor: Actor,
  options: Options = {},
): Promise<EmergencyProfile | Refusal> {
  const profile = await emergencies.find(id);
  const [from, to] = moves[verdict];
  const isAuthor = profile?.author === actor.id;
  const refusal = firstRefusal([
    isAuthor && verdict !== "approve" ? null : roleRefusal(actor, emergencyApproverRoles, what),
    profile === null ? notFound({ en: "emergency profile", zh: "应急方案" }, id) : null,
    profile === null ? null : scopeRefusal(actor, profile.portfolio),
    profile === null || profile.state === from ? null : stateRefusal(profile, from),
    isAuthor && verdict === "approve"
      ? refuse("maker-is-checker", {
          en: `Cannot approve emergency profile ${id}: ${actor.id} proposed it, somebody else must approve`,
          zh: `无法批准应急方案 ${id}：由 ${actor.id} 提出，须由他人批准`,
        })
      : null,
  ]);
  if (refusal !== null) return refusal;
  if (options.dryRun === true) return profile!;
  const isEntered = await emergencies.enter(id, [from], to, actor.id, await world.clock.now());
  const decided = (await emergencies.find(id))!;
  return isEntered ? decided : stateRefusal(decided, from);
}

function stateRefusal(
  { id, state, decidedBy }: EmergencyProfile,
  expected: EmergencyState,
): Refusal {
  return refuse("already-resolved", {
    en: `Emergency profile ${id}: found ${state} by ${decidedBy ?? "nobody"}, expected ${expected}`,
    zh: `应急方案 ${id}：当前为 ${state}（${decidedBy ?? "—"}），应为 ${expected}`,
  });
}

export type EmergencyStart = Readonly<{
  reason: string;
  actor: Actor;
  /** names the request: made again, it opens the same sweep */
  requestId?: Id;
}>;

type StartOptions = Options &
  Readonly<{
    /** of a dry run: sees every proposal */
    onProposals?: (proposals: readonly Proposal[]) => void;
  }>;

/**
 * Starts the sweep of an approved profile as of today, by one person and at once. The work itself is `runSweep`'s. Refused:
 * what starting a sweep refuses, no reason, an unknown profile, one that is not approved, whose last day is over, or whose
 * strategy version is not the active one any more.
 */
export async function startEmergency(
  world: World,
  store: PortfolioStore,
  id: Id,
  start: EmergencyStart,
  { dryRun = false, onProposals = () => undefined }: StartOptions = {},
): Promise<Sweep | Refusal> {
  const profile = await store.emergencies.find(id);
  const today = world.clock.dateOf(await world.clock.now());
  const unfit = await startRefusal(world, profile, id, start, today);
  if (unfit !== null || profile === null) return unfit!;
  const { regions, industries, strategy, portfolio, dailyCapMinor } = profile;
  const emergency: SweepEmergency = {
    ...{ profileId: id, reason: start.reason.trim() },
    ...{ regions, industries },
  };
  const request: SweepRequest = {
    ...{ strategyId: strategy.id, asOf: today, portfolio, dailyCapMinor, emergency },
    actor: start.actor,
    ...(start.requestId === undefined ? {} : { requestId: start.requestId }),
  };
  if (!dryRun) return openSweep(world, store, request);
  const run = { stop: () => false, onProgress: () => undefined, onProposals };
  return previewSweep(world, store, request, run);
}

async function startRefusal(
  { store }: World,
  profile: EmergencyProfile | null,
  id: Id,
  { reason, actor }: EmergencyStart,
  today: BusinessDate,
): Promise<Refusal | null> {
  if (profile === null) return notFound({ en: "emergency profile", zh: "应急方案" }, id);
  const { strategy, state, validUntil, portfolio } = profile;
  const active = await store.strategies.active(strategy.id);
  return firstRefusal([
    scopeRefusal(actor, portfolio),
    reason.trim() === ""
      ? refuse(
          "invalid",
          { en: "Emergency start: found no reason", zh: "启动应急方案：未填写理由" },
          "/reason",
        )
      : null,
    state === "approved"
      ? null
      : refuse("wrong-state", {
          en: `Cannot start emergency profile ${id}: it is ${state}, expected approved`,
          zh: `无法启动应急方案 ${id}：当前为 ${state}，应为已批准`,
        }),
    validUntil >= today
      ? null
      : refuse("wrong-state", {
          en: `Cannot start emergency profile ${id}: its last day was ${validUntil}, propose it anew`,
          zh: `无法启动应急方案 ${id}：有效期至 ${validUntil}，请重新提出`,
        }),
    active?.hash === strategy.hash
      ? null
      : refuse("strategy-inactive", {
          en: `Cannot start emergency profile ${id}: strategy ${strategy.id} has active version ${active?.version ?? "none"}, approved was ${strategy.version}`,
          zh: `无法启动应急方案 ${id}：策略 ${strategy.id} 当前生效版本为 ${active?.version ?? "无"}，批准时为 ${strategy.version}`,
        }),
  ]);
}
