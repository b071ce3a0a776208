// `tidemark review approve --all` and its like for reject, assign and snooze: what is open in a sweep or queue, shown with
// what would happen and what would be refused, and done after a yes.

import { Option, type Command } from "commander";
import { exitCodes, refusalTable } from "../adapters/refusal-table.ts";
import { wireBulk } from "../adapters/http/wire/review-desk.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { moneyText } from "../domain/money.ts";
import { isRefusal, refusals, refuse, type Refusal } from "../domain/refusal.ts";
import { reviewQueues, type ReviewCase } from "../domain/review-case.ts";
import type { Text } from "../domain/text.ts";
import { bulkReview } from "../flow/review-bulk.ts";
import {
  bulkMost,
  type BulkRequest,
  type BulkResult,
  type BulkVerb,
} from "../flow/review-ports.ts";
import type { CommandSpec } from "../flow/step.ts";
import { bodyOf } from "./fields.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Bulk } from "./pipeline-verbs.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { casesFilter } from "./review-filter.ts";
import { withSession, type Session } from "./session.ts";
import { tableText } from "./table.ts";

type Options = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<BulkVerb, string>> = {
  approve: "Approve",
  reject: "Reject",
  assign: "AssignReview",
  snooze: "SnoozeReview",
};

/** The verbs that can be sent for many cases at once. */
export const reviewBulks: readonly Bulk[] = (Object.keys(kinds) as BulkVerb[]).map((verb) => ({
  kind: kinds[verb],
  register: addSelection,
  wanted: (options) => options["all"] === true,
  run: (frame, spec, options) =>
    withSession(frame, (session) => runBulk(frame, session, { verb, spec, options })),
}));

function addSelection(program: Program, command: Command): void {
  command
    .option(
      "--all",
      program.text({
        en: "all open cases of --sweep or --queue, with a reason",
        zh: "--sweep 或 --queue 的全部待办，须填写理由",
      }),
    )
    .option(
      "--sweep <id>",
      program.text({ en: "with --all: that one sweep led to", zh: "与 --all 同用：指定扫描" }),
    )
    .addOption(
      new Option(
        "--queue <queue>",
        program.text({ en: "with --all: of one queue", zh: "与 --all 同用：指定队列" }),
      ).choices(reviewQueues),
    )
    .option(
      "--limit <number>",
      program.text({ en: "with --all: at most so many", zh: "与 --all 同用：最多件数" }),
    )
    .option("--yes", program.text({ en: "with --all: do not ask", zh: "与 --all 同用：不再询问" }));
}

type Asked = Readonly<{ verb: BulkVerb; spec: CommandSpec; options: Options }>;

async function runBulk(frame: Frame, session: Session, asked: Asked): Promise<number> {
  const { verb, spec, options } = asked;
  const limit = wholeNumber(options["limit"], Number.MAX_SAFE_INTEGER, "--limit");
  if (typeof limit !== "number") return printRefusal(frame, limit);
  const body = bodyOf(spec.fields, options, session.tidemark.installation.currency);
  if (isRefusal(body)) return printRefusal(frame, body);
  const cases = await openCases(session, options, limit);
  print(frame, {
    en: `Open review cases that ${session.actor.id} has not approved yet: ${cases.length}`,
    zh: `${session.actor.id} 尚未批准的待办复核件：${cases.length}`,
  });
  const request = { ...requestOf(verb, body), actor: session.actor };
  const reasonless = request.reason.trim() === "" ? noReason(verb) : null;
  if (reasonless !== null) return printRefusal(frame, reasonless);
  const asks = !frame.dryRun && options["yes"] !== true && cases.length > 0;
  if (asks) {
    const preview = await inPieces(frame, session, request, cases, true);
    if (isRefusal(preview)) return printRefusal(frame, preview);
    tell(frame, preview, true);
    if (!(await agreed(frame, spec.label, preview.done))) return printRefusal(frame, notConfirmed);
  }
  const result = await inPieces(frame, session, request, cases, frame.dryRun);
  if (isRefusal(result)) return printRefusal(frame, result);
  printJson(frame, wireBulk(result, frame.dryRun));
  tell(frame, result, frame.dryRun);
  const left = cases.length - result.items.length;
  if (left > 0) {
    note(frame, {
      en: `Stopped: ${left} left, run the same command to go on`,
      zh: `已停止：剩余 ${left} 件，再次运行同一命令可继续`,
    });
  }
  const [first] = result.refusals;
  return first === undefined ? exitCodes.success : refusalTable[first.code].exitCode;
}

function requestOf(
  verb: BulkVerb,
  body: Readonly<Record<string, unknown>>,
): Omit<BulkRequest, "cases" | "actor"> {
  const {
    reason,
    note: remark,
    to,
    until,
    pastDue,
  } = body as Readonly<{
    reason?: string;
    note?: string;
    to?: string;
    until?: BusinessDate;
    pastDue?: boolean;
  }>;
  return {
    verb,
    reason: (verb === "approve" ? remark : reason) ?? "",
    ...(to === undefined ? {} : { to }),
    ...(until === undefined ? {} : { until }),
    ...(pastDue === true ? { pastDue } : {}),
  };
}

function noReason(verb: BulkVerb): Refusal {
  const option = verb === "approve" ? "--note" : "--reason";
  return refuse(
    "invalid",
    {
      en: `Many cases at once: found no reason, expected ${option}`,
      zh: `批量办理：未填写理由，须使用 ${option}`,
    },
    "/reason",
  );
}

/** As many requests as it takes, told as one. */
async function inPieces(
  frame: Frame,
  session: Session,
  request: Omit<BulkRequest, "cases">,
  cases: readonly ReviewCase[],
  dryRun: boolean,
): Promise<BulkResult | Refusal> {
  const bar = startProgress(frame, { en: "Working", zh: "办理中" }, { en: "cases", zh: "件" });
  const results: BulkResult[] = [];
  try {
    for (let from = 0; from < cases.length && !session.stopped(); from += bulkMost) {
      const piece = cases.slice(from, from + bulkMost).map(({ id, ver }) => ({ id, ver }));
      const result = await bulkReview(
        session.tidemark.world,
        { ...request, cases: piece },
        {
          dryRun,
          stop: session.stopped,
          onItem: (done) => bar.update(from + done, cases.length),
        },
      );
      if (isRefusal(result)) return result;
      results.push(result);
    }
  } finally {
    bar.stop();
  }
  return joined(results);
}

const nothing: BulkResult = { items: [], done: 0, refusals: [], impact: [], examples: [] };

function joined(results: readonly BulkResult[]): BulkResult {
  const [first = nothing, ...others] = results;
  return others.reduce(
    (sum, one) => ({
      items: [...sum.items, ...one.items],
      done: sum.done + one.done,
      refusals: [...sum.refusals, ...one.refusals],
      impact: [...sum.impact, ...one.impact],
      examples: sum.examples,
    }),
    first,
  );
}

const exampleColumns = [
  { label: { en: "largest", zh: "金额最大" } },
  { label: { en: "impact", zh: "影响金额" }, right: true },
  { label: { en: "route", zh: "审批路径" } },
];

function tell(frame: Frame, result: BulkResult, preview: boolean): void {
  const impact = result.impact.map(moneyText).join(", ");
  const of = impact === "" ? "" : ` (${impact})`;
  print(
    frame,
    preview
      ? { en: `Would go through: ${result.done}${of}`, zh: `可办理：${result.done}${of}` }
      : { en: `Done: ${result.done}${of}`, zh: `完成：${result.done}${of}` },
  );
  if (preview && !frame.json) {
    const rows = result.examples.map(({ id, impactMinor, currency, route }) => [
      id,
      moneyText({ amountMinor: impactMinor, currency }),
      route,
    ]);
    frame.terminal.out(tableText(frame, exampleColumns, rows));
  }
  for (const { code, count, first } of result.refusals) {
    note(frame, {
      en: `Refused: ${count} × ${refusals[code].en} (first: ${first.en})`,
      zh: `被拒绝：${count} × ${refusals[code].zh}（首例：${first.zh}）`,
    });
  }
}

const notConfirmed = refuse("invalid", {
  en: "Nothing was changed: expected --yes, or yes typed at the question",
  zh: "未作任何变更：须使用 --yes，或在询问时输入 yes",
});

async function agreed(frame: Frame, label: Text, count: number): Promise<boolean> {
  const answer = await frame.terminal.ask(
    say(frame, {
      en: `${label.en} ${count} review cases? Type yes: `,
      zh: `${label.zh} ${count} 件复核件？请输入 yes：`,
    }),
  );
  return answer?.trim().toLowerCase() === "yes";
}

async function openCases(
  session: Session,
  options: Options,
  limit: number,
): Promise<readonly ReviewCase[]> {
  const found: ReviewCase[] = [];
  const { reads } = session.tidemark.world.store;
  const filter = { ...casesFilter(session, { ...options, state: "open" }), appeals: false };
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof reads.reviews>> = await reads.reviews(
      { after, limit: 1_000 },
      filter,
    );
    for (const review of page.rows) {
      const already = review.approvals.some(({ by }) => by === session.actor.id);
      if (!already && found.length < limit) found.push(review);
    }
    after = found.length < limit ? page.next : null;
  } while (after !== null && !session.stopped());
  return found;
}
