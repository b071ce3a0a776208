// How everything is measured here. Contenders take turns in interleaved rounds of one run, so that a busy machine slows
// all of them alike; only ratios decide, each the median of its per-round values. Absolute figures stand beside two
// probes of the same run (processor and disk), without which they say nothing about another machine.

import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { languageOf } from "../src/adapters/config.ts";
import { tableText } from "../src/cli/table.ts";
import type { Language, Text } from "../src/domain/text.ts";

/** What takes part: `turn` does `units` of the same work as every other contender. */
export type Contender = Readonly<{
  name: string;
  label: Text;
  units: number;
  turn: () => unknown;
}>;

/** Times of one contender, one entry per round. CPU time is of this whole process, all threads. */
export type Timing = Readonly<{
  name: string;
  label: Text;
  units: number;
  cpuMs: readonly number[];
  wallMs: readonly number[];
}>;

/** CPU time where all work is done in this process, wall time where a database or a server does part of it. */
export type Clock = "cpu" | "wall";

/** One number with its unit, e.g. "lines/s". */
export type Figure = Readonly<{ name: string; label: Text; value: number; unit: string }>;

/** A bound on a figure or ratio: the bench fails when it is missed. */
export type Requirement = Readonly<{
  name: string;
  label: Text;
  value: number;
  atLeast?: number;
  atMost?: number;
}>;

/** Medians of a fixed piece of work: `cpuMs` of processor time, `fdatasyncMs` of a 4 KiB write made durable. */
export type Probes = Readonly<{ cpuMs: number; fdatasyncMs: number }>;

/** What a bench prints with `--json`. */
export type BenchReport = Readonly<{
  name: string;
  probes: Probes;
  figures: readonly Figure[];
  ratios: readonly Figure[];
  required: readonly (Requirement & Readonly<{ passed: boolean }>)[];
  passed: boolean;
}>;

/** What a bench found, before its requirements are judged. */
export type Findings = Readonly<{
  figures: readonly Figure[];
  ratios: readonly Figure[];
  required: readonly Requirement[];
}>;

/** The middle value; the mean of the two middle ones of an even number. Throws on none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("Cannot take a median: found no values");
  const sorted = values.toSorted((left, right) => left - right);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * Lets the contenders take turns, `rounds` times; every second round in reverse order, so that none always follows
 * the same one. Rounds before those warm up and do not count.
 */
export async function interleave(
  contenders: readonly Contender[],
  options: Readonly<{ rounds: number; warmups?: number }>,
): Promise<readonly Timing[]> {
  const timings = contenders.map(({ name, label, units }) => ({
    ...{ name, label, units },
    cpuMs: [] as number[],
    wallMs: [] as number[],
  }));
  const warmups = options.warmups ?? 1;
  for (let round = -warmups; round < options.rounds; round++) {
    const order = contenders.map((_, index) => index);
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      await settle();
      const { cpuMs, wallMs } = await timed(contenders[index]!.turn);
      if (round < 0) continue;
      timings[index]!.cpuMs.push(cpuMs);
      timings[index]!.wallMs.push(wallMs);
    }
  }
  return timings;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const pauseMs = 20;

/** Clears up after the contender before: its garbage and what its threads still do are not the next one's work. */
async function settle(): Promise<void> {
  collect();
  await setTimeout(pauseMs);
}

/** Runs something once and tells the processor time of this process and the wall time it took. */
export async function timed(
  work: () => unknown,
): Promise<Readonly<{ cpuMs: number; wallMs: number }>> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1_000, wallMs };
}

function perUnit(timing: Timing, clock: Clock): readonly number[] {
  return (clock === "cpu" ? timing.cpuMs : timing.wallMs).map((ms) => ms / timing.units);
}

/** How many times longer `slow` takes per unit than `fast`: the median of the per-round ratios. */
export function ratioOf(slow: Timing, fast: Timing, clock: Clock): number {
  const below = perUnit(fast, clock);
  return median(perUnit(slow, clock).map((ms, round) => ms / below[round]!));
}

/** Median microseconds per unit. */
export function unitUs(timing: Timing, clock: Clock): number {
  return median(perUnit(timing, clock)) * 1_000;
}

/** Median units per second. */
export function unitsPerSecond(timing: Timing, clock: Clock): number {
  return 1_000 / median(perUnit(timing, clock));
}

const probeTurns = 5;
const probeSteps = 20_000_000;
const probeWrites = 40;

/** A fixed number of dependent integer steps, which no processor can skip. */
function spin(): number {
  let state = 2_463_534_242;
  for (let step = 0; step < probeSteps; step++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}

async function probeCpu(): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < probeTurns; turn++) times.push((await timed(spin)).cpuMs);
  return median(times);
}

function probeDisk(folder: string): number {
  const place = mkdtempSync(join(folder, "tidemark-probe-"));
  const file = openSync(join(place, "block"), "w");
  const block = Buffer.alloc(4_096, 7);
  const times: number[] = [];
  try {
    for (let write = 0; write < probeWrites; write++) {
      const started = performance.now();
      writeSync(file, block, 0, block.length, write * block.length);
      fdatasyncSync(file);
      times.push(performance.now() - started);
    }
  } finally {
    closeSync(file);
    rmSync(place, { recursive: true });
  }
  return median(times);
}

/** Measures both probes. `folder` is on the disk that the bench writes to. */
export async function probe(folder: string = tmpdir()): Promise<Probes> {
  return { cpuMs: await probeCpu(), fdatasyncMs: probeDisk(folder) };
}

function judge({ atLeast, atMost, value }: Requirement): boolean {
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
}

/** Puts findings and probes together; passed when every requirement holds. */
export function reportOf(name: string, probes: Probes, found: Findings): BenchReport {
  const required = found.required.map((one) => ({ ...one, passed: judge(one) }));
  const passed = required.every((one) => one.passed);
  return { name, probes, figures: found.figures, ratios: found.ratios, required, passed };
}

/** A number to four significant digits, whole numbers with separators. */
export function numberText(value: number, language: Language): string {
  const options =
    Math.abs(value) >= 1_000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-US", options).format(value);
}

const words = {
  what: { zh: "项目", en: "What" },
  value: { zh: "数值", en: "Value" },
  unit: { zh: "单位", en: "Unit" },
  bound: { zh: "要求", en: "Required" },
  verdict: { zh: "结论", en: "Verdict" },
  met: { zh: "达标", en: "met" },
  missed: { zh: "未达标", en: "missed" },
  processor: { zh: "处理器探针", en: "Processor probe" },
  disk: { zh: "磁盘探针（fdatasync）", en: "Disk probe (fdatasync)" },
} as const satisfies Readonly<Record<string, Text>>;

/** The report as two tables in the reader's language. */
export function reportText(report: BenchReport, language: Language): string {
  const { probes } = report;
  const rows = [...report.figures, ...report.ratios].map(({ label, value, unit }) => [
    ...[label[language], numberText(value, language), unit],
  ]);
  rows.push([words.processor[language], numberText(probes.cpuMs, language), "ms"]);
  rows.push([words.disk[language], numberText(probes.fdatasyncMs, language), "ms"]);
  const right = true;
  const figures = tableText(
    { language },
    [{ label: words.what }, { label: words.value, right }, { label: words.unit }],
    rows,
  );
  const bounds = tableText(
    { language },
    [{ label: words.bound }, { label: words.value, right }, { label: words.verdict }],
    report.required.map((one) => [
      `${one.label[language]} ${boundText(one, language)}`,
      numberText(one.value, language),
      (one.passed ? words.met : words.missed)[language],
    ]),
  );
  return `${figures}\n${bounds}`;
}

function boundText({ atLeast, atMost }: Requirement, language: Language): string {
  const parts = [
    ...(atLeast === undefined ? [] : [`≥ ${numberText(atLeast, language)}`]),
    ...(atMost === undefined ? [] : [`≤ ${numberText(atMost, language)}`]),
  ];
  return parts.join(", ");
}

/** Options of one bench beside `--json`, all with a value, with their defaults. */
export type BenchOptions<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Runs a bench as a program: reads the command line, measures the probes before and after, prints the report as JSON
 * or as tables and sets exit code 1 when a requirement is missed.
 * @param defaults the bench's own options (`--lines 1000000`) and what they are when absent
 * @param body does the work; `say` writes progress to stderr
 */
export async function runBench<Name extends string>(
  name: string,
  defaults: BenchOptions<Name>,
  body: (options: BenchOptions<Name>, say: (line: string) => void) => Promise<Findings>,
): Promise<void> {
  const own = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      ...Object.fromEntries(
        own.map((one) => [one, { type: "string" as const, default: defaults[one] }]),
      ),
    },
  });
  const { json, ...given } = values as Readonly<Record<string, string | boolean>>;
  const before = await probe();
  const found = await body(given as BenchOptions<Name>, (line) =>
    process.stderr.write(`${line}\n`),
  );
  const after = await probe();
  const report = reportOf(
    name,
    {
      cpuMs: (before.cpuMs + after.cpuMs) / 2,
      fdatasyncMs: (before.fdatasyncMs + after.fdatasyncMs) / 2,
    },
    found,
  );
  const text =
    json === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : reportText(report, languageOf(undefined, process.env));
  process.stdout.write(text);
  if (!report.passed) process.exitCode = 1;
}
