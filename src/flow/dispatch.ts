// Messages to the world leave from here: at least once, under a derived id, and before any retry the core
// system is asked whether it already knows the operation. The answer comes back as a command that consumes
// the message in its own transaction.

import { serviceActor } from "../domain/actor.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { noticeStands, type Decision } from "../domain/decision.ts";
import { bucketOfId, type Id } from "../domain/id.ts";
import { inParallel, perBucket, throwFirst, type Broken } from "./in-parallel.ts";
import type { Halt } from "./hold-ports.ts";
import type { CoreOperation, CoreResult } from "./core-ports.ts";
import type { World } from "./ports.ts";
import { heldBack, type Holds } from "./hold.ts";
import { stopsEverything } from "./read-only.ts";
import type { ReminderAnswer } from "./remind.ts";
import { reminderStanding } from "./reminder-standing.ts";
import { tellRelated } from "./related.ts";
import type { Command } from "./step.ts";
import type { OutboxEntry, OutboxKind } from "./state.ts";
import { transact } from "./transact.ts";
import { releaseTurns } from "./turns.ts";

type Leased = OutboxEntry & Readonly<{ attempts: number }>;

const leaseMs = 15_000;
const entriesAtOnce = 200;
const inFlight = 16;
const firstDelayMs = 200;
const longestDelayMs = 300_000;

const actor = serviceActor("dispatch");

const areaOf: Readonly<Record<OutboxKind, string>> = {
  "notice.deliver": "notify",
  "reminder.deliver": "remind",
  "core.apply": "execute",
  "budget.release": "pace",
  "report.mail": "report",
  "related.tell": "ingest",
};

function haltedMessages(
  halts: readonly Halt[],
  world: Pick<World, "reports">,
): readonly OutboxKind[] {
  const areas = new Set(halts.map((halt) => halt.area));
  const stopped = stopsEverything(halts);
  return (Object.keys(areaOf) as OutboxKind[]).filter(
    (kind) =>
      stopped || areas.has(areaOf[kind]) || (kind === "report.mail" && world.reports === undefined),
  );
}

/**
 * Sends what is unsent and due, until nothing is. Faults are given back with exponential back-off and do
 * not stop the others.
 * @returns messages that are done and messages given back
 */
export async function dispatch(
  world: World,
  owner: string,
  stop: () => boolean = () => false,
): Promise<Readonly<{ sent: number; faults: number }>> {
  let sent = 0;
  let faults = 0;
  const broken: Broken = new Map();
  while (!stop()) {
    const halts = await world.store.halts.list(await world.clock.now());
    const entries = await world.store.waiting.leaseOutbox(
      owner,
      leaseMs,
      entriesAtOnce,
      haltedMessages(halts, world),
    );
    if (entries.length === 0) break;
    const answers = await sendAll(world, entries, owner, halts);
    faults += entries.length - answers.length;
    sent += answers.length;
    await commit(
      world,
      answers.filter((command) => command !== null),
      broken,
    );
  }
  throwFirst(broken);
  return { sent, faults };
}

/**
 * A bounded number of messages at a time; an entry without an answer was given back. Answers stand in the order of
 * their entries, whichever came first. A message about no line has null for an answer: whoever sent it marked it sent.
 */
async function sendAll(
  world: World,
  entries: readonly Leased[],
  owner: string,
  halts: readonly Halt[],
): Promise<readonly (Command | null)[]> {
  const answers = new Map<Leased, Command | null>();
  const now = await world.clock.now();
  const today = world.clock.dateOf(now);
  const held: Holding = { today, halts, blackouts: await world.store.blackouts.inForce(today) };
  await inParallel(entries, inFlight, async (entry) => {
    try {
      answers.set(entry, await send(world, entry, held));
    } catch (error) {
      await giveBack(world, entry, owner, error);
    }
  });
  return entries.flatMap((entry) => {
    const answer = answers.get(entry);
    return answer === undefined ? [] : [answer];
  });
}

async function giveBack(world: World, entry: Leased, owner: string, error: unknown): Promise<void> {
  if (!isFault(error)) throw error;
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(entry.attempts - 1, 12));
  await world.store.waiting.retryOutbox(entry, owner, delayMs, error.message);
}

/** Faults say whether trying again can help; anything else is a bug and ends the run. */
function isFault(error: unknown): error is Error & { retryable: boolean } {
  return error instanceof Error && "retryable" in error;
}

async function send(world: World, entry: Leased, held: Holding): Promise<Command | null> {
  switch (entry.kind) {
    case "notice.deliver":
      return answer(world, entry, "RecordDelivery", await deliver(world, entry, held));
    case "reminder.deliver":
      return answer(world, entry, "RecordReminder", await remind(world, entry));
    case "core.apply":
      return answer(world, entry, "ConfirmExecution", {
        ...(await applyOnce(world, entry)),
        fromStatus: entry.body["fromStatus"],
      });
    case "budget.release":
      await releaseTurns(world, entry.body["ledgers"] as readonly string[], [entry.subject]);
      return answer(world, entry, "MarkReleased", {});
    case "related.tell":
      return answer(world, entry, "RecordRelated", await tellRelated(world, entry));
    case "report.mail":
      await world.reports!.deliver(entry);
      return null;
  }
}

/** What may hold messages back while these are sent. */
type Holding = Pick<Holds, "halts" | "blackouts"> & Readonly<{ today: BusinessDate }>;

async function deliver(
  world: World,
  entry: Leased,
  held: Holding,
): Promise<Readonly<Record<string, unknown>>> {
  const notice = await world.store.reads.notice(entry.subject);
  if (notice === null) throw new Error(`Notice of an outbox entry is missing: ${entry.subject}`);
  const decision = await world.store.reads.decision(notice.decisionId);
  const delivery = notice.deliveries.find(({ id }) => id === entry.id);
  if (delivery === undefined)
    throw new Error(`Delivery of an outbox entry is missing: ${entry.id}`);
  const about = { delivery: delivery.id };
  // Nobody is told of a change that was taken back before the message left.
  if (decision === null || !noticeStands(decision, notice.id)) {
    return { ...about, result: "bounced", because: "decision-ended", permanent: true };
  }
  // Word of its arrival overtook the provider's answer, or another attempt arrived first: nothing is left to send.
  if (delivery.state !== "waiting" || notice.state === "delivered") {
    return { ...about, result: "sent" };
  }
  if (await isHeld(world, decision, held)) return { ...about, result: "held" };
  return { ...about, ...(await world.channels.deliver(notice, delivery)) };
}

/** Nobody is reminded who has paid, or is to be left alone, since the message was written. */
async function remind(
  world: World,
  entry: Leased,
): Promise<ReminderAnswer & Readonly<{ delivery: Id }>> {
  const about = { delivery: entry.id };
  const reminder = await world.store.reads.reminder(entry.subject);
  const delivery = reminder?.deliveries.find(({ id }) => id === entry.id);
  if (reminder === null || delivery === undefined)
    throw new Error(`Reminder of an outbox entry is missing: ${entry.id}`);
  if (delivery.state !== "waiting" || reminder.state === "delivered") {
    return { ...about, result: "sent" };
  }
  if (reminder.state !== "waiting")
    return { ...about, result: "stopped", because: reminder.because ?? "superseded" };
  const { stop, leavesAt } = await reminderStanding(world, reminder, delivery.channel);
  if (stop !== null) return { ...about, result: "stopped", because: stop };
  if (leavesAt > (await world.clock.now())) return { ...about, result: "held", until: leavesAt };
  return { ...about, ...(await world.channels.remind(reminder, delivery)) };
}

/** Whether a window or a pause began while the message waited to be sent. */
async function isHeld(
  { store, clock }: World,
  decision: Decision,
  { today, halts, blackouts }: Holding,
): Promise<boolean> {
  if (blackouts.length === 0 && halts.length === 0) return false;
  const place = await store.reads.place(decision.lineId);
  const holds = { blackouts, halts, placeOf: () => place };
  return heldBack(decision, holds, { today, startOf: clock.startOf }) !== null;
}

/** At-least-once plus an id that the core system remembers: asked first on every attempt but the first. */
async function applyOnce(world: World, entry: Leased): Promise<CoreResult> {
  const operation = entry.body["operation"] as CoreOperation;
  if (entry.attempts > 1) {
    const known = await world.core.find(operation.operationId);
    if (known !== null) return known;
  }
  return world.core.apply(operation);
}

function answer(
  world: World,
  entry: OutboxEntry,
  kind: string,
  body: Readonly<Record<string, unknown>>,
): Command {
  return {
    id: world.ids.derive(entry.bucket, "answer", entry.id),
    kind,
    subject: entry.subject,
    actor,
    cause: entry.id,
    outboxId: entry.id,
    body,
  };
}

async function commit(world: World, answers: readonly Command[], broken: Broken): Promise<void> {
  await perBucket(
    answers,
    (command) => bucketOfId(command.subject),
    broken,
    async (bucket, batch) => {
      await transact(world, bucket, batch);
    },
  );
}
