// What holds for the whole lender (a strategy, the test clock, a stop switch, everybody's data) is not for somebody who
// answers for some portfolios only, whatever their roles.

import type { Actor, Role } from "../domain/actor.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";

/** Refused (forbidden) to an actor that has none of the roles, or a scope other than all; `what` opens the message. */
export function wholeLenderRefusal(
  { roles, scope }: Actor,
  expected: readonly Role[],
  what: Text,
): Refusal | null {
  return roles.some((role) => expected.includes(role)) && scope.kind === "all"
    ? null
    : refuse("forbidden", {
        en: `${what.en}: found roles ${roles.join(", ") || "none"} with scope ${scope.kind}, expected ${expected.join(" or ")} with scope all`,
        zh: `${what.zh}：当前角色为 ${roles.join("、") || "无"}、范围为 ${scope.kind}，需要 ${expected.join(" 或 ")} 且范围为 all`,
      });
}
