// `tidemark review`: the cases that wait for people, with everything that a person needs to agree or not, and
// approval of many at once after their number was shown.

import { Option, type Command } from "commander";
import { wireDecision } from "../adapters/http/wire/decision.ts";
import { wireReviewCase } from "../adapters/http/wire/review-case.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { approvalsNeeded, reviewQueues, type ReviewCase } from "../domain/review-case.ts";
import { isRefusal, notFound, refuse } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { CommandSpec } from "../flow/step.ts";
import { decisionText } from "./decisions.ts";
import { explainDecision } from "./explanation.ts";
import { bodyOf } from "./fields.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { chosen } from "./chosen.ts";
import { addPaging, pageOf, printPage, wholeNumber } from "./page.ts";
import type { Bulk } from "./pipeline-verbs.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { reportMany, send, type Asked } from "./send.ts";
import { withheldFrom, withSession, type Session } from "./session.ts";
import { findSubject, reaches, scopeOf } from "./subject.ts";
import { detailsText } from "./table.ts";
import {
  nouns,
  outcomeText,
  queueWords,
  resolutionWords,
  reviewStateWords,
  routeWords,
} from "./words.ts";

export function registerReviews(program: Program): void {
  const noun = program.noun(nouns["review-case"].noun, nouns["review-case"].label);
  const list = program.add(noun, "list", { en: "List review cases", zh: "复核件列表" }, [
    "review list --queue reviewer",
    "review list --state resolved --sweep ID",
  ]);
  list
    .addOption(
      new Option(
        "--state <state>",
        program.text({
          en: "open (default), resolved or all",
          zh: "open（缺省）、resolved 或 all",
        }),
      )
        .choices(["open", "resolved", "all"])
        .default("open"),
    )
    .addOption(
      new Option("--queue <queue>", program.text({ en: "of one queue", zh: "指定队列" })).choices(
        reviewQueues,
      ),
    )
    .option("--sweep <id>", program.text({ en: "that one sweep led to", zh: "指定扫描" }));
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listReviews(frame, session, options)),
  );
  const show = program.add(
    noun,
    "show",
    { en: "Show a review case with the explanation of its decision", zh: "查看复核件及决定解释" },
    ["review show ID"],
  );
  show.argument("<id>", program.text(nouns["review-case"].one));
  program.action(show, (frame, [text]) =>
    withSession(frame, (session) => showReview(frame, session, String(text))),
  );
}

const words = {
  id: { en: "id", zh: "编号" },
  state: { en: "state", zh: "状态" },
  queue: { en: "queue", zh: "队列" },
  route: { en: "route", zh: "审批路径" },
  approvals: { en: "approvals", zh: "已批准" },
  due: { en: "due", zh: "到期" },
  decision: { en: "decision", zh: "决定" },
  override: { en: "override", zh: "改判" },
  resolution: { en: "resolution", zh: "办理结果" },
  note: { en: "note", zh: "备注" },
  ver: { en: "version", zh: "版本" },
} as const satisfies Readonly<Record<string, Text>>;

async function listReviews(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const found = await session.tidemark.world.store.reads.reviews(page, filterOf(session, options));
  const columns = [
    words.id,
    words.state,
    words.queue,
    words.route,
    words.approvals,
    words.due,
    words.decision,
  ];
  printPage(
    frame,
    found,
    // The currency matters for an override only, which names its own line's; see `review show`.
    (review) => wireReviewCase(review, session.tidemark.installation.currency),
    columns.map((label) => ({ label })),
    (review) => [
      review.id,
      say(frame, reviewStateWords[review.state]),
      say(frame, queueWords[review.queue]),
      say(frame, routeWords[review.route]),
      `${review.approvals.length}/${approvalsNeeded(review)}`,
      review.dueAt.slice(0, 10),
      review.decisionId,
    ],
  );
  return exitCodes.success;
}

function filterOf(
  { actor }: Session,
  options: Readonly<Record<string, unknown>>,
): Parameters<Session["tidemark"]["world"]["store"]["reads"]["reviews"]>[1] {
  const state = options["state"];
  return {
    ...scopeOf(actor),
    ...(state === "all" || typeof state !== "string" ? {} : { state }),
    ...chosen(options, ["queue"]),
    ...(typeof options["sweep"] === "string" ? { causeId: options["sweep"] } : {}),
  };
}

async function showReview(frame: Frame, session: Session, text: string): Promise<number> {
  const { reads } = session.tidemark.world.store;
  const subject = await findSubject(reads, "review-case", text);
  if (isRefusal(subject)) return printRefusal(frame, subject);
  const review = reaches(session.actor, subject.line) ? await reads.review(subject.id) : null;
  const decision = review === null ? null : await reads.decision(review.decisionId);
  if (review === null || decision === null) {
    return printRefusal(frame, notFound({ en: "review case", zh: "复核件" }, text));
  }
  const withheld = await withheldFrom(session);
  const explanation = await explainDecision(session.tidemark, decision, frame.language, withheld);
  printJson(frame, {
    ...wireReviewCase(review, subject.line.currency),
    decision: wireDecision(decision, frame.language, withheld),
    explanation: explanation.wire,
  });
  if (frame.json) return exitCodes.success;
  frame.terminal.out(
    `${reviewText(frame, review, subject.line.currency)}\n${decisionText(frame, decision)}\n${explanation.text}`,
  );
  return exitCodes.success;
}

function reviewText(
  frame: Frame,
  review: ReviewCase,
  currency: Parameters<typeof outcomeText>[1],
): string {
  const { override } = review;
  return detailsText(frame, [
    [words.id, review.id],
    [words.state, say(frame, reviewStateWords[review.state])],
    [words.queue, say(frame, queueWords[review.queue])],
    [words.route, say(frame, routeWords[review.route])],
    [
      words.approvals,
      `${review.approvals.length}/${approvalsNeeded(review)} ${review.approvals.map(({ by }) => by).join(", ")}`,
    ],
    [words.due, review.dueAt],
    [words.ver, String(review.ver)],
    ...(override === null
      ? []
      : [
          [
            words.override,
            `${say(frame, outcomeText(override.outcome, currency))} (${override.maker}, ${override.expiresOn}): ${override.reason}`,
          ] as const,
        ]),
    ...(review.resolution === null
      ? []
      : [
          [
            words.resolution,
            `${say(frame, resolutionWords[review.resolution])} (${review.resolvedBy ?? "–"}, ${review.resolvedAt ?? "–"})`,
          ] as const,
        ]),
    ...(review.note === null ? [] : [[words.note, review.note] as const]),
  ]);
}

/** `review approve --all`: what is open in the sweep or queue, counted first and approved after a yes. */
export const approveAll: Bulk = {
  kind: "Approve",
  register: (program: Program, command: Command) => {
    command
      .option(
        "--all",
        program.text({
          en: "all open cases of --sweep or --queue",
          zh: "--sweep 或 --queue 的全部待办",
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
      .option(
        "--yes",
        program.text({ en: "with --all: do not ask", zh: "与 --all 同用：不再询问" }),
      );
  },
  wanted: (options) => options["all"] === true,
  run: (frame, spec, options) =>
    withSession(frame, (session) => approveMany(frame, session, spec, options)),
};

async function approveMany(
  frame: Frame,
  session: Session,
  spec: CommandSpec,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const limit = wholeNumber(options["limit"], Number.MAX_SAFE_INTEGER, "--limit");
  if (typeof limit !== "number") return printRefusal(frame, limit);
  const body = bodyOf(spec.fields, options, session.tidemark.installation.currency);
  if (isRefusal(body)) return printRefusal(frame, body);
  const open = await openReviews(session, options, limit);
  print(frame, {
    en: `Open review cases that ${session.actor.id} has not approved yet: ${open.length}`,
    zh: `${session.actor.id} 尚未批准的待办复核件：${open.length}`,
  });
  if (open.length === 0) return reportMany(frame, []);
  if (!frame.dryRun && !(await agreed(frame, open.length, options["yes"] === true))) {
    return printRefusal(frame, notConfirmed);
  }
  const asked = open.map((review): Asked => ({
    kind: approveAll.kind,
    subject: review.id,
    body,
    expectedVer: review.ver,
  }));
  const bar = startProgress(frame, { en: "Approving", zh: "批准中" }, { en: "cases", zh: "件" });
  const results = await send(session, asked, frame.dryRun, (sent) =>
    bar.update(sent, asked.length),
  ).finally(bar.stop);
  if (results.length < asked.length) {
    note(frame, {
      en: `Stopped: ${asked.length - results.length} left, run the same command to go on`,
      zh: `已停止：剩余 ${asked.length - results.length} 件，再次运行同一命令可继续`,
    });
  }
  return reportMany(frame, results);
}

const notConfirmed = refuse("invalid", {
  en: "Nothing was approved: expected --yes, or yes typed at the question",
  zh: "未批准任何复核件：须使用 --yes，或在询问时输入 yes",
});

async function agreed(frame: Frame, count: number, yes: boolean): Promise<boolean> {
  if (yes) return true;
  const answer = await frame.terminal.ask(
    say(frame, {
      en: `Approve ${count} review cases? Type yes: `,
      zh: `批准 ${count} 件复核？请输入 yes：`,
    }),
  );
  return answer?.trim().toLowerCase() === "yes";
}

async function openReviews(
  session: Session,
  options: Readonly<Record<string, unknown>>,
  limit: number,
): Promise<readonly ReviewCase[]> {
  const found: ReviewCase[] = [];
  const filter = filterOf(session, { ...options, state: "open" });
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof session.tidemark.world.store.reads.reviews>> =
      await session.tidemark.world.store.reads.reviews({ after, limit: 1_000 }, filter);
    for (const review of page.rows) {
      const already = review.approvals.some(({ by }) => by === session.actor.id);
      if (!already && found.length < limit) found.push(review);
    }
    after = found.length < limit ? page.next : null;
  } while (after !== null && !session.stopped());
  return found;
}
