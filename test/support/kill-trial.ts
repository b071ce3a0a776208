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

const victims: readonly Victim[] = ["tidemark", "core", "postgres"];

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
export function portfolioCsv(lines: number, seed: number): string {
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
    const late = random() < 0.35;
    const bills = months.map(() => Math.floor(limit * random() * 0.9));
    return [
      index + 1,
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

/** Everything up to the moment where kills begin. */
async function prepare(data: string, csv: string): Promise<void> {
  mkdirSync(data, { recursive: true });
  const file = join(data, "lines.csv");
  writeFileSync(file, csv);
  await must(data, "clock", "set", "2005-10-01");
  for (const [login, role] of [
    ["app", "approver"],
    ["rev1", "reviewer"],
    ["rev2", "reviewer"],
  ]) {
    await must(data, "account", "create", login!, "--role", role!, "--no-password");
  }
  await must(data, "import", "lines", file, "--mapping", "examples/uci-taiwan/mapping.yaml");
  await must(data, "core", "load");
  await must(data, "strategy", "add", "examples/uci-taiwan/strategy.yaml");
  await must(data, "strategy", "approve", "uci-taiwan", "1", "--as", "app");
}

const work: readonly (readonly string[])[] = [
  ["sweep", "--strategy", "uci-taiwan", "--as-of", "2005-09-30"],
  ["review", "approve", "--all", "--yes", "--as", "rev1"],
  ["review", "approve", "--all", "--yes", "--as", "rev2"],
  ["clock", "advance", "--to", "2005-11-01"],
];

export type Trial = Readonly<{
  /** kills that hit a live process, by victim */
  kills: Readonly<Record<Victim, number>>;
  book: string;
}>;

/**
 * Carries the portfolio through the job. With `kills` > 0, each command is started again and again and one
 * of the three processes is killed at a random moment each time, until that command's share of kills is
 * used up and it ends by itself.
 */
export async function carryThrough(
  data: string,
  csv: string,
  kills: number,
  seed: number,
  note: (text: string) => void,
): Promise<Trial> {
  await prepare(data, csv);
  const random = seeded(seed);
  const hit: Record<Victim, number> = { tidemark: 0, core: 0, postgres: 0 };
  const shares = [0.45, 0.05, 0.05, 0.45].map((share) => Math.ceil(share * kills));
  for (const [index, words] of work.entries()) {
    let left = shares[index]!;
    for (let attempt = 1; ; attempt += 1) {
      const ended = await run(data, words, async (pid, done) => {
        if (left <= 0) return;
        const victim = await strike(data, pid, done, random, hit);
        if (victim === null) return;
        left -= 1;
        note(`${words[0]} ${attempt}: killed ${victim}, ${left} left`);
      });
      if (ended.code === 0 && left <= 0) break;
      if (attempt > 400) throw new Error(`tidemark ${words.join(" ")} never ends: ${ended.output}`);
      if (ended.code === 0) left = 0;
    }
  }
  return { kills: hit, book: await book(data) };
}

/** Waits a random moment, then kills the next victim in turn that is alive. */
async function strike(
  data: string,
  pid: number,
  done: Promise<Ended>,
  random: () => number,
  hit: Record<Victim, number>,
): Promise<Victim | null> {
  let over = false;
  void done.then(() => (over = true));
  await Promise.race([sleep(900 + random() * 2600), done]);
  if (over) return null;
  const total = hit.tidemark + hit.core + hit.postgres;
  for (let turn = 0; turn < victims.length; turn += 1) {
    const victim = victims[(total + turn) % victims.length]!;
    const target = victim === "tidemark" ? pid : pidOf(data, victim);
    if (target === null || !kill(target)) continue;
    hit[victim] += 1;
    return victim;
  }
  return null;
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

function kill(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

/** What the books say in the end, without the order in which buckets happened to be worked on. */
const questions: readonly string[] = [
  "select id, limit_minor, drawn_minor, pending_minor, status, ver from credit_line order by id",
  "select id, state, record, ended_because, ver from decision order by id",
  "select id, state, resolution, approvals, resolved_by from review_case order by id",
  "select id, state, body_zh, body_en, attempts, effective_on from notice order by id",
  "select line_id, kind, subject, actor, at, body from event order by line_id, kind, subject, at, body::text",
  "select bucket, packed from sweep_bucket order by bucket",
  "select line_id, on_date, from_minor, to_minor from limit_change order by line_id, on_date",
  "select id, kind, state from outbox order by id",
  "select id, kind, state, due from timer order by id",
];

/** Broken promises, each of which must find no row. */
const promises: Readonly<Record<string, string>> = {
  "events without gaps":
    "select b.bucket from bucket b left join event e on e.bucket = b.bucket group by b.bucket, b.next_seq having count(e.seq) <> b.next_seq - min(coalesce(e.seq, b.next_seq))",
  "a leaf for every event":
    "select e.bucket, e.seq from event e left join log_leaf l on l.bucket = e.bucket and l.seq = e.seq where l.seq is null",
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
    for (const question of questions) pages.push(JSON.stringify(await db.query(question), null, 0));
    return pages.join("\n");
  } finally {
    await db.close();
    await server.stop();
  }
}
