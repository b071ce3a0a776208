// Which review cases the options of `tidemark review` are about.

import type { Reads } from "../flow/ports.ts";
import { chosen } from "./chosen.ts";
import type { Session } from "./session.ts";
import { scopeOf } from "./subject.ts";

/** The filter that the options state, within the actor's scope. */
export function casesFilter(
  { actor }: Session,
  options: Readonly<Record<string, unknown>>,
): Parameters<Reads["reviews"]>[1] {
  const state = options["state"];
  const desk = options["desk"];
  return {
    ...scopeOf(actor),
    ...(state === "all" || typeof state !== "string" ? {} : { state }),
    ...chosen(options, ["queue", "priority", "skill"]),
    ...(typeof options["sweep"] === "string" ? { causeId: options["sweep"] } : {}),
    ...(options["appeals"] === true ? { appeals: true } : {}),
    ...(desk === "mine" ? { assignedTo: actor.id } : {}),
    ...(desk === "queues" ? { workableBy: actor } : {}),
    ...(desk === "asked" ? { askedOf: actor.id } : {}),
  };
}
