// Editing a draft. People save while they write, so a draft may hold what cannot run yet; what it holds is told at every
// save, and handing it in is refused until nothing is left. Two people never overwrite each other: whoever saves names the
// document that they changed.

import type { Actor } from "../domain/actor.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { readDocument } from "../policy/check/check-document.ts";
import type { Problem } from "../policy/problem.ts";
import { isRecord } from "../policy/shape.ts";
import type { EditedDraft, World } from "./ports.ts";
import { missing, stateRefusal, staleRefusal, strategyAuthorRoles } from "./strategy-life.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/**
 * Gives a draft another document of the same id and version.
 * @param expectedHash the document that was changed; null: whatever is stored
 * Refused: forbidden, invalid (another id or version, too large), not-found, already-resolved and wrong-state (no draft),
 * stale-approval (somebody else saved since).
 */
export async function editDraft(
  { store, ids, declared }: Pick<World, "store" | "ids" | "declared">,
  id: string,
  version: number,
  document: unknown,
  actor: Actor,
  expectedHash: string | null,
): Promise<EditedDraft | Refusal> {
  const stored = await store.strategies.find(id, version);
  const what = { en: "Edit strategy", zh: "编辑策略" };
  const { problems } = readDocument(document, declared);
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, strategyAuthorRoles, what),
    sizeRefusal(problems) ?? nameRefusal(document, id, version),
    stored === null ? missing(id, version) : stateRefusal(stored, "draft"),
  ]);
  if (refusal !== null) return refusal;
  const { hash: was } = stored!;
  const text = canonicalJson(document);
  const edited = { id, version, hash: ids.sha256(text), document: text };
  // An answer that was lost on its way is asked for again: the document is what was wanted.
  if (edited.hash === was) return { strategy: stored!, problems };
  const stale = staleRefusal(stored!, expectedHash);
  if (stale !== null) return stale;
  const done = await store.strategies.edit(edited, was, actor.id);
  const now = (await store.strategies.find(id, version))!;
  if (done) return { strategy: now, problems };
  return stateRefusal(now, "draft") ?? staleRefusal(now, was)!;
}

/** What is too deep or too large is not kept at all. */
function sizeRefusal(problems: readonly Problem[]): Refusal | null {
  const found = problems.find(({ code }) => code === "too-deep" || code === "too-large");
  return found === undefined ? null : refuse("invalid", found.message, found.path);
}

function nameRefusal(document: unknown, id: string, version: number): Refusal | null {
  if (isRecord(document) && document["id"] === id && document["version"] === version) return null;
  return refuse(
    "invalid",
    {
      en: `Edit strategy ${id} version ${version}: found a document of another id or version, expected this one`,
      zh: `编辑策略 ${id} 第 ${version} 版：文档的编号或版本号不一致`,
    },
    "/id",
  );
}
