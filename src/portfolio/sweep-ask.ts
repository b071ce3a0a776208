// A strategy may say which sources it needs and how fresh, and then a sweep of today asks about the customers whose answers
// are older before it fixes what is known. Consent, cache, ceiling and breaker are those of every ask; what stays missing or
// old is a fact, and the strategy says what happens then. A bucket is asked about once, so an interrupted sweep goes on.

import { serviceActor } from "../domain/actor.ts";
import { addMilliseconds, type Instant } from "../domain/calendar.ts";
import type { ConnectorSpec } from "../domain/connector-spec.ts";
import { bucketCount, type Bucket, type Id } from "../domain/id.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import { askSource, sourceToAsk, turnBudget } from "../flow/ask-source.ts";
import type { World } from "../flow/ports.ts";
import type { NeededSource, Strategy } from "../policy/strategy.ts";
import { workBuckets, type BucketWork, type Worked } from "./bucket-work.ts";
import type { AskPlan, LineToAssess, PortfolioStore, Sweep, SweepCounts } from "./ports.ts";
import { linesMeant } from "./sweep-assess.ts";

/** A source that a sweep needs. */
export type ToAsk = Readonly<{ spec: ConnectorSpec; need: NeededSource }>;

const actor = serviceActor("sweep");
const rowsPerGroup = 500;

/** The sources that these strategies need, each as fresh as the strictest of them says. Refused: not-found, invalid. */
export function sourcesToAsk(
  { sources }: Pick<World, "sources">,
  strategies: readonly Pick<Strategy, "sources">[],
): readonly ToAsk[] | Refusal {
  const found = new Map<string, ToAsk>();
  for (const need of strategies.flatMap(({ sources: needed = [] }) => needed)) {
    const spec = sourceToAsk(sources?.specs ?? new Map(), need.source, need.purpose);
    if (isRefusal(spec)) return spec;
    const key = JSON.stringify([need.source, need.purpose]);
    const other = found.get(key);
    if (other === undefined || need.freshDays < other.need.freshDays)
      found.set(key, { spec, need });
  }
  return [...found.values()];
}

/** What the run of a sweep is asked while it asks. */
type AskRun = Pick<BucketWork, "owner" | "stop"> &
  Readonly<{
    onProgress: (
      progress: Readonly<{
        phase: "ask";
        bucketsDone: number;
        buckets: number;
        counts: SweepCounts;
      }>,
    ) => void;
    pause: (ms: number) => Promise<void>;
  }>;

/** Asks what is missing, where the sweep stands there; what is known is fixed after it. The sweep as it stands then. */
export async function askFirst(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  run: AskRun,
  asking: Readonly<{ strategies: readonly Strategy[]; mayGoOn: () => Promise<boolean> }>,
): Promise<Sweep> {
  if (sweep.state !== "asking") return sweep;
  const { owner, stop, pause, onProgress } = run;
  const { sweeps } = store;
  const { id } = sweep;
  const toAsk = sourcesToAsk(world, asking.strategies);
  // A source that is configured no more answers nobody; the sweep goes on with what is known.
  const needed = isRefusal(toAsk) ? [] : toAsk;
  const { mayGoOn } = asking;
  const work = (buckets: readonly Bucket[]): Promise<Worked> =>
    askBuckets(world, store, sweep, needed, buckets, stop);
  const onDone = async (bucketsDone: number): Promise<void> =>
    onProgress({ phase: "ask", bucketsDone, buckets: bucketCount, counts: sweep.counts });
  try {
    const bucketWork = { sweeps, id, pass: "ask", owner, stop, mayGoOn, rowsPerGroup } as const;
    await workBuckets({ ...bucketWork, work, onDone }, pause);
  } finally {
    await sweeps.free(id, owner);
  }
  if ((await sweeps.left(id, "ask")) === 0) {
    await sweeps.beginAssessing(id, await world.clock.now());
  }
  return (await sweeps.find(id))!;
}

async function askBuckets(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  needed: readonly ToAsk[],
  buckets: readonly Bucket[],
  stop: () => boolean,
): Promise<Worked> {
  let rows = 0;
  const done: Bucket[] = [];
  for (const [bucket, lines] of await store.sweeps.read(sweep, buckets)) {
    if (!(await askAbout(world, needed, linesMeant(sweep, lines), stop))) break;
    rows += lines.length;
    done.push(bucket);
  }
  await store.sweeps.saveAsked(sweep.id, done);
  return { goOn: done.length === buckets.length, rows };
}

/** Asks about the customers of these lines; false where it was stopped. */
async function askAbout(
  world: World,
  needed: readonly ToAsk[],
  lines: readonly LineToAssess[],
  stop: () => boolean,
): Promise<boolean> {
  for (const { spec, need } of needed) {
    for (const lineId of await linesToAsk(world, { spec, need }, lines)) {
      if (stop()) return false;
      const line = await world.store.reads.line(lineId);
      if (line === null) continue;
      const { source, purpose } = need;
      const asked = await askSource(world, world.sources!, { source, line, purpose, actor });
      if (isRefusal(asked)) return false;
      // Nobody else of this bucket would get an answer, and nobody has to be told so one by one.
      const { because } = asked.ask;
      if (because === "ceiling" || because === "breaker-open") break;
    }
  }
  return true;
}

/** One open line of each customer whose answer is missing or too old. */
async function linesToAsk(
  { store, clock }: Pick<World, "store" | "clock">,
  { spec, need }: ToAsk,
  lines: readonly LineToAssess[],
): Promise<readonly Id[]> {
  if (spec.http === undefined) return [];
  const byCustomer = new Map<Id, Id>();
  for (const { line } of lines) {
    const isOpen = line.status !== "closed" && line.status !== "closing";
    if (isOpen && !byCustomer.has(line.customerId)) byCustomer.set(line.customerId, line.id);
  }
  const since = freshSince(spec, need, await clock.now());
  const fresh = await store.connectors.answered(spec.id, since, [...byCustomer.keys()]);
  return [...byCustomer].flatMap(([customerId, id]) => (fresh.has(customerId) ? [] : [id]));
}

const hourMs = 3_600_000;

/** Nothing is bought again that the cache would give. */
function freshSince(
  { cache }: ConnectorSpec,
  { freshDays }: Pick<NeededSource, "freshDays">,
  now: Instant,
): Instant {
  return addMilliseconds(now, -Math.max(freshDays * 24, cache.freshHours) * hourMs);
}

/** Counts, bucket by bucket, what a sweep would ask. */
export function askPlanner(
  world: Pick<World, "store" | "clock">,
  sweep: Pick<Sweep, "emergency">,
  needed: readonly ToAsk[],
): Readonly<{
  add: (lines: readonly LineToAssess[]) => Promise<void>;
  plan: () => Promise<readonly AskPlan[]>;
}> {
  const counts = needed.map((one) => ({ one, asks: 0 }));
  return {
    add: async (lines) => {
      for (const count of counts) {
        count.asks += (await linesToAsk(world, count.one, linesMeant(sweep, lines))).length;
      }
    },
    plan: async () => {
      const { store, clock } = world;
      const today = clock.dateOf(await clock.now());
      const planOf = async ({ one: { spec }, asks }: (typeof counts)[number]) => {
        const { perCallMinor, dailyCeilingMinor, currency } = spec.cost;
        const budget = turnBudget(spec);
        const leftMinor = await store.ledger.remaining(budget, today, dailyCeilingMinor);
        return { source: spec.id, asks, costMinor: asks * perCallMinor, leftMinor, currency };
      };
      return Promise.all(counts.map(planOf));
    },
  };
}
