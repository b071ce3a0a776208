// What the check of a strategy says decides whether a version can come into force: a refuted law never, an undecided one
// only under the name of the approver.

import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { checkDocument, type CheckedDocument } from "../policy/check/check-document.ts";
import { type CheckReport, isBlocked, lawKey, undecidedLaws } from "../policy/check/finding.ts";
import { parseStrategy } from "../policy/parse.ts";
import type { Strategy } from "../policy/strategy.ts";
import type { StoredStrategy, World } from "./ports.ts";

/** The check of a document, in a thread of its own where there is one. */
export async function checkedIn(
  { check, declared }: Pick<World, "check" | "declared">,
  document: unknown,
  hash: string,
): Promise<CheckedDocument> {
  return check === undefined
    ? checkDocument(document, declared, () => hash)
    : check(document, declared, hash);
}

/** What the check says of a version. */
export async function reportOn(
  world: Pick<World, "check" | "declared">,
  { hash }: Pick<StoredStrategy, "hash">,
  strategy: Strategy,
): Promise<CheckReport> {
  return (await checkedIn(world, strategy, hash)).report;
}

/** Refuses (invalid) a strategy that breaks a law, with the line that shows it, or that holds an error, with its place. */
export function brokenRefusal(
  { id, version }: StoredStrategy,
  report: CheckReport,
): Refusal | null {
  if (!isBlocked(report)) return null;
  const law = report.laws.find(({ verdict }) => verdict === "refuted");
  const error = report.findings.find(({ severity }) => severity === "error");
  const { en, zh } = (law ?? error)!.text;
  const detail = {
    en: `Strategy ${id} version ${version}: ${en}`,
    zh: `策略 ${id} 第 ${version} 版：${zh}`,
  };
  return refuse("invalid", detail, law === undefined ? error!.at.path : undefined);
}

/** A stored document as this release reads it, or its first problem as a refusal. */
export function readStored({ document }: Pick<StoredStrategy, "document">): Strategy | Refusal {
  const parsed = parseStrategy(JSON.parse(document));
  if (parsed.strategy !== null) return parsed.strategy;
  const [problem] = parsed.problems;
  return refuse("invalid", problem!.message, problem!.path);
}

/**
 * What was proved when the version was added is proved again: the check may have learned to see more since.
 * Refused: invalid (a law is refuted, or signed off without being undecided), wrong-state (an undecided law is not
 * signed off).
 */
export async function lawsRefusal(
  world: Pick<World, "check" | "declared">,
  stored: StoredStrategy,
  signedOff: readonly string[],
): Promise<Refusal | null> {
  const strategy = readStored(stored);
  if ("refused" in strategy) return strategy;
  const report = await reportOn(world, stored, strategy);
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
