// `tidemark wave` undoes the decisions of a sweep: one person proposes it and sees what it would do, another one approves
// it, which does the work. Ctrl-C leaves the rest to `wave resume` or to the server.

import { Option } from "commander";
import { wireUndo, wireUndone } from "../adapters/http/wire/wave.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { gatedActions, type GatedAction } from "../compliance/pack.ts";
import type { Tidemark } from "../compose.ts";
import { reachesPortfolio, type Actor } from "../domain/actor.ts";
import { bucketCount, type Id } from "../domain/id.ts";
import type { Currency } from "../domain/money.ts";
import { reasonCodes, type ReasonCode } from "../domain/reason-code.ts";
import { isRefusal, notFound, refusals, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { noUndoCounts } from "../portfolio/wave-counts.ts";
import {
  undoneWays,
  type UndoCounts,
  type UndoneLine,
  type UndoneWay,
  type WaveFilter,
  type WaveUndo,
} from "../portfolio/wave-ports.ts";
import { decideUndo, proposeUndo, runUndo } from "../portfolio/wave-undo.ts";
import { amountText } from "./amount.ts";
import { interrupted, note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { withSession, type Session } from "./session.ts";
import { idOf } from "./subject.ts";
import { detailsText, tableText } from "./table.ts";
import { actionWords, undoneWords, waveUndoStateWords } from "./words.ts";

/** What the decisions of one sweep are called. */
export const waveLabel: Text = {
  en: "The wave of a sweep: holding what is left of it, undoing it",
  zh: "一次扫描的批次：暂停与撤销",
};

const undoLabel: Text = { en: "id of an undoing", zh: "撤销编号" };

export function registerWaves(program: Program): void {
  const noun = program.noun("wave", waveLabel);
  registerUndo(program, noun);
  const verbs = [
    ["approve", { en: "Approve an undoing and do it", zh: "批准撤销并执行" }, approve],
    ["resume", { en: "Go on with an approved undoing", zh: "继续已批准的撤销" }, resume],
    ["reject", { en: "Reject an undoing", zh: "驳回撤销" }, reject],
  ] as const;
  for (const [verb, label, act] of verbs) {
    const command = program.add(noun, verb, label, [`wave ${verb} ID`]);
    command.argument("<id>", program.text(undoLabel));
    program.changesData(command);
    program.action(command, (frame, [id]) =>
      withSession(frame, (session) =>
        withId(frame, String(id), (known) => act(frame, session, known)),
      ),
    );
  }
  registerReads(program, noun);
}

function registerUndo(program: Program, noun: ReturnType<Program["noun"]>): void {
  const undo = program.add(
    noun,
    "undo",
    { en: "Propose to undo the wave of a sweep", zh: "提出撤销一次扫描的批次" },
    [
      'wave undo SWEEP --reason "Wrong region in the file" --dry-run',
      'wave undo SWEEP --reason "Wrong region in the file" --region guangdong --action decrease',
    ],
  );
  undo
    .argument("<sweep>", program.text({ en: "id of a sweep", zh: "扫描编号" }))
    .requiredOption("--reason <text>", program.text({ en: "why it is undone", zh: "撤销理由" }))
    .option("--segment <name>", program.text({ en: "decisions of one segment", zh: "指定客群" }))
    .option("--region <name>", program.text({ en: "lines of one region", zh: "指定地区" }))
    .addOption(
      new Option("--action <action>", program.text({ en: "of one kind", zh: "指定处置" })).choices(
        gatedActions,
      ),
    )
    .addOption(
      new Option(
        "--reason-code <code>",
        program.text({ en: "for one principal reason", zh: "指定主要原因" }),
      ).choices(Object.keys(reasonCodes)),
    );
  program.changesData(undo);
  program.action(undo, (frame, [sweep], options) =>
    withSession(frame, (session) =>
      withId(frame, String(sweep), (sweepId) => propose(frame, session, sweepId, options)),
    ),
  );
}

function registerReads(program: Program, noun: ReturnType<Program["noun"]>): void {
  const list = program.add(
    noun,
    "list",
    {
      en: "List undoings, newest first",
      zh: "撤销列表（由新到旧）",
    },
    ["wave list --limit 5"],
  );
  list.option("--sweep <id>", program.text({ en: "of one sweep", zh: "指定扫描" }));
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listUndos(frame, session, options)),
  );
  const show = program.add(noun, "show", { en: "Show an undoing", zh: "查看撤销" }, [
    "wave show ID",
  ]);
  show.argument("<id>", program.text(undoLabel));
  program.action(show, (frame, [id]) =>
    withSession(frame, (session) =>
      withUndo(frame, session, String(id), (undo) => reportUndo(frame, session.tidemark, undo)),
    ),
  );
  const lines = program.add(
    noun,
    "lines",
    { en: "What became of each decision", zh: "各决定的处理结果" },
    ["wave lines ID --did refused"],
  );
  lines
    .argument("<id>", program.text(undoLabel))
    .addOption(
      new Option(
        "--did <way>",
        program.text({ en: "that came out one way", zh: "指定结果" }),
      ).choices(undoneWays),
    );
  addPaging(program, lines);
  program.action(lines, (frame, [id], options) =>
    withSession(frame, (session) =>
      withUndo(frame, session, String(id), (undo) => listLines(frame, session, undo, options)),
    ),
  );
}

async function withId(
  frame: Frame,
  text: string,
  act: (id: Id) => Promise<number>,
): Promise<number> {
  const id = idOf(text);
  return isRefusal(id) ? printRefusal(frame, id) : act(id);
}

async function withUndo(
  frame: Frame,
  { tidemark, actor }: Session,
  text: string,
  act: (undo: WaveUndo) => Promise<number>,
): Promise<number> {
  return withId(frame, text, async (id) => {
    const undo = await findUndo(tidemark, id, actor);
    return isRefusal(undo) ? printRefusal(frame, undo) : act(undo);
  });
}

async function findUndo(
  { portfolio }: Tidemark,
  id: Id,
  { scope }: Actor,
): Promise<WaveUndo | Refusal> {
  const undo = await portfolio.waves.find(id);
  return undo !== null && reachesPortfolio(scope, undo.portfolio)
    ? undo
    : notFound({ en: "undoing of a wave", zh: "批次撤销" }, id);
}

async function propose(
  frame: Frame,
  { tidemark, actor }: Session,
  sweepId: Id,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { world, portfolio } = tidemark;
  const { dryRun } = frame;
  const reason = String(options["reason"]);
  const asked = { sweepId, filter: filterOf(options), reason, actor };
  const preview = await proposeUndo(world, portfolio, asked, { dryRun });
  if (isRefusal(preview)) return printRefusal(frame, preview);
  const { undo, examples } = preview;
  const currency = await currencyOf(tidemark, undo);
  printJson(frame, {
    ...wireUndo(undo, noUndoCounts, currency, dryRun),
    examples: examples.map((line) => wireUndone(line, currency, frame.language)),
  });
  if (dryRun) print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  if (frame.json) return exitCodes.success;
  frame.terminal.out(undoText(frame, undo, undo.planned, currency));
  frame.terminal.out(`\n${linesText(frame, examples, currency)}`);
  if (!dryRun) {
    note(frame, {
      en: `Somebody else approves it: tidemark wave approve ${undo.id}`,
      zh: `须由他人批准：tidemark wave approve ${undo.id}`,
    });
  }
  return exitCodes.success;
}

function filterOf(options: Readonly<Record<string, unknown>>): WaveFilter {
  const named = (name: string): string | null =>
    typeof options[name] === "string" ? options[name] : null;
  return {
    segment: named("segment"),
    region: named("region"),
    action: named("action") as GatedAction | null,
    reason: named("reasonCode") as ReasonCode | null,
  };
}

async function approve(frame: Frame, session: Session, id: Id): Promise<number> {
  const { world, portfolio } = session.tidemark;
  const { dryRun } = frame;
  const undo = await decideUndo(world, portfolio, id, "approve", session.actor, { dryRun });
  if (isRefusal(undo)) return printRefusal(frame, undo);
  return dryRun ? reportUndo(frame, session.tidemark, undo) : workOn(frame, session, id);
}

async function resume(frame: Frame, session: Session, id: Id): Promise<number> {
  const undo = await findUndo(session.tidemark, id, session.actor);
  if (isRefusal(undo)) return printRefusal(frame, undo);
  return frame.dryRun ? reportUndo(frame, session.tidemark, undo) : workOn(frame, session, id);
}

async function reject(frame: Frame, { tidemark, actor }: Session, id: Id): Promise<number> {
  const { world, portfolio } = tidemark;
  const { dryRun } = frame;
  const undo = await decideUndo(world, portfolio, id, "reject", actor, { dryRun });
  return isRefusal(undo) ? printRefusal(frame, undo) : reportUndo(frame, tidemark, undo);
}

async function workOn(frame: Frame, session: Session, id: Id): Promise<number> {
  const { tidemark, stopped, pause } = session;
  const label: Text = { en: "Undoing", zh: "撤销中" };
  const bar = startProgress(frame, label, { en: "buckets", zh: "分桶" });
  const undo = await runUndo(tidemark.world, tidemark.portfolio, id, {
    ...{ owner: tidemark.owner, stop: stopped, pause },
    onDone: (done) => bar.update(done, bucketCount, ""),
  }).finally(() => bar.stop());
  const code = await reportUndo(frame, tidemark, undo);
  if (undo.state !== "running") return code;
  note(frame, {
    en: `Stopped: tidemark wave resume ${id} goes on with it`,
    zh: `已停止：运行 tidemark wave resume ${id} 继续`,
  });
  return interrupted;
}

const words = {
  id: { en: "undoing", zh: "撤销" },
  sweep: { en: "sweep", zh: "扫描" },
  state: { en: "state", zh: "状态" },
  only: { en: "only", zh: "范围" },
  reason: { en: "reason", zh: "理由" },
  author: { en: "proposed by", zh: "提出人" },
  decidedBy: { en: "decided by", zh: "审批人" },
  withdrawn: { en: "withdrawn", zh: "已撤回" },
  restored: { en: "restored", zh: "已恢复" },
  amount: { en: "amount", zh: "金额" },
  refused: { en: "left as they are", zh: "保持不变" },
  line: { en: "line", zh: "授信" },
  did: { en: "what became of it", zh: "处理" },
  because: { en: "because", zh: "原因" },
  decision: { en: "decision", zh: "决定" },
} as const satisfies Readonly<Record<string, Text>>;

function undoText(frame: Frame, undo: WaveUndo, counts: UndoCounts, currency: Currency): string {
  const { segment, region, action, reason } = undo.filter;
  const only = [
    segment,
    region,
    action === null ? null : say(frame, actionWords[action]),
    reason,
  ].filter((part) => part !== null);
  const refused = Object.entries(counts.refused).map(
    ([code, count]) => `${count} ${say(frame, refusals[code as keyof typeof refusals])}`,
  );
  return detailsText(frame, [
    [words.id, undo.id],
    [words.sweep, undo.sweepId],
    [words.state, say(frame, waveUndoStateWords[undo.state])],
    ...(only.length === 0 ? [] : [[words.only, only.join(", ")] as const]),
    [words.reason, undo.reason],
    [words.author, undo.author],
    [words.decidedBy, undo.decidedBy ?? "–"],
    [words.withdrawn, String(counts.withdrawn)],
    [words.restored, String(counts.restored)],
    [words.amount, amountText(counts.amountMinor, currency)],
    [words.refused, refused.join("\n") || "0"],
  ]);
}

function linesText(frame: Frame, lines: readonly UndoneLine[], currency: Currency): string {
  return tableText(
    frame,
    lineColumns,
    lines.map((line) => lineCells(frame, line, currency)),
  );
}

const lineColumns = [
  { label: words.line },
  { label: words.did },
  { label: words.amount, right: true },
  { label: words.because },
  { label: words.decision },
];

function lineCells(frame: Frame, line: UndoneLine, currency: Currency): readonly string[] {
  return [
    line.reference,
    say(frame, undoneWords[line.did]),
    amountText(line.amountMinor, currency),
    line.because === null ? "–" : say(frame, line.because),
    line.restorationId ?? line.decisionId,
  ];
}

async function reportUndo(frame: Frame, tidemark: Tidemark, undo: WaveUndo): Promise<number> {
  const currency = await currencyOf(tidemark, undo);
  const done = await tidemark.portfolio.waves.counts(undo.id);
  printJson(frame, wireUndo(undo, done, currency, frame.dryRun));
  if (frame.json) return exitCodes.success;
  const shown = undo.state === "proposed" ? undo.planned : done;
  frame.terminal.out(undoText(frame, undo, shown, currency));
  return exitCodes.success;
}

async function listUndos(
  frame: Frame,
  { tidemark, actor }: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const sweep = typeof options["sweep"] === "string" ? idOf(options["sweep"]) : null;
  if (isRefusal(sweep)) return printRefusal(frame, sweep);
  const { waves } = tidemark.portfolio;
  const found = await waves.list(page.after, page.limit, sweep);
  const next = found.length === page.limit ? (found.at(-1)?.id ?? null) : null;
  const seen = found.filter(({ portfolio }) => reachesPortfolio(actor.scope, portfolio));
  const rows = await Promise.all(
    seen.map(async (undo) => ({
      undo,
      done: await waves.counts(undo.id),
      currency: await currencyOf(tidemark, undo),
    })),
  );
  const columns = ["id", "sweep", "state", "author", "withdrawn", "restored"] as const;
  printPage(
    frame,
    { rows, next },
    ({ undo, done, currency }) => wireUndo(undo, done, currency),
    columns.map((name) => ({ label: words[name] })),
    ({ undo, done }) => [
      ...[undo.id, undo.sweepId, say(frame, waveUndoStateWords[undo.state]), undo.author],
      ...[String(done.withdrawn), String(done.restored)],
    ],
  );
  return exitCodes.success;
}

async function listLines(
  frame: Frame,
  { tidemark }: Session,
  undo: WaveUndo,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const did = (options["did"] as UndoneWay | undefined) ?? null;
  const rows = await tidemark.portfolio.waves.undone(undo.id, page.after, page.limit, did);
  const next = rows.length === page.limit ? (rows.at(-1)?.decisionId ?? null) : null;
  const currency = await currencyOf(tidemark, undo);
  printPage(
    frame,
    { rows, next },
    (line) => wireUndone(line, currency, frame.language),
    lineColumns,
    (line) => lineCells(frame, line, currency),
  );
  return exitCodes.success;
}

async function currencyOf(
  { world, portfolio }: Tidemark,
  { sweepId }: WaveUndo,
): Promise<Currency> {
  const sweep = await portfolio.sweeps.find(sweepId);
  const { document } = await world.loadStrategy(sweep!.strategy.hash);
  return document.currency;
}
