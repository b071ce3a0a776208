// `tidemark offer`: what customers were asked to agree to, until when, and the proof of what they said. Accepting,
// declining and proposing are verbs of the pipeline.

import { wireOffer } from "../adapters/http/wire/offer.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { offerStates, type Offer } from "../domain/offer.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { subjectNames } from "../adapters/read-subject.ts";
import { amountText } from "./amount.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addListFilter, listFilter } from "./list-filter.ts";
import { pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findSubject, reaches } from "./subject.ts";
import { detailsText } from "./table.ts";
import { consentChannelWords, nouns, offerEndWords, offerStateWords } from "./words.ts";

export function registerOffers(program: Program): void {
  const noun = program.noun(nouns.offer.noun, nouns.offer.label);
  const list = program.add(noun, "list", { en: "List offers", zh: "协商要约列表" }, [
    "offer list --state open",
    "offer list --line L-1001",
  ]);
  addListFilter(program, list, offerStates);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listOffers(frame, session, options)),
  );
  const show = program.add(
    noun,
    "show",
    {
      en: "Show an offer, its clock and the proof of consent",
      zh: "查看协商要约、答复期限与同意凭证",
    },
    ["offer show ID"],
  );
  show.argument("<id>", program.text(nouns.offer.one));
  program.action(show, (frame, [text]) =>
    withSession(frame, (session) => showOffer(frame, session, String(text))),
  );
}

const words = {
  id: { en: "id", zh: "编号" },
  line: { en: "line", zh: "授信" },
  decision: { en: "decision", zh: "决定" },
  notice: { en: "in words (notice)", zh: "要约原文（通知）" },
  state: { en: "state", zh: "状态" },
  from: { en: "limit now", zh: "现额度" },
  to: { en: "limit offered", zh: "提议额度" },
  counter: { en: "may propose", zh: "可提议范围" },
  acceptedTo: { en: "agreed at once up to", zh: "自动同意上限" },
  answerBy: { en: "answer by", zh: "答复截止日" },
  ifDeclined: { en: "if declined", zh: "客户拒绝时" },
  ifSilent: { en: "without an answer", zh: "逾期未答复时" },
  terms: { en: "terms (SHA-256)", zh: "条款（SHA-256）" },
  settled: { en: "settled at", zh: "结束时间" },
  agreed: { en: "agreed to", zh: "同意的额度" },
  agreedAt: { en: "agreed at", zh: "同意时间" },
  channel: { en: "through", zh: "渠道" },
  by: { en: "given or recorded by", zh: "作出或记录人" },
  how: { en: "how", zh: "方式" },
  agreedTerms: { en: "terms agreed to (SHA-256)", zh: "所同意条款（SHA-256）" },
  text: { en: "text agreed to (SHA-256)", zh: "所同意原文（SHA-256）" },
} as const;

async function listOffers(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const filter = await listFilter(session, options);
  if (isRefusal(filter)) return printRefusal(frame, filter);
  const found = await session.tidemark.world.store.reads.offers(page, filter);
  const columns = [words.id, words.line, words.state, words.from, words.to, words.answerBy];
  printPage(
    frame,
    found,
    (offer) => wireOffer(offer, session.actor.scope),
    columns.map((label) => ({ label })),
    ({ id, state, terms }) => [
      id,
      terms.lineReference,
      say(frame, offerStateWords[state]),
      amountText(terms.fromMinor, terms.currency),
      amountText(terms.toMinor, terms.currency),
      terms.answerBy,
    ],
  );
  return exitCodes.success;
}

async function showOffer(frame: Frame, session: Session, text: string): Promise<number> {
  const { reads } = session.tidemark.world.store;
  const subject = await findSubject(reads, "offer", text);
  if (isRefusal(subject)) return printRefusal(frame, subject);
  const offer = reaches(session.actor, subject.line) ? await reads.offer(subject.id) : null;
  if (offer === null) return printRefusal(frame, notFound(subjectNames.offer, text));
  printJson(frame, wireOffer(offer, session.actor.scope));
  if (!frame.json) frame.terminal.out(`${detailsText(frame, detailsOf(frame, offer))}\n`);
  return exitCodes.success;
}

function detailsOf(frame: Frame, offer: Offer): readonly (readonly [Text, string])[] {
  const { terms, consent } = offer;
  const amount = (minor: number): string => amountText(minor, terms.currency);
  const { counter } = terms;
  return [
    [words.id, offer.id],
    [words.line, terms.lineReference],
    [words.decision, offer.decisionId],
    [words.notice, offer.noticeId],
    [words.state, say(frame, offerStateWords[offer.state])],
    [words.from, amount(terms.fromMinor)],
    [words.to, amount(terms.toMinor)],
    [
      words.counter,
      counter === null ? "–" : `${amount(counter.lowestMinor)} … ${amount(counter.highestMinor)}`,
    ],
    [words.acceptedTo, counter === null ? "–" : amount(counter.acceptedToMinor)],
    [words.answerBy, `${terms.answerBy} (${offer.expiresAt})`],
    [words.ifDeclined, say(frame, offerEndWords[terms.ifDeclined])],
    [words.ifSilent, say(frame, offerEndWords[terms.ifSilent])],
    [words.terms, offer.termsHash],
    [words.settled, offer.settledAt ?? "–"],
    ...(consent === null
      ? []
      : ([
          [words.agreed, amount(consent.limitMinor)],
          [words.agreedAt, consent.at],
          [words.channel, say(frame, consentChannelWords[consent.channel])],
          [words.by, consent.by],
          [words.how, consent.how ?? "–"],
          [words.agreedTerms, consent.termsHash],
          [words.text, consent.textHash],
        ] as const)),
  ];
}
