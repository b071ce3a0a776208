// Reminders over the store and the test clock: one for each line, due date and step whatever is re-sent, none to anybody who
// has paid, is left alone or had enough of them, none in quiet hours, and every attempt with its proof.

import { beforeEach, describe, expect, test } from "vitest";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { NoticeChannel } from "../../src/domain/notice.ts";
import type { Reminder } from "../../src/domain/reminder.ts";
import type { WatchRules } from "../../src/domain/watch-rules.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import { dispatch } from "../../src/flow/dispatch.ts";
import type { HandOver } from "../../src/flow/notice-ports.ts";
import type { World } from "../../src/flow/ports.ts";
import { previewReminder } from "../../src/flow/reminder-standing.ts";
import { transact } from "../../src/flow/transact.ts";
import { serviceActor } from "../../src/domain/actor.ts";
import { cny, lineIn, minor, tell } from "../support/declared-facts.ts";
import { standardWatch } from "../support/watch.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

type Left = Readonly<{ id: string; channel: NoticeChannel; at: Instant }>;

let here: TestWorld;
let world: World;
let line: CreditLine;
let left: Left[];
let answers: HandOver[];

const reminders = { ...standardWatch.reminders!, channels: ["push", "email"] } as const;

function over(rules: Partial<WatchRules["reminders"]> = {}): World {
  return {
    ...here.world,
    watch: { ...standardWatch, reminders: { ...reminders, ...rules } },
    channels: {
      ...here.world.channels,
      remind: async ({ id }, { channel }) => {
        left.push({ id, channel, at: await here.world.clock.now() });
        return answers.shift() ?? { result: "delivered" };
      },
    },
  };
}

beforeEach(async () => {
  here = memoryWorld();
  left = [];
  answers = [];
  world = over();
  const facts = { hardship: false, openDispute: false, region: "north" };
  line = await lineIn(world, "L-1", facts, "C-1", { drawnMinor: 300_000 });
});

/** A statement of 1 March: 2,000.00 to pay at least, due on the twentieth. */
const statement = (id: string, change: object = {}) => ({
  ...{ id, type: "statement", asOf: "2026-03-01" },
  data: { balance: cny(300_000), minimumDue: cny(200_000), dueOn: "2026-03-20", ...change },
});
const paid = (asOf: string, amount: number) => ({
  ...{ type: "repayment", asOf, amount: minor(amount) },
});

async function later(to: string): Promise<void> {
  const run = { owner: "test", stop: () => false, pause: async () => {}, onStep: () => {} };
  await advanceClock(world, here.clock, to as Instant, run);
}

async function all(): Promise<readonly Reminder[]> {
  return (await world.store.reads.reminders({ after: null, limit: 50 }, {})).rows;
}

async function told(of: CreditLine = line): Promise<readonly string[]> {
  const events = await world.store.reads.timeline(of.id);
  return events.map(({ kind }) => kind).filter((kind) => kind.startsWith("Reminder"));
}

const endOfMarch = "2026-03-31T00:00:00.000Z";

describe("a statement", () => {
  test("plans a reminder for each step, which leave at their time in the words of the catalogue", async () => {
    await tell(world, line, statement("s-1"));
    expect(await all()).toMatchObject([
      // 10:00 in Shanghai.
      { state: "planned", daysBefore: 5, plannedAt: "2026-03-15T02:00:00.000Z", words: null },
      { state: "planned", daysBefore: 1, plannedAt: "2026-03-19T02:00:00.000Z", words: null },
    ]);
    await later(endOfMarch);
    expect(left.map(({ at }) => at)).toEqual([
      ...["2026-03-15T02:00:00.000Z", "2026-03-19T02:00:00.000Z"],
    ]);
    const [first] = await all();
    expect(first).toMatchObject({ state: "delivered", sentAt: left[0]!.at, because: null });
    expect(first!.words!.subject).toEqual({
      zh: "请最迟于2026年3月20日至少还款 ¥2,000",
      en: "Please pay at least ¥2,000 by 20 March 2026",
    });
    expect(first!.words!.short.en).toContain(first!.words!.subject.en);
    expect(await told()).toEqual([
      ...["RemindersPlanned", "ReminderWritten", "ReminderDelivered"],
      ...["ReminderWritten", "ReminderDelivered"],
    ]);
  });

  test("that is told again under another id, or again with other figures, plans nothing twice", async () => {
    await tell(world, line, statement("s-1"), statement("s-1"), statement("s-2"));
    expect((await told()).length).toBe(1);
    await later("2026-03-15T02:00:00.000Z");
    await tell(world, line, statement("s-3", { minimumDue: cny(150_000) }));
    await later(endOfMarch);
    expect(left).toHaveLength(2);
    expect((await all()).map(({ minimumDueMinor }) => minimumDueMinor)).toEqual([200_000, 150_000]);
  });

  test("with another due date takes the place of what is planned, and an older one of nothing", async () => {
    await tell(world, line, statement("s-1"));
    await tell(world, line, { ...statement("s-0", { dueOn: "2026-03-25" }), asOf: "2026-02-27" });
    expect(await all()).toHaveLength(2);
    await tell(world, line, statement("s-2", { dueOn: "2026-03-22" }));
    await later(endOfMarch);
    expect((await all()).map(({ state, dueOn, because }) => [state, dueOn, because])).toEqual([
      ["dropped", "2026-03-20", "superseded"],
      ["delivered", "2026-03-22", null],
      ["dropped", "2026-03-20", "superseded"],
      ["delivered", "2026-03-22", null],
    ]);
    await tell(world, line, { ...statement("s-4", { dueOn: "2026-04-20" }), asOf: "2026-03-31" });
    await tell(world, line, {
      ...statement("s-5", { dueOn: "2026-04-20", minimumDue: cny(0) }),
      asOf: "2026-03-31",
    });
    expect((await all()).slice(-2)).toMatchObject([{ because: "paid" }, { because: "paid" }]);
  });

  test("that is history, or that comes when a step is over, reminds of nothing that is over", async () => {
    await tell(world, line, { ...statement("s-1"), isNews: false });
    expect(await all()).toEqual([]);
    await later("2026-03-16T00:00:00.000Z");
    await tell(world, line, statement("s-2"));
    expect((await all()).map(({ daysBefore }) => daysBefore)).toEqual([1]);
  });
});

describe("nobody is reminded", () => {
  test("who has paid the least that is due, in parts or at once", async () => {
    const other = await lineIn(world, "L-2", {}, "C-2", { drawnMinor: 300_000 });
    await tell(world, line, statement("s-1"));
    await tell(world, other, statement("s-2"));
    await later("2026-03-10T00:00:00.000Z");
    await tell(world, line, paid("2026-03-05", 150_000), paid("2026-03-09", 50_000));
    await tell(world, other, paid("2026-03-09", 199_999));
    await later(endOfMarch);
    expect(new Set(left.map(({ id }) => id)).size).toBe(2);
    const endsOf = async ({ id: lineId }: CreditLine) =>
      (await all())
        .filter((one) => one.lineId === lineId)
        .map(({ state, because }) => [state, because]);
    const [dropped, delivered] = [
      ["dropped", "paid"],
      ["delivered", null],
    ];
    expect(await endsOf(line)).toEqual([dropped, dropped]);
    expect(await endsOf(other)).toEqual([delivered, delivered]);
  });

  test("who pays while the message waits to be sent", async () => {
    await tell(world, line, statement("s-1"));
    const { nextDue } = world.store.waiting;
    await here.clock.set((await nextDue([]))!);
    const [timer] = await world.store.waiting.dueTimers((await nextDue([]))!, 9, []);
    const actor = serviceActor("test");
    const send = { id: world.ids.fresh(), kind: "SendReminder", subject: timer!.subject, actor };
    await transact(world, line.bucket, [
      { ...send, cause: timer!.id, timerId: timer!.id, body: { stop: null } },
    ]);
    expect(await all()).toMatchObject([{ state: "waiting" }, { state: "planned" }]);
    await tell(world, line, paid("2026-03-15", 200_000));
    await dispatch(world, "test");
    expect(left).toEqual([]);
    expect((await all())[0]).toMatchObject({ state: "dropped", because: "paid", sentAt: null });
  });

  test.each([
    ["hardship", { type: "facts", asOf: "2026-03-02", facts: { hardship: true } }],
    ["a dispute", { type: "dispute", asOf: "2026-03-02", data: { dispute: "d-1", open: true } }],
    [
      "a complaint",
      {
        ...{ type: "complaint", asOf: "2026-03-02", complaint: "c-1", state: "opened" },
        ...{ channel: "app", topic: "service" },
      },
    ],
  ])("who has told of %s", async (_what, said) => {
    await tell(world, line, statement("s-1"), said);
    await later(endOfMarch);
    expect(left).toEqual([]);
    expect(await all()).toMatchObject([{ because: "left-alone" }, { because: "left-alone" }]);
  });

  test("whose line lies in a blackout window", async () => {
    await tell(world, line, statement("s-1"), {
      ...{ type: "facts", asOf: "2026-03-02", facts: { region: "south" } },
    });
    await world.store.blackouts.set({
      ...{ id: world.ids.fresh(), event: "Flood", fromOn: "2026-03-10" as BusinessDate },
      ...{ toOn: "2026-03-16" as BusinessDate, regions: ["south"], industries: [], exempt: [] },
      ...{ reason: "Rivers", by: "ann", at: await world.clock.now() },
    });
    await later(endOfMarch);
    expect(left).toHaveLength(1);
    expect(await all()).toMatchObject([{ because: "left-alone" }, { state: "delivered" }]);
  });

  test("more often than the cap, over all lines of the customer", async () => {
    world = over({ cap: { most: 2, days: 7 } });
    const lines = [line];
    for (const name of ["L-2", "L-3"]) {
      lines.push(await lineIn(world, name, {}, "C-1", { drawnMinor: 300_000 }));
    }
    for (const one of lines) await tell(world, one, statement(`of ${one.reference}`));
    await later(endOfMarch);
    // Two of the first day; four days later the week is not over.
    expect(left).toHaveLength(2);
    const capped = (await all()).filter(({ because }) => because === "cap");
    expect(capped).toHaveLength(4);
  });

  test("after the due date", async () => {
    answers = [{ result: "bounced", because: "mailbox full", permanent: false }];
    world = over({ daysBefore: [1], channels: ["email"] });
    await tell(world, line, statement("s-1"));
    await later("2026-03-19T02:00:00.000Z");
    const { deliveries } = (await all())[0]!;
    expect(deliveries.at(-1)).toMatchObject({ state: "waiting" });
    await here.clock.set("2026-03-21T02:00:00.000Z" as Instant);
    await later(endOfMarch);
    expect(left).toHaveLength(1);
    expect(await all()).toMatchObject([{ state: "dropped", because: "too-late" }]);
  });

  test("where the lender has no rules for it, or has them no more", async () => {
    await tell(here.world, line, statement("s-1"));
    expect(await all()).toEqual([]);
    await tell(world, line, statement("s-2"));
    world = { ...world, watch: { ...standardWatch, reminders: null } };
    await later(endOfMarch);
    expect(left).toEqual([]);
    expect(await all()).toMatchObject([{ because: "left-alone" }, { because: "left-alone" }]);
  });
});

describe("a reminder on its way", () => {
  test("waits for the end of quiet hours, by the clock of the pack", async () => {
    world = over({ at: "22:30", daysBefore: [1] });
    await tell(world, line, statement("s-1"));
    const [planned] = await all();
    expect(await previewReminder(world, planned!)).toMatchObject({
      ...{ stop: null, leavesAt: "2026-03-19T14:30:00.000Z" },
      words: { subject: { en: "Please pay at least ¥2,000 by 20 March 2026" } },
    });
    await later(endOfMarch);
    // The pack of China keeps push quiet from 21:00 to 08:00.
    expect(left.map(({ at }) => at)).toEqual(["2026-03-20T00:00:00.000Z"]);
    expect(await told()).toEqual([
      ...["RemindersPlanned", "ReminderWritten", "ReminderHeld", "ReminderReleased"],
      "ReminderDelivered",
    ]);
    expect((await all())[0]!.deliveries.map(({ state, because }) => [state, because])).toEqual([
      ["bounced", "held-back"],
      ["delivered", null],
    ]);
  });

  test("that comes back goes through the next channel, and fails when there is none left", async () => {
    const nobody = { result: "bounced", because: "no-address", permanent: true } as const;
    answers = [nobody, { result: "sent", reference: "m-1" }, nobody, nobody];
    await tell(world, line, statement("s-1"));
    await later(endOfMarch);
    expect(left.map(({ channel }) => channel)).toEqual(["push", "email", "push", "email"]);
    expect(await all()).toMatchObject([
      { state: "sent", because: null },
      { state: "failed", because: "undeliverable", sentAt: null },
    ]);
  });

  test("is recorded once, whatever a provider repeats or says too late", async () => {
    answers = [{ result: "sent", reference: "m-1" }];
    world = over({ daysBefore: [1] });
    await tell(world, line, statement("s-1"));
    await later(endOfMarch);
    const { id, deliveries } = (await all())[0]!;
    const say = async (result: string) => {
      const command = {
        ...{ id: world.ids.fresh(), kind: "RecordReminder", subject: id, cause: id },
        actor: serviceActor("receipts"),
        body: { delivery: deliveries[0]!.id, result, because: "late", permanent: true },
      };
      const [answer] = await transact(world, line.bucket, [command]);
      return "events" in answer! ? answer.events.map(({ kind }) => kind) : answer!.refusal.refused;
    };
    expect(await say("sent")).toEqual([]);
    expect(await say("delivered")).toEqual(["ReminderDelivered"]);
    expect([await say("delivered"), await say("bounced")]).toEqual([[], []]);
    expect((await all())[0]).toMatchObject({ state: "delivered" });
  });
});
