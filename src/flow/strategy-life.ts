// How a strategy version comes into force: an analyst adds a checked document as a draft, somebody else approves
// exactly those bytes. A version never changes; what was in force once is replaced, not edited. A strategy decides about
// every portfolio, so both are for people who answer for the whole lender.

import type { Actor, Role } from "../domain/actor.ts";
import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { checkStrategy } from "../policy/check/check-strategy.ts";
import { type CheckReport, isBlocked, lawKey, undecidedLaws } from "../policy/check/finding.ts";
import { canonicalStrategy, compileStrategy } from "../policy/compile.ts";
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
 * Checks a document and stores it as a draft; the same document again is the same draft. A dry run only checks.
 * Refused: forbidden, invalid (a law is refuted), already-exists (the version stands with other contents).
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
  const report = reportOn(draft, parsed.strategy);
  const broken = brokenRefusal(draft, report);
  if (broken !== null) return broken;
  const found = await world.store.strategies.find(draft.id, draft.version);
  if (found !== null)
    return found.hash === draft.hash
      ? { strategy: found, was: "exists", report }
      : taken(draft, found);
  if (options.dryRun === true) return { strategy: draft, was: "checked", report };
  const was = await world.store.strategies.add(draft);
  return { strategy: draft, was, report };
}

function reportOn({ hash }: StoredStrategy, strategy: Strategy): CheckReport {
  return checkStrategy(compileStrategy(strategy, () => hash));
}

/** A strategy that breaks a law is told by the line that shows it. */
function brokenRefusal({ id, version }: StoredStrategy, report: CheckReport): Refusal | null {
  if (!isBlocked(report)) return null;
  const laws = report.laws.filter((law) => law.verdict === "refuted").map((law) => law.text);
  const errors = report.findings.filter((one) => one.severity === "error").map((one) => one.text);
  const [first] = [...laws, ...errors];
  return refuse("invalid", {
    en: `Strategy ${id} version ${version}: ${first?.en ?? ""}`,
    zh: `策略 ${id} 第 ${version} 版：${first?.zh ?? ""}`,
  });
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
    signedOff: [],
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
 * @param options.signOff laws that the check leaves undecided and the approver answers for, by name; kept with the version
 * Refused: forbidden, invalid (a law is refuted, or signed off without being undecided), not-found, already-resolved,
 * wrong-state (also: an undecided law is not signed off), stale-approval, maker-is-checker.
 */
export async function approveStrategy(
  world: StrategyWorld,
  id: string,
  version: number,
  actor: Actor,
  expectedHash: string | null,
  options: Readonly<{ dryRun?: boolean; signOff?: readonly string[] }> = {},
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
  const signedOff = options.signOff ?? [];
  const unlawful = lawsRefusal(stored!, signedOff);
  if (unlawful !== null) return unlawful;
  const approval = { approvedBy: actor.id, signedOff };
  if (options.dryRun !== true) await world.store.strategies.activate(id, version, approval);
  return { ...stored!, ...approval, state: "active" };
}

/** What was proved at the draft is proved again: the check may have learned to see more since. */
function lawsRefusal(stored: StoredStrategy, signedOff: readonly string[]): Refusal | null {
  const parsed = parseStrategy(JSON.parse(stored.document));
  if (parsed.strategy === null) {
    const [problem] = parsed.problems;
    return refuse("invalid", problem!.message, problem!.path);
  }
  const report = reportOn(stored, parsed.strategy);
  const open = undecidedLaws(report).map(lawKey);
  const missing = open.filter((key) => !signedOff.includes(key));
  const foreign = signedOff.filter((key) => !open.includes(key));
  const name = { en: `Strategy ${stored.id}`, zh: `策略 ${stored.id}` };
  return firstRefusal([
    brokenRefusal(stored, report),
    foreign.length === 0
      ? null
      : refuse("invalid", {
          en: `${name.en}: found sign-off of ${foreign.join(", ")}, expected only undecided laws (${open.join(", ") || "none"})`,
          zh: `${name.zh}：具名承担了 ${foreign.join("、")}，仅可承担未决定律（${open.join("、") || "无"}）`,
        }),
    missing.length === 0
      ? null
      : refuse("wrong-state", {
          en: `${name.en}: found undecided laws ${missing.join(", ")}, expected the approver to sign each off by name`,
          zh: `${name.zh}：定律 ${missing.join("、")} 未决，须由批准人逐项具名承担`,
        }),
  ]);
}

function stateRefusal({ id, version, state, approvedBy }: StoredStrategy): Refusal | null {
  if (state === "draft") return null;
  return refuse(state === "active" ? "already-resolved" : "wrong-state", {
    en: `Strategy ${id} version ${version}: found ${state}, approved by ${approvedBy ?? "nobody"}, expected draft`,
    zh: `策略 ${id} 第 ${version} 版：当前为 ${state}，由 ${approvedBy ?? "—"} 批准，应为草稿`,
  });
}
