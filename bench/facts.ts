// Facts made of signals: what an event costs with and without them, whether that grows with what is known of a line, and
// how long making all panes and facts again takes beside one SQL aggregate over the same events. The two ways of recording
// take turns on the same lines; the aggregate reads every recorded event and groups it by line, type and day.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose, type Tidemark } from "../src/compose.ts";
import { serviceActor } from "../src/domain/actor.ts";
import { addDays, type BusinessDate } from "../src/domain/calendar.ts";
import { noDeclaredFacts } from "../src/domain/declared-fact.ts";
import { deriveFacts } from "../src/domain/derive-facts.ts";
import { bucketCount, type Bucket, type Id } from "../src/domain/id.ts";
import { isRefusal } from "../src/domain/refusal.ts";
import type { World } from "../src/flow/ports.ts";
import { transact } from "../src/flow/transact.ts";
import { rebuildFacts } from "../src/portfolio/rebuild-facts.ts";
import { configFor } from "./load.ts";
import { interleave, ratioOf, runBench, unitsPerSecond, unitUs, type Findings } from "./harness.ts";
import { loadLines } from "./sweep-setup.ts";
import { mixed } from "./sweep-lines.ts";

const actor = serviceActor("bench");
const perTransaction = 200;
const perTurn = 2_000;
const mostGrowth = 1.5;

type Members = readonly Readonly<{ bucket: Bucket; lineIds: readonly Id[] }>[];

async function membersOf({ database }: Tidemark): Promise<Members> {
  const rows = await database.query<Readonly<{ bucket: Bucket; id: Id }>>(
    "select bucket, id from credit_line order by bucket, id",
  );
  return [...Map.groupBy(rows, ({ bucket }) => bucket)].map(([bucket, own]) => ({
    ...{ bucket, lineIds: own.map(({ id }) => id) },
  }));
}

let made = 0;

/** Signals of three types about a day of the last 90. */
function signalBody(today: BusinessDate): Readonly<Record<string, unknown>> {
  made += 1;
  const asOf = addDays(today, -(mixed(made, 1) % 90));
  const amount = { amountMinor: 1 + (mixed(made, 2) % 100_000), currency: "CNY" };
  const named = { source: "bench", id: String(made), asOf };
  switch (made % 3) {
    case 0:
      return { ...named, type: "balance", drawn: amount };
    case 1:
      return { ...named, type: "repayment", amount };
    default:
      return { ...named, type: "drawdown", amount };
  }
}

async function record(
  world: World,
  bucket: Bucket,
  lineIds: readonly Id[],
  today: BusinessDate,
): Promise<void> {
  const commands = lineIds.map((subject) => {
    const id = world.ids.fresh();
    return { id, kind: "RecordSignal", subject, actor, cause: id, body: signalBody(today) };
  });
  for (const result of await transact(world, bucket, commands)) {
    if ("refusal" in result) throw new Error(result.refusal.detail.en);
  }
}

/** Records `events` signals about each line, some buckets at a time. */
async function fill(world: World, members: Members, events: number, today: BusinessDate) {
  for (const { bucket, lineIds } of members) {
    const all = Array.from({ length: events }, () => lineIds).flat();
    for (let from = 0; from < all.length; from += perTransaction) {
      await record(world, bucket, all.slice(from, from + perTransaction), today);
    }
  }
}

/** Records one turn's signals about the lines of some buckets, each turn about others. */
function recording(world: World, members: Members, today: BusinessDate) {
  let at = 0;
  return async (): Promise<void> => {
    for (let left = perTurn; left > 0; left -= perTransaction) {
      const { bucket, lineIds } = members[at++ % members.length]!;
      const some = Array.from({ length: perTransaction }, (_, n) => lineIds[n % lineIds.length]!);
      await record(world, bucket, some, today);
    }
  };
}

const aggregate = `select count(*)::int as groups, sum(n)::bigint as events from (
  select line_id, body ->> 'type' as type, body ->> 'asOf' as on_date, count(*) as n,
    sum((coalesce(body -> 'amount', body -> 'drawn') ->> 'amountMinor')::bigint) as total,
    min((coalesce(body -> 'amount', body -> 'drawn') ->> 'amountMinor')::bigint) as low,
    max((coalesce(body -> 'amount', body -> 'drawn') ->> 'amountMinor')::bigint) as high
  from event where kind = 'SignalRecorded' group by 1, 2, 3) g`;

/** Compares all panes with the signals, and makes every declared fact of every line. */
async function everything({ world, portfolio }: Tidemark, today: BusinessDate): Promise<number> {
  const operator = { id: "bench", roles: ["operator"], scope: { kind: "all" } } as const;
  const run = { check: true, stop: () => false, onProgress: () => undefined };
  const found = await rebuildFacts(world, portfolio, operator, run);
  if (isRefusal(found) || found.different > 0) throw new Error("Facts differ from the signals");
  const view = { asOf: today, knownAt: await world.clock.now() };
  const after = addDays(today, -world.declared.reachDays);
  let facts = 0;
  for (let bucket = 0; bucket < bucketCount; bucket += 16) {
    const some = Array.from({ length: 16 }, (_, at) => bucket + at);
    for (const panes of (await portfolio.factPanes.of(view, some, after)).values()) {
      const values = deriveFacts(world.declared, panes, { asOf: today, limitMinor: 1_000_000 });
      facts += Object.keys(values).length;
    }
  }
  return facts;
}

async function measure(
  tidemark: Tidemark,
  { events, rounds }: Readonly<{ events: number; rounds: number }>,
  say: (line: string) => void,
): Promise<Findings> {
  const { world, database } = tidemark;
  const today = world.clock.dateOf(await world.clock.now());
  const members = await membersOf(tidemark);
  const bare: World = { ...world, declared: noDeclaredFacts };
  const large = members.toSorted((one, other) => other.lineIds.length - one.lineIds.length);
  const fresh = large.slice(0, 10);
  say("Recording on lines that are new");
  const label = (zh: string, en: string) => ({ zh, en });
  const contender = (name: string, text: ReturnType<typeof label>, turn: () => unknown) => ({
    ...{ name, label: text, units: perTurn, turn },
  });
  const [without, withFacts] = await interleave(
    [
      contender(
        "bare",
        label("记录信号，不生成事实", "recording without facts"),
        recording(bare, fresh, today),
      ),
      contender(
        "facts",
        label("记录信号并写窗格", "recording with panes"),
        recording(world, fresh, today),
      ),
    ],
    { rounds },
  );
  await rebuildFacts(
    world,
    tidemark.portfolio,
    { id: "bench", roles: ["operator"], scope: { kind: "all" } },
    {
      ...{ check: false, stop: () => false, onProgress: () => undefined },
    },
  );
  say(`Recording ${events} events about each line`);
  await fill(world, members, events, today);
  await database.execute("analyze event");
  await database.execute("analyze fact_pane");
  say("Recording on lines that are known");
  const [known] = await interleave(
    [
      contender(
        "known",
        label("历史较长的授信", "lines with a history"),
        recording(world, fresh, today),
      ),
    ],
    { rounds },
  );
  say("Making everything again");
  const [counted] = await database.query<Readonly<{ events: number }>>(aggregate);
  const units = counted!.events;
  const whole = (name: string, text: ReturnType<typeof label>, turn: () => unknown) => ({
    ...{ name, label: text, units, turn },
  });
  const [sql, rebuilt] = await interleave(
    [
      whole("aggregate", label("一条 SQL 聚合", "one SQL aggregate"), () =>
        database.query(aggregate),
      ),
      whole("rebuild", label("重建窗格与事实", "panes and facts again"), () =>
        everything(tidemark, today),
      ),
    ],
    { rounds: 3, warmups: 0 },
  );
  const growth = unitUs(known!, "wall") / unitUs(withFacts!, "wall");
  return {
    figures: [
      ...[without!, withFacts!, known!].map((one) => ({
        ...{ name: one.name, label: one.label, value: unitUs(one, "wall"), unit: "µs/event" },
      })),
      ...[sql!, rebuilt!].map((one) => ({
        ...{
          name: one.name,
          label: one.label,
          value: unitsPerSecond(one, "wall"),
          unit: "events/s",
        },
      })),
    ],
    ratios: [
      {
        ...{ name: "recording", label: label("写窗格的开销", "recording with panes ÷ without") },
        ...{ value: ratioOf(withFacts!, without!, "wall"), unit: "×" },
      },
      {
        ...{ name: "rebuild", label: label("重建 ÷ 一条 SQL 聚合", "rebuild ÷ one SQL aggregate") },
        ...{ value: ratioOf(rebuilt!, sql!, "wall"), unit: "×" },
      },
    ],
    required: [
      {
        name: "growth",
        label: label("历史较长时的开销 ÷ 新授信", "with a history ÷ on new lines"),
        ...{ value: growth, atMost: mostGrowth },
      },
    ],
  };
}

await runBench("facts", { lines: "20000", events: "10", rounds: "5" }, async (options, say) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-facts-"));
  const tidemark = await compose(configFor(folder), { migrations: "require" });
  try {
    await loadLines(tidemark, Number(options.lines));
    return await measure(
      tidemark,
      { events: Number(options.events), rounds: Number(options.rounds) },
      say,
    );
  } finally {
    await tidemark.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
