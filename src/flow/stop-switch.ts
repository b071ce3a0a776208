// Stop switches: a person stops one area, with a reason and an end, and the write path refuses that area's
// commands until then. They are set and lifted here and nowhere else, so that rights and bounds hold for
// the API and the command line alike.

import type { Actor, Role } from "../domain/actor.ts";
import { addMilliseconds, type Instant } from "../domain/calendar.ts";
import { readOnlyArea } from "../domain/halt-area.ts";
import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { pipeline } from "./pipeline.ts";
import type { Halt } from "./hold-ports.ts";
import type { World } from "./ports.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** Everything that can be stopped: the areas of the steps, sweeps, all at once, or every write. */
export const haltAreas: readonly string[] = [
  ...new Set([...pipeline.map((step) => step.area), "sweep", "all", readOnlyArea]),
];

/** Roles that may set and lift stop switches. */
export const haltRoles = [
  "operator",
  "compliance",
  "legal",
  "administrator",
] as const satisfies readonly Role[];

/** A halt ends by itself after this long at the latest; it can be set again. */
const longestHaltMs = 30 * 86_400_000;

export type HaltRequest = Readonly<{
  area: string;
  reason: string;
  expiresAt: Instant;
  actor: Actor;
}>;

/** Stops an area; a halt of the same area is replaced. Refused: forbidden, invalid. */
export async function setHalt(
  world: Pick<World, "store" | "clock">,
  request: HaltRequest,
): Promise<Halt | Refusal> {
  const at = await world.clock.now();
  const { area, reason, expiresAt, actor } = request;
  const refusal = firstRefusal([
    rightsRefusal(actor),
    areaRefusal(area),
    haltTermsRefusal(request, at),
  ]);
  if (refusal !== null) return refusal;
  const halt: Halt = { area, reason: reason.trim(), by: actor.id, at, expiresAt };
  await world.store.halts.set(halt);
  return halt;
}

/** Lets an area go on. Refused: forbidden, invalid (unknown area), not-found (it is not halted). */
export async function liftHalt(
  world: Pick<World, "store" | "clock">,
  area: string,
  actor: Actor,
): Promise<true | Refusal> {
  const refusal = firstRefusal([rightsRefusal(actor), areaRefusal(area)]);
  if (refusal !== null) return refusal;
  const lifted = await world.store.halts.lift(area, actor.id, await world.clock.now());
  return (
    lifted ||
    refuse("not-found", {
      en: `Cannot resume ${area}: it is not halted`,
      zh: `无法恢复 ${area}：该环节未被停用`,
    })
  );
}

/** A halt says why and ends: the same for every halt, whatever it stops. */
export function haltTermsRefusal(
  { reason, expiresAt }: Pick<HaltRequest, "reason" | "expiresAt">,
  at: Instant,
): Refusal | null {
  const last = addMilliseconds(at, longestHaltMs);
  return firstRefusal([
    reason.trim() === ""
      ? refuse("invalid", { en: "Halt: found no reason", zh: "停用：未填写理由" }, "/reason")
      : null,
    expiresAt > at && expiresAt <= last
      ? null
      : refuse(
          "invalid",
          {
            en: `Halt expiry: found ${expiresAt}, expected after ${at} and not after ${last}`,
            zh: `停用到期时间：为 ${expiresAt}，应晚于 ${at} 且不晚于 ${last}`,
          },
          "/expiresAt",
        ),
  ]);
}

function rightsRefusal(actor: Actor): Refusal | null {
  return wholeLenderRefusal(actor, haltRoles, { en: "Stop switch", zh: "紧急停用" });
}

function areaRefusal(area: string): Refusal | null {
  return haltAreas.includes(area)
    ? null
    : refuse(
        "invalid",
        {
          en: `Area: found ${area}, expected one of ${haltAreas.join(", ")}`,
          zh: `环节：为 ${area}，应为 ${haltAreas.join("、")} 之一`,
        },
        "/area",
      );
}
