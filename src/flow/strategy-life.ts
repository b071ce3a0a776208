// The life of a strategy version: draft, submitted, approved, active, retired, never back. An analyst writes and submits
// a checked document, somebody else approves exactly those bytes, and it is in force from its date until another version
// takes its place or a person retires it. A strategy decides about every portfolio, so all of this is for people who
// answer for the whole lender.

import type { Actor, Role } from "../domain/actor.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import { firstRefusal, isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { CheckReport } from "../policy/check/finding.ts";
import { canonicalStrategy } from "../policy/compile.ts";
import { parseStrategy, type Locate } from "../policy/parse.ts";
import type { Problem } from "../policy/problem.ts";
import type { Strategy } from "../policy/strategy.ts";
import {
  strategyStates,
  type StoredStrategy,
  type StrategyState,
  type StrategyStep,
  type World,
} from "./ports.ts";
import { scheduleStrategy } from "./strategy-effective.ts";
import { brokenRefusal, lawsRefusal, readStored, reportOn } from "./strategy-laws.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** Roles that may write, submit and restore versions. */
export const strategyAuthorRoles = ["analyst"] as const satisfies readonly Role[];

/** Roles that may bring a version into force, and retire one. */
export const strategyApproverRoles = ["approver"] as const satisfies readonly Role[];

type StrategyWorld = Pick<World, "store" | "clock" | "ids" | "check" | "declared">;

/** `report` is what the check says; laws that it leaves undecided are asked about at the approval. */
export type Added =
  | Readonly<{
      strategy: StoredStrategy;
      was: "added" | "exists" | "checked";
      report: CheckReport;
    }>
  | Readonly<{ problems: readonly Problem[] }>
  | Refusal;

/**
 * Checks a document and stores it, submitted for approval or as a draft; the same document again is the same version,
 * and submits it where it was a draft. A dry run only checks.
 * Refused: forbidden, invalid (a law is refuted, facts made of signals are declared otherwise), already-exists (the version stands with other contents).
 */
export async function addStrategy(
  world: StrategyWorld,
  document: unknown,
  actor: Actor,
  options: Readonly<{ locate?: Locate; dryRun?: boolean; draft?: boolean }> = {},
): Promise<Added> {
  const forbidden = wholeLenderRefusal(actor, strategyAuthorRoles, {
    en: "Add strategy",
    zh: "提交策略",
  });
  if (forbidden !== null) return forbidden;
  const parsed = parseStrategy(document, options.locate);
  if (parsed.strategy === null) return { problems: parsed.problems };
  const state = options.draft === true ? "draft" : "submitted";
  const fresh = await newVersion(world, parsed.strategy, actor, state);
  const report = await reportOn(world, fresh, parsed.strategy);
  const broken = brokenRefusal(fresh, report);
  if (broken !== null) return broken;
  const found = await world.store.strategies.find(fresh.id, fresh.version);
  if (found !== null && found.hash !== fresh.hash) return taken(fresh, found);
  const known = found === null ? "checked" : "exists";
  if (options.dryRun === true) return { strategy: found ?? fresh, was: known, report };
  const was = found === null ? await world.store.strategies.add(fresh) : "exists";
  // Somebody was faster between the look and the step.
  if (was === "taken")
    return taken(fresh, (await world.store.strategies.find(fresh.id, fresh.version))!);
  if (was === "added") return { strategy: fresh, was, report };
  if (state === "submitted") await enter(world, fresh, ["submitted"], ["draft"], actor, null);
  const stored = await world.store.strategies.find(fresh.id, fresh.version);
  return { strategy: stored ?? fresh, was, report };
}

async function newVersion(
  world: StrategyWorld,
  strategy: Strategy,
  actor: Actor,
  state: StrategyState,
): Promise<StoredStrategy> {
  const document = canonicalStrategy(strategy);
  return {
    id: strategy.id,
    version: strategy.version,
    hash: world.ids.sha256(document),
    state,
    author: actor.id,
    editedBy: [],
    approvedBy: null,
    signedOff: [],
    effectiveOn: null,
    restores: null,
    document,
    addedAt: await world.clock.now(),
  };
}

function taken(fresh: StoredStrategy, found: StoredStrategy): Refusal {
  return refuse(
    "already-exists",
    {
      en: `Strategy ${fresh.id} version ${fresh.version}: found other contents than those stored (hash ${found.hash}), expected a new version number`,
      zh: `策略 ${fresh.id} 第 ${fresh.version} 版：内容与已存版本不同（哈希 ${found.hash}），请使用新的版本号`,
    },
    "/version",
  );
}

/** `reason` is kept with the step; a dry run refuses alike and changes nothing. */
export type StepOptions = Readonly<{ reason?: string | null; dryRun?: boolean }>;

/**
 * Hands a draft in for approval. Refused: forbidden, not-found, already-resolved, wrong-state, invalid (the document
 * holds problems, or a law is refuted), stale-approval (somebody saved the draft while it was checked).
 */
export async function submitStrategy(
  world: StrategyWorld,
  id: string,
  version: number,
  actor: Actor,
  { reason = null, dryRun = false }: StepOptions = {},
): Promise<StoredStrategy | Refusal> {
  const stored = await world.store.strategies.find(id, version);
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, strategyAuthorRoles, { en: "Submit strategy", zh: "提交策略" }),
    stored === null ? missing(id, version) : stateRefusal(stored, "draft"),
  ]);
  if (refusal !== null) return refusal;
  const strategy = readStored(stored!);
  if (isRefusal(strategy)) return strategy;
  const broken = brokenRefusal(stored!, await reportOn(world, stored!, strategy));
  if (broken !== null) return broken;
  // What was checked is what is handed in: somebody may have saved meanwhile.
  const now = (await world.store.strategies.find(id, version))!;
  const stale = staleRefusal(now, stored!.hash);
  if (stale !== null || dryRun) return stale ?? { ...stored!, state: "submitted" };
  return entered(world, stored!, ["submitted"], ["draft"], actor, reason);
}

export type ApprovalOptions = StepOptions &
  Readonly<{
    /** laws that the check leaves undecided and the approver answers for, by name; kept with the version */
    signOff?: readonly string[];
    /** active from this business date on; today when absent */
    effectiveOn?: BusinessDate | null;
  }>;

/**
 * Approves a submitted version: today it comes into force and the version before it is retired, on a later date the
 * scheduler does that.
 * @param expectedHash the document that was looked at; null: whatever is stored
 * Refused: forbidden, invalid (the date is past; a law is refuted, or signed off without being undecided), not-found,
 * already-resolved, wrong-state (also: an undecided law is not signed off), stale-approval, maker-is-checker.
 */
export async function approveStrategy(
  world: StrategyWorld,
  id: string,
  version: number,
  actor: Actor,
  expectedHash: string | null,
  options: ApprovalOptions = {},
): Promise<StoredStrategy | Refusal> {
  const { signOff: signedOff = [], reason = null } = options;
  const stored = await world.store.strategies.find(id, version);
  const today = world.clock.dateOf(await world.clock.now());
  const effectiveOn = options.effectiveOn ?? today;
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, strategyApproverRoles, { en: "Approve strategy", zh: "批准策略" }),
    effectiveOn < today ? pastRefusal(effectiveOn, today) : null,
    stored === null ? missing(id, version) : stateRefusal(stored, "submitted"),
    stored === null ? null : staleRefusal(stored, expectedHash),
    stored === null ? null : await makerRefusal(world, stored, actor),
  ]);
  if (refusal !== null) return refusal;
  const unlawful = await lawsRefusal(world, stored!, signedOff);
  if (unlawful !== null) return unlawful;
  const approval = { approvedBy: actor.id, signedOff, effectiveOn };
  const later = effectiveOn > today;
  const states = later ? (["approved"] as const) : (["approved", "active"] as const);
  if (options.dryRun === true) return { ...stored!, ...approval, state: states.at(-1)! };
  // The timer first: one without an approved version does nothing, an approved version without one would wait for ever.
  if (later) await scheduleStrategy(world, stored!, effectiveOn);
  return entered(world, stored!, states, ["submitted"], actor, reason, approval);
}

/** Ends a version for good, in force or not. Refused: forbidden, invalid (no reason), not-found, already-resolved. */
export async function retireStrategy(
  world: StrategyWorld,
  id: string,
  version: number,
  actor: Actor,
  { reason = null, dryRun = false }: StepOptions,
): Promise<StoredStrategy | Refusal> {
  const stored = await world.store.strategies.find(id, version);
  const what = { en: "Retire strategy", zh: "停用策略" };
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, strategyApproverRoles, what),
    reasonRefusal(reason, what),
    stored === null ? missing(id, version) : null,
    stored?.state === "retired" ? stateRefusal(stored, "active") : null,
  ]);
  if (refusal !== null) return refusal;
  if (dryRun) return { ...stored!, state: "retired" };
  const from = ["draft", "submitted", "approved", "active"] as const;
  return entered(world, stored!, ["retired"], from, actor, reason!.trim());
}

/**
 * Makes a new version with the contents of a retired one, submitted for approval like any other; its maker is who
 * restored it. Refused: forbidden, invalid (no reason; the contents are no longer lawful), not-found, wrong-state, already-exists
 * (somebody made that version meanwhile).
 */
export async function restoreStrategy(
  world: StrategyWorld,
  id: string,
  version: number,
  actor: Actor,
  { reason = null, dryRun = false }: StepOptions,
): Promise<StoredStrategy | Refusal> {
  const stored = await world.store.strategies.find(id, version);
  const what = { en: "Restore strategy", zh: "恢复策略" };
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, strategyAuthorRoles, what),
    reasonRefusal(reason, what),
    stored === null ? missing(id, version) : stateRefusal(stored, "retired"),
  ]);
  if (refusal !== null) return refusal;
  const strategy = readStored(stored!);
  if (isRefusal(strategy)) return strategy;
  const latest = await world.store.strategies.find(id);
  const renumbered: Strategy = { ...strategy, version: latest!.version + 1 };
  const fresh = await newVersion(world, renumbered, actor, "submitted");
  const restored: StoredStrategy = { ...fresh, restores: version };
  const broken = brokenRefusal(restored, await reportOn(world, restored, renumbered));
  if (broken !== null || dryRun) return broken ?? restored;
  const was = await world.store.strategies.add(restored, reason!.trim());
  if (was !== "taken") return restored;
  return taken(restored, (await world.store.strategies.find(id, restored.version))!);
}

type Approval = Parameters<StrategyWorld["store"]["strategies"]["enter"]>[2];

/** True where the version was in one of the states `from` and moved on. */
async function enter(
  world: StrategyWorld,
  { id, version }: StoredStrategy,
  states: readonly StrategyState[],
  from: readonly StrategyState[],
  { id: by }: Actor,
  reason: string | null,
  approval?: Approval,
): Promise<boolean> {
  const at: Instant = await world.clock.now();
  const steps = states.map((state): StrategyStep => ({ id, version, state, at, by, reason }));
  return world.store.strategies.enter(steps, from, approval);
}

/** The version after its steps; somebody who was faster leaves a state that is refused. */
async function entered(
  world: StrategyWorld,
  stored: StoredStrategy,
  ...step: [
    states: readonly StrategyState[],
    from: readonly StrategyState[],
    actor: Actor,
    reason: string | null,
    approval?: Approval,
  ]
): Promise<StoredStrategy | Refusal> {
  const moved = await enter(world, stored, ...step);
  const now = (await world.store.strategies.find(stored.id, stored.version))!;
  return moved ? now : stateRefusal(now, step[1].at(-1)!)!;
}

/** No version of that number is stored. */
export function missing(id: string, version: number): Refusal {
  return refuse("not-found", {
    en: `Cannot find strategy: ${id} version ${version}`,
    zh: `未找到策略：${id} 第 ${version} 版`,
  });
}

function pastRefusal(effectiveOn: BusinessDate, today: BusinessDate): Refusal {
  return refuse(
    "invalid",
    {
      en: `Effective date: found ${effectiveOn}, expected ${today} or later`,
      zh: `生效日期：为 ${effectiveOn}，不应早于 ${today}`,
    },
    "/effectiveOn",
  );
}

function reasonRefusal(reason: string | null, what: Text): Refusal | null {
  if (reason !== null && reason.trim() !== "") return null;
  const detail = { en: `${what.en}: found no reason`, zh: `${what.zh}：未填写理由` };
  return refuse("invalid", detail, "/reason");
}

/** Another document than the one that was looked at; null: whatever is stored. */
export function staleRefusal(
  { id, version, hash }: StoredStrategy,
  expected: string | null,
): Refusal | null {
  if (expected === null || expected === hash) return null;
  return refuse("stale-approval", {
    en: `Strategy ${id} version ${version}: found hash ${hash}, expected ${expected}`,
    zh: `策略 ${id} 第 ${version} 版：哈希为 ${hash}，预期 ${expected}`,
  });
}

/** Whoever wrote a version, changed it or handed it in is its maker. */
async function makerRefusal(
  world: StrategyWorld,
  { id, version, author, editedBy }: StoredStrategy,
  actor: Actor,
): Promise<Refusal | null> {
  const steps = await world.store.strategies.history(id);
  const submitted = steps.find((one) => one.version === version && one.state === "submitted");
  if (![author, ...editedBy, submitted?.by].includes(actor.id)) return null;
  return refuse("maker-is-checker", {
    en: `Strategy ${id} version ${version}: ${actor.id} wrote, changed or submitted it, expected approval by somebody else`,
    zh: `策略 ${id} 第 ${version} 版：由 ${actor.id} 编写、修改或提交，须由他人批准`,
  });
}

/** The states in words. */
export const strategyStateNames: Readonly<Record<StrategyState, Text>> = {
  draft: { en: "draft", zh: "草稿" },
  submitted: { en: "submitted", zh: "待批准" },
  approved: { en: "approved", zh: "已批准待生效" },
  active: { en: "active", zh: "生效" },
  retired: { en: "retired", zh: "已停用" },
};

/** What has been done already is resolved; everything else is the wrong state. */
export function stateRefusal(
  { id, version, state, approvedBy }: StoredStrategy,
  expected: StrategyState,
): Refusal | null {
  if (state === expected) return null;
  const done =
    strategyStates.indexOf(state) > strategyStates.indexOf(expected) && state !== "retired";
  const ended = state === "retired" && expected === "active";
  return refuse(done || ended ? "already-resolved" : "wrong-state", {
    en: `Strategy ${id} version ${version}: found ${state}, approved by ${approvedBy ?? "nobody"}, expected ${expected}`,
    zh: `策略 ${id} 第 ${version} 版：当前为${strategyStateNames[state].zh}，批准人为 ${approvedBy ?? "—"}，应为${strategyStateNames[expected].zh}`,
  });
}
