// What stops a person at a review case, for every verb alike: the case is closed, somebody else works on it, it looks
// different by now, or the person lacks what it needs. Each names what was found and what is needed.

import type { Decision } from "../domain/decision.ts";
import { moneyText } from "../domain/money.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import { lackOf, workableQueues, type ReviewCase } from "../domain/review-case.ts";
import { versionRefusal } from "./rows.ts";
import type { Command } from "./step.ts";

/** Refusals (or nulls) of whoever says yes, no or something else about a case. */
export function verdictRefusals(review: ReviewCase, command: Command): readonly (Refusal | null)[] {
  return [
    ...openRefusals(review, command),
    formRefusal(review, command),
    lackRefusal(review, command.actor),
  ];
}

/** An appeal is upheld or overturned; what waits for its approval is not. */
function formRefusal({ id, appeal }: ReviewCase, { kind }: Command): Refusal | null {
  const answers = kind === "Uphold" || kind === "Overturn";
  if (answers === (appeal !== null)) return null;
  return answers
    ? refuse("wrong-state", {
        en: `Review case ${id}: found a decision that waits for its approval, expected an appeal`,
        zh: `复核件 ${id}：为待批准的决定，应为申诉`,
      })
    : refuse("wrong-state", {
        en: `Review case ${id}: found an appeal, which is upheld or overturned, expected a decision that waits for its approval`,
        zh: `复核件 ${id}：为申诉，应予维持或推翻；此操作仅适用于待批准的决定`,
      });
}

/** Whoever had a part in what is asked now does not resolve it. */
export function makerRefusal(
  review: ReviewCase,
  { maker }: Pick<Decision, "maker">,
  { actor: { id } }: Command,
): Refusal | null {
  const had = id === maker || review.touchedBy.includes(id);
  return had || review.approvals.some(({ by }) => by === id)
    ? refuse("maker-is-checker", {
        en: `Review case ${review.id}: ${id} made, changed, referred, recorded or already approved it`,
        zh: `复核件 ${review.id}：${id} 为经办人、改判人、转交人、记录人或已批准人`,
      })
    : null;
}

/** Refusals (or nulls) of whoever touches an open case that may be in other hands. */
export function openRefusals(review: ReviewCase, command: Command): readonly (Refusal | null)[] {
  return [
    resolvedRefusal(review),
    takenRefusal(review, command),
    versionRefusal(review, command.expectedVer),
  ];
}

export function resolvedRefusal(review: ReviewCase): Refusal | null {
  return review.state === "open"
    ? null
    : refuse("already-resolved", {
        en: `Review case ${review.id}: found ${review.resolution ?? "resolved"} by ${review.resolvedBy ?? "nobody"}, expected open`,
        zh: `复核件 ${review.id}：已由 ${review.resolvedBy ?? "—"} 办结（${review.resolution ?? "—"}），应为待办`,
      });
}

function takenRefusal({ id, assignedTo }: ReviewCase, { actor }: Command): Refusal | null {
  return assignedTo === null || assignedTo === actor.id
    ? null
    : refuse("taken-by-another", {
        en: `Review case ${id}: found it in the hands of ${assignedTo}, expected nobody or ${actor.id}`,
        zh: `复核件 ${id}：正由 ${assignedTo} 办理，应无人领取或由 ${actor.id} 领取`,
      });
}

/** The role of the queue, without which nobody touches a case. */
export function queueRefusal({ id, queue }: ReviewCase, { actor }: Command): Refusal | null {
  return workableQueues(actor.roles).includes(queue) ? null : otherRole(id, queue, actor.roles);
}

/** What the case needs and this person does not have. */
export function lackRefusal(review: ReviewCase, actor: Command["actor"]): Refusal | null {
  const { id, currency } = review;
  const lack = lackOf(review, actor);
  switch (lack?.lacks) {
    case undefined:
      return null;
    case "role":
      return otherRole(id, lack.queue, actor.roles);
    case "skills":
      return refuse("needs-other-authority", {
        en: `Review case ${id} needs skill ${lack.skills.join(", ")}: found ${actor.desk?.skills.join(", ") || "none"} of ${actor.id}`,
        zh: `复核件 ${id} 需要技能 ${lack.skills.join("、")}：${actor.id} 具备 ${actor.desk?.skills.join("、") || "无"}`,
      });
    case "authority": {
      const impact = moneyText({ amountMinor: review.impactMinor, currency });
      const limit = moneyText({ amountMinor: lack.limitMinor, currency });
      return refuse("needs-other-authority", {
        en: `Review case ${id} needs authority over ${impact}: found a limit of ${limit} of ${actor.id}`,
        zh: `复核件 ${id} 需要 ${impact} 的审批权限：${actor.id} 的权限上限为 ${limit}`,
      });
    }
  }
}

function otherRole(id: string, queue: string, roles: readonly string[]): Refusal {
  return refuse("needs-other-authority", {
    en: `Review case ${id} waits for ${queue}: found roles ${roles.join(", ")}`,
    zh: `复核件 ${id} 须由 ${queue} 处理：当前角色为 ${roles.join("、")}`,
  });
}
