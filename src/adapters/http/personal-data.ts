// Who may read personal data: the people who talk to customers or answer for what was done to them. One list, so that
// looking somebody up and reading his data can never be two different rights.

import type { Actor, Role } from "../../domain/actor.ts";

/** Roles that see personal data in full and may look customers up by them. */
export const personalDataRoles: readonly Role[] = [
  "reviewer",
  "approver",
  "compliance",
  "legal",
  "operator",
];

/** True for an actor with one of {@link personalDataRoles}. */
export function mayReadPersonalData({ roles }: Pick<Actor, "roles">): boolean {
  return roles.some((role) => personalDataRoles.includes(role));
}
