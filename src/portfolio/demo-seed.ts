// Loading the demo portfolio into an empty sandbox: history first, month end by month end where somebody wants to look at
// each, then whatever the demo's staff did. A mark in the installation says how far it got, so that stopping anywhere and
// running again ends with the same rows, and running once more adds nothing.

import { addMilliseconds } from "../domain/calendar.ts";
import { bucketCount } from "../domain/id.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { TestClock } from "../flow/advance.ts";
import type { World } from "../flow/ports.ts";
import { demoMonths, demoToday } from "./demo-calendar.ts";
import { demoBuckets, loadDemoShare, type DemoPart, type DemoPlan } from "./demo-history.ts";
import type { DemoMark, DemoMarks, PortfolioStore } from "./ports.ts";

export type DemoRun = Readonly<{
  /** months (0 to 12) after which every bucket waits for `onMonthEnd`; the last month always counts */
  pauseAt: readonly number[];
  onMonthEnd: (month: number) => Promise<void>;
  /** commands so far and buckets stored of all that this run has to store */
  onProgress: (commands: number, bucketsDone: number, buckets: number) => void;
  /** asked between buckets; true leaves the rest to the next run */
  stop: () => boolean;
  /** others who work on the same database: they take their shares of a part and tell how many commands they sent */
  crew?: Readonly<{ size: number; load: (part: DemoPart) => Promise<number> }>;
}>;

/** `commands`: what this run sent. `mark.stage` is "history" where it was stopped. */
export type DemoSeeded = Readonly<{ mark: DemoMark; commands: number }>;

const bucketsPerMark = 64;

/**
 * Why this installation may not be given that demo portfolio, or null: other lines are there, or another demo. Going on
 * with the same one is always allowed.
 */
export async function demoRefusal(
  store: Pick<PortfolioStore, "totals">,
  mark: DemoMark | null,
  plan: DemoPlan,
): Promise<Refusal | null> {
  if (mark === null) {
    const { lines } = await store.totals(null);
    return lines === 0
      ? null
      : refuse("already-exists", {
          en: `Cannot seed demo: found ${lines} lines, expected an installation without lines`,
          zh: `无法生成演示数据：已有 ${lines} 笔授信，须为尚无授信的系统`,
        });
  }
  return mark.lines === plan.lines && mark.seed === plan.seed
    ? null
    : refuse("already-exists", {
        en: `Cannot seed demo: this installation holds the demo of ${mark.lines} lines and seed ${mark.seed}, use another data folder`,
        zh: `无法生成演示数据：本系统已有 ${mark.lines} 笔、种子 ${mark.seed} 的演示数据，请使用其他数据目录`,
      });
}

/**
 * Loads the history, or what is left of it. The test clock is put on the morning after it before anything is stored. Ask
 * {@link demoRefusal} first. Throws the faults of the store; what was stored stays.
 */
export async function seedDemo(
  world: World,
  clock: TestClock,
  marks: DemoMarks,
  plan: DemoPlan,
  run: DemoRun,
): Promise<DemoSeeded> {
  let mark = await beginDemo(world, clock, marks, plan);
  const loading = startLoading(plan, mark, run);
  while (mark.stage === "history" && !run.stop()) {
    const to = loading.ends.find((month) => month > mark.monthDone)!;
    mark = await loadMonths(world, marks, mark, to, loading);
    if (mark.monthDone < to) break;
    await run.onMonthEnd(to);
    if (to === demoMonths) mark = { ...mark, stage: "life" };
    await marks.write(mark);
  }
  return { mark, commands: loading.commands };
}

/** The mark of this demo; the first time the clock is set and the mark is made. Nothing else is stored. */
export async function beginDemo(
  world: World,
  clock: TestClock,
  marks: DemoMarks,
  plan: DemoPlan,
): Promise<DemoMark> {
  const held = await marks.read();
  if (held !== null) return held;
  // Nine in the morning after the last month end: every told date lies before it.
  await clock.set(addMilliseconds(world.clock.startOf(demoToday), 32_400_000));
  const mark: DemoMark = { ...plan, stage: "history", monthDone: -1, bucketsDone: 0 };
  await marks.write(mark);
  return mark;
}

type Loading = {
  readonly plan: DemoPlan;
  readonly run: DemoRun;
  readonly buckets: readonly (readonly number[])[];
  /** months to wait at, the last one included, in order */
  readonly ends: readonly number[];
  readonly total: number;
  done: number;
  commands: number;
};

function startLoading(plan: DemoPlan, mark: DemoMark, run: DemoRun): Loading {
  const ends = [...new Set([...run.pauseAt, demoMonths])].toSorted((left, right) => left - right);
  const left = ends.filter((month) => month > mark.monthDone).length;
  return {
    ...{ plan, run, ends, buckets: demoBuckets(plan), commands: 0 },
    total: left * bucketCount,
    done: mark.bucketsDone,
  };
}

/** The mark moves on whenever a group of buckets is stored as a whole. */
async function loadMonths(
  world: World,
  marks: DemoMarks,
  from: DemoMark,
  to: number,
  loading: Loading,
): Promise<DemoMark> {
  const { plan, run } = loading;
  let mark = from;
  const of = (run.crew?.size ?? 0) + 1;
  while (mark.bucketsDone < bucketCount) {
    const months = { from: mark.monthDone + 1, to };
    const part: DemoPart = { plan, months, first: mark.bucketsDone, count: bucketsPerMark, of };
    const before = loading.done;
    // The last share is this one's own; all end before a failure is told.
    const [others, own] = await Promise.allSettled([
      run.crew?.load(part) ?? Promise.resolve(0),
      loadDemoShare(world, part, of - 1, loading.buckets, run.stop, () => {
        loading.done = Math.min(loading.done + of, before + bucketsPerMark);
        run.onProgress(loading.commands, loading.done, loading.total);
      }),
    ]);
    if (others.status === "rejected") throw others.reason;
    if (own.status === "rejected") throw own.reason;
    loading.commands += others.value + own.value;
    if (run.stop()) return mark;
    mark = { ...mark, bucketsDone: mark.bucketsDone + bucketsPerMark };
    await marks.write(mark);
  }
  return { ...mark, monthDone: to, bucketsDone: 0 };
}
