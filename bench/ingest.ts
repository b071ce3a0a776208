// Signals over HTTP against the plainest durable way to keep them: a server as people start it, clients on connections of
// their own, and beside it the same number of connections that only insert rows into the same PostgreSQL. What the
// product does beyond that is everything it is for: sign-in, checks, the state of the line, its facts and its triggers,
// commitments and the leaf of the log.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { startEmbedded } from "../src/adapters/postgres/embedded.ts";
import { compose, type Tidemark } from "../src/compose.ts";
import type { Text } from "../src/domain/text.ts";
import { benchKey, copyDatabase } from "./bench-database.ts";
import {
  interleave,
  ratioOf,
  runBench,
  unitsPerSecond,
  type Contender,
  type Figure,
  type Findings,
  type Timing,
} from "./harness.ts";
import { openLane, postBytes, type Lane } from "./http-lane.ts";
import { configFor } from "./load.ts";
import { eventOf, referenceOf } from "./signal-events.ts";
import { benchLine, mixed } from "./sweep-lines.ts";
import { activateDemoStrategy, loadLines, share } from "./sweep-setup.ts";

const leastBatchRatio = 0.4;
const leastSingleRatio = 0.8;
const mostLatencyRatio = 10;

const perBatch = 10;
/** A server in a process of its own. */
type Server = Readonly<{ port: number; stop: () => Promise<void> }>;

async function startServer(folder: string): Promise<Server> {
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "serve", "--json"], {
    env: {
      ...{ PATH: process.env["PATH"], HOME: process.env["HOME"], TIDEMARK_DATA: folder },
      ...{ TIDEMARK_PORT: "0", TIDEMARK_LOG: "silent", TIDEMARK_REPORT_AT: "off" },
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /:(\d+)"/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.on("exit", () => reject(new Error(`Server ended: ${said}`)));
  });
  return {
    port,
    stop: async () => {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** Several at once, each taking the next piece of work until there is none. */
async function eachTakes<Worker, Piece>(
  workers: readonly Worker[],
  pieces: readonly Piece[],
  work: (worker: Worker, piece: Piece) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    workers.map(async (worker) => {
      for (let piece = pieces[next++]; piece !== undefined; piece = pieces[next++]) {
        await work(worker, piece);
      }
    }),
  );
}

async function sendAll(lanes: readonly Lane[], requests: readonly Buffer[]): Promise<void> {
  await eachTakes(lanes, requests, async (lane, request) => {
    const status = await lane.send(request);
    if (status !== 200)
      throw new Error(`Cannot send signals: found status ${status}, expected 200`);
  });
}

const eventColumns = "bucket, seq, kind, line_id, customer_id, subject, cause, actor, at, body";

/** Signals and their events in one statement; what is known already adds nothing. */
const bareBatch = {
  name: "bare-batch",
  text: `with given as (select * from unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[], $5::text[],
      $6::uuid[], $7::timestamptz[], $8::jsonb[]) as g(bucket, source, id, seq, content, line_id, at, body)),
    fresh as (insert into signal (bucket, source, id, seq, content)
      select bucket, source, id, seq, content from given on conflict do nothing returning bucket, source, id)
    insert into event (${eventColumns})
    select g.bucket, g.seq, 'SignalRecorded', g.line_id, g.line_id, g.line_id, g.line_id, 'bench', g.at, g.body
    from given g join fresh f using (bucket, source, id)`,
};

const bareSingle = {
  name: "bare-single",
  text: `insert into event (${eventColumns})
    values ($1, $2, 'SignalRecorded', $3, $3, $3, $3, 'bench', $4, $5)`,
};

/** Rows as the product's, of buckets and lines at random. */
function bareRows(from: number, count: number, at: string): readonly unknown[][] {
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  const buckets = numbers.map((number) => mixed(number, 34) % 1_024);
  return [
    buckets,
    numbers.map(() => "/bench"),
    numbers.map((number) => `e-${number}`),
    numbers.map((number) => 1_000_000 + number),
    numbers.map((number) => String(mixed(number, 35)).padStart(64, "0")),
    numbers.map(() => randomUUID()),
    numbers.map(() => at),
    numbers.map((number) => JSON.stringify(eventOf(number, 1_000, at))),
  ];
}

type Bench = Readonly<{
  port: number;
  key: string;
  lines: number;
  at: string;
  next: (count: number) => number;
  connectBare: () => Promise<pg.Client>;
}>;

const singleMedia = "application/cloudevents+json";
const batchMedia = "application/cloudevents-batch+json";

async function rates(
  bench: Bench,
  connections: number,
  size: number,
  units: number,
  rounds: number,
): Promise<readonly [Timing, Timing]> {
  const { port, key, lines, at, next, connectBare } = bench;
  const lanes = await Promise.all(Array.from({ length: connections }, () => openLane(port)));
  const clients = await Promise.all(Array.from({ length: connections }, connectBare));
  const requests = (): readonly Buffer[] =>
    Array.from({ length: units / size }, () => {
      const first = next(size);
      const events = Array.from({ length: size }, (_, index) => eventOf(first + index, lines, at));
      return size === 1
        ? postBytes(port, "/v1/signals", key, singleMedia, events[0])
        : postBytes(port, "/v1/signals", key, batchMedia, events);
    });
  const statements = (): readonly pg.QueryConfig[] =>
    Array.from({ length: units / size }, () => {
      const rows = bareRows(next(size), size, at);
      const [bucket, , , seq, , line, when, body] = rows.map(([first]) => first);
      return size === 1
        ? { ...bareSingle, values: [bucket, seq, line, when, body] }
        : { ...bareBatch, values: [...rows] };
    });
  // Made beforehand: making them is the work of nobody who is measured.
  const ready = Array.from({ length: rounds + 1 }, () => [requests(), statements()] as const);
  let [turn, bareTurn] = [0, 0];
  const name = `${size === 1 ? "single" : "batch"}.${connections}`;
  const label = (side: Text): Text => ({
    zh: `${connections} 个连接、每次 ${size} 个事件：${side.zh}`,
    en: `${size} at a time, ${connections} connections: ${side.en}`,
  });
  const contenders: readonly Contender[] = [
    {
      ...{ name: `${name}.tidemark`, units, label: label({ zh: "Tidemark", en: "Tidemark" }) },
      turn: () => sendAll(lanes, ready[turn++]![0]),
    },
    {
      ...{ name: `${name}.bare`, units, label: label({ zh: "裸 INSERT", en: "bare INSERT" }) },
      turn: () =>
        eachTakes(clients, ready[bareTurn++]![1], (client, statement) => client.query(statement)),
    },
  ];
  const [ours, floor] = await interleave(contenders, { rounds });
  for (const lane of lanes) lane.close();
  for (const client of clients) await client.end();
  return [ours!, floor!];
}

/** Sends one piece every so often, whether the one before was answered or not; milliseconds that each took. */
async function paced<Piece>(
  pieces: readonly Piece[],
  perSecond: number,
  work: (piece: Piece) => Promise<unknown>,
): Promise<readonly number[]> {
  const took: Promise<number>[] = [];
  const began = performance.now();
  for (let sent = 0; sent < pieces.length;) {
    const due = Math.min(
      pieces.length,
      Math.ceil(((performance.now() - began) * perSecond) / 1_000),
    );
    for (; sent < due; sent += 1) {
      const at = performance.now();
      took.push(work(pieces[sent]!).then(() => performance.now() - at));
    }
    await setTimeout(1);
  }
  return Promise.all(took);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

/** Connections of which each serves one piece at a time. */
function pool<Worker>(workers: readonly Worker[]): Readonly<{
  use: <T>(work: (worker: Worker) => Promise<T>) => Promise<T>;
}> {
  const free = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];
  return {
    use: async (work) => {
      const worker = free.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
      return work(worker).finally(() => {
        const next = waiting.shift();
        if (next === undefined) free.push(worker);
        else next(worker);
      });
    },
  };
}

const lookEveryMs = 2;
const longestWaitMs = 10_000;

type Latency = Readonly<{
  decisionMs: readonly number[];
  answerMs: readonly number[];
  bareMs: readonly number[];
}>;

/**
 * From sending an event to its decision in the database, and from sending a bare INSERT to its commit, both at half the
 * rates that were reached. One event in twenty tells of a score that has fallen.
 */
async function latencies(
  bench: Bench,
  { database }: Pick<Tidemark, "database">,
  connections: number,
  [ours, floor]: readonly [number, number],
  seconds: number,
): Promise<Latency> {
  const { port, key, lines, at, next, connectBare } = bench;
  const healthy = Array.from({ length: lines }, (_, index) => index).filter((index) => {
    const { facts, limitMinor, drawnMinor } = benchLine(index, share, at.slice(0, 10) as never);
    return Number(facts["behaviourScore"]) >= 725 && drawnMinor < 0.35 * limitMinor;
  });
  const rows = await database.query<Readonly<{ id: string; reference: string }>>(
    "select id, reference from credit_line",
  );
  const idOf = new Map(rows.map(({ id, reference }) => [reference, id]));
  const lanes = pool(await Promise.all(Array.from({ length: connections }, () => openLane(port))));
  const events = Array.from({ length: Math.round((ours / 2) * seconds) }, (_, index) => {
    const number = next(1);
    const plain = eventOf(number, lines, at);
    const told = index % 20 === 0 ? healthy.pop() : undefined;
    if (told === undefined) return { event: plain, line: null };
    const facts = { behaviourScore: 420, scoreChange90Days: -180, multiLenderCount3m: 6 };
    const event = {
      ...plain,
      type: "tidemark.signal.facts",
      subject: referenceOf(told),
      data: { facts },
    };
    return { event, line: idOf.get(referenceOf(told))! };
  });
  const decided = new Map<string, (at: number) => void>();
  let over = false;
  const look = (async () => {
    while (!over) {
      await setTimeout(lookEveryMs);
      if (decided.size === 0) continue;
      const found = await database.query<Readonly<{ id: string }>>(
        `select line_id as "id" from decision where line_id = any($1::uuid[])`,
        [[...decided.keys()]],
      );
      const now = performance.now();
      for (const { id } of found) {
        decided.get(id)?.(now);
        decided.delete(id);
      }
    }
  })();
  const decisionMs: Promise<number>[] = [];
  const requests = events.map(({ event, line }) => ({
    bytes: postBytes(port, "/v1/signals", key, singleMedia, event),
    line,
  }));
  const answerMs = await paced(requests, ours / 2, ({ bytes, line }) => {
    const sentAt = performance.now();
    if (line !== null) {
      const stored = new Promise<number>((resolve) => decided.set(line, resolve));
      const late = setTimeout(longestWaitMs, sentAt + longestWaitMs, { ref: false });
      decisionMs.push(Promise.race([stored, late]).then((when) => when - sentAt));
    }
    return lanes.use((lane) => lane.send(bytes));
  });
  const decisions = await Promise.all(decisionMs);
  over = true;
  await look;
  const clients = await Promise.all(Array.from({ length: connections }, connectBare));
  const bare = pool(clients);
  const statements = Array.from({ length: Math.round((floor / 2) * seconds) }, () => {
    const [bucket, , , seq, , line, when, body] = bareRows(next(1), 1, at).map(([first]) => first);
    return { ...bareSingle, values: [bucket, seq, line, when, body] };
  });
  const bareMs = await paced(statements, floor / 2, (statement) =>
    bare.use((client) => client.query(statement)),
  );
  for (const client of clients) await client.end();
  return { decisionMs: decisions, answerMs, bareMs };
}

function rateFigures([ours, floor]: readonly [Timing, Timing]): readonly Figure[] {
  return [ours, floor].map((timing) => ({
    ...{ name: timing.name, label: timing.label, unit: "events/s" },
    value: unitsPerSecond(timing, "wall"),
  }));
}

/** The rate of Tidemark in parts of the bare one. */
function rateRatio([ours, floor]: readonly [Timing, Timing]): Figure {
  const name = `${ours.name.split(".").slice(0, 2).join(".")}.ratio`;
  const { zh, en } = ours.label;
  return {
    ...{ name, unit: "×", value: 1 / ratioOf(ours, floor, "wall") },
    label: { zh: `${zh}：速率与裸 INSERT 之比`, en: `${en}: rate against the bare INSERT` },
  };
}

function latencyFigures({ decisionMs, answerMs, bareMs }: Latency): readonly Figure[] {
  const told: readonly (readonly [string, Text, readonly number[]])[] = [
    ["answer", { zh: "半载：收到应答", en: "half load: to the answer" }, answerMs],
    ["decision", { zh: "半载：决定落库", en: "half load: to the stored decision" }, decisionMs],
    ["insert", { zh: "半载：裸 INSERT", en: "half load: bare INSERT" }, bareMs],
  ];
  return told.flatMap(([name, label, values]) =>
    ([0.5, 0.99] as const).map((part) => ({
      ...{ name: `${name}.p${part * 100}`, unit: "ms", value: percentile(values, part) },
      label: { zh: `${label.zh} p${part * 100}`, en: `${label.en}, p${part * 100}` },
    })),
  );
}

async function measure(
  options: Readonly<
    Record<"lines" | "units" | "rounds" | "connections" | "many" | "seconds", string>
  >,
  say: (line: string) => void,
): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-ingest-"));
  const server = await startEmbedded(folder);
  const [lines, units, rounds] = [options.lines, options.units, options.rounds].map(Number) as [
    number,
    number,
    number,
  ];
  const [connections, many] = [Number(options.connections), Number(options.many)];
  try {
    say(`Loading ${lines} lines`);
    const tidemark = await compose(configFor(folder), { migrations: "apply" });
    await loadLines(tidemark, lines);
    const key = await benchKey(tidemark, "operator");
    const at = await tidemark.world.clock.now();
    await tidemark.close();
    const floorUrl = await copyDatabase(server.url);
    const running = await startServer(folder);
    let numbers = 0;
    const bench: Bench = {
      ...{ port: running.port, key, lines, at },
      next: (count) => (numbers += count) - count,
      connectBare: async () => {
        const client = new pg.Client({ connectionString: floorUrl });
        await client.connect();
        return client;
      },
    };
    say(`Batches of ${perBatch}, ${connections} connections`);
    const batch = await rates(bench, connections, perBatch, units, rounds);
    say(`Single events, ${connections} connections`);
    const single = await rates(bench, connections, 1, units / 2, rounds);
    say(`Single events, ${many} connections`);
    const crowd = await rates(bench, many, 1, units / 2, rounds);
    say("From a request to its decision, at half load");
    const watched = await compose(configFor(folder), { migrations: "require" });
    await activateDemoStrategy(watched);
    const half = [unitsPerSecond(single[0], "wall"), unitsPerSecond(single[1], "wall")] as const;
    const latency = await latencies(bench, watched, connections, half, Number(options.seconds));
    await watched.close();
    await running.stop();
    return foundOf({ batch, single, crowd }, latency);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Pairs = Readonly<Record<"batch" | "single" | "crowd", readonly [Timing, Timing]>>;

function foundOf({ batch, single, crowd }: Pairs, latency: Latency): Findings {
  const ratios = [batch, single, crowd].map(rateRatio);
  const [batchRatio, , crowdRatio] = ratios as [Figure, Figure, Figure];
  const late: Figure = {
    ...{ name: "decision.ratio", unit: "×" },
    label: {
      zh: "半载 p99：从请求到决定，与裸 INSERT 之比",
      en: "half load p99: from the request to the decision, against the bare INSERT",
    },
    value: percentile(latency.decisionMs, 0.99) / percentile(latency.bareMs, 0.99),
  };
  return {
    figures: [...[batch, single, crowd].flatMap(rateFigures), ...latencyFigures(latency)],
    ratios: [...ratios, late],
    required: [
      { ...batchRatio, atLeast: leastBatchRatio },
      { ...crowdRatio, atLeast: leastSingleRatio },
      { ...late, atMost: mostLatencyRatio },
    ],
  };
}

await runBench(
  "ingest",
  { lines: "20000", units: "8000", rounds: "5", connections: "8", many: "64", seconds: "10" },
  measure,
);
