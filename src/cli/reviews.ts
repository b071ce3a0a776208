// `tidemark review`: the cases that wait for people, with everything that a person needs to agree or not.

import { Option } from "commander";
import { wireDecision } from "../adapters/http/wire/decision.ts";
import { wireReviewCase } from "../adapters/http/wire/review-case.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import {
  approvalsNeeded,
  reviewPriorities,
  reviewQueues,
  type ReviewCase,
} from "../domain/review-case.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { decisionText } from "./decisions.ts";
import { explainDecision } from "./explanation.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { registerReviewFiles } from "./review-files.ts";
import { casesFilter } from "./review-filter.ts";
import { registerReviewStats } from "./review-stats.ts";
import { withheldFrom, withSession, type Session } from "./session.ts";
import { findSubject, reaches } from "./subject.ts";
import { amountText } from "./amount.ts";
import { detailsText } from "./table.ts";
import {
  appealGroundWords,
  consentChannelWords,
  nouns,
  outcomeText,
  queueWords,
  resolutionWords,
  reviewPriorityWords,
  reviewStateWords,
  routeWords,
} from "./words.ts";

export function registerReviews(program: Program): void {
  const noun = program.noun(nouns["review-case"].noun, nouns["review-case"].label);
  const list = program.add(noun, "list", { en: "List review cases", zh: "复核件列表" }, [
    "review list --queue reviewer",
    "review list --desk mine",
    "review list --state resolved --sweep ID",
    "review list --appeals",
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
    .addOption(
      new Option(
        "--desk <desk>",
        program.text({
          en: "mine: in your hands · queues: you could decide them · asked: your opinion was asked for",
          zh: "mine：由您办理；queues：您可办理；asked：征询您的意见",
        }),
      ).choices(["mine", "queues", "asked"]),
    )
    .addOption(
      new Option(
        "--priority <priority>",
        program.text({ en: "of one priority", zh: "指定优先级" }),
      ).choices(reviewPriorities),
    )
    .option("--skill <skill>", program.text({ en: "that need a skill", zh: "需要指定技能" }))
    .option("--appeals", program.text({ en: "appeals only", zh: "仅申诉" }))
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
  registerReviewFiles(program, noun);
  registerReviewStats(program, noun);
}

const words = {
  id: { en: "id", zh: "编号" },
  state: { en: "state", zh: "状态" },
  queue: { en: "queue", zh: "队列" },
  route: { en: "route", zh: "审批路径" },
  approvals: { en: "approvals", zh: "已批准" },
  due: { en: "due (! passed up)", zh: "到期（! 已升级）" },
  priority: { en: "priority", zh: "优先级" },
  impact: { en: "impact", zh: "影响金额" },
  skills: { en: "skills needed", zh: "所需技能" },
  assigned: { en: "assigned to", zh: "办理人" },
  snoozed: { en: "snoozed", zh: "暂缓" },
  opinion: { en: "second opinion", zh: "第二意见" },
  files: { en: "files", zh: "附件" },
  override: { en: "override", zh: "改判" },
  appeal: { en: "appeal", zh: "申诉" },
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
  const found = await session.tidemark.world.store.reads.reviews(
    page,
    casesFilter(session, options),
  );
  const columns = [
    words.id,
    words.state,
    words.queue,
    words.route,
    words.priority,
    words.impact,
    words.approvals,
    words.due,
    words.assigned,
  ];
  printPage(
    frame,
    found,
    wireReviewCase,
    columns.map((label) => ({ label })),
    (review) => [
      review.id,
      say(frame, reviewStateWords[review.state]),
      say(frame, queueWords[review.queue]),
      say(frame, routeWords[review.route]),
      say(frame, reviewPriorityWords[review.priority]),
      amountText(review.impactMinor, review.currency),
      `${review.approvals.length}/${approvalsNeeded(review)}`,
      `${review.dueAt.slice(0, 10)}${review.escalatedAt === null ? "" : " !"}`,
      review.assignedTo ?? "–",
    ],
  );
  return exitCodes.success;
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
    ...wireReviewCase(review),
    decision: wireDecision(decision, frame.language, withheld),
    explanation: explanation.wire,
  });
  if (frame.json) return exitCodes.success;
  frame.terminal.out(
    `${reviewText(frame, review)}\n${decisionText(frame, decision)}\n${explanation.text}`,
  );
  return exitCodes.success;
}

function reviewText(frame: Frame, review: ReviewCase): string {
  const { override, currency } = review;
  return detailsText(frame, [
    [words.id, review.id],
    [words.state, say(frame, reviewStateWords[review.state])],
    [words.queue, say(frame, queueWords[review.queue])],
    [words.route, say(frame, routeWords[review.route])],
    [
      words.approvals,
      `${review.approvals.length}/${approvalsNeeded(review)} ${review.approvals.map(({ by }) => by).join(", ")}`,
    ],
    [words.due, `${review.dueAt}${review.escalatedAt === null ? "" : " !"}`],
    ...deskDetails(frame, review),
    [words.ver, String(review.ver)],
    ...appealDetails(frame, review),
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

function appealDetails(frame: Frame, { appeal }: ReviewCase): readonly (readonly [Text, string])[] {
  if (appeal === null) return [];
  const { ground, channel, by, how } = appeal;
  const said = `${say(frame, appealGroundWords[ground])} (${say(frame, consentChannelWords[channel])}, ${by})`;
  return [[words.appeal, how === null ? said : `${said}: ${how}`]];
}

function deskDetails(frame: Frame, review: ReviewCase): readonly (readonly [Text, string])[] {
  const { skills, snooze, opinions, assignedTo, files } = review;
  return [
    [words.priority, say(frame, reviewPriorityWords[review.priority])],
    [words.impact, amountText(review.impactMinor, review.currency)],
    [words.skills, skills.join(", ") || "–"],
    [words.assigned, assignedTo ?? "–"],
    ...(snooze === null
      ? []
      : [[words.snoozed, `${snooze.until} (${snooze.by}): ${snooze.reason}`] as const]),
    ...opinions.map(
      ({ askedOf, question, given }) =>
        [
          words.opinion,
          given === null
            ? `${askedOf}: ${question} …`
            : `${askedOf}: ${say(frame, given.agrees ? opinionWords.agree : opinionWords.disagree)}: ${given.reason}`,
        ] as const,
    ),
    [words.files, String(files)],
  ];
}

const opinionWords = {
  agree: { en: "agrees", zh: "同意" },
  disagree: { en: "disagrees", zh: "不同意" },
} as const;
