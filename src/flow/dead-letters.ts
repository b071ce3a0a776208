// What people do with signals that were refused: repair the contents, send them again through the one door, or discard
// them, each with who and why. A letter that has ended stays ended.

import type { Actor, Role } from "../domain/actor.ts";
import type { DeadLetter, DeadLetterAct } from "../domain/dead-letter.ts";
import type { Id } from "../domain/id.ts";
import { firstRefusal, isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { IncomingSignal } from "../domain/signal.ts";
import type { World } from "./ports.ts";
import {
  envelopeOf,
  isAboutTheSender,
  judgeSignals,
  longestEvent,
  type TakeOptions,
} from "./take-signals.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** Roles that may deal with letters; who reads them sees what senders wrote. */
export const deadLetterRoles = ["operator", "administrator"] as const satisfies readonly Role[];

type Asked = Readonly<{ id: Id; actor: Actor; dryRun?: boolean }>;

/** Puts other contents in the place of the letter's. Refused: forbidden, not-found, already-resolved, invalid. */
export async function repairLetter(
  world: World,
  { event, because, ...asked }: Asked & Readonly<{ event: unknown; because: string }>,
): Promise<DeadLetter | Refusal> {
  const letter = await openLetter(world, asked.id, asked.actor);
  if (isRefusal(letter)) return letter;
  const content = JSON.stringify(event) ?? "";
  const wrong = firstRefusal([
    reasonRefusal(because),
    content.length <= longestEvent
      ? null
      : refuse(
          "invalid",
          {
            en: `Dead letter: found ${content.length} characters, expected at most ${longestEvent}`,
            zh: `死信：共 ${content.length} 个字符，最多 ${longestEvent} 个`,
          },
          "/event",
        ),
  ]);
  if (wrong !== null) return wrong;
  const changed = { ...letter, ...envelopeOf({ event }), content };
  return put(world, letter, changed, asked, { did: "repaired", because: because.trim() });
}

/**
 * Sends the letter's contents again. Where they are taken, or were before, the letter ends; where a rule refuses them
 * again it stays open with the new reason. Refused: forbidden, not-found, already-resolved, halted.
 */
export async function resendLetter(
  world: World,
  asked: Asked,
  options: Omit<TakeOptions, "dryRun">,
): Promise<DeadLetter | Refusal> {
  const letter = await openLetter(world, asked.id, asked.actor);
  if (isRefusal(letter)) return letter;
  const dryRun = asked.dryRun === true;
  const incoming = incomingOf(letter.content ?? "");
  const [verdict] = await judgeSignals(world, asked.actor, [incoming], { ...options, dryRun });
  if (verdict === undefined) throw new Error(`Dead letter without verdict: ${letter.id}`);
  if (isRefusal(verdict) && isAboutTheSender(verdict)) return verdict;
  const changed: DeadLetter = isRefusal(verdict)
    ? { ...letter, reason: verdict }
    : { ...letter, state: "sent" };
  return put(world, letter, changed, asked, { did: "resent", because: null });
}

/** Ends a letter for good; its contents are destroyed. Refused: forbidden, not-found, already-resolved, invalid. */
export async function discardLetter(
  world: World,
  { because, ...asked }: Asked & Readonly<{ because: string }>,
): Promise<DeadLetter | Refusal> {
  const letter = await openLetter(world, asked.id, asked.actor);
  if (isRefusal(letter)) return letter;
  const wrong = reasonRefusal(because);
  if (wrong !== null) return wrong;
  const changed: DeadLetter = { ...letter, state: "discarded", content: null };
  return put(world, letter, changed, asked, { did: "discarded", because: because.trim() });
}

/** A letter as somebody may see it. Refused: forbidden, not-found. */
export async function findLetter(
  world: Pick<World, "store">,
  id: Id,
  actor: Actor,
): Promise<DeadLetter | Refusal> {
  return letterRefusal(actor) ?? (await world.store.deadLetters.find(id)) ?? notFound(what, id);
}

/** Refused (forbidden) to those who may not deal with letters. */
export function letterRefusal(actor: Actor): Refusal | null {
  return wholeLenderRefusal(actor, deadLetterRoles, what);
}

const what = { en: "dead letter", zh: "死信" };

async function openLetter(world: World, id: Id, actor: Actor): Promise<DeadLetter | Refusal> {
  const letter = await findLetter(world, id, actor);
  if (isRefusal(letter) || letter.state === "open") return letter;
  return refuse("already-resolved", {
    en: `Dead letter ${id}: found ${letter.state}, expected open`,
    zh: `死信 ${id}：状态为 ${letter.state}，应为 open`,
  });
}

/** The event in a text, or the text where it is none. */
export function incomingOf(text: string): IncomingSignal {
  try {
    return { event: JSON.parse(text) as unknown };
  } catch {
    return { unreadable: text };
  }
}

async function put(
  world: World,
  before: DeadLetter,
  after: DeadLetter,
  { actor, dryRun }: Asked,
  act: Pick<DeadLetterAct, "did" | "because">,
): Promise<DeadLetter | Refusal> {
  const done: DeadLetterAct = { at: await world.clock.now(), by: actor.id, ...act };
  const letter = { ...after, acts: [...before.acts, done], ver: before.ver + 1 };
  if (dryRun === true || (await world.store.deadLetters.replace(letter, before.ver))) return letter;
  return refuse("stale-approval", {
    en: `Dead letter ${before.id} changed: found another version than ${before.ver}`,
    zh: `死信 ${before.id} 已变更：当前版本已不是 ${before.ver}`,
  });
}

const longestReason = 1_000;

function reasonRefusal(because: string): Refusal | null {
  const { length } = because.trim();
  return length > 0 && length <= longestReason
    ? null
    : refuse(
        "invalid",
        {
          en: `Reason: found ${length} characters, expected 1 to ${longestReason}`,
          zh: `理由：共 ${length} 个字符，应为 1 至 ${longestReason} 个`,
        },
        "/reason",
      );
}
