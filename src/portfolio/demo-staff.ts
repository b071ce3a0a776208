// What the demo's staff did after the history: two sweeps, reviews on two days, the time that notices take, and what
// customers said against some of them. The same rules as for people hold: maker is not checker, legal signs what is legal's. Each part asks first what is done
// already, so that an interrupted start goes on here.

import type { Actor } from "../domain/actor.ts";
import { addMilliseconds, type BusinessDate } from "../domain/calendar.ts";
import { bucketOfId, type Bucket, type Id } from "../domain/id.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import {
  appealGrounds,
  type AppealGround,
  type ReviewCase,
  type ReviewQueue,
} from "../domain/review-case.ts";
import { advanceClock, type Run, type TestClock } from "../flow/advance.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { Channels } from "../flow/notice-ports.ts";
import { allRows } from "../flow/page.ts";
import type { World } from "../flow/ports.ts";
import type { Command } from "../flow/step.ts";
import { transact } from "../flow/transact.ts";
import { demoLastDate, demoNewsDate, demoToday } from "./demo-calendar.ts";
import { demoBucket, demoPortfolio } from "./demo-commands.ts";
import type { DemoPlan } from "./demo-history.ts";
import { demoLife } from "./demo-life.ts";
import { demoLine } from "./demo-line.ts";
import { bureauNews, demoNewsNumbers } from "./demo-bureau-news.ts";
import type { PortfolioStore } from "./ports.ts";
import { openSweep, runSweep, type SweepProgress } from "./sweep.ts";

/** The people of the demo. Two reviewers, because four eyes need them. */
export type DemoStaff = Readonly<{
  operator: Actor;
  reviewers: readonly [Actor, Actor];
  legal: Actor;
}>;

export type DemoStaffRun = Run &
  Readonly<{
    strategyId: string;
    plan: DemoPlan;
    /** in words for people: what is being done */
    onPart: (part: DemoPart) => void;
    onSweep: (progress: SweepProgress) => void;
  }>;

export type DemoPart = "sweep" | "reviews" | "waiting";

/** What staff do with a review case: a case belongs to one of sixteen kinds, by its id. */
type Verdict = Readonly<{
  kind: "Approve" | "Reject" | "Refer";
  body: Readonly<Record<string, string>>;
}>;

/** One day: a sweep as of some date, or none; then cases of the first so many kinds are decided, the rest stays open. */
type Day = Readonly<{ date: BusinessDate; sweepAsOf: BusinessDate | null; kinds: number }>;

const days: readonly Day[] = [
  { date: demoToday, sweepAsOf: demoLastDate, kinds: 6 },
  { date: "2026-07-06" as BusinessDate, sweepAsOf: null, kinds: 8 },
  // News of the day, a second sweep, and everything that it opens is left to whoever looks at the demo.
  { date: demoNewsDate, sweepAsOf: demoNewsDate, kinds: 0 },
];

const tenOClockMs = 36_000_000;

/**
 * Sweeps as of the last day of the history, works through part of the review cases, lets time pass until notices are
 * delivered and decisions executed, then sweeps again on the news of the last day.
 * @returns false where it was stopped, a refusal where something of the demo is not as it should be
 */
export async function liveAsDemoStaff(
  real: World,
  portfolio: PortfolioStore,
  clock: TestClock,
  staff: DemoStaff,
  run: DemoStaffRun,
): Promise<boolean | Refusal> {
  const world: World = { ...real, channels: bouncingAtFirst(real.channels) };
  for (const day of days) {
    if (run.stop()) return false;
    const refusal = await liveDay(world, portfolio, clock, staff, run, day);
    if (refusal !== null) return refusal;
  }
  if (run.stop()) return false;
  run.onPart("waiting");
  await advanceClock(world, clock, await world.clock.now(), run);
  return !run.stop();
}

const bouncesIn = 8;

/** One notice in eight, by its id, comes back the first time, so that every state of a delivery is there to see. */
function bouncingAtFirst(channels: Channels): Channels {
  return {
    ...channels,
    deliver: async (notice, delivery) =>
      notice.deliveries.length === 1 && Number.parseInt(notice.id.slice(-6), 16) % bouncesIn === 0
        ? { result: "bounced", because: "信箱已满 / Mailbox full", permanent: false }
        : channels.deliver(notice, delivery),
  };
}

async function liveDay(
  world: World,
  portfolio: PortfolioStore,
  clock: TestClock,
  staff: DemoStaff,
  run: DemoStaffRun,
  day: Day,
): Promise<Refusal | null> {
  // The clock leaves a day only when its work is done.
  if (world.clock.dateOf(await world.clock.now()) > day.date) return null;
  const at = addMilliseconds(world.clock.startOf(day.date), tenOClockMs);
  run.onPart("waiting");
  if ((await world.clock.now()) < at) await advanceClock(world, clock, at, run);
  if (run.stop()) return null;
  if (day.date === demoNewsDate) {
    await tellNews(world, run.plan);
    await lodgeAppeals(world, staff.operator);
  }
  if (day.sweepAsOf !== null) {
    run.onPart("sweep");
    const refusal = await sweepOnce(world, portfolio, staff.operator, run, day.sweepAsOf);
    if (refusal !== null) return refusal;
  }
  if (day.kinds === 0 || run.stop()) return null;
  run.onPart("reviews");
  for (const reviewer of staff.reviewers) await decideCases(world, reviewer, "reviewer", day);
  await decideCases(world, staff.legal, "legal", day);
  return null;
}

async function sweepOnce(
  world: World,
  portfolio: PortfolioStore,
  operator: Actor,
  run: DemoStaffRun,
  asOf: BusinessDate,
): Promise<Refusal | null> {
  const earlier = await portfolio.sweeps.list(null, 100);
  const done = earlier.some(
    (sweep) =>
      sweep.strategy.id === run.strategyId && sweep.asOf === asOf && sweep.state === "done",
  );
  if (done) return null;
  const sweep = await openSweep(world, portfolio, {
    ...{ strategyId: run.strategyId, asOf, actor: operator },
    ...{ portfolio: demoPortfolio, dailyCapMinor: null },
  });
  if (isRefusal(sweep)) return sweep;
  await runSweep(world, portfolio, sweep.id, {
    ...{ owner: run.owner, stop: run.stop, pause: run.pause },
    onProgress: run.onSweep,
  });
  return null;
}

/** The bureau's news of some lines, told once. */
async function tellNews(world: World, plan: DemoPlan): Promise<void> {
  const told = demoNewsNumbers(plan).map((number) => {
    const line = demoLine(plan.seed, number);
    return [demoBucket(line), bureauNews({ ids: world.ids }, line, demoLife(line))] as const;
  });
  await sendAll(world, told);
}

/** Customers call about one in sixteen of the decreases that they were told of, in order of ids; answering is left to others. */
async function lodgeAppeals(world: World, operator: Actor): Promise<void> {
  const { reads } = world.store;
  const told: Id[] = [];
  for (const state of ["noticed", "executed"]) {
    const filter = { state, action: "decrease" };
    const rows = await allRows((page) => reads.decisions(page, filter), rowsAtOnce);
    told.push(...rows.map(({ id }) => id));
  }
  const appealed = told.toSorted().filter((_, index) => index % appealedOneIn === 0);
  const commands = appealed.map((id): readonly [Bucket, Command] => {
    const bucket = bucketOfId(id);
    const commandId = world.ids.derive(bucket, "demo-appeal", id);
    const body = { ground: groundOf(id), channel: "phone", how: appealHow };
    const command = { id: commandId, actor: operator, cause: commandId, subject: id };
    return [bucket, { ...command, kind: "LodgeAppeal", body }];
  });
  await sendAll(world, commands);
}

const rowsAtOnce = 1_000;
const appealedOneIn = 16;
const appealHow = "客服热线录音，已核对身份 / Recorded call, identity checked";

function groundOf(id: Id): AppealGround {
  return appealGrounds[Number.parseInt(id.slice(-2, -1), 16) % appealGrounds.length]!;
}

async function sendAll(
  world: World,
  commands: readonly (readonly [Bucket, Command])[],
): Promise<void> {
  const buckets = Map.groupBy(commands, ([bucket]) => bucket);
  await inParallel(buckets, bucketsAtOnce, async ([bucket, batch]) => {
    await transact(
      world,
      bucket,
      batch.map(([, command]) => command),
    );
  });
}

/** One person goes through the open cases of a queue. Refused commands change nothing: somebody else was first. */
async function decideCases(
  world: World,
  actor: Actor,
  queue: ReviewQueue,
  { kinds }: Day,
): Promise<void> {
  const { reads } = world.store;
  const open = await allRows((page) => reads.reviews(page, { state: "open", queue }), rowsAtOnce);
  const commands: (readonly [Bucket, Command])[] = [];
  for (const review of open) {
    const kind = kindOf(review.id);
    const already = review.approvals.some(({ by }) => by === actor.id);
    if (already || kind >= kinds) continue;
    commands.push([review.bucket, commandOf(world, review, actor, verdictOf(kind, queue))]);
  }
  await sendAll(world, commands);
}

/** 0 to 15, by the last digit of the id. */
function kindOf(id: Id): number {
  return Number.parseInt(id.slice(-1), 16);
}

/** One in sixteen is rejected, one referred to compliance, the others are approved. */
function verdictOf(kind: number, queue: ReviewQueue): Verdict {
  if (kind === 4) {
    return { kind: "Reject", body: { reason: "客户已提供新的收入证明 / New proof of income" } };
  }
  if (kind === 5 && queue === "reviewer") {
    const reason = "请确认告知方式 / Please confirm how the customer is told";
    return { kind: "Refer", body: { to: "compliance", reason } };
  }
  return { kind: "Approve", body: {} };
}

function commandOf(world: World, review: ReviewCase, actor: Actor, verdict: Verdict): Command {
  const bucket = bucketOfId(review.id);
  const id = world.ids.derive(bucket, "demo-review", review.id, verdict.kind, actor.id);
  return {
    ...{ id, actor, cause: id, subject: review.id, expectedVer: review.ver },
    ...{ kind: verdict.kind, body: verdict.body },
  };
}
