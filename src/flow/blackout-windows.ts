// Blackout windows are set and lifted here and nowhere else, so that rights and bounds hold for the API and the command
// line alike. A window that is lifted before its last day lets go at once what waited for its end.

import type { Actor } from "../domain/actor.ts";
import type { ListedBlackout, Blackout } from "../domain/blackout.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import { causes, type Cause } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import { firstRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { World } from "./ports.ts";
import { fireHeld } from "./scheduler.ts";
import { haltRoles } from "./stop-switch.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** Roles that may set and lift windows: those of the stop switches. */
export const blackoutRoles = haltRoles;

/** Nothing waits for ever: a window lasts so many days at most, and another one can follow it. */
const longestDays = 92;

export type BlackoutRequest = Readonly<{
  id: Id;
  event: string;
  fromOn: BusinessDate;
  toOn: BusinessDate;
  regions: readonly string[];
  industries: readonly string[];
  exempt: readonly Cause[];
  reason: string;
  actor: Actor;
}>;

type Options = Readonly<{ dryRun?: boolean }>;

/** Sets a window; the same id again changes nothing. Refused: forbidden, invalid. */
export async function setBlackout(
  world: Pick<World, "store" | "clock">,
  { actor, ...asked }: BlackoutRequest,
  options: Options = {},
): Promise<Blackout | Refusal> {
  const at = await world.clock.now();
  const event = asked.event.trim();
  const reason = asked.reason.trim();
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, blackoutRoles, { en: "Blackout window", zh: "禁止窗口" }),
    event === "" ? emptyRefusal("event", "名称") : null,
    reason === "" ? emptyRefusal("reason", "理由") : null,
    daysRefusal(asked, world.clock.dateOf(at)),
    exemptRefusal(asked.exempt),
  ]);
  if (refusal !== null) return refusal;
  const blackout: Blackout = { ...asked, event, reason, by: actor.id, at };
  if (options.dryRun !== true) await world.store.blackouts.set(blackout);
  return blackout;
}

function emptyRefusal(field: string, zh: string): Refusal {
  return refuse(
    "invalid",
    { en: `Blackout window: found no ${field}`, zh: `禁止窗口：未填写${zh}` },
    `/${field}`,
  );
}

function daysRefusal(
  { fromOn, toOn }: Pick<Blackout, "fromOn" | "toOn">,
  today: BusinessDate,
): Refusal | null {
  const last = addDays(fromOn, longestDays - 1);
  return toOn >= fromOn && toOn >= today && toOn <= last
    ? null
    : refuse(
        "invalid",
        {
          en: `Blackout window: found ${fromOn} to ${toOn}, expected a last day from ${fromOn > today ? fromOn : today} to ${last}`,
          zh: `禁止窗口：为 ${fromOn} 至 ${toOn}，最后一日应在 ${fromOn > today ? fromOn : today} 至 ${last} 之间`,
        },
        "/toOn",
      );
}

function exemptRefusal(exempt: readonly string[]): Refusal | null {
  const unknown = exempt.find((one) => !(causes as readonly string[]).includes(one));
  return unknown === undefined
    ? null
    : refuse(
        "invalid",
        {
          en: `Blackout window exemption: found ${unknown}, expected one of ${causes.join(", ")}`,
          zh: `禁止窗口豁免：为 ${unknown}，应为 ${causes.join("、")} 之一`,
        },
        "/exempt",
      );
}

/**
 * Lifts a window before its last day and lets go what waited for its end. Refused: forbidden, invalid (no reason),
 * not-found, already-resolved (it has ended or was lifted).
 */
export async function liftBlackout(
  world: World,
  id: Id,
  { actor, because }: Readonly<{ actor: Actor; because: string }>,
  options: Options = {},
): Promise<ListedBlackout | Refusal> {
  const at = await world.clock.now();
  const found = await world.store.blackouts.find(id);
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, blackoutRoles, { en: "Blackout window", zh: "禁止窗口" }),
    because.trim() === "" ? emptyRefusal("reason", "理由") : null,
    found === null
      ? notFound({ en: "blackout window", zh: "禁止窗口" }, id)
      : endedRefusal(found, world.clock.dateOf(at)),
  ]);
  if (refusal !== null) return refusal;
  const lifted = { by: actor.id, at, because: because.trim() };
  if (options.dryRun === true) return { ...found!, lifted };
  if (!(await world.store.blackouts.lift(id, actor.id, at, lifted.because))) {
    return endedRefusal((await world.store.blackouts.find(id))!, world.clock.dateOf(at))!;
  }
  await fireHeld(world, world.clock.startOf(addDays(found!.toOn, 1)), found!);
  return { ...found!, lifted };
}

function endedRefusal({ id, toOn, lifted }: ListedBlackout, today: BusinessDate): Refusal | null {
  if (lifted === null && toOn >= today) return null;
  return refuse("already-resolved", {
    en: `Cannot lift blackout window ${id}: ${lifted === null ? `it ended on ${toOn}` : `it was lifted by ${lifted.by}`}`,
    zh: `无法解除禁止窗口 ${id}：${lifted === null ? `已于 ${toOn} 结束` : `已由 ${lifted.by} 解除`}`,
  });
}
