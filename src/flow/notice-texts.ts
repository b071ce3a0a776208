// The words of notices are versioned like strategies: somebody writes them, looks at real decisions in them, and a
// different person of compliance approves exactly those bytes. From then on every notice is written with them, and says
// by which version it was.

import { reachesPortfolio, type Actor, type Role } from "../domain/actor.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { Id } from "../domain/id.ts";
import { firstRefusal, isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { noticeParameters, reasonsToQuote, type NoticeSubject } from "./notice-content.ts";
import type { ComposedNotice, NoticeTextsVersion, Wording } from "./notice-ports.ts";
import type { World } from "./ports.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** Roles that may write texts. */
export const textsAuthorRoles = ["analyst", "compliance"] as const satisfies readonly Role[];

/** Roles that may approve them. */
export const textsApproverRoles = ["compliance"] as const satisfies readonly Role[];

type TextsWorld = Pick<World, "store" | "clock" | "ids" | "wordings">;

/**
 * Checks texts and stores them as a draft; the same texts again are the same version. A dry run only checks.
 * Refused: forbidden, invalid (every problem is named).
 */
export async function addTexts(
  world: TextsWorld,
  texts: unknown,
  actor: Actor,
  { dryRun = false }: Readonly<{ dryRun?: boolean }> = {},
): Promise<NoticeTextsVersion | Refusal> {
  const what = { en: "Add notice texts", zh: "提交通知文本" };
  const forbidden = wholeLenderRefusal(actor, textsAuthorRoles, what);
  if (forbidden !== null) return forbidden;
  const wording = wordingOf(world, texts, 1);
  if (isRefusal(wording)) return wording;
  const bytes = canonicalJson(texts);
  const hash = world.ids.sha256(bytes);
  const draft = { hash, author: actor.id, addedAt: await world.clock.now(), texts: bytes };
  if (!dryRun) return world.store.noticeTexts.add(draft);
  const all = await world.store.noticeTexts.list();
  const version = (all.at(-1)?.version ?? 0) + 1;
  const found = all.find((one) => one.hash === hash);
  return found ?? { ...draft, version, state: "draft", approvedBy: null, approvedAt: null };
}

/**
 * Approves a draft: from now on notices are written with it.
 * @param expectedHash of the texts that were looked at; null: whatever is stored
 * Refused: forbidden, not-found, already-resolved, stale-approval, maker-is-checker.
 */
export async function approveTexts(
  world: TextsWorld,
  version: number,
  actor: Actor,
  expectedHash: string | null,
  { dryRun = false }: Readonly<{ dryRun?: boolean }> = {},
): Promise<NoticeTextsVersion | Refusal> {
  const found = await world.store.noticeTexts.find(version);
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, textsApproverRoles, {
      en: "Approve notice texts",
      zh: "批准通知文本",
    }),
    found === null ? missing(version) : null,
    found === null ? null : approvalRefusal(found, actor, expectedHash),
  ]);
  if (refusal !== null) return refusal;
  const approvedAt = await world.clock.now();
  const approved = { ...found!, state: "approved" as const, approvedBy: actor.id, approvedAt };
  if (dryRun) return approved;
  const done = await world.store.noticeTexts.approve(version, actor.id, approvedAt);
  return done ? approved : resolvedRefusal(version);
}

function approvalRefusal(
  { version, state, author, hash }: NoticeTextsVersion,
  actor: Actor,
  expectedHash: string | null,
): Refusal | null {
  return firstRefusal([
    state === "draft" ? null : resolvedRefusal(version),
    expectedHash === null || expectedHash === hash
      ? null
      : refuse("stale-approval", {
          en: `Notice texts version ${version}: found hash ${hash}, expected ${expectedHash}`,
          zh: `通知文本第 ${version} 版：哈希为 ${hash}，应为 ${expectedHash}`,
        }),
    author !== actor.id
      ? null
      : refuse("maker-is-checker", {
          en: `Notice texts version ${version} was written by ${author}: somebody else must approve it`,
          zh: `通知文本第 ${version} 版由 ${author} 编写，须由他人批准`,
        }),
  ]);
}

function resolvedRefusal(version: number): Refusal {
  return refuse("already-resolved", {
    en: `Notice texts version ${version}: found approved, expected a draft`,
    zh: `通知文本第 ${version} 版：已批准，应为草稿`,
  });
}

function missing(version: number): Refusal {
  return notFound({ en: "notice texts version", zh: "通知文本版本" }, String(version));
}

/**
 * The notice of a real decision as it would be written today, with nothing stored or sent.
 * @param version of the texts, 0: as shipped, null: those in force
 * Refused: not-found (also outside the actor's scope), wrong-state (it changes nothing, or no reason may be quoted),
 * invalid (the texts cannot say it).
 */
export async function previewNotice(
  world: World,
  decisionId: Id,
  version: number | null,
  actor: Actor,
): Promise<ComposedNotice | Refusal> {
  const { reads } = world.store;
  const decision = await reads.decision(decisionId);
  const line = decision === null ? null : await reads.line(decision.lineId);
  if (decision === null || line === null || !reachesPortfolio(actor.scope, line.portfolio)) {
    return notFound({ en: "decision", zh: "决定" }, decisionId);
  }
  const { action } = decision.outcome;
  if (action === "none") return nothingToSay(decisionId);
  const compiled = await world.loadStrategy(decision.record.assessment.strategy.hash);
  const context = {
    today: world.clock.dateOf(await world.clock.now()),
    pack: world.packs,
    holidays: world.holidays,
    strategy: () => compiled,
  };
  const subject: NoticeSubject = { decision, line, action };
  const reasons = reasonsToQuote(subject, context);
  if (reasons.length === 0) return nothingToSay(decisionId);
  const wording = await versionWording(world, version);
  if (isRefusal(wording)) return wording;
  return composed(wording, noticeParameters(subject, reasons, context));
}

function nothingToSay(decisionId: Id): Refusal {
  return refuse("wrong-state", {
    en: `Cannot preview notice of decision ${decisionId}: it changes nothing or has no reason that may be quoted`,
    zh: `无法预览决定 ${decisionId} 的通知：该决定不改变额度，或没有可告知的理由`,
  });
}

async function versionWording(world: World, version: number | null): Promise<Wording | Refusal> {
  if (version === null) return world.wordings.inForce();
  if (version === 0) return wordingOf(world, world.wordings.shipped, 0);
  const found = await world.store.noticeTexts.find(version);
  return found === null ? missing(version) : wordingOf(world, JSON.parse(found.texts), version);
}

function wordingOf(
  { wordings }: Pick<World, "wordings">,
  texts: unknown,
  version: number,
): Wording | Refusal {
  const made = wordings.of(texts, version);
  if ("wording" in made) return made.wording;
  return refuse("invalid", {
    en: `Cannot use notice texts: ${made.problems.map(({ en }) => en).join("; ")}`,
    zh: `通知文本无效：${made.problems.map(({ zh }) => zh).join("；")}`,
  });
}

/** Words that no notice may hold are found when real values are in them. */
function composed(
  wording: Wording,
  parameters: Parameters<Wording["compose"]>[0],
): ComposedNotice | Refusal {
  try {
    return wording.compose(parameters);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse("invalid", { en: error.message, zh: `无法生成通知：${error.message}` });
  }
}
