// Who may start, pause, resume or cancel a sweep: one list for all four, because whoever may start one must be able to
// hold it.

import type { Role } from "../domain/actor.ts";

/** Roles that may start, pause, resume or cancel a sweep. */
export const sweepRoles: readonly Role[] = ["operator", "analyst", "administrator", "service"];
