// Reports over a real database: facts on three dates in one read, every version kept, a page of the shelf, and the same
// bytes in every form however often they are drawn.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { folderMail } from "../../src/adapters/mail/folder-mail.ts";
import { reportMail } from "../../src/adapters/mail/report-mail.ts";
import { reportsIn } from "../../src/adapters/postgres/reports.ts";
import { reportRenderer } from "../../src/adapters/reports/render-report.ts";
import { serviceActor, type Actor } from "../../src/domain/actor.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { dispatch } from "../../src/flow/dispatch.ts";
import type { World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { addStrategy, approveStrategy } from "../../src/flow/strategy-life.ts";
import { transact } from "../../src/flow/transact.ts";
import { reportWindow } from "../../src/portfolio/report-dates.ts";
import { deliverReport } from "../../src/portfolio/report-delivery.ts";
import type { DailyReport } from "../../src/portfolio/report-document.ts";
import { makeDailyReport, type MadeReport } from "../../src/portfolio/report-make.ts";
import type { Reports } from "../../src/portfolio/report-ports.ts";
import { fireDailyReport, keepSchedule } from "../../src/portfolio/report-schedule.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { repositoryRoot } from "../support/documents.ts";
import { assessment, cut } from "../support/given.ts";
import { noActivity } from "../support/memory-reports.ts";
import {
  consumerFacts,
  giveLines,
  monthEarlier,
  reportDay,
  type GivenLine,
} from "../support/reported-lines.ts";
import { databaseWorld, worldBegins, type TestWorld } from "../support/world.ts";

const lines: readonly GivenLine[] = [
  {
    ...{ reference: "C-calm", limitMinor: 1_000_000, drawnMinor: 400_000 },
    facts: { [monthEarlier]: consumerFacts(), [reportDay]: consumerFacts() },
  },
  {
    ...{ reference: "C-late", limitMinor: 2_000_000, drawnMinor: 1_900_000 },
    facts: {
      [monthEarlier]: consumerFacts({ behaviourScore: 690, daysPastDue: 12, utilisation: 5_000 }),
      "2026-02-27": consumerFacts({ behaviourScore: 640, daysPastDue: 30, utilisation: 9_000 }),
      [reportDay]: consumerFacts({ behaviourScore: 610, daysPastDue: 31, utilisation: 9_500 }),
    },
  },
  {
    ...{ reference: "C-new", portfolio: "loans", limitMinor: 500_000, drawnMinor: 0 },
    facts: { "2026-02-27": consumerFacts({ region: "north", behaviourScore: 805 }) },
  },
];

const actor: Actor = serviceActor("test");
let database: FreshDatabase;
let world: TestWorld;
let reports: Reports;

beforeAll(async () => {
  database = await freshDatabase();
  world = databaseWorld(database.db);
  reports = reportsIn(database.db);
  await activate();
  await giveLines(world.world, lines);
  // C-late fell behind: whoever is linked to its customer is told before anything is counted.
  await dispatch(world.world, "test");
});

afterAll(() => database.close());

async function activate(): Promise<void> {
  const path = `${repositoryRoot}/strategies/consumer-cn/strategy.yaml`;
  const document: unknown = parse(await readFile(path, "utf8"));
  const author: Actor = { ...actor, id: "ann", roles: ["analyst"] };
  const added = await addStrategy(world.world, document, author);
  if (isRefusal(added) || "problems" in added) throw new Error(JSON.stringify(added));
  const { id, version, hash } = added.strategy;
  const approver: Actor = { ...actor, id: "bob", roles: ["approver"] };
  const approved = await approveStrategy(world.world, id, version, approver, hash);
  if (isRefusal(approved)) throw new Error(approved.detail.en);
}

async function made(asOf: BusinessDate, portfolio: string | null = null): Promise<MadeReport> {
  const result = await makeDailyReport(world.world, reports, { asOf, portfolio, actor });
  if (result === null || isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
}

const rollsOf = ({ delinquency }: DailyReport): readonly (readonly number[])[][] =>
  delinquency.rolls.map(({ counts }) =>
    counts.flatMap((row, from) =>
      row.flatMap((count, to) => (count > 0 ? [[from, to, count]] : [])),
    ),
  );

describe("a daily report", () => {
  test("reads facts as of its day, the day before and the month before", async () => {
    const { report } = await made(reportDay);
    expect(report).toMatchObject({
      ...{ lines: 3, openLines: 3, dayBefore: "2026-02-27", monthBefore: "2026-01-31" },
      amounts: [{ currency: "CNY", lines: 3, limitMinor: 3_500_000, drawnMinor: 2_300_000 }],
      evaluable: { evaluated: 3, notEvaluable: 0, withoutStrategy: 0 },
    });
    expect(rollsOf(report)).toEqual([
      [
        [0, 0, 2],
        [1, 2, 1],
      ],
      [
        [0, 0, 1],
        [1, 2, 1],
      ],
    ]);
    expect(report.delinquency.rolls.map(({ unknown }) => unknown)).toEqual([0, 1]);
    expect(report.movers.scoreFell.map(({ reference, from, to }) => [reference, from, to])).toEqual(
      [["L-C-late", 690, 610]],
    );
    expect(report.movers.useRose).toMatchObject([{ reference: "L-C-late", riseMinor: 900_000 }]);
  });

  test("groups lines by what the dictionary calls things", async () => {
    const { report } = await made(reportDay);
    const region = report.dimensions.find(({ id }) => id === "region");
    expect(region).toMatchObject({
      label: { zh: "所在地区", en: "Region" },
      groups: [
        { key: "north", label: { zh: "华北", en: "North" }, lines: 1 },
        { key: "east", lines: 2 },
      ],
    });
  });

  test("of one portfolio speaks of its lines only", async () => {
    const { report } = await made(reportDay, "loans");
    expect(report).toMatchObject({ lines: 1, portfolio: "loans", activity: { outbox: null } });
  });

  test("does not know what became known later", async () => {
    const { report } = await made("2025-12-31" as BusinessDate);
    expect(report).toMatchObject({
      lines: 3,
      delinquency: { known: false },
      scores: [],
      evaluable: { evaluated: 0, notEvaluable: 3 },
    });
  });

  test("is the same bytes in every form and language", async () => {
    const { kept } = await made(reportDay);
    const [one, other] = [reportRenderer(), reportRenderer()];
    for (const format of ["md", "html", "json", "pdf"] as const) {
      for (const language of ["zh", "en"] as const) {
        const first = await one(kept, format, language);
        expect(first.equals(await other(kept, format, language)), `${format} ${language}`).toBe(
          true,
        );
      }
    }
  });
});

describe("the shelf", () => {
  test("keeps every version and lists the newest", async () => {
    const first = await made(monthEarlier);
    await world.clock.set("2026-03-02T03:00:00.000Z" as Instant);
    const second = await made(monthEarlier);
    expect(second.kept.id).not.toBe(first.kept.id);
    expect(await reports.find(first.kept.id)).toEqual(first.kept);
    expect(await reports.newest("daily", monthEarlier, null)).toEqual(second.kept);
    const page = await reports.list(
      { after: null, limit: 10 },
      { accountId: "ann", asOf: monthEarlier },
    );
    expect(page.rows.map(({ id, read }) => [id, read])).toEqual([[second.kept.id, false]]);
    expect(page.next).toBeNull();
  });

  test("remembers who has opened what", async () => {
    const { kept } = await made(monthEarlier);
    const before = await reports.unread({ accountId: "ann" });
    await reports.markRead(kept.id, "ann");
    await reports.markRead(kept.id, "ann");
    expect(await reports.unread({ accountId: "ann" })).toBe(before - 1);
    expect(await reports.unread({ accountId: "bob" })).toBe(before);
  });

  test("shows portfolios of the scope only", async () => {
    await made(reportDay, "loans");
    const filter = { accountId: "ann", portfolios: ["loans"] };
    const page = await reports.list({ after: null, limit: 10 }, filter);
    expect(page.rows.map(({ portfolio }) => portfolio)).toEqual(["loans"]);
  });

  test("compares with the report that was kept of the month before", async () => {
    const earlier = await made(monthEarlier);
    const { report } = await made(reportDay);
    expect(report.earlier.month).toMatchObject({ reportId: earlier.kept.id, lines: 3 });
    expect(report.earlier.day).toBeNull();
  });
});

describe("the schedule", () => {
  const sevenAm = { minutes: 7 * 60, recipients: ["risk@lender.example"] };

  function withReports(folder: string): World {
    const mail = folderMail(folder, "Tidemark <tidemark@lender.example>");
    const write = reportMail(reportRenderer(), "zh");
    const own: World = {
      ...world.world,
      reports: {
        fire: (timer) =>
          fireDailyReport(own, reports, timer, sevenAm, (error) => {
            throw error;
          }),
        deliver: (entry) => deliverReport(reports, mail, write, entry),
      },
    };
    return own;
  }

  test("waits where nobody makes reports, then fires once and is mailed as a file", async () => {
    await keepSchedule(world.world, reports, sevenAm);
    await keepSchedule(world.world, reports, sevenAm);
    const due = (await reports.scheduled())!.due;
    await world.clock.set(due);
    expect(await fireDue(world.world)).toBe(0);
    const folder = await mkdtemp(join(tmpdir(), "tidemark-mail-"));
    try {
      const own = withReports(folder);
      expect(await fireDue(own)).toBe(1);
      expect(await fireDue(own)).toBe(0);
      expect((await reports.scheduled())!.due > due).toBe(true);
      expect(await dispatch(world.world, "test")).toEqual({ sent: 0, faults: 0 });
      expect(await dispatch(own, "test")).toEqual({ sent: 1, faults: 0 });
      expect(await world.world.store.waiting.unsent()).toBe(0);
      const files = await readdir(folder);
      expect(files).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.eml$/)]);
      const text = await readFile(join(folder, files[0]!), "utf8");
      expect(text).toContain("To: risk@lender.example");
      expect(text).toContain("filename=risk-report-2026-03-02.pdf");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("ends with off", async () => {
    await keepSchedule(world.world, reports, { minutes: null });
    expect(await reports.scheduled()).toBeNull();
  });
});

describe("what happened", () => {
  test("is summed by the database", async () => {
    const [line] = (await world.world.store.reads.lines({ after: null, limit: 1 }, {})).rows;
    const window = reportWindow(world.world.clock, reportDay, worldBegins, null);
    expect(await reports.activity(window)).toEqual(noActivity);
    await decideAbout(line!);
    const today = reportWindow(
      world.world.clock,
      "2026-03-03" as BusinessDate,
      await world.world.clock.now(),
      null,
    );
    const activity = await reports.activity(today);
    expect(activity).toMatchObject({
      decisions: [{ action: "decrease", currency: "CNY", day: 1, month: 1, removedMinor: 400_000 }],
      reasons: [
        { code: "R01", day: 1, month: 1 },
        { code: "R10", day: 1, month: 1 },
      ],
      cuts: [{ fromBp: 3_000, toBp: 5_000, currency: "CNY", count: 1, removedMinor: 400_000 }],
      pipeline: [{ state: "in-review", fromDays: 0, count: 1 }],
      reviews: [{ queue: "reviewer", route: "review", open: 1, overdue: 0 }],
      complaints: [],
    });
    const elsewhere = await reports.activity({ ...today, portfolio: "no such" });
    expect(elsewhere).toEqual({ ...noActivity, outbox: null });
  });

  test("counts complaints by topic: opened, resolved and still open, however long ago", async () => {
    const [line] = (await world.world.store.reads.lines({ after: null, limit: 1 }, {})).rows;
    const opened = { state: "opened", channel: "phone" } as const;
    await complain(line!, [
      { complaint: "K1", asOf: "2026-01-05", ...opened, topic: "fees" },
      { complaint: "K2", asOf: "2026-01-06", ...opened, topic: "fees" },
      { complaint: "K2", asOf: "2026-01-09", state: "resolved" },
      { complaint: "K3", asOf: "2026-02-20", ...opened, topic: "freeze" },
      { complaint: "K3", asOf: "2026-02-28", state: "resolved" },
      { complaint: "K4", asOf: "2026-02-28", ...opened, topic: "freeze" },
      { complaint: "K5", asOf: "2026-03-01", ...opened, topic: "data" },
      { complaint: "K6", asOf: "2026-02-10", state: "resolved" },
    ]);
    const now = await world.world.clock.now();
    const window = reportWindow(world.world.clock, reportDay, now, null);
    expect((await reports.activity(window)).complaints).toEqual([
      {
        ...{ topic: "fees", open: 1 },
        ...{ openedDay: 0, openedMonth: 0, resolvedDay: 0, resolvedMonth: 0 },
      },
      {
        ...{ topic: "freeze", open: 1 },
        ...{ openedDay: 1, openedMonth: 2, resolvedDay: 1, resolvedMonth: 1 },
      },
    ]);
    const other = { ...window, portfolio: "no such" };
    expect((await reports.activity(other)).complaints).toEqual([]);
  });

  async function complain(
    { id, bucket }: CreditLine,
    told: readonly Readonly<Record<string, string>>[],
  ): Promise<void> {
    const commands = told.map((one, at) => ({
      ...{ id: world.world.ids.fresh(), kind: "RecordSignal", subject: id, actor, cause: id },
      body: { source: "desk", id: `s-${at}`, type: "complaint", ...one },
    }));
    for (const result of await transact(world.world, bucket, commands)) {
      if ("refusal" in result) throw new Error(result.refusal.detail.en);
    }
  }

  async function decideAbout({ id, bucket, ver }: CreditLine): Promise<void> {
    const decisionId = world.world.ids.derive(bucket, "decision", id);
    const { hash } = (await world.world.store.strategies.active("consumer-cn"))!;
    const given = assessment(cut);
    const body = {
      ...{ decisionId, assessment: { ...given, strategy: { ...given.strategy, hash } } },
      ...{ area: "limit-decrease", cause: "behaviour" },
      ...{ causeId: decisionId, knownAt: worldBegins, lineVer: ver, maker: "ann", turns: [] },
      granted: true,
    };
    const command = { id: world.world.ids.fresh(), kind: "Decide", subject: id, actor, body };
    const [result] = await transact(world.world, bucket, [{ ...command, cause: decisionId }]);
    if (result !== undefined && "refusal" in result) throw new Error(result.refusal.detail.en);
  }
});
