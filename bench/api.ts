// The API against a bare fastify handler: one request after the other over real connections, the same SQL on both sides.
// What the product sends to PostgreSQL for a request is written down statement by statement with its values; the bare
// handler runs exactly these statements, in the same transactions, on a copy of the same database, and answers the same
// bytes. The ratio is therefore what everything above the SQL costs: sign-in, rights, checks of input and answer, and
// for a decision the write path with its rules, ids, hashes and log leaves.

import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import pg from "pg";
import { readConfig } from "../src/adapters/config.ts";
import { startEmbedded } from "../src/adapters/postgres/embedded.ts";
import { compose, type Tidemark } from "../src/compose.ts";
import type { Text } from "../src/domain/text.ts";
import { apiOf } from "../src/serve.ts";
import { benchKey, copyDatabase } from "./bench-database.ts";
import {
  ratioOf,
  runBench,
  timed,
  unitsPerSecond,
  unitUs,
  type Figure,
  type Findings,
  type Timing,
} from "./harness.ts";
import { activateDemoStrategy, loadLines, sweepOnce } from "./sweep-setup.ts";

/** Highest ratios of the median request, in wall time. */
const mostReadRatio = 4;
const mostDecisionRatio = 3;

type Statement = Readonly<{ connection: number; query: pg.QueryConfig }>;

/** What one request did in SQL, and what it answered. */
type Recorded = Readonly<{ statements: readonly Statement[]; body: string }>;

type Recorder = Readonly<{ during: (work: () => Promise<string>) => Promise<Recorded> }>;

/** Listens to every connection of this process; only what is sent during `during` is kept. */
function recordStatements(): Recorder {
  let kept: Statement[] | null = null;
  const connections = new Map<pg.Client, number>();
  const prototype = pg.Client.prototype as { query: (...words: readonly unknown[]) => unknown };
  const query: unknown = Reflect.get(prototype, "query");
  const listening = function (this: pg.Client, ...words: readonly unknown[]): unknown {
    const [asked] = words;
    if (kept !== null) {
      if (typeof asked !== "object" || asked === null || "submit" in asked) {
        throw new Error("Cannot write down a statement: found a stream, expected text and values");
      }
      if (!connections.has(this)) connections.set(this, connections.size);
      const { text, values, name } = asked as pg.QueryConfig;
      const config = { text, ...(values === undefined ? {} : { values }) };
      kept.push({
        connection: connections.get(this)!,
        query: name === undefined ? config : { ...config, name },
      });
    }
    return Reflect.apply(query as () => unknown, this, words);
  };
  prototype.query = listening;
  return {
    during: async (work) => {
      const statements: Statement[] = (kept = []);
      try {
        return { body: await work(), statements };
      } finally {
        kept = null;
      }
    },
  };
}

type Ask = (method: "GET" | "POST", path: string, id?: string) => Promise<string>;

/** A client on one connection that is kept open. Throws on any status but 200. */
function clientOf(port: number, key: string): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (method, path, id) =>
    new Promise((resolve, reject) => {
      const change = { "content-type": "application/json", "idempotency-key": id ?? "" };
      const headers = { authorization: `Bearer ${key}`, ...(method === "POST" ? change : {}) };
      const options = { host: "127.0.0.1", port, path, method, headers, agent };
      const asked = request(options, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => (body += text));
        answer.on("end", () =>
          answer.statusCode === 200
            ? resolve(body)
            : reject(new Error(`${method} ${path} answered ${answer.statusCode}: ${body}`)),
        );
      });
      asked.on("error", reject);
      asked.end(method === "POST" ? "{}" : undefined);
    });
}

/** The bare handler: `/N` runs the statements of the recorded request N and answers its bytes. */
function bareServer(database: string, recorded: readonly Recorded[]): FastifyInstance {
  const clients = new Map<number, Promise<pg.Client>>();
  const clientFor = (connection: number): Promise<pg.Client> => {
    const open = async (): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: database });
      await client.connect();
      return client;
    };
    const held = clients.get(connection) ?? open();
    clients.set(connection, held);
    return held;
  };
  const app = Fastify();
  const handler = async (asked: Readonly<{ params: unknown }>): Promise<unknown> => {
    const { number } = asked.params as Readonly<{ number: string }>;
    const { statements, body } = recorded[Number(number)]!;
    for (const { connection, query } of statements) {
      await (await clientFor(connection)).query(query);
    }
    return JSON.parse(body) as unknown;
  };
  app.get("/:number", handler);
  app.post("/:number", handler);
  app.addHook("onClose", async () => {
    for (const client of clients.values()) await (await client).end();
  });
  return app;
}

async function portOf(app: FastifyInstance): Promise<number> {
  await app.listen({ host: "127.0.0.1", port: 0 });
  return (app.server.address() as AddressInfo).port;
}

type Work = Readonly<{
  name: string;
  label: Text;
  method: "GET" | "POST";
  /** one path per request; every round takes the next `units` */
  paths: readonly string[];
  units: number;
}>;

type Sides = Readonly<{
  product: Ask;
  bare: Ask;
  recorder: Recorder;
  recorded: Recorded[];
}>;

/** Rounds of `units` requests: first the product, then the bare handler with what was written down of them. */
async function compare(
  { name, label, method, paths, units }: Work,
  { product, bare, recorder, recorded }: Sides,
  rounds: number,
): Promise<readonly [Timing, Timing]> {
  const timing = (side: string) => ({
    ...{ name: `${name}.${side}`, label, units },
    cpuMs: [] as number[],
    wallMs: [] as number[],
  });
  const [ours, floor] = [timing("tidemark"), timing("bare")];
  const add = (to: typeof ours, spent: Awaited<ReturnType<typeof timed>>): void => {
    to.cpuMs.push(spent.cpuMs);
    to.wallMs.push(spent.wallMs);
  };
  for (let round = -1; round < rounds; round++) {
    const first = (round + 1) * units;
    const from = recorded.length;
    const some = paths.slice(first, first + units);
    const one = await timed(async () => {
      for (const path of some) {
        const id = `bench-${name}-${path.slice(-60)}`.replaceAll("/", "-").slice(-60);
        recorded.push(await recorder.during(() => product(method, path, id)));
      }
    });
    const other = await timed(async () => {
      for (let at = from; at < recorded.length; at++) await bare(method, `/${at}`);
    });
    // The first round warms up.
    if (round < 0) continue;
    add(ours, one);
    add(floor, other);
  }
  return [ours, floor];
}

async function works(tidemark: Tidemark, units: number, rounds: number): Promise<readonly Work[]> {
  const wanted = units * (rounds + 1);
  const { database } = tidemark;
  const ids = async (text: string): Promise<readonly string[]> =>
    (await database.query<Readonly<{ id: string }>>(`${text} order by id limit $1`, [wanted])).map(
      ({ id }) => id,
    );
  const lines = await ids("select id from credit_line");
  const cases = await ids(
    "select id from review_case where queue = 'reviewer' and route = 'review' and state = 'open'",
  );
  if (cases.length < wanted) {
    throw new Error(`Cannot measure decisions: found ${cases.length} cases, expected ${wanted}`);
  }
  return [
    {
      ...{ name: "line", method: "GET", units },
      label: { zh: "读取一笔授信", en: "read one line" },
      paths: lines.map((id) => `/v1/lines/${id}`),
    },
    {
      ...{ name: "page", method: "GET", units },
      label: { zh: "读取 50 笔一页", en: "read a page of 50 lines" },
      paths: lines.map((_, at) => `/v1/lines?limit=50&region=${at % 2 === 0 ? "south" : "east"}`),
    },
    {
      ...{ name: "decision", method: "POST", units },
      label: { zh: "批准一件复核", en: "approve a review case" },
      paths: cases.map((id) => `/v1/review-cases/${id}/approve`),
    },
  ];
}

/** Of this process alone, clients included: what the machine does beside it hardly changes this one. */
function processorRatio([ours, floor]: readonly [Timing, Timing]): Figure {
  return {
    ...{ name: `${ours.name.split(".")[0]}.cpuRatio`, unit: "×" },
    value: ratioOf(ours, floor, "cpu"),
    label: {
      zh: `${ours.label.zh}：处理器时间与裸处理器之比`,
      en: `${ours.label.en}: ratio to the bare handler in processor time`,
    },
  };
}

function foundOf(pairs: readonly (readonly [Timing, Timing])[]): Findings {
  const sides: readonly Text[] = [
    { zh: "Tidemark", en: "Tidemark" },
    { zh: "裸处理器", en: "bare handler" },
  ];
  const ratios = pairs.map(([ours, floor]) => ({
    ...{ name: `${ours.name.split(".")[0]}.ratio`, unit: "×", value: ratioOf(ours, floor, "wall") },
    label: {
      zh: `${ours.label.zh}：与裸处理器之比`,
      en: `${ours.label.en}: ratio to the bare handler`,
    },
  }));
  return {
    figures: pairs.flatMap((pair) =>
      pair.flatMap((timing, side) => {
        const { zh, en } = timing.label;
        const label = { zh: `${zh}：${sides[side]!.zh}`, en: `${en}: ${sides[side]!.en}` };
        return [
          { name: `${timing.name}-us`, label, value: unitUs(timing, "wall"), unit: "µs" },
          { name: timing.name, label, value: unitsPerSecond(timing, "wall"), unit: "/s" },
        ];
      }),
    ),
    ratios: [...ratios, ...pairs.map(processorRatio)],
    required: ratios.map(({ name, label, value }) => ({
      ...{ name, label, value },
      atMost: name === "decision.ratio" ? mostDecisionRatio : mostReadRatio,
    })),
  };
}

/** The demo brings a review case for about nine lines; with a margin, so that every round finds its own. */
const linesPerCase = 12;

async function prepare(folder: string, lines: number): Promise<string> {
  const tidemark = await openIn(folder);
  try {
    await activateDemoStrategy(tidemark);
    await loadLines(tidemark, lines);
    await sweepOnce(tidemark);
    return await benchKey(tidemark, "reviewer");
  } finally {
    await tidemark.close();
  }
}

function openIn(folder: string): Promise<Tidemark> {
  const config = readConfig({ dataFolder: folder, logLevel: "error" }, {}, folder);
  return compose(config, { migrations: "apply" });
}

async function measure(
  options: Readonly<Record<"lines" | "units" | "rounds", string>>,
  say: (line: string) => void,
): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-api-"));
  const server = await startEmbedded(folder);
  const [units, rounds] = [Number(options.units), Number(options.rounds)];
  const recorded: Recorded[] = [];
  try {
    const lines = Math.max(Number(options.lines), units * (rounds + 1) * linesPerCase);
    say(`Loading ${lines} lines and sweeping them`);
    const key = await prepare(folder, lines);
    const copy = await copyDatabase(server.url);
    const tidemark = await openIn(folder);
    const recorder = recordStatements();
    const [app, bare] = [apiOf(tidemark), bareServer(copy, recorded)];
    const sides: Sides = {
      product: clientOf(await portOf(app), key),
      bare: clientOf(await portOf(bare), key),
      ...{ recorder, recorded },
    };
    const pairs: (readonly [Timing, Timing])[] = [];
    for (const work of await works(tidemark, units, rounds)) {
      say(`Measuring: ${work.label.en}`);
      pairs.push(await compare(work, sides, rounds));
    }
    await Promise.all([app.close(), bare.close()]);
    await tidemark.close();
    return foundOf(pairs);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await runBench("api", { lines: "4000", units: "50", rounds: "9" }, measure);
