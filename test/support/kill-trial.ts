// A whole small portfolio through sweep, reviews, notices and execution by the command line, with nothing
// going wrong or with kill -9 at random moments. Both runs must end with the same bytes.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../src/adapters/postgres/pool.ts";
import { startEmbedded } from "../../src/adapters/postgres/embedded.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "src/cli/main.ts");

export type Victim = "tidemark" | "core" | "postgres";

/** Small seeded generator (mulberry32): the same seed, the same moments and rows. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A file of `lines` synthetic card accounts in the columns of the UCI example. */
export function portfolioCsv(lines: number, seed: number, firstId: number): string {
  const random = seeded(seed);
  const whole = (low: number, high: number): number =>
    low + Math.floor(random() * (high - low + 1));
  const months = [1, 2, 3, 4, 5, 6];
  const status = ["0", "2", "3", "4", "5", "6"].map((month) => `PAY_${month}`);
  const header = [
    "ID,LIMIT_BAL,SEX,EDUCATION,MARRIAGE,AGE",
    ...status,
    ...months.map((month) => `BILL_AMT${month}`),
    ...months.map((month) => `PAY_AMT${month}`),
    "Y",
  ].join(",");
  const rows = Array.from({ length: lines }, (_, index) => {
    const limit = whole(1, 50) * 10_000;
    const late = random() < 0.5;
    const bills = months.map(() => Math.floor(limit * random() * 0.9));
    return [
      firstId + index,
      limit,
      whole(1, 2),
      whole(1, 4),
      whole(1, 3),
      whole(21, 70),
      ...months.map(() => (late ? whole(1, 3) : whole(-1, 0))),
      ...bills,
      ...bills.map((bill) => Math.floor(bill * random() * (late ? 0.05 : 0.9))),
      late ? 1 : 0,
    ].join(",");
  });
  return `${header}\n${rows.join("\n")}\n`;
}

type Ended = Readonly<{ code: number | null; output: string }>;

/** One run of the command line; `onPid` may kill it. */
async function run(
  data: string,
  words: readonly string[],
  onPid?: (pid: number, ended: Promise<Ended>) => Promise<void>,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      TIDEMARK_DATA: data,
      TIDEMARK_CURRENCY: "TWD",
      TIDEMARK_TIME_ZONE: "Asia/Taipei",
      TIDEMARK_CORE_FAULTS: "time-out=200,lost=300,duplicate=500,slow=100,slow-ms=100",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, output }));
  });
  if (onPid !== undefined && child.pid !== undefined) await onPid(child.pid, ended);
  return ended;
}

async function must(data: string, ...words: readonly string[]): Promise<Ended> {
  const ended = await run(data, words);
  if (ended.code !== 0) throw new Error(`tidemark ${words.join(" ")}: ${ended.output}`);
  return ended;
}

/** Everything that comes before the first line. */
async function prepare(data: string): Promise<void> {
  mkdirSync(data, { recursive: true });
  await must(data, "clock", "set", "2005-10-01");
  const people = { app: "approver", rev1: "reviewer", rev2: "reviewer" };
  for (const [login, role] of Object.entries(people)) {
    await must(data, "account", "create", login, "--role", role, "--no-password");
  }
  await must(data, "strategy", "add", "examples/uci-taiwan/strategy.yaml");
  await must(data, "strategy", "approve", "uci-taiwan", "1", "--as", "app");
}

/** The lines of one round, in the books here and at the core system. */
async function addLines(data: string, round: number, csv: string): Promise<void> {
  const file = join(data, `lines-${round}.csv`);
  writeFileSync(file, csv);
  await must(data, "import", "lines", file, "--mapping", "examples/uci-taiwan/mapping.yaml");
  await must(data, "core", "load");
}

/** What each round does under kills, with its share of them, and who is killed in turn. */
const work: readonly Readonly<{
  words: readonly string[];
  share: number;
  victims: readonly Victim[];
}>[] = [
  {
    words: ["sweep", "--strategy", "uci-taiwan", "--as-of", "2005-09-30"],
    share: 0.5,
    victims: ["tidemark", "postgres"],
  },
  {
    words: [
      "review",
      "approve",
      "--all",
      "--queue",
      "reviewer",
      "--note",
      "checked",
      "--yes",
      "--as",
      "rev1",
    ],
    share: 0.1,
    victims: ["postgres", "tidemark"],
  },
  {
    words: [
      "review",
      "approve",
      "--all",
      "--queue",
      "reviewer",
      "--note",
      "checked",
      "--yes",
      "--as",
      "rev2",
    ],
    share: 0,
    victims: ["tidemark", "postgres"],
  },
  {
    words: ["clock", "advance", "30d"],
    share: 0.4,
    victims: ["core", "tidemark", "core", "postgres"],
  },
];

export type Trial = Readonly<{
  /** kills that hit a live process, by victim */
  kills: Readonly<Record<Victim, number>>;
  book: string;
}>;

/**
 * Carries one portfolio per element of `files` through the job. With `kills` > 0, each command is started
 * again and again and one process is killed at a random moment each time, until its share of kills is used
 * up and it ends by itself; a share that a command was too quick for goes to the next one.
 */
export async function carryThrough(
  data: string,
  files: readonly string[],
  kills: number,
  seed: number,
  note: (text: string) => void,
): Promise<Trial> {
  await prepare(data);
  const random = seeded(seed);
  const hit: Record<Victim, number> = { tidemark: 0, core: 0, postgres: 0 };
  let owed = 0;
  for (const [round, csv] of files.entries()) {
    await addLines(data, round, csv);
    const to = new Date(Date.UTC(2005, 10 + round, 1)).toISOString().slice(0, 10);
    for (const { words, share, victims } of work) {
      owed += (kills * share) / files.length;
      const given = words[0] === "clock" ? ["clock", "advance", "--to", to] : words;
      owed -= await undergo(data, given, Math.ceil(owed - 1e-9), victims, random, hit, note);
    }
  }
  return { kills: hit, book: await book(data) };
}

/** Runs one command to its end through up to `most` kills; returns how many there were. */
async function undergo(
  data: string,
  words: readonly string[],
  most: number,
  victims: readonly Victim[],
  random: () => number,
  hit: Record<Victim, number>,
  note: (text: string) => void,
): Promise<number> {
  let struck = 0;
  for (let attempt = 1; ; attempt += 1) {
    const before = struck;
    const ended = await run(data, words, async (pid, done) => {
      if (struck >= most) return;
      const victim = victims[struck % victims.length]!;
      if (!(await strike(data, victim, pid, done, random))) return;
      struck += 1;
      hit[victim] += 1;
      note(`${words[0]} ${attempt}: killed ${victim}, ${struck} of ${most}`);
    });
    if (ended.code === 0) return struck;
    if (struck === before) throw new Error(`tidemark ${words.join(" ")}: ${ended.output}`);
  }
}

/** Shortest wait and spread, milliseconds after the victim lives: the program itself takes a while to begin. */
const delays: Readonly<Record<Victim, readonly [number, number]>> = {
  tidemark: [700, 700],
  postgres: [100, 500],
  core: [0, 120],
};

/** Waits for the victim to live and then a random moment, and kills it; false when the command ended first. */
async function strike(
  data: string,
  victim: Victim,
  pid: number,
  done: Promise<Ended>,
  random: () => number,
): Promise<boolean> {
  let over = false;
  void done.then(() => (over = true));
  const target = (): number | null => (victim === "tidemark" ? pid : pidOf(data, victim));
  while (!over && (target() === null || !isAlive(target()!))) await sleep(10);
  const delayMs = delays[victim][0] + random() * delays[victim][1];
  await Promise.race([sleep(delayMs), done]);
  const found = over ? null : target();
  return found !== null && kill(found, "SIGKILL");
}

function pidOf(data: string, victim: "core" | "postgres"): number | null {
  try {
    const text = readFileSync(
      victim === "core"
        ? join(data, "core-simulator/endpoint.json")
        : join(data, "postgres/cluster/postmaster.pid"),
      "utf8",
    );
    return victim === "core"
      ? (JSON.parse(text) as { pid: number }).pid
      : Number(text.split("\n")[0]);
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  return kill(pid, 0);
}

function kill(pid: number, signal: "SIGKILL" | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** What the books say in the end, without the order in which buckets happened to be worked on. */
const questions: readonly string[] = [
  "select id, limit_minor, drawn_minor, pending_minor, status, ver from credit_line order by id",
  "select id, state, record, ended_because, ver from decision order by id",
  `select id, state, resolution, jsonb_path_query_array(approvals, '$[*].by') as approvals, resolved_by
   from review_case order by id`,
  "select id, state, body_zh, body_en, deliveries, effective_on from notice order by id",
  "select line_id, kind, subject, actor, at, body from event order by line_id, kind, subject, at, body::text",
  "select sweep_id, bucket, packed from sweep_bucket order by sweep_id, bucket",
  "select line_id, on_date, from_minor, to_minor from limit_change order by line_id, on_date",
  "select id, kind, state from outbox order by id",
  "select budget, window_on, cap, remaining from budget_window order by budget, window_on",
  "select budget, key, window_on, amount from reservation order by budget, key",
  "select id, kind, state, due from timer order by id",
];

/** Broken promises, each of which must find no row. */
const promises: Readonly<Record<string, string>> = {
  "events without gaps":
    "select b.bucket from bucket b left join event e on e.bucket = b.bucket group by b.bucket, b.next_seq having count(e.seq) <> b.next_seq - min(coalesce(e.seq, b.next_seq))",
  "a leaf for every event":
    "select e.bucket, e.seq from event e left join log_leaf l on l.bucket = e.bucket and l.seq = e.seq where l.seq is null",
  "turns add up":
    "select w.budget, w.window_on from budget_window w where w.cap - w.remaining <> (select coalesce(sum(r.amount), 0) from reservation r where r.budget = w.budget and r.window_on = w.window_on)",
  "no message left": "select id from outbox where state <> 'done'",
  "one effect per decision":
    "select subject from event where kind in ('LimitDecreased', 'LineFrozen', 'LineClosed') group by subject having count(*) > 1",
  "a confirmation per executed decision":
    "select d.id from decision d where d.state = 'executed' and (select count(*) from event e where e.bucket = d.bucket and e.subject = d.id and e.kind = 'ExecutionConfirmed') <> 1",
};

async function book(data: string): Promise<string> {
  const reconciled = await must(data, "reconcile", "--json");
  const { differences } = JSON.parse(reconciled.output.slice(reconciled.output.indexOf("{"))) as {
    differences: readonly unknown[];
  };
  if (differences.length > 0) throw new Error(`Books differ: ${JSON.stringify(differences)}`);
  const server = await startEmbedded(data);
  const db = await openDatabase(server);
  try {
    for (const [promise, broken] of Object.entries(promises)) {
      const found = await db.query(broken);
      if (found.length > 0) throw new Error(`Broken: ${promise}: ${JSON.stringify(found[0])}`);
    }
    const pages: string[] = [];
    for (const question of questions) pages.push(JSON.stringify(await db.query(question)));
    const people = await db.query<{ id: string; login: string }>("select id, login from account");
    // Accounts get fresh ids when they are made; the books of two runs are compared by login.
    return people.reduce((text, { id, login }) => text.replaceAll(id, login), pages.join("\n"));
  } finally {
    await db.close();
    await server.stop();
  }
}
