// Every command has an actor. Roles say what an actor may do at all; the scope says to whose lines.

import type { DeskRights } from "./desk-rights.ts";

export const roles = [
  "analyst",
  "approver",
  "reviewer",
  "compliance",
  "legal",
  "operator",
  "auditor",
  "administrator",
  "service",
  "borrower",
] as const;

export type Role = (typeof roles)[number];

/** Everybody on the lender's side. */
export const staffRoles: readonly Role[] = roles.filter((role) => role !== "borrower");

/** Which customers an actor reaches: all of them, those of some portfolios, or only itself. */
export type Scope =
  | Readonly<{ kind: "all" }>
  | Readonly<{ kind: "portfolios"; portfolios: readonly string[] }>
  | Readonly<{ kind: "own"; customerId: string }>;

/** True where a scope reaches a portfolio; null stands for every portfolio at once. */
export function reachesPortfolio(scope: Scope, portfolio: string | null): boolean {
  if (scope.kind === "all") return true;
  return scope.kind === "portfolios" && portfolio !== null && scope.portfolios.includes(portfolio);
}

/**
 * `id` names a person, an API key or a part of Tidemark ("service:scheduler"); maker and checker are compared by it.
 * `desk` absent: the plain rights, see `plainDeskRights`.
 */
export type Actor = Readonly<{
  id: string;
  roles: readonly Role[];
  scope: Scope;
  desk?: DeskRights;
}>;

/** The actor of one of Tidemark's own parts: the scheduler, the outbox, the sweep. */
export function serviceActor(part: string): Actor {
  return { id: `service:${part}`, roles: ["service"], scope: { kind: "all" } };
}
