// `tidemark signal send`, `signal types` and `signal news`: a file of events through the one door of all signals, what may
// stand in it, and how far news of places has spread.

import { resolve } from "node:path";
import { openEventLines, type EventLine } from "../adapters/files/ndjson-lines.ts";
import { exitCodes, refusalTable } from "../adapters/refusal-table.ts";
import { exampleEvent, subjectTexts } from "../adapters/signals/signal-schema.ts";
import { wireTaken } from "../adapters/http/routes/signal-routes.ts";
import type { EnvironmentNews, EnvironmentNewsState } from "../domain/environment-news.ts";
import { bucketCount } from "../domain/id.ts";
import { isRefusal, refusals, refuse, type Refusal, type RefusalCode } from "../domain/refusal.ts";
import { signalCatalogue, signalTypes } from "../domain/signal-catalogue.ts";
import type { TakenSignal } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import { signalDesk, type SignalDesk } from "../flow/signal-desk.ts";
import { longestEvent } from "../flow/take-signals.ts";
import { interrupted, note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { pageOf, printPage } from "./page.ts";
import { startProgress, type Progress } from "./progress.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { detailsText, tableText, type Column } from "./table.ts";

/** What the noun is called. */
export const signalNoun: Text = { en: "Signals from outside", zh: "外部信号" };

/** The desk of an open session. */
export function deskOf({ tidemark }: Session): SignalDesk {
  return signalDesk(tidemark.world, tidemark.config.clockSkewMs);
}

export function registerSignals(program: Program): void {
  const noun = program.noun("signal", signalNoun);
  const send = program.add(
    noun,
    "send",
    {
      en: "Send events from a file, one CloudEvent a line",
      zh: "从文件发送事件，每行一个 CloudEvent",
    },
    [
      "signal send events.ndjson --dry-run",
      "signal send events.ndjson --json",
      "signal send - < feed",
    ],
  );
  send.argument("<file>", program.text(fileLabel));
  program.changesData(send);
  program.action(send, (frame, [file]) =>
    withSession(frame, (session) => sendFile(frame, session, String(file))),
  );
  const types = program.add(
    noun,
    "types",
    { en: "List the types of signals, or show an example of one", zh: "信号类型列表，或查看示例" },
    ["signal types", "signal types bureau-report"],
  );
  types.argument(
    "[type]",
    program.text({ en: "show an event of this type", zh: "查看该类型的示例" }),
  );
  program.action(types, async (frame, [type]) => showTypes(frame, type));
  const news = program.add(
    noun,
    "news",
    {
      en: "Show news of countries, regions and industries and how far it has spread to lines",
      zh: "查看国家、地区、行业的环境变化及其扩散到授信的进度",
    },
    ["signal news", "signal news --limit 5 --json"],
  );
  news.option("--limit <number>", program.text({ en: "most rows to show", zh: "最多显示行数" }));
  program.action(news, (frame, _args, options) =>
    withSession(frame, (session) => showNews(frame, session, options)),
  );
}

const fileLabel: Text = {
  en: "NDJSON file, or - for standard input",
  zh: "NDJSON 文件，- 表示标准输入",
};

const eventsAtOnce = 500;

type Counts = Record<"events" | "recorded" | "duplicates" | "rejected", number>;

type Sending = {
  readonly counts: Counts;
  readonly byCode: Map<RefusalCode, number>;
  readonly firstRejected: (readonly [number, TakenSignal])[];
  stoppedBy: Refusal | null;
};

async function sendFile(frame: Frame, session: Session, file: string): Promise<number> {
  const path = file === "-" ? file : resolve(frame.terminal.workingFolder, file);
  const { totalBytes, lines } = await openEventLines(path, longestEvent);
  const sending: Sending = {
    counts: { events: 0, recorded: 0, duplicates: 0, rejected: 0 },
    ...{ byCode: new Map(), firstRejected: [], stoppedBy: null },
  };
  const bar = startProgress(frame, { en: "Sending", zh: "发送中" }, { en: "MB", zh: "MB" });
  try {
    let batch: EventLine[] = [];
    for await (const line of lines) {
      batch.push(line);
      if (batch.length < eventsAtOnce) continue;
      await sendSome(frame, session, batch, sending);
      tellBytes(bar, batch, totalBytes, sending.counts);
      batch = [];
      if (session.stopped() || sending.stoppedBy !== null) break;
    }
    if (batch.length > 0 && !session.stopped()) await sendSome(frame, session, batch, sending);
  } finally {
    bar.stop();
  }
  return reportSending(frame, sending, session.stopped());
}

function tellBytes(
  bar: Progress,
  batch: readonly EventLine[],
  total: number | null,
  { events }: Counts,
): void {
  const megabytes = (bytes: number): number => Math.round(bytes / 100_000) / 10;
  const done = megabytes(batch.at(-1)!.bytes);
  bar.update(done, total === null ? done : megabytes(total), String(events));
}

const mostShown = 20;

async function sendSome(
  frame: Frame,
  session: Session,
  batch: readonly EventLine[],
  sending: Sending,
): Promise<void> {
  const incoming = batch.map((one) => one.incoming);
  const taken = await deskOf(session).take(session.actor, incoming, { dryRun: frame.dryRun });
  taken.forEach((one, index) => {
    const { counts, byCode, firstRejected } = sending;
    if (one.outcome === "refused") {
      sending.stoppedBy ??= one.refusal;
      return;
    }
    counts.events += 1;
    if ("lineIds" in one) counts[one.outcome === "recorded" ? "recorded" : "duplicates"] += 1;
    else {
      counts.rejected += 1;
      const { refused } = one.refusal;
      byCode.set(refused, (byCode.get(refused) ?? 0) + 1);
      if (firstRejected.length < mostShown) firstRejected.push([batch[index]!.line, one]);
    }
  });
}

const words = {
  events: { en: "events", zh: "事件" },
  recorded: { en: "  recorded", zh: "  已计入" },
  duplicates: { en: "  known already", zh: "  此前已计入" },
  rejected: { en: "  rejected", zh: "  被拒绝" },
} as const satisfies Readonly<Record<keyof Counts, Text>>;

/** What became of all of them; the exit code of the most frequent refusal where some were rejected. */
function reportSending(
  frame: Frame,
  { counts, byCode, firstRejected, stoppedBy }: Sending,
  isStopped: boolean,
): number {
  const { dryRun, language } = frame;
  printJson(frame, {
    ...{ dryRun, ...counts },
    rejectedBy: Object.fromEntries(byCode),
    firstRejected: firstRejected.map(([line, one]) => ({
      line,
      ...wireTaken(one, language, dryRun),
    })),
  });
  if (dryRun) print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  if (!frame.json) {
    const rows = Object.entries(words).map(
      ([name, label]) => [label, String(counts[name as keyof Counts])] as const,
    );
    frame.terminal.out(detailsText(frame, rows));
  }
  for (const [line, one] of firstRejected.slice(0, 5)) {
    if ("refusal" in one) {
      const { detail } = one.refusal;
      note(frame, { en: `Line ${line}: ${detail.en}`, zh: `第 ${line} 行：${detail.zh}` });
    }
  }
  if (counts.rejected > 0 && !dryRun) note(frame, whatNext);
  if (stoppedBy !== null) return printRefusal(frame, stoppedBy);
  if (isStopped) {
    note(frame, {
      en: "Stopped: run the same command to go on, what is recorded counts once",
      zh: "已停止：再次运行同一命令可继续，已计入的事件不会重复",
    });
    return interrupted;
  }
  const [most] = [...byCode].toSorted(([, one], [, other]) => other - one);
  return most === undefined ? exitCodes.success : refusalTable[most[0]].exitCode;
}

const whatNext: Text = {
  en: "Rejected events are kept: see tidemark signal dead-letters",
  zh: "被拒绝的事件已留存：可运行 tidemark signal dead-letters 查看",
};

function showTypes(frame: Frame, type: unknown): number {
  if (typeof type === "string") return showExample(frame, type);
  printJson(frame, { data: signalTypes.map((name) => ({ type: name, ...signalCatalogue[name] })) });
  if (frame.json) return exitCodes.success;
  const columns = [
    { label: { en: "type", zh: "类型" } },
    { label: { en: "meaning", zh: "含义" } },
    { label: { en: "subject", zh: "对象" } },
    { label: { en: "fields", zh: "字段" } },
  ];
  const rows = signalTypes.map((name) => {
    const { label, about, fields } = signalCatalogue[name];
    const names = Object.entries(fields).map(
      ([field, { required }]) => field + (required === true ? "" : "?"),
    );
    return [name, say(frame, label), say(frame, subjectTexts[about]), names.join(" ")];
  });
  frame.terminal.out(tableText(frame, columns, rows));
  return exitCodes.success;
}

function showExample(frame: Frame, type: string): number {
  const known = signalTypes.find((one) => one === type);
  if (known === undefined) {
    return printRefusal(
      frame,
      refuse("not-found", {
        en: `Unknown type of signal: found ${JSON.stringify(type.slice(0, 80))}, expected one of ${signalTypes.join(", ")}`,
        zh: `未知信号类型：${JSON.stringify(type.slice(0, 80))}，应为 ${signalTypes.join("、")} 之一`,
      }),
    );
  }
  frame.terminal.out(`${JSON.stringify(exampleEvent(known), null, 2)}\n`);
  return exitCodes.success;
}

const newsColumns: readonly Column[] = [
  { label: { en: "place", zh: "地点" } },
  { label: { en: "known at", zh: "获知时间" } },
  { label: { en: "state", zh: "状态" } },
  { label: { en: "changed", zh: "变化的事实" } },
  { label: { en: "lines", zh: "授信数" }, right: true },
  { label: { en: "triggers held", zh: "触发" }, right: true },
  { label: { en: "decided", zh: "决定" }, right: true },
  { label: { en: "id", zh: "编号" } },
];

const newsStates: Readonly<Record<EnvironmentNewsState, Text>> = {
  waiting: { en: "waiting", zh: "等待" },
  spreading: { en: "spreading", zh: "扩散中" },
  done: { en: "done", zh: "完成" },
};

async function showNews(
  frame: Frame,
  { tidemark }: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const rows = await tidemark.world.store.environment.newestNews(page.limit);
  const stateText = ({ state, nextBucket }: EnvironmentNews): string => {
    const share = Math.floor((100 * nextBucket) / bucketCount);
    return say(frame, newsStates[state]) + (state === "spreading" ? ` ${share}%` : "");
  };
  const wire = (one: EnvironmentNews): EnvironmentNews => one;
  printPage(frame, { rows, next: null }, wire, newsColumns, (one) => [
    ...[one.place, one.knownAt, stateText(one), one.changed.join(" ") || "–"],
    ...[String(one.lines), String(one.held), String(one.decided), one.id],
  ]);
  return exitCodes.success;
}

/** A refusal as a line of a table: what it is called. */
export function refusalWord(frame: Frame, code: RefusalCode): string {
  return refusals[code][frame.language];
}
