// Whoever may do something at all is a list of roles. What is asked outside the write path, which has its own check
// against the rights table, is refused here in one form.

import type { Actor, Role } from "../domain/actor.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";

/** Refused (forbidden) to an actor that has none of the roles; `what` opens the message. */
export function roleRefusal(
  { roles }: Actor,
  expected: readonly Role[],
  what: Text,
): Refusal | null {
  return roles.some((role) => expected.includes(role))
    ? null
    : refuse("forbidden", {
        en: `${what.en}: found roles ${roles.join(", ") || "none"}, expected one of ${expected.join(", ")}`,
        zh: `${what.zh}：当前角色为 ${roles.join("、") || "无"}，需要 ${expected.join("、")} 之一`,
      });
}
