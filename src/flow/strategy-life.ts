// How a strategy version comes into force: an analyst adds a checked document as a draft, somebody else approves
// exactly those bytes. A version never changes; what was in force once is replaced, not edited. A strategy decides about
// every portfolio, so both are for people who answer for the whole lender.

import type { Actor, Role } from "../domain/actor.ts";
import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { canonicalStrategy } from "../policy/compile.ts";
import { parseStrategy, type Locate } from "../policy/parse.ts";
import type { Problem } from "../policy/problem.ts";
import type { Strategy } from "../policy/strategy.ts";
import type { StoredStrategy, World } from "./ports.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** Roles that may add drafts. */
export const strategyAuthorRoles = ["analyst"] as const satisfies readonly Role[];

/** Roles that may bring a version into force. */
export const strategyApproverRoles = ["approver"] as const satisfies readonly Role[];

type StrategyWorld = Pick<World, "store" | "clock" | "ids">;

export type Added =
  | Readonly<{ strategy: StoredStrategy; was: "added" | "exists" | "checked" }>
  | Readonly<{ problems: readonly Problem[] }>
  | Refusal;

/**
 * Checks a document and stores it as a draft; the same document again is the same draft. A dry run only checks.
 * Refused: forbidden, already-exists (the version stands with other contents).
 */
export async function addStrategy(
  world: StrategyWorld,
  document: unknown,
  actor: Actor,
  options: Readonly<{ locate?: Locate; dryRun?: boolean }> = {},
): Promise<Added> {
  const forbidden = wholeLenderRefusal(actor, strategyAuthorRoles, {
    en: "Add strategy",
    zh: "提交策略",
  });
  if (forbidden !== null) return forbidden;
  const parsed = parseStrategy(document, options.locate);
  if (parsed.strategy === null) return { problems: parsed.problems };
  const draft = await draftOf(world, parsed.strategy, actor);
  const found = await world.store.strategies.find(draft.id, draft.version);
  if (found !== null)
    return found.hash === draft.hash ? { strategy: found, was: "exists" } : taken(draft, found);
  if (options.dryRun === true) return { strategy: draft, was: "checked" };
  const was = await world.store.strategies.add(draft);
  return { strategy: draft, was };
}

async function draftOf(
  world: StrategyWorld,
  strategy: Strategy,
  actor: Actor,
): Promise<StoredStrategy> {
  const document = canonicalStrategy(strategy);
  return {
    id: strategy.id,
    version: strategy.version,
    hash: world.ids.sha256(document),
    state: "draft",
    author: actor.id,
    approvedBy: null,
    document,
    addedAt: await world.clock.now(),
  };
}

function taken(draft: StoredStrategy, found: StoredStrategy): Refusal {
  return refuse(
    "already-exists",
    {
      en: `Strategy ${draft.id} version ${draft.version}: found other contents than those stored (hash ${found.hash}), expected a new version number`,
      zh: `策略 ${draft.id} 第 ${draft.version} 版：内容与已存版本不同（哈希 ${found.hash}），请使用新的版本号`,
    },
    "/version",
  );
}

/**
 * Brings a draft into force and retires the version before it.
 * @param expectedHash the document that was looked at; null: whatever is stored
 * Refused: forbidden, not-found, already-resolved, wrong-state, stale-approval, maker-is-checker.
 */
export async function approveStrategy(
  world: StrategyWorld,
  id: string,
  version: number,
  actor: Actor,
  expectedHash: string | null,
  options: Readonly<{ dryRun?: boolean }> = {},
): Promise<StoredStrategy | Refusal> {
  const stored = await world.store.strategies.find(id, version);
  const name = `${id} version ${version}`;
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, strategyApproverRoles, { en: "Approve strategy", zh: "批准策略" }),
    stored === null
      ? refuse("not-found", {
          en: `Cannot find strategy: ${name}`,
          zh: `未找到策略：${id} 第 ${version} 版`,
        })
      : stateRefusal(stored),
    stored !== null && expectedHash !== null && stored.hash !== expectedHash
      ? refuse("stale-approval", {
          en: `Strategy ${name}: found hash ${stored.hash}, expected ${expectedHash}`,
          zh: `策略 ${id} 第 ${version} 版：哈希为 ${stored.hash}，预期 ${expectedHash}`,
        })
      : null,
    stored?.author === actor.id
      ? refuse("maker-is-checker", {
          en: `Strategy ${name}: ${actor.id} wrote it, expected approval by somebody else`,
          zh: `策略 ${id} 第 ${version} 版：由 ${actor.id} 编写，须由他人批准`,
        })
      : null,
  ]);
  if (refusal !== null) return refusal;
  if (options.dryRun !== true) await world.store.strategies.activate(id, version, actor.id);
  return { ...stored!, state: "active", approvedBy: actor.id };
}

function stateRefusal({ id, version, state, approvedBy }: StoredStrategy): Refusal | null {
  if (state === "draft") return null;
  return refuse(state === "active" ? "already-resolved" : "wrong-state", {
    en: `Strategy ${id} version ${version}: found ${state}, approved by ${approvedBy ?? "nobody"}, expected draft`,
    zh: `策略 ${id} 第 ${version} 版：当前为 ${state}，由 ${approvedBy ?? "—"} 批准，应为草稿`,
  });
}
