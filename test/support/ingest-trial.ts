// A stream of signals sent to a server that is killed again and again: what was not acknowledged is sent once more, some
// of what was is sent again, and in the end the books must be those of an undisturbed run in order.

import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { readConfig } from "../../src/adapters/config.ts";
import type { Database } from "../../src/adapters/postgres/pool.ts";
import { compose, type Tidemark } from "../../src/compose.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { serviceActor } from "../../src/domain/actor.ts";
import { usualClockSkewMs, takeSignals } from "../../src/flow/take-signals.ts";
import type { DemoPlan } from "../../src/portfolio/demo-history.ts";
import { demoStreamEvent } from "../../src/portfolio/demo-stream.ts";
import { startTidemark, tidemarkJson, type Environment } from "./command-line.ts";
import type { FreshDatabase } from "./database.ts";
import { seeded } from "./kill-trial.ts";

/** How much is sent, and how often the server dies. */
export type IngestTrial = Readonly<{
  plan: DemoPlan;
  events: number;
  kills: number;
  seed: number;
  /** folder of settings and keys; the database is elsewhere */
  folder: string;
}>;

type Sent = Readonly<Record<string, unknown>> & Readonly<{ id: string }>;

/** One event in so many is about nobody, and so rejected. */
const oneBadIn = 50;
const perBatch = 10;
const senders = 4;

/** The events of a trial, in order. */
function eventsOf({ plan, events, seed }: IngestTrial, at: string): readonly Sent[] {
  return Array.from({ length: events }, (_, number) => {
    const event = demoStreamEvent(plan, seed, number, at as never);
    return number % oneBadIn === 7 ? { ...event, subject: `NOBODY-${number}` } : event;
  });
}

function environmentOf({ folder }: IngestTrial, url: string, port: number): Environment {
  return {
    ...{ TIDEMARK_DATA: folder, TIDEMARK_LANG: "en", TIDEMARK_LOG: "silent" },
    ...{ TIDEMARK_PORT: String(port), TIDEMARK_REPORT_AT: "off", DATABASE_URL: url },
  };
}

async function open(trial: IngestTrial, { url }: FreshDatabase): Promise<Tidemark> {
  const { lines, seed } = trial.plan;
  const environment = environmentOf(trial, url, 0);
  const words = ["demo", "seed", "--lines", String(lines), "--seed", String(seed)];
  await tidemarkJson(environment, ...words);
  return compose(readConfig({}, environment, trial.folder), { migrations: "require" });
}

/** All events in order, in one process, with nothing going wrong. */
export async function calmRun(trial: IngestTrial, database: FreshDatabase): Promise<Books> {
  const tidemark = await open(trial, database);
  try {
    const { world } = tidemark;
    const incoming = eventsOf(trial, await world.clock.now()).map((event) => ({ event }));
    const options = { clockSkewMs: usualClockSkewMs };
    for (let from = 0; from < incoming.length; from += 500) {
      await takeSignals(world, serviceActor("feed"), incoming.slice(from, from + 500), options);
    }
    return await books(database.db);
  } finally {
    await tidemark.close();
  }
}

/** What a run under kills did, beside the books that it left. */
export type Rough = Readonly<{ books: Books; kills: number; resent: number }>;

/** All events, in pieces and out of order, to a server that is killed at random moments. */
export async function roughRun(trial: IngestTrial, database: FreshDatabase): Promise<Rough> {
  const tidemark = await open(trial, database);
  const key = await feedKey(tidemark);
  const events = eventsOf(trial, await tidemark.world.clock.now());
  await tidemark.close();
  const port = await freePort();
  const random = seeded(trial.seed);
  const queue = piecesOf(events, random);
  const state = { acknowledged: 0, resent: 0, over: false };
  const send = async (): Promise<void> => {
    for (let piece = queue.pop(); piece !== undefined; piece = queue.pop()) {
      while (!(await post(port, key, piece))) {
        state.resent += 1;
        await sleep(20);
      }
      state.acknowledged += piece.length;
      // What is known to have arrived is sent again as well.
      if (random() < 0.05) queue.push(piece);
    }
  };
  const environment = environmentOf(trial, database.url, port);
  let kills = 0;
  const die = async (): Promise<void> => {
    while (!state.over) {
      const server = startTidemark(environment, "serve");
      const hasEnded = server.ended.then(() => true);
      const share = (trial.events * (kills + random())) / trial.kills;
      while (!state.over && (kills >= trial.kills || state.acknowledged < share)) {
        if (await Promise.race([hasEnded, sleep(5, false)])) {
          throw new Error(`Server ended by itself: ${server.said()}`);
        }
      }
      if (!state.over) kills += 1;
      server.child.kill("SIGKILL");
      await server.ended;
    }
  };
  const sending = Promise.all(Array.from({ length: senders }, send)).finally(
    () => (state.over = true),
  );
  await Promise.all([sending, die()]);
  return { books: await books(database.db), kills, resent: state.resent };
}

/** Batches and single events, shuffled. */
function piecesOf(events: readonly Sent[], random: () => number): (readonly Sent[])[] {
  const pieces: (readonly Sent[])[] = [];
  for (let from = 0; from < events.length;) {
    const size = random() < 0.5 ? 1 : perBatch;
    pieces.push(events.slice(from, from + size));
    from += size;
  }
  for (let at = pieces.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [pieces[at], pieces[other]] = [pieces[other]!, pieces[at]!];
  }
  return pieces;
}

/** True where the server said what became of every event. */
async function post(port: number, key: string, piece: readonly Sent[]): Promise<boolean> {
  const isBatch = piece.length > 1;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/signals`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": `application/cloudevents${isBatch ? "-batch" : ""}+json`,
      },
      body: JSON.stringify(isBatch ? piece : piece[0]),
    });
    const said = (await response.json()) as Readonly<{ results?: unknown[]; dead_letter?: string }>;
    return said.results?.length === piece.length || said.dead_letter !== undefined;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function feedKey({ accounts, apiKeys }: Tidemark): Promise<string> {
  const right = { roles: ["operator"], scope: { kind: "all" } } as const;
  const account = await accounts.create({
    ...right,
    ...{ login: "feed", name: { zh: "数据源", en: "Feed" }, language: "en", password: null },
  });
  if (isRefusal(account)) throw new Error(account.detail.en);
  const key = await apiKeys.create({
    ...{ ...right, accountId: account.id, label: "feed", expiresAt: null },
  });
  if (isRefusal(key)) throw new Error(key.detail.en);
  return key.text;
}

/** What must be the same, and what must be there once. */
export type Books = Readonly<{
  lines: string;
  facts: string;
  signals: string;
  recorded: string;
  letters: string;
}>;

const questions: Readonly<Record<keyof Books, string>> = {
  lines: `select id, drawn_minor, pending_minor, movements, balance_as_of, limit_minor, status from credit_line order by id`,
  facts: `select distinct on (line_id) line_id, as_of, facts from line_facts
    order by line_id, as_of desc, known_at desc, seq desc`,
  signals: "select source, id, content from signal where source = '/demo/live' order by id",
  recorded: `select line_id, body->>'id' as id, count(*)::int as times from event
    where kind = 'SignalRecorded' and body->>'source' = '/demo/live' group by 1, 2 order by 1, 2`,
  letters: "select event_id, refused, state from dead_letter order by event_id",
};

/** Broken promises, each of which must find no row. */
const promises: Readonly<Record<string, string>> = {
  "events without gaps": `select b.bucket from bucket b left join event e on e.bucket = b.bucket
    group by b.bucket, b.next_seq having count(e.seq) <> b.next_seq - min(coalesce(e.seq, b.next_seq))`,
  "a leaf for every event": `select e.bucket, e.seq from event e
    left join log_leaf l on l.bucket = e.bucket and l.seq = e.seq where l.seq is null`,
  "every signal recorded once": `select 1 from event where kind = 'SignalRecorded'
    group by line_id, body->>'source', body->>'id' having count(*) > 1`,
};

async function books(db: Database): Promise<Books> {
  for (const [promise, broken] of Object.entries(promises)) {
    expect(await db.query(broken), promise).toEqual([]);
  }
  const pages: Record<string, string> = {};
  for (const [name, question] of Object.entries(questions)) {
    pages[name] = JSON.stringify(await db.query(question), null, 1);
  }
  return pages as Books;
}
