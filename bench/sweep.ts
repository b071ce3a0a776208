// A durable sweep of many lines against the floor that the same database sets in the same run. The floor is plain COPY,
// one statement after the other on one connection, without any logic: out come the columns that the sweep reads
// (`credit_line`, `line_facts`, `limit_change`), and in go exactly the rows that the sweep has left behind (work rows
// with their packed assessments, proposals, reservations, decisions, review cases, notices, timers, messages, events,
// log leaves), committed table by table into empty copies of the tables with all their indexes and constraints. Reading
// the files that hold those rows and sending them is part of the floor, writing the files is not. The sweep is the
// product's own, from `openSweep` to "done": it locks, checks rights and halts, evaluates, ranks, takes turns in the
// budgets, composes notices and makes ids, hashes and leaves. Two variants: 5 % of the lines get a decision, and all.

import { fork } from "node:child_process";
import { once } from "node:events";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { compose, type Tidemark } from "../src/compose.ts";
import { openCrew } from "../src/crew.ts";
import type { Id } from "../src/domain/id.ts";
import type { Text } from "../src/domain/text.ts";
import type { Strategy } from "../src/policy/strategy.ts";
import type { Sweep } from "../src/portfolio/ports.ts";
import { sweepHelp } from "../src/sweep-job.ts";
import { configFor } from "./load.ts";
import { activateDemoStrategy, sweepOnce } from "./sweep-setup.ts";
import { runBench, timed, type Figure, type Findings, type Requirement } from "./harness.ts";

const mebi = 1_048_576;
// 1.5 GB.
const mostMemoryMib = 1_430;

type Variant = Readonly<{ name: string; label: Text; share: number; mostRatio: number }>;

const variants: readonly Variant[] = [
  {
    ...{ name: "some", share: 0.05, mostRatio: 3 },
    label: { zh: "5 % 的授信拟调整", en: "5 % of the lines proposed" },
  },
  {
    ...{ name: "all", share: 1, mostRatio: 12 },
    label: { zh: "全部授信调整", en: "every line changes" },
  },
];

/** Budgets so wide that every proposal has its turn: pace shall not decide how much is measured. */
function unpaced(budgets: Strategy["pace"]["budgets"]): Strategy["pace"]["budgets"] {
  return budgets.map((budget) => ({
    ...budget,
    cap:
      budget.cap.kind === "count"
        ? { kind: "count" as const, count: 1_000_000_000 }
        : { ...budget.cap, amount: "900000000000.00" },
  }));
}

/** Another process loads, so that the memory measured afterwards is that of the sweep alone. */
async function load(folder: string, lines: number, share: number): Promise<void> {
  const program = fileURLToPath(new URL("./load.ts", import.meta.url));
  const child = fork(program, [folder, String(lines), String(share)]);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`Loading ended with ${code ?? "a signal"}`);
}

/** Rows of one table that the sweep left behind, as a condition on that table `t`. */
const written: Readonly<Record<string, (sweepId: Id) => string>> = {
  sweep_bucket: (id) => `t.sweep_id = '${id}'`,
  proposal: (id) => `t.sweep_id = '${id}'`,
  proposal_grant: (id) => `t.sweep_id = '${id}'`,
  reservation: () => "true",
  budget_window: () => "true",
  decision: () => "true",
  review_case: () => "true",
  notice: () => "true",
  timer: () => "true",
  outbox: () => "true",
  event: () => "exists (select 1 from before b where b.bucket = t.bucket and t.seq >= b.next_seq)",
  log_leaf: () =>
    "exists (select 1 from before b where b.bucket = t.bucket and t.seq >= b.next_seq)",
};

const read: Readonly<Record<string, string>> = {
  credit_line: `bucket, id, customer_id, reference, customer_reference, portfolio, product, jurisdiction, currency,
    limit_minor, drawn_minor, pending_minor, status, opened_on, last_decrease_on, decided_on, balance_as_of,
    movements, ver`,
  line_facts: "bucket, line_id, as_of, known_at, seq, facts",
  limit_change: "bucket, line_id, on_date, known_at, from_minor, to_minor",
};

/** The columns that are written: those that the server computes are not. */
async function columnsOf({ database }: Tidemark, table: string): Promise<string> {
  const text = `select string_agg(column_name, ', ' order by ordinal_position) as columns
    from information_schema.columns where table_name = $1 and is_generated = 'NEVER'`;
  const [row] = await database.query<{ columns: string }>(text, [table]);
  return row!.columns;
}

/** Milliseconds of wall time of the floor, and the bytes that went in. */
async function floorOf(
  tidemark: Tidemark,
  folder: string,
  sweepId: Id,
  onCpu: (ms: number) => void,
): Promise<Readonly<{ outMs: number; inMs: number; inMib: number }>> {
  const { database } = tidemark;
  let inMs = 0;
  let bytes = 0;
  for (const [table, rowsOf] of Object.entries(written)) {
    const file = join(folder, `${table}.copy`);
    const columns = await columnsOf(tidemark, table);
    await database.execute(`create table floor_${table} (like ${table} including all)`);
    await database.transaction(
      (tx) =>
        tx.execute(
          `copy (select ${columns} from ${table} t where ${rowsOf(sweepId)}) to '${file}'`,
        ),
      { queryTimeoutMs: 0 },
    );
    await database.execute("checkpoint");
    bytes += statSync(file).size;
    const rows = (): Promise<number> =>
      database.copyChunksFrom(
        `copy floor_${table} (${columns}) from stdin`,
        createReadStream(file),
      );
    const { wallMs, cpuMs } = await spent(folder, rows);
    inMs += wallMs;
    onCpu(cpuMs);
    await database.execute(`drop table floor_${table}`);
    rmSync(file);
  }
  let outMs = 0;
  for (const [table, columns] of Object.entries(read)) {
    const drain = async (): Promise<void> => {
      for await (const _chunk of database.copyChunksTo(`copy ${table} (${columns}) to stdout`));
    };
    const { wallMs, cpuMs } = await spent(folder, drain);
    outMs += wallMs;
    onCpu(cpuMs);
  }
  return { outMs, inMs, inMib: bytes / mebi };
}

/** The server's first process and its backends. */
function serverProcesses(dataFolder: string): readonly string[] {
  const [master] = readFileSync(join(dataFolder, "postgres/cluster/postmaster.pid"), "utf8").split(
    "\n",
  );
  const children = readFileSync(`/proc/${master}/task/${master}/children`, "utf8");
  return [master!, ...children.trim().split(" ")];
}

/** What `read` finds of each process; one that has ended in the meantime says nothing. */
function ofEach(processes: readonly string[], read: (pid: string) => number): readonly number[] {
  return processes.flatMap((pid) => {
    try {
      return [read(pid)];
    } catch {
      return [];
    }
  });
}

/** Processor time that the embedded server has used so far, with backends that have ended, milliseconds. */
function serverCpuMs(dataFolder: string): number {
  const tickMs = 10;
  const processes = serverProcesses(dataFolder);
  const used = ofEach(processes, (pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Own time in user and system mode, and of the first process that of its children that have ended.
    const places = pid === processes[0] ? [11, 12, 13, 14] : [11, 12];
    return places.reduce((sum, place) => sum + Number(fields[place]) * tickMs, 0);
  });
  return used.reduce((sum, ms) => sum + ms, 0);
}

/** Wall time, and processor time of this process and of the server together. */
async function spent(
  dataFolder: string,
  work: () => Promise<unknown>,
): Promise<Readonly<{ wallMs: number; cpuMs: number }>> {
  const before = serverCpuMs(dataFolder);
  const { wallMs, cpuMs } = await timed(work);
  return { wallMs, cpuMs: cpuMs + serverCpuMs(dataFolder) - before };
}

/**
 * Memory of the processes of the embedded server, MiB: what is each one's own, and once what they share. The counters
 * are the kernel's cheap ones: adding up pages would take more of the processor than the sweep does.
 */
function serverMib(dataFolder: string): number {
  const shared = { RssFile: 0, RssShmem: 0 };
  const own = ofEach(serverProcesses(dataFolder), (pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kib = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    shared.RssFile = Math.max(shared.RssFile, kib("RssFile"));
    shared.RssShmem = Math.max(shared.RssShmem, kib("RssShmem"));
    return kib("RssAnon");
  });
  return (own.reduce((sum, kib) => sum + kib, 0) + shared.RssFile + shared.RssShmem) / 1_024;
}

const lookMs = 500;

/** Runs `work` and finds the peaks of memory meanwhile, MiB: this process with all its threads, and the server. */
async function watched<T>(
  dataFolder: string,
  work: () => Promise<T>,
): Promise<Readonly<{ result: T; ownMib: number; serverMib: number }>> {
  const peak = { ownMib: 0, serverMib: 0 };
  const look = (): void => {
    peak.ownMib = Math.max(peak.ownMib, process.memoryUsage.rss() / mebi);
    peak.serverMib = Math.max(peak.serverMib, serverMib(dataFolder));
  };
  const timer = setInterval(look, lookMs);
  try {
    return { result: await work(), ...peak };
  } finally {
    clearInterval(timer);
  }
}

async function measure(
  variant: Variant,
  lines: number,
  say: (line: string) => void,
): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  const tidemark = await compose(configFor(folder), { migrations: "apply" });
  const crew = openCrew(tidemark);
  try {
    await activateDemoStrategy(tidemark, unpaced);
    say(`${variant.name}: loading ${lines} lines`);
    const loaded = await timed(() => load(folder, lines, variant.share));
    const { database } = tidemark;
    await database.execute("create table before as select * from bucket");
    await database.execute("vacuum analyze");
    await database.execute("checkpoint");
    say(`${variant.name}: sweeping`);
    let swept: Sweep | null = null;
    const {
      result,
      ownMib,
      serverMib: server,
    } = await watched(folder, () =>
      timed(
        async () =>
          (swept = await sweepOnce(
            tidemark,
            sweepHelp(tidemark, crew, () => false),
          )),
      ),
    );
    const done = swept as Sweep | null;
    if (done?.state !== "done" || done.counts.planned !== lines) {
      throw new Error(`Sweep is ${done?.state} with ${done?.counts.planned} of ${lines} lines`);
    }
    say(`${variant.name}: copying for the floor`);
    let floorCpuMs = 0;
    const floor = await floorOf(tidemark, folder, done.id, (cpuMs) => (floorCpuMs += cpuMs));
    return found(variant, lines, {
      ...{ loadMs: loaded.wallMs, sweepMs: result.wallMs, ownMib, serverMib: server },
      ...{ ...floor, proposed: done.counts.proposed, sweepCpuMs: result.cpuMs, floorCpuMs },
    });
  } finally {
    await crew.close();
    await tidemark.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measured = Readonly<{
  loadMs: number;
  sweepMs: number;
  ownMib: number;
  serverMib: number;
  outMs: number;
  inMs: number;
  inMib: number;
  proposed: number;
  sweepCpuMs: number;
  floorCpuMs: number;
}>;

function found({ name, label, mostRatio }: Variant, lines: number, of: Measured): Findings {
  const figure = (key: string, zh: string, en: string, value: number, unit: string): Figure => ({
    ...{ name: `${name}.${key}`, value, unit },
    label: { zh: `${label.zh}：${zh}`, en: `${label.en}: ${en}` },
  });
  const floorMs = of.outMs + of.inMs;
  const ratio = figure(
    "ratio",
    "与 COPY 下限之比",
    "ratio to the COPY floor",
    of.sweepMs / floorMs,
    "×",
  );
  // On a busy machine wall time says who else was there; only this one says what the sweep costs.
  const cpuRatio = figure(
    "cpuRatio",
    "处理器时间与 COPY 下限之比",
    "ratio to the COPY floor in processor time",
    of.sweepCpuMs / Math.max(1, of.floorCpuMs),
    "×",
  );
  const memory = figure("memory", "内存峰值", "peak memory", of.ownMib, "MiB");
  const required = (one: Figure, atMost: number): Requirement => ({
    ...{ name: one.name, label: one.label, value: one.value, atMost },
  });
  return {
    figures: [
      figure("lines", "授信笔数", "lines", lines, "lines"),
      figure("proposed", "拟调整", "proposed", of.proposed, "lines"),
      figure("load", "登记", "registered", (1_000 * lines) / of.loadMs, "lines/s"),
      figure("sweep", "扫描", "swept", (1_000 * lines) / of.sweepMs, "lines/s"),
      figure("sweepTime", "扫描用时", "time of the sweep", of.sweepMs / 1_000, "s"),
      figure("floorOut", "下限：读出", "floor, out", of.outMs / 1_000, "s"),
      figure("floorIn", "下限：写入", "floor, in", of.inMs / 1_000, "s"),
      figure("floorSize", "下限：写入量", "floor, bytes in", of.inMib, "MiB"),
      memory,
      figure("serverMemory", "数据库内存峰值", "peak memory of the database", of.serverMib, "MiB"),
    ],
    ratios: [ratio, cpuRatio],
    required: [required(ratio, mostRatio), required(memory, mostMemoryMib)],
  };
}

await runBench("sweep", { lines: "1000000", variant: "both" }, async (options, say) => {
  const lines = Number(options.lines);
  if (!Number.isSafeInteger(lines) || lines < 1) throw new RangeError(`--lines ${options.lines}`);
  const chosen = variants.filter(({ name }) => ["both", name].includes(options.variant));
  const findings: Findings[] = [];
  for (const variant of chosen) findings.push(await measure(variant, lines, say));
  return {
    figures: findings.flatMap(({ figures }) => figures),
    ratios: findings.flatMap(({ ratios }) => ratios),
    required: findings.flatMap(({ required }) => required),
  };
});
