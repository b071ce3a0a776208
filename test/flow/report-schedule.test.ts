// The daily report makes itself: at its time, once, of the day before, caught up by one after a silence, and with a
// message for every recipient.

import { describe, expect, test } from "vitest";
import { businessTime } from "../../src/adapters/business-time.ts";
import { Fault } from "../../src/adapters/fault.ts";
import type { Instant } from "../../src/domain/calendar.ts";
import type { World } from "../../src/flow/ports.ts";
import { deliverReport, type MailMessage } from "../../src/portfolio/report-delivery.ts";
import {
  fireDailyReport,
  keepSchedule,
  nextDue,
  reportDay,
} from "../../src/portfolio/report-schedule.ts";
import { memoryReports, type MemoryReports } from "../support/memory-reports.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const clock = businessTime("Asia/Shanghai");
const at = (text: string): Instant => text as Instant;
const sevenAm = 7 * 60;
const schedule = { minutes: sevenAm, recipients: ["risk@lender.example", "cro@lender.example"] };

const never = (error: unknown): never => {
  throw error;
};

async function scheduled(): Promise<Readonly<{ test: TestWorld; reports: MemoryReports }>> {
  const test = memoryWorld();
  const reports = memoryReports();
  await keepSchedule(test.world, reports, schedule);
  return { test, reports };
}

async function fire(world: World, reports: MemoryReports): Promise<void> {
  await fireDailyReport(world, reports, (await reports.scheduled())!, schedule, never);
}

describe("the time of day", () => {
  test.each([
    ["2026-03-01T22:59:59.999Z", "2026-03-01T23:00:00.000Z"],
    ["2026-03-01T23:00:00.000Z", "2026-03-02T23:00:00.000Z"],
    ["2026-03-02T02:00:00.000Z", "2026-03-02T23:00:00.000Z"],
  ])("after %s comes %s", (now, due) => {
    expect(nextDue(clock, at(now), sevenAm)).toBe(due);
  });

  test.each([
    ["2026-03-01T23:00:00.000Z", "2026-03-01"],
    ["2026-03-02T15:00:00.000Z", "2026-03-01"],
    ["2026-03-02T22:00:00.000Z", "2026-03-01"],
    ["2026-03-02T23:30:00.000Z", "2026-03-02"],
  ])("at %s the report is that of %s", (now, day) => {
    expect(reportDay(clock, at(now), sevenAm)).toBe(day);
  });
});

describe("the schedule", () => {
  test("waits for the next time of day, however often it is set", async () => {
    const { test: given, reports } = await scheduled();
    await keepSchedule(given.world, reports, schedule);
    expect(reports.timers.map(({ due, kind }) => [due, kind])).toEqual([
      ["2026-03-02T23:00:00.000Z", "daily-report"],
    ]);
  });

  test("moves with its setting and ends with off", async () => {
    const { test: given, reports } = await scheduled();
    await keepSchedule(given.world, reports, { minutes: 12 * 60 });
    expect(reports.timers.map(({ due }) => due)).toEqual(["2026-03-02T04:00:00.000Z"]);
    await keepSchedule(given.world, reports, { minutes: null });
    expect(reports.timers).toEqual([]);
  });

  test("makes the report of the day before, tells every recipient and sets the next", async () => {
    const { test: given, reports } = await scheduled();
    await given.clock.set(at("2026-03-02T23:00:00.000Z"));
    await fire(given.world, reports);
    expect(reports.kept.map(({ asOf, maker }) => [asOf, maker])).toEqual([
      ["2026-03-02", "service:report"],
    ]);
    expect(reports.messages.map(({ body }) => body["to"])).toEqual(schedule.recipients);
    expect(reports.timers.map(({ due }) => due)).toEqual(["2026-03-03T23:00:00.000Z"]);
  });

  test("catches up a silence of days by one report", async () => {
    const { test: given, reports } = await scheduled();
    await given.clock.set(at("2026-03-06T10:00:00.000Z"));
    await keepSchedule(given.world, reports, schedule);
    await fire(given.world, reports);
    expect(reports.kept.map(({ asOf }) => asOf)).toEqual(["2026-03-05"]);
    expect(reports.timers.map(({ due }) => due)).toEqual(["2026-03-06T23:00:00.000Z"]);
  });

  test("keeps nothing when another process has fired the timer", async () => {
    const { test: given, reports } = await scheduled();
    const timer = (await reports.scheduled())!;
    await given.clock.set(at("2026-03-02T23:00:00.000Z"));
    await fire(given.world, reports);
    await fireDailyReport(given.world, reports, timer, schedule, never);
    expect(reports.kept.length).toBe(1);
    expect(reports.messages.length).toBe(2);
  });

  test("leaves a report out that cannot be made, and goes on the next day", async () => {
    const { test: given, reports } = await scheduled();
    const failures: unknown[] = [];
    const broken = { ...reports, activity: () => Promise.reject(new Error("broken")) };
    const timer = (await reports.scheduled())!;
    await given.clock.set(at("2026-03-02T23:00:00.000Z"));
    await fireDailyReport(given.world, broken, timer, schedule, (error) => failures.push(error));
    expect(failures).toEqual([new Error("broken")]);
    expect(reports.timers.map(({ due }) => due)).toEqual(["2026-03-03T23:00:00.000Z"]);
  });

  test("tries again after a fault that may pass", async () => {
    const { test: given, reports } = await scheduled();
    const fault = new Fault("lost connection", { retryable: true });
    const broken = { ...reports, activity: () => Promise.reject(fault) };
    const timer = (await reports.scheduled())!;
    await given.clock.set(at("2026-03-02T23:00:00.000Z"));
    const fired = fireDailyReport(given.world, broken, timer, schedule, never);
    await expect(fired).rejects.toBe(fault);
    expect(await reports.scheduled()).toEqual(timer);
  });
});

describe("delivery", () => {
  test("marks a message sent once the mail was taken", async () => {
    const { test: given, reports } = await scheduled();
    await given.clock.set(at("2026-03-02T23:00:00.000Z"));
    await fire(given.world, reports);
    const sent: MailMessage[] = [];
    const write = async (_: unknown, to: string, id: string): Promise<MailMessage> => ({
      ...{ id, to, subject: "s", text: "t", html: "h", attachments: [], at: 0 },
    });
    const [entry] = reports.messages;
    const refusing = { send: () => Promise.reject(new Fault("busy", { retryable: true })) };
    await expect(deliverReport(reports, refusing, write, entry!)).rejects.toThrow("busy");
    expect(reports.messages.length).toBe(2);
    await deliverReport(reports, { send: async (one) => void sent.push(one) }, write, entry!);
    expect(sent.map(({ id, to }) => [id, to])).toEqual([[entry!.id, "risk@lender.example"]]);
    expect(reports.messages.length).toBe(1);
  });
});
