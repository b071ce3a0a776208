// A borrower is told what is due before it is. A statement plans its reminders; each is written and leaves at its time unless
// nothing is left to pay, the line is to be left alone or the customer has had enough of them; and what a provider says of it
// is recorded as of a notice. Nothing waits for a reminder, so one that reaches nobody is simply at an end.

import { atClock, hoursAfter, nextAttempt } from "../compliance/notice-delivery.ts";
import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import {
  heldBackBecause,
  isLatest,
  patched,
  type NoticeChannel,
  type NoticeDelivery,
} from "../domain/notice.ts";
import { notFound, type Refusal } from "../domain/refusal.ts";
import {
  countsAgainstCap,
  type Reminder,
  type ReminderEnd,
  type ReminderWords,
} from "../domain/reminder.ts";
import type { ReminderRules } from "../domain/watch-rules.ts";
import type { Kept } from "./ingested-rows.ts";
import type { HandOver } from "./notice-ports.ts";
import { change, setTimer } from "./rows.ts";
import type { Event, NewEvent, State } from "./state.ts";
import type { Command, Context, Step } from "./step.ts";

type Statement = Readonly<{
  statementOn: BusinessDate;
  dueOn: BusinessDate;
  minimumDueMinor: number;
}>;

/** What a message on its way came to: what its channel said, or why it was not handed over. */
export type ReminderAnswer =
  | HandOver
  | Readonly<{ result: "held"; until: Instant }>
  | Readonly<{ result: "stopped"; because: ReminderEnd }>;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  if (command.kind === "PlanReminders") return plan(state, command, context);
  const reminder = state.reminders.get(command.subject);
  if (reminder === undefined) return notFound({ en: "reminder", zh: "提醒" }, command.subject);
  return command.kind === "SendReminder"
    ? send(state, reminder, command, context)
    : record(state, reminder, command, context);
}

/** The newest statement says what is planned. What is due to leave for the same date stays as it is. */
function plan(state: State, command: Command, context: Context): readonly NewEvent[] {
  const rules = context.watch.reminders;
  const line = state.lines.get(command.subject)!;
  const said = command.body as unknown as Statement;
  const held = [...state.reminders.values()].filter(({ lineId }) => lineId === line.id);
  if (rules === null || held.some(({ statementOn }) => statementOn > said.statementOn)) return [];
  const owes = said.minimumDueMinor > 0;
  const planned = owes
    ? rules.daysBefore.flatMap((days) => planOf(line, said, days, rules, context))
    : [];
  const fresh = planned.flatMap((one) => replaced(state.reminders.get(one.id), one));
  const kept = new Set(planned.map(({ id }) => id));
  const isDue = ({ dueOn, plannedAt }: Reminder): boolean =>
    owes && dueOn === said.dueOn && plannedAt <= context.now;
  const over = held.filter((one) => isAhead(one) && !kept.has(one.id) && !isDue(one));
  const dropped = over.map((one) => drop(one, owes ? "superseded" : "paid"));
  if (fresh.length === 0) return dropped;
  const reminders = fresh.map(({ id, daysBefore, plannedAt }) => ({ id, daysBefore, plannedAt }));
  const { id: lineId, customerId } = line;
  const body = { ...said, reminders };
  return [
    ...dropped,
    { kind: "RemindersPlanned", lineId, customerId, subject: lineId, body, attached: fresh },
  ];
}

function planOf(
  line: CreditLine,
  said: Statement,
  daysBefore: number,
  { at }: ReminderRules,
  context: Context,
): readonly Reminder[] {
  const plannedAt = atClock(context.startOf(addDays(said.dueOn, -daysBefore)), at);
  if (plannedAt <= context.now) return [];
  const { bucket, id: lineId, customerId, currency } = line;
  return [
    {
      ...{ bucket, id: context.derive("reminder", lineId, said.dueOn, String(daysBefore)) },
      ...{ lineId, customerId, ...said, currency, daysBefore, state: "planned", because: null },
      ...{ plannedAt, sentAt: null, words: null, deliveries: [], ver: 1 },
    },
  ];
}

function isAhead({ state }: Reminder): boolean {
  return state === "planned" || state === "waiting";
}

/** A reminder that is under way, or ended for good, is never planned again. */
function replaced(held: Reminder | undefined, fresh: Reminder): readonly Reminder[] {
  if (held === undefined) return [fresh];
  if (held.state !== "planned" && held.because !== "superseded") return [];
  const { statementOn, minimumDueMinor, plannedAt } = held;
  const isSame =
    held.state === "planned" &&
    statementOn === fresh.statementOn &&
    minimumDueMinor === fresh.minimumDueMinor &&
    plannedAt === fresh.plannedAt;
  return isSame ? [] : [{ ...fresh, deliveries: held.deliveries, ver: held.ver + 1 }];
}

/** By its timer: the first attempt, or a later one whose hour has come. A timer that comes too late does nothing. */
function send(
  state: State,
  reminder: Reminder,
  command: Command,
  context: Context,
): readonly NewEvent[] {
  const due = state.timers.get(command.timerId ?? "")?.due;
  if (reminder.state === "waiting") {
    const waiting = reminder.deliveries.at(-1)!;
    return waiting.state === "waiting" && waiting.notBefore === due
      ? [told(reminder, "ReminderReleased", { delivery: waiting.id })]
      : [];
  }
  if (reminder.state !== "planned" || reminder.plannedAt !== due) return [];
  const rules = context.watch.reminders;
  const stop =
    (command.body["stop"] as ReminderEnd | null) ?? (rules === null ? "left-alone" : null);
  if (stop !== null) return [drop(reminder, stop)];
  if (isCapped(state, reminder, rules!, context)) return [drop(reminder, "cap")];
  const line = state.lines.get(reminder.lineId)!;
  const words = context.remind({ ...reminder, line, pack: context.pack(line.jurisdiction) });
  const delivery = attempt(reminder, rules!.channels[0]!, context.now, context);
  const textHash = context.sha256(`${words.body.zh}\n${words.body.en}`);
  const { channel } = delivery;
  const body = { delivery: delivery.id, channel, textHash, textsVersion: words.version };
  return [{ ...told(reminder, "ReminderWritten", body), attached: { words, delivery } }];
}

function isCapped(
  state: State,
  { id, customerId }: Reminder,
  { cap }: ReminderRules,
  { now }: Context,
): boolean {
  const since = hoursAfter(now, -24 * cap.days);
  const others = [...state.reminders.values()].filter(
    (one) => one.id !== id && one.customerId === customerId && countsAgainstCap(one, since),
  );
  return others.length >= cap.most;
}

/** What became of one attempt. Said twice, it changes nothing; what has arrived has arrived. */
function record(
  state: State,
  reminder: Reminder,
  { body }: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const id = String(body["delivery"]);
  const delivery = reminder.deliveries.find((one) => one.id === id);
  if (delivery === undefined) return notFound({ en: "delivery", zh: "送达记录" }, id);
  const answer = body as unknown as ReminderAnswer;
  if (reminder.state === "delivered") return [];
  const isWaiting = reminder.state === "waiting" && delivery.state === "waiting";
  switch (answer.result) {
    case "stopped":
      return isWaiting ? [drop(reminder, answer.because)] : [];
    case "held": {
      if (!isWaiting) return [];
      const next = attempt(reminder, delivery.channel, answer.until, context);
      const said = { delivery: id, until: answer.until };
      return [{ ...told(reminder, "ReminderHeld", said), attached: next }];
    }
    case "bounced":
      return delivery.state === "bounced"
        ? []
        : bounced(state, reminder, delivery, answer, context);
    default: {
      if (answer.result === "sent" && delivery.state !== "waiting") return [];
      const kind = answer.result === "sent" ? "ReminderSent" : "ReminderDelivered";
      const { reference = null, contentHash = null } = answer;
      return [
        told(reminder, kind, { delivery: id, channel: delivery.channel, reference, contentHash }),
      ];
    }
  }
}

/** The next attempt is chosen as for a notice: the channel again, later, and then the next of the rules. */
function bounced(
  state: State,
  reminder: Reminder,
  { id, channel }: NoticeDelivery,
  { because, permanent }: Extract<HandOver, { result: "bounced" }>,
  context: Context,
): readonly NewEvent[] {
  const bounce = (next: NoticeDelivery | null): NewEvent => ({
    ...told(reminder, "ReminderBounced", {
      ...{ delivery: id, channel, because },
      ...{ next: next?.channel ?? null, nextAt: next?.notBefore ?? null },
    }),
    attached: next,
  });
  const isOver = !["waiting", "sent"].includes(reminder.state);
  const rules = context.watch.reminders;
  if (isOver || !isLatest(reminder.deliveries, id) || rules === null) return [bounce(null)];
  const { notice } = context.pack(state.lines.get(reminder.lineId)!.jurisdiction);
  const channels = { ...notice.channels, value: rules.channels };
  const failed = reminder.deliveries.filter((one) => one.because !== heldBackBecause);
  const next = nextAttempt({ notice: { ...notice, channels } }, failed, permanent);
  if (next === null) return [bounce(null)];
  return [
    bounce(attempt(reminder, next.channel, hoursAfter(context.now, next.afterHours), context)),
  ];
}

function attempt(
  { id, deliveries }: Reminder,
  channel: NoticeChannel,
  notBefore: Instant,
  context: Context,
): NoticeDelivery {
  const number = String(deliveries.length + 1);
  return {
    ...{ id: context.derive("outbox", id, "reminder.deliver", number), channel, notBefore },
    ...{ state: "waiting", sentAt: null, settledAt: null },
    ...{ because: null, reference: null, contentHash: null },
  };
}

function drop(reminder: Reminder, because: ReminderEnd): NewEvent {
  const { dueOn, daysBefore } = reminder;
  return told(reminder, "ReminderDropped", { because, dueOn, daysBefore });
}

function told(
  { id, lineId, customerId }: Reminder,
  kind: string,
  body: Readonly<Record<string, unknown>>,
): NewEvent {
  return { kind, lineId, customerId, subject: id, body };
}

function evolve(state: State, event: Event, context: Context): void {
  const { subject, body } = event;
  if (event.kind === "RemindersPlanned") return applyPlanned(state, event, context);
  const reminder = state.reminders.get(subject)!;
  const { deliveries } = reminder;
  const id = String(body["delivery"]);
  const add = (next: NoticeDelivery, patch: Partial<Reminder>): void => {
    const held = patch.deliveries ?? deliveries;
    change(state.reminders, subject, { state: "waiting", ...patch, deliveries: [...held, next] });
    postOrWait(state, event, context, next);
  };
  switch (event.kind) {
    case "ReminderWritten": {
      const { words, delivery } = event.attached as {
        words: ReminderWords;
        delivery: NoticeDelivery;
      };
      return add(delivery, { words });
    }
    case "ReminderReleased":
      return postOrWait(state, event, context, deliveries.at(-1)!);
    case "ReminderHeld": {
      const back = { state: "bounced", settledAt: event.at, because: heldBackBecause } as const;
      return add(event.attached as NoticeDelivery, {
        deliveries: patched(deliveries, id, () => back),
      });
    }
    case "ReminderBounced":
      return applyBounced(state, event, reminder, add);
    case "ReminderDropped": {
      const because = body["because"] as ReminderEnd;
      change(state.reminders, subject, { state: "dropped", because });
      return;
    }
    default:
      return applyArrived(state, event, reminder);
  }
}

function applyPlanned(state: State, event: Event, context: Context): void {
  for (const reminder of event.attached as readonly Reminder[]) {
    state.reminders.set(reminder.id, reminder);
    const due = reminder.plannedAt;
    setTimer(state, { ...event, subject: reminder.id }, context, { kind: "reminder", due });
  }
}

function applyBounced(
  state: State,
  { subject, body, at, attached }: Event,
  { deliveries, state: was, because: ended }: Reminder,
  add: (next: NoticeDelivery, patch: Partial<Reminder>) => void,
): void {
  const id = String(body["delivery"]);
  const back = { state: "bounced", settledAt: at, because: String(body["because"]) } as const;
  const known = patched(deliveries, id, () => back);
  const next = attached as NoticeDelivery | null;
  if (next !== null) return add(next, { deliveries: known });
  const isEnd = isLatest(deliveries, id) && was !== "dropped";
  const end = isEnd ? ({ state: "failed", because: "undeliverable" } as const) : { because: ended };
  change(state.reminders, subject, { ...end, deliveries: known });
}

function applyArrived(state: State, event: Event, { deliveries, state: was }: Reminder): void {
  const { subject, body, at } = event;
  const reached = event.kind === "ReminderDelivered" ? "delivered" : "sent";
  const id = String(body["delivery"]);
  const known = patched(deliveries, id, (one) => ({
    state: reached,
    sentAt: one.sentAt ?? at,
    settledAt: reached === "delivered" ? at : null,
    reference: (body["reference"] as string | null) ?? one.reference,
    contentHash: (body["contentHash"] as string | null) ?? one.contentHash,
  }));
  const sentAt = known.find((one) => one.id === id)!.sentAt;
  // An older attempt that only left now says nothing of the one that counts.
  const counts = reached === "delivered" || isLatest(deliveries, id);
  change(state.reminders, subject, {
    ...{ state: counts ? reached : was, deliveries: known, sentAt },
    ...(counts ? { because: null } : {}),
  });
}

/** Writes the message of an attempt, or waits until it may leave. */
function postOrWait(
  state: State,
  event: Event,
  context: Context,
  { id, channel, notBefore }: NoticeDelivery,
): void {
  if (notBefore > event.at) {
    return setTimer(state, event, context, { kind: "reminder", due: notBefore });
  }
  const { bucket, subject } = event;
  state.outbox.push({ bucket, id, kind: "reminder.deliver", subject, body: { channel } });
}

/** A statement that comes in now; what is told as history reminds nobody. */
function follow(_state: State, event: Event, context: Context): readonly Omit<Command, "actor">[] {
  if (event.kind !== "SignalRecorded" || event.body["type"] !== "statement") return [];
  if (context.watch.reminders === null || !(event.attached as Kept).isNews) return [];
  const { minimumDue, dueOn } = event.body["data"] as Readonly<{
    minimumDue: Readonly<{ amount: number }>;
    dueOn: BusinessDate;
  }>;
  const body = { statementOn: event.body["asOf"], dueOn, minimumDueMinor: minimumDue.amount };
  const id = context.derive("plan-reminders", event.cause, event.lineId);
  return [{ id, kind: "PlanReminders", subject: event.lineId, cause: event.cause, body }];
}

export const remindStep: Step = {
  name: "remind",
  area: "remind",
  label: { en: "Remind", zh: "还款提醒" },
  commands: {
    PlanReminders: {
      subject: "line",
      verb: null,
      roles: ["service"],
      label: { en: "Plan the reminders of a statement", zh: "安排账单的还款提醒" },
      fields: {},
    },
    SendReminder: {
      subject: "reminder",
      verb: null,
      roles: ["service"],
      label: { en: "Send a reminder", zh: "发送还款提醒" },
      fields: {},
    },
    RecordReminder: {
      subject: "reminder",
      verb: null,
      roles: ["service"],
      records: true,
      label: { en: "Record what became of a reminder", zh: "记录还款提醒的送达结果" },
      fields: {},
    },
  },
  events: [
    ...["RemindersPlanned", "ReminderWritten", "ReminderReleased", "ReminderHeld", "ReminderSent"],
    ...["ReminderDelivered", "ReminderBounced", "ReminderDropped"],
  ],
  tables: ["reminder", "timer", "outbox"],
  decide,
  evolve,
  follow,
};
