// `tidemark decision`: what was decided about lines, and why.

import { wireDecision } from "../adapters/http/wire/decision.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { decisionStates, type Decision, principalReasons } from "../domain/decision.ts";
import { reasonCodes } from "../domain/reason-code.ts";
import { isRefusal, notFound, type Refusal } from "../domain/refusal.ts";
import { chosen } from "./chosen.ts";
import { explainDecision } from "./explanation.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addListFilter, listFilter } from "./list-filter.ts";
import { pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withheldFrom, withSession, type Session } from "./session.ts";
import { findSubject, reaches } from "./subject.ts";
import { detailsText } from "./table.ts";
import { decisionStateWords, nouns, outcomeText, routeWords } from "./words.ts";

export function registerDecisions(program: Program): void {
  const noun = program.noun(nouns.decision.noun, nouns.decision.label);
  const list = program.add(noun, "list", { en: "List decisions", zh: "决定列表" }, [
    "decision list --state noticed",
    "decision list --sweep ID --limit 100",
  ]);
  addListFilter(program, list, decisionStates);
  list
    .option("--experiment <id>", program.text({ en: "made under one experiment", zh: "指定实验" }))
    .option("--arm <name>", program.text({ en: "in one arm of it", zh: "指定实验组" }));
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listDecisions(frame, session, options)),
  );
  const show = program.add(
    noun,
    "show",
    { en: "Show and explain a decision", zh: "查看并解释决定" },
    ["decision show ID"],
  );
  show.argument("<id>", program.text(nouns.decision.one));
  program.action(show, (frame, [text]) =>
    withSession(frame, (session) => showDecision(frame, session, String(text))),
  );
}

async function listDecisions(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const filter = await listFilter(session, options);
  if (isRefusal(filter)) return printRefusal(frame, filter);
  const found = await session.tidemark.world.store.reads.decisions(page, {
    ...filter,
    ...chosen(options, ["experiment", "arm"]),
  });
  const withheld = await withheldFrom(session);
  printPage(
    frame,
    found,
    (one) => wireDecision(one, frame.language, withheld),
    listColumns,
    (decision) => [
      decision.id,
      say(frame, decisionStateWords[decision.state]),
      say(frame, outcomeText(decision.outcome, decision.record.assessment.currency)),
      principalReasons(decision.record)
        .map(({ code }) => code)
        .join(" "),
      decision.effectiveOn ?? "–",
      decision.madeAt,
    ],
  );
  return exitCodes.success;
}

const words = {
  id: { en: "id", zh: "编号" },
  line: { en: "line", zh: "授信" },
  state: { en: "state", zh: "状态" },
  outcome: { en: "outcome", zh: "结果" },
  reasons: { en: "reasons", zh: "理由" },
  effective: { en: "effective", zh: "生效日" },
  made: { en: "made", zh: "作出时间" },
  maker: { en: "maker", zh: "发起人" },
  strategy: { en: "strategy", zh: "策略" },
  arm: { en: "experiment / arm", zh: "实验 / 实验组" },
  asOf: { en: "as of", zh: "数据日期" },
  route: { en: "route", zh: "审批路径" },
  ended: { en: "ended because", zh: "终止原因" },
} as const;

const listColumns = [
  { label: words.id },
  { label: words.state },
  { label: words.outcome },
  { label: words.reasons },
  { label: words.effective },
  { label: words.made },
];

async function showDecision(frame: Frame, session: Session, text: string): Promise<number> {
  const decision = await findDecision(session, text);
  if (isRefusal(decision)) return printRefusal(frame, decision);
  const withheld = await withheldFrom(session);
  const explanation = await explainDecision(session.tidemark, decision, frame.language, withheld);
  const wired = wireDecision(decision, frame.language, withheld);
  printJson(frame, { ...wired, explanation: explanation.wire });
  if (!frame.json) frame.terminal.out(`${decisionText(frame, decision)}\n${explanation.text}`);
  return exitCodes.success;
}

/** The decision of an id that the actor reaches. */
export async function findDecision(session: Session, text: string): Promise<Decision | Refusal> {
  const { reads } = session.tidemark.world.store;
  const subject = await findSubject(reads, "decision", text);
  if (isRefusal(subject)) return subject;
  const decision = await reads.decision(subject.id);
  return decision !== null && reaches(session.actor, subject.line)
    ? decision
    : notFound({ en: "decision", zh: "决定" }, text);
}

/** State, outcome and reasons of a decision. */
export function decisionText(frame: Pick<Frame, "language">, decision: Decision): string {
  const { arm, assessment } = decision.record;
  const reasons = principalReasons(decision.record).map(
    ({ code }) => `${code} ${say(frame, reasonCodes[code])}`,
  );
  return detailsText(frame, [
    [words.id, decision.id],
    [words.line, decision.lineId],
    [words.state, say(frame, decisionStateWords[decision.state])],
    [words.outcome, say(frame, outcomeText(decision.outcome, assessment.currency))],
    [words.reasons, reasons.join("\n")],
    [words.strategy, `${assessment.strategy.id} ${assessment.strategy.version}`],
    ...(arm === undefined ? [] : [[words.arm, `${arm.experiment} / ${arm.arm}`] as const]),
    [words.asOf, assessment.asOf],
    [words.route, say(frame, routeWords[assessment.route])],
    [words.maker, decision.maker],
    [words.made, decision.madeAt],
    [words.effective, decision.effectiveOn ?? "–"],
    ...(decision.endedBecause === null ? [] : [[words.ended, decision.endedBecause] as const]),
  ]);
}
