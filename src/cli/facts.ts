// `tidemark facts`: the facts that are made of signals, what they are of one line on any date, and whether all of them are
// what the signals say.

import type { Command } from "commander";
import {
  aroundWindowText,
  exposureWindow,
  windowText,
  wireDeclared,
  wireDerived,
  wireVersion,
  type DeclaredFactWire,
} from "../adapters/http/wire/declared-fact.ts";
import { factDictionary } from "../adapters/http/fact-dictionary.ts";
import { wireFacts, wireSignal } from "../adapters/http/wire/fact.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { declaredIn } from "../compose.ts";
import { declaredForm } from "../domain/declared-fact.ts";
import { environmentTypes } from "../domain/environment-fact.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { factTrail, factsToTell } from "../flow/known-facts.ts";
import { rebuildFacts, type Rebuilt } from "../portfolio/rebuild-facts.ts";
import { amountText } from "./amount.ts";
import { addWhen, whenOf } from "./date-option.ts";
import { interrupted, note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { withheldFrom, withSession, type Session } from "./session.ts";
import { findLine, reaches } from "./subject.ts";
import { tableText } from "./table.ts";
import { nouns } from "./words.ts";

/** Exit code when facts are not what the signals say (EX_DATAERR). */
export const factsDiffer = 65;

const factsNoun: Text = { en: "Facts that are made of signals", zh: "依据信号生成的事实" };

export function registerFacts(program: Program): void {
  const noun = program.noun("facts", factsNoun);
  const list = program.add(noun, "list", { en: "List the declared facts", zh: "已声明的事实" }, [
    "facts list",
    "facts list --json",
  ]);
  program.action(list, async (frame) => listFacts(frame));
  registerShow(program, noun);
  registerTrail(program, noun);
  registerRebuild(program, noun);
}

function registerShow(program: Program, noun: Command): void {
  const show = program.add(
    noun,
    "show",
    {
      en: "Show the facts about a line on a date, and what they rest on",
      zh: "查看授信在某日的事实及其依据",
    },
    [
      "facts show L-1001",
      "facts show L-1001 --as-of 2026-03-31 --known-at 2026-04-02T08:00:00.000Z --json",
    ],
  );
  addWhen(program, show.argument("<line>", program.text(nouns.line.one)));
  program.action(show, (frame, [line], options) =>
    withSession(frame, (session) => showFacts(frame, session, String(line), options)),
  );
}

function registerTrail(program: Program, noun: Command): void {
  const trail = program.add(
    noun,
    "trail",
    {
      en: "Show every version of what a fact rests on, and the signals behind it",
      zh: "查看事实依据的各个版本及其来源信号",
    },
    [
      "facts trail L-1001 drawdowns30Days",
      "facts trail L-1001 bureauScoreChange30Days --as-of 2026-03-31 --json",
    ],
  );
  trail
    .argument("<line>", program.text(nouns.line.one))
    .argument("<fact>", program.text({ en: "name of the fact", zh: "事实名称" }));
  addWhen(program, trail);
  program.action(trail, (frame, [line, fact], options) =>
    withSession(frame, (session) =>
      showTrail(frame, session, { line: String(line), fact: String(fact) }, options),
    ),
  );
}

function registerRebuild(program: Program, noun: Command): void {
  const rebuild = program.add(
    noun,
    "rebuild",
    { en: "Make all facts again from the signals", zh: "依据信号重建全部事实" },
    ["facts rebuild --check", "facts rebuild --json"],
  );
  rebuild.option(
    "--check",
    program.text({ en: "compare and change nothing", zh: "仅比对，不作更改" }),
  );
  program.changesData(rebuild);
  program.action(rebuild, (frame, _args, options) =>
    withSession(frame, (session) => rebuildAll(frame, session, options["check"] === true)),
  );
}

function listFacts(frame: Frame): number {
  const declared = declaredIn(frame.config);
  const { facts, measures, environment, exposure } = declared;
  const rows = [
    ...[...facts.values()].map((fact) => {
      const { signal } = measures.get(fact.of)!;
      return { fact, window: windowText(fact), signal };
    }),
    ...[...environment.values()].map((fact) => {
      const [signal] = environmentTypes([fact]);
      return { fact, window: aroundWindowText(fact), signal: signal! };
    }),
    ...[...exposure.values()].map((fact) => ({ fact, window: exposureWindow, signal: "–" })),
  ].map((row) => {
    const { unit = null, type } = declaredForm(declared, row.fact.name)!;
    return { ...row, type, unit };
  });
  printJson(frame, { data: rows.map(({ fact, ...form }) => ({ ...fact, ...form })) });
  if (frame.json) return exitCodes.success;
  const columns = [
    { label: words.fact },
    { label: words.meaning },
    { label: words.window },
    { label: words.unit },
    { label: words.signal },
  ];
  const cells = rows.map(({ fact, type, unit, signal, window }) => [
    ...[fact.name, say(frame, fact.label), say(frame, window), unit ?? type, signal],
  ]);
  frame.terminal.out(tableText(frame, columns, cells));
  return exitCodes.success;
}

const words = {
  fact: { en: "fact", zh: "事实" },
  meaning: { en: "meaning", zh: "含义" },
  window: { en: "window", zh: "窗口" },
  unit: { en: "unit", zh: "单位" },
  signal: { en: "signal", zh: "信号" },
  value: { en: "value", zh: "取值" },
  from: { en: "from", zh: "自" },
  age: { en: "age in days", zh: "距今天数" },
  panes: { en: "days told of", zh: "依据天数" },
  line: { en: "line", zh: "授信" },
  measure: { en: "measure", zh: "度量" },
  day: { en: "day", zh: "日期" },
  stored: { en: "stored", zh: "已存" },
  expected: { en: "by the signals", zh: "应为" },
  knownAt: { en: "known since", zh: "获知时间" },
  told: { en: "times told", zh: "次数" },
  sum: { en: "sum", zh: "合计" },
  last: { en: "last", zh: "末值" },
  source: { en: "source", zh: "来源" },
  id: { en: "id", zh: "编号" },
} as const satisfies Readonly<Record<string, Text>>;

async function showFacts(
  frame: Frame,
  session: Session,
  text: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { world } = session.tidemark;
  const when = whenOf(options);
  if (isRefusal(when)) return printRefusal(frame, when);
  const line = await findLine(world.store.reads, text);
  if (isRefusal(line)) return printRefusal(frame, line);
  if (!reaches(session.actor, line)) {
    return printRefusal(frame, notFound({ en: "line", zh: "授信" }, text));
  }
  const on = when.asOf ?? world.clock.dateOf(await world.clock.now());
  const told = await factsToTell(world, line, on, when.knownAt);
  const declared = wireDeclared(told, world.declared, line, on, session.actor);
  const dictionary = await factDictionary(world.store.strategies);
  const withheld = await withheldFrom(session);
  const reading = { dictionary, currency: line.currency, on, withheld };
  printJson(frame, { line: line.reference, on, ...wireFacts(told.row, reading), declared });
  if (!frame.json) frame.terminal.out(factsText(frame, declared));
  return exitCodes.success;
}

async function showTrail(
  frame: Frame,
  session: Session,
  named: Readonly<{ line: string; fact: string }>,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { world } = session.tidemark;
  const when = whenOf(options);
  if (isRefusal(when)) return printRefusal(frame, when);
  const line = await findLine(world.store.reads, named.line);
  if (isRefusal(line)) return printRefusal(frame, line);
  if (!reaches(session.actor, line)) {
    return printRefusal(frame, notFound({ en: "line", zh: "授信" }, named.line));
  }
  const on = when.asOf ?? world.clock.dateOf(await world.clock.now());
  const trail = await factTrail(world, line, named.fact, on, when.knownAt);
  if (trail === null) return printRefusal(frame, notFound(factsNoun, named.fact));
  const fact = wireDerived(trail.derived, world.declared, line.currency, session.actor);
  const withheld = await withheldFrom(session);
  const versions = fact.withheld ? [] : trail.versions.map(wireVersion);
  const signals = fact.withheld
    ? []
    : trail.signals.map((event) => wireSignal(event, line.currency, withheld));
  printJson(frame, { line: line.reference, on, fact, versions, signals });
  if (frame.json) return exitCodes.success;
  const columns = [
    ...[{ label: words.day }, { label: words.measure }, { label: words.knownAt }],
    ...[
      { label: words.told, right: true },
      { label: words.sum, right: true },
    ],
    { label: words.last, right: true },
  ];
  const rows = versions.map(({ on: day, measure, knownAt, count, sum, last }) =>
    [day, measure, knownAt, count, sum ?? "–", last ?? "–"].map(String),
  );
  frame.terminal.out(factsText(frame, [fact]));
  frame.terminal.out(tableText(frame, columns, rows));
  const told = signals.map(({ asOf, type, source, id, recordedAt }) => [
    ...[asOf, type, source, id, recordedAt],
  ]);
  const labels = [words.day, words.signal, words.source, words.id, words.knownAt];
  frame.terminal.out(
    tableText(
      frame,
      labels.map((label) => ({ label })),
      told,
    ),
  );
  return exitCodes.success;
}

function factsText(frame: Frame, facts: readonly DeclaredFactWire[]): string {
  const columns = [
    { label: words.fact },
    { label: words.value, right: true },
    { label: words.unit },
    { label: words.window },
    { label: words.from },
    { label: words.age, right: true },
    { label: words.panes, right: true },
  ];
  const rows = facts.map((one) => [
    ...[one.name, valueText(frame, one), one.unit ?? one.type, say(frame, one.window), one.from],
    ...[one.ageDays === null ? "–" : String(one.ageDays), String(one.panes.length)],
  ]);
  return tableText(frame, columns, rows);
}

function valueText(frame: Frame, { value, withheld }: DeclaredFactWire): string {
  if (withheld) return say(frame, { en: "withheld", zh: "不予显示" });
  if (value === null) return "–";
  return typeof value === "object" ? amountText(value.amount, value.currency) : String(value);
}

const shownDifferences = 50;

async function rebuildAll(frame: Frame, session: Session, isCheck: boolean): Promise<number> {
  const { world, portfolio } = session.tidemark;
  const check = isCheck || frame.dryRun;
  const bar = startProgress(
    frame,
    { en: "Rebuilding", zh: "重建中" },
    { en: "buckets", zh: "分桶" },
  );
  const found = await rebuildFacts(world, portfolio, session.actor, {
    ...{ check, stop: session.stopped },
    onProgress: ({ buckets, signals }, all) => bar.update(buckets, all, String(signals)),
  }).finally(bar.stop);
  if (isRefusal(found)) return printRefusal(frame, found);
  printJson(frame, { check, ...found });
  tellRebuilt(frame, found, check);
  if (session.stopped()) return interrupted;
  return check && found.different > 0 ? factsDiffer : exitCodes.success;
}

function tellRebuilt(frame: Frame, found: Rebuilt, check: boolean): void {
  const { signals, panes, different, written } = found;
  print(frame, {
    en: `${signals} signals, ${panes} panes: ${different} differences${check ? "" : `, ${written} written anew`}`,
    zh: `信号 ${signals} 条，日窗格 ${panes} 个：差异 ${different}${check ? "" : `，已重写 ${written}`}`,
  });
  if (check && different > 0) note(frame, whatNext);
  if (frame.json || different === 0) return;
  const columns = [words.line, words.measure, words.day, words.stored, words.expected];
  const rows = found.differences
    .slice(0, shownDifferences)
    .map((one) => [
      ...[one.lineId, one.measure, one.onDate],
      ...[one.stored, one.expected].map((pane) => (pane === null ? "–" : JSON.stringify(pane))),
    ]);
  frame.terminal.out(
    tableText(
      frame,
      columns.map((label) => ({ label })),
      rows,
    ),
  );
}

const whatNext: Text = {
  en: "Facts differ from the signals: tidemark facts rebuild writes them anew, as known from now on",
  zh: "事实与信号不一致：运行 tidemark facts rebuild 重写，自此刻起生效",
};
