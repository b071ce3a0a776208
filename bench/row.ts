// `npm run bench -- row`: one policy, decided by Tidemark's row function and by zen-engine's `evaluateBatch`, per unit of
// processor time. Tidemark's side takes row objects as a parser of JSON makes them, checks every fact against its
// declaration, runs the compiled strategy (scorecard, bands, table, limit rule, guards) and gives an object with score,
// band, the reasons by which most points were lost, action, cut, row and new limit. The other side gets the same objects
// in batches of 512, through the loader that lets it compile beforehand, and gives the same values, which are compared
// first. Proofs of reasons and copies of facts belong to a decision and are on neither side; what they cost is shown.

import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { BusinessDate } from "../src/domain/calendar.ts";
import { briefs } from "../src/policy/brief.ts";
import { compileStrategy, type CompiledStrategy } from "../src/policy/compile.ts";
import { evaluate } from "../src/policy/evaluate.ts";
import { parseStrategy } from "../src/policy/parse.ts";
import { backEndOf, type Brief } from "../src/policy/row-function.ts";
import { randomFrom } from "../test/support/random.ts";
import { type Findings, interleave, ratioOf, runBench, unitsPerSecond, unitUs } from "./harness.ts";
import { jdmGraph, policyOf, type Row, rowOf, tidemarkDocument } from "./row-policy.ts";

const peerPackage = "@gorules/zen-engine-linux-x64-gnu";
const batchSize = 512;
const repeats = 200;
const leastRatio = 300;

/** The part of the peer that is used here. */
type Peer = Readonly<{
  evaluateBatch: (
    requests: readonly Readonly<{ key: string; context: Row }>[],
  ) => Promise<readonly Readonly<{ success: boolean; data?: { result: unknown } }>[]>;
  compileFailures: () => readonly unknown[];
  dispose: () => void;
}>;

function startPeer(graph: unknown): Peer {
  const require = createRequire(import.meta.url);
  const { ZenEngine } = require(peerPackage) as {
    ZenEngine: new (options: unknown) => Peer;
  };
  const peer = new ZenEngine({ loader: { type: "static", content: { policy: graph } } });
  const failures = peer.compileFailures();
  if (failures.length > 0)
    throw new Error(`Cannot compile for the peer: ${JSON.stringify(failures)}`);
  return peer;
}

function compileOurs(document: unknown): CompiledStrategy {
  const { strategy, problems } = parseStrategy(document);
  if (strategy === null) throw new Error(problems.map((problem) => problem.message.en).join("\n"));
  return compileStrategy(strategy, (bytes) => createHash("sha256").update(bytes).digest("hex"));
}

/** The fields as the other engine names them; a reason that is not there is absent. */
function fieldsOf(brief: Brief): Readonly<Record<string, unknown>> {
  const reasons = brief.lost.map((code, at) => [`r${at + 1}`, code]);
  return {
    ...{ score: brief.score, band: brief.grade, ...Object.fromEntries(reasons) },
    ...{ action: brief.action, cutBp: brief.cutRateBp, rule: brief.row, limit: brief.limitMinor },
  };
}

function sortedJson(value: unknown): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(value as object).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    ),
  );
}

type Batches = readonly (readonly Readonly<{ key: string; context: Row }>[])[];

/** Compares both sides on every row; throws at the first difference. Gives how often each action occurred. */
async function compareAll(
  peer: Peer,
  batches: Batches,
  brief: (row: Row) => Brief | null,
): Promise<ReadonlyMap<string, number>> {
  const actions = new Map<string, number>();
  for (const batch of batches) {
    const answers = await peer.evaluateBatch(batch);
    batch.forEach(({ context }, at) => {
      const ours = brief(context);
      const theirs = answers[at]!;
      if (
        ours === null ||
        !theirs.success ||
        sortedJson(fieldsOf(ours)) !== sortedJson(theirs.data!.result)
      ) {
        throw new Error(
          `Cannot compare: ${JSON.stringify(context)} gives ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`,
        );
      }
      actions.set(ours.action, (actions.get(ours.action) ?? 0) + 1);
    });
  }
  return actions;
}

function inBatches(rows: readonly Row[]): Batches {
  const batches: Readonly<{ key: string; context: Row }>[][] = [];
  for (let at = 0; at < rows.length; at += batchSize) {
    batches.push(rows.slice(at, at + batchSize).map((context) => ({ key: "policy", context })));
  }
  return batches;
}

async function measure(
  options: Readonly<{ rows: string; rounds: string; seed: string }>,
  say: (line: string) => void,
): Promise<Findings> {
  const policy = policyOf(Number(options.seed));
  const compiled = compileOurs(tidemarkDocument(policy));
  const peer = startPeer(jdmGraph(policy));
  const random = randomFrom(Number(options.seed) + 1);
  const rows = Array.from({ length: Number(options.rows) }, () => rowOf(random));
  const batches = inBatches(rows);
  const asOf = "2026-11-20" as BusinessDate;
  const brief = briefs(compiled, asOf);
  const actions = await compareAll(peer, batches, brief);
  say(
    `${rows.length} rows, 0 differences, ${backEndOf(compiled.program)}, ${JSON.stringify([...actions])}`,
  );
  // As many results are alive at once as the other side has in its hands.
  const kept: unknown[] = Array.from({ length: batchSize }, () => null);
  const each =
    (times: number, decide: (row: Row) => unknown): (() => void) =>
    () => {
      for (let turn = 0; turn < times; turn++) {
        for (let at = 0; at < rows.length; at++) kept[at % batchSize] = decide(rows[at]!);
      }
    };
  const [ours, theirs, full] = await interleave(
    [
      {
        ...{ name: "row-function", units: rows.length * repeats },
        label: { zh: "Tidemark 行函数", en: "Tidemark row function" },
        turn: each(repeats, brief),
      },
      {
        ...{ name: "zen-evaluate-batch", units: rows.length },
        label: { zh: "zen evaluateBatch", en: "zen evaluateBatch" },
        turn: async () => {
          for (const batch of batches) await peer.evaluateBatch(batch);
        },
      },
      {
        ...{ name: "evaluate", units: rows.length * 10 },
        label: {
          zh: "Tidemark evaluate（含原因证明）",
          en: "Tidemark evaluate with proved reasons",
        },
        turn: each(10, (row) => evaluate(compiled, row, asOf)),
      },
    ],
    { rounds: Number(options.rounds), warmups: 2 },
  );
  peer.dispose();
  const ratio = ratioOf(theirs!, ours!, "cpu");
  const label = {
    zh: "zen evaluateBatch 与行函数的处理器时间之比",
    en: "zen evaluateBatch to row function, processor time",
  };
  return {
    figures: [ours!, theirs!, full!].flatMap((timing) => [
      { name: `${timing.name}-us`, label: timing.label, value: unitUs(timing, "cpu"), unit: "µs" },
      {
        name: `${timing.name}-per-second`,
        label: timing.label,
        value: unitsPerSecond(timing, "cpu"),
        unit: "/s",
      },
    ]),
    ratios: [
      { name: "zen-to-row-function", label, value: ratio, unit: "×" },
      {
        name: "zen-to-evaluate",
        label: {
          zh: "zen evaluateBatch 与 evaluate 的处理器时间之比",
          en: "zen evaluateBatch to evaluate, processor time",
        },
        value: ratioOf(theirs!, full!, "cpu"),
        unit: "×",
      },
    ],
    required: [{ name: "zen-to-row-function", label, value: ratio, atLeast: leastRatio }],
  };
}

await runBench("row", { rows: "2048", rounds: "9", seed: "1" }, measure);
