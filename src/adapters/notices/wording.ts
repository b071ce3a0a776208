// What the customer reads. A notice says in plain words what changes and from when, why, what that means, the
// way back, and how to ask for an explanation, a person or an appeal, and whatever else its pack asks it to say. The
// reasons are the decision's own and nothing else; both languages are composed from the same values at once.

import { isRestoring } from "../../domain/assessment.ts";
import type { Currency } from "../../domain/money.ts";
import { reasonCodes, type ReasonCode } from "../../domain/reason-code.ts";
import { usedMinor, type CreditLine } from "../../domain/credit-line.ts";
import { noticeTemplates } from "../../domain/notice.ts";
import { languages, type Language, type Text } from "../../domain/text.ts";
import { forbiddenPhraseAmong } from "../../compliance/forbidden-phrase.ts";
import type { ReminderWords } from "../../domain/reminder.ts";
import type { NoticeParameters, ReminderParameters, Wording } from "../../flow/notice-ports.ts";
import type { Way } from "../../policy/way-back.ts";
import type { ContentDuty } from "../../compliance/pack.ts";
import { formatText, type Catalogue, type MessageKey, type MessageValues } from "./catalogue.ts";
import type { Contact } from "./contact.ts";
import { amountForm, dateForm, spanForm, withoutRareSigns } from "./notice-format.ts";

type Changing = Exclude<NoticeParameters["outcome"], Readonly<{ action: "none" }>>;

/**
 * Composes notices from a catalogue. `compose` throws a RangeError for what the flow must never ask for: an
 * unknown template, an outcome that changes nothing, no reason at all for one that takes something, a way back with a forbidden phrase; and where the
 * notice owes the name of somebody whom the contact does not name.
 * @param textsVersion of the catalogue, 0: the one that ships
 */
export function createWording(catalogue: Catalogue, contact: Contact, textsVersion = 0): Wording {
  return {
    compose: (parameters) => {
      const outcome = checked(parameters);
      refuseUnnamed(parameters, contact);
      const values = bothLanguages((language) => valuesOf(parameters, outcome, contact, language));
      const write = (key: MessageKey, more: MessageValues | null = null): Text =>
        formatText(catalogue, key, (language) =>
          more === null ? values[language] : { ...values[language], ...more },
        );
      const ways = parameters.ways.map((way) => wayText(catalogue, parameters, way));
      const item = (reason: ReasonCode, number: number): Text =>
        formatText(catalogue, "reasons.item", (language) => ({
          number,
          reason: reasonCodes[reason][language],
        }));
      const lines = sections(write, outcome, parameters, { ways, item, contact });
      const subject = write(`${saidOf(parameters, outcome)}.subject`);
      const short = formatText(catalogue, "short.text", (language) => ({
        ...values[language],
        subject: withoutRareSigns(subject[language]),
      }));
      const ofPack = parameters.pack.duties.reasons.forbiddenTexts?.value;
      refuseForbidden((language) => [subject[language], short[language]], ofPack);
      refuseForbidden((language) => lines[language].flat(), ofPack);
      const body = bothLanguages((language) =>
        lines[language].map((part) => part.join("\n")).join("\n\n"),
      );
      return { subject, short, body, textsVersion };
    },
    remind: (parameters) => remind(catalogue, contact, parameters, textsVersion),
  };
}

/** A reminder says what its statement says, and whom to call where that cannot be paid. */
function remind(
  catalogue: Catalogue,
  contact: Contact,
  { line, statementOn, dueOn, minimumDueMinor, pack }: ReminderParameters,
  version: number,
): ReminderWords {
  const write = (key: MessageKey, subject: Text | null = null): Text =>
    formatText(catalogue, key, (language) => ({
      lineEnding: endingOf(line),
      minimumDue: amountForm(minimumDueMinor, line.currency),
      ...{ statementOn: dateForm(statementOn, language), dueOn: dateForm(dueOn, language) },
      ...{ lender: contact.lender[language], phone: contact.phone },
      ...{ hours: contact.hours[language], lenderAddress: contact.address[language] },
      subject: subject === null ? "" : withoutRareSigns(subject[language]),
    }));
  const subject = write("reminder.subject");
  const short = write("short.text", subject);
  const parts = [
    ...(["reminder.opening", "reminder.amount", "reminder.paid"] as const),
    ...(["contact.person", "contact.lender"] as const),
  ].map((key) => write(key));
  const body = bothLanguages((language) => parts.map((part) => part[language]).join("\n\n"));
  const ofPack = pack.duties.reasons.forbiddenTexts?.value ?? [];
  refuseForbidden((language) => [subject[language], short[language], body[language]], ofPack);
  return { subject, short, body, version };
}

function checked({ template, outcome, reasons }: NoticeParameters): Changing {
  if (!(noticeTemplates as readonly string[]).includes(template)) {
    throw new RangeError(
      `Cannot compose notice: found template ${template}, expected one of ${noticeTemplates.join(", ")}`,
    );
  }
  if (outcome.action === "none") {
    throw new RangeError("Cannot compose notice: found an outcome that changes nothing");
  }
  if (reasons.length === 0 && !isRestoring(outcome.action)) {
    throw new RangeError("Cannot compose notice: found no principal reason, expected at least one");
  }
  return outcome;
}

/** The texts that say what happens to the line: an offer asks, everything else tells. */
function saidOf({ offer }: NoticeParameters, { action }: Changing): Changing["action"] | "offer" {
  return offer === null ? action : "offer";
}

type Write = (key: MessageKey, more?: MessageValues) => Text;

/** What sections are put together from beside messages. */
type Parts = Readonly<{
  ways: readonly Text[];
  item: (reason: ReasonCode, number: number) => Text;
  contact: Contact;
}>;

function sections(
  write: Write,
  outcome: Changing,
  parameters: NoticeParameters,
  { ways, item, contact }: Parts,
): Readonly<Record<Language, readonly (readonly string[])[]>> {
  const { reasons, wayBack, owed, pack } = parameters;
  const quoted = [...new Set(reasons)];
  const owing = (...duties: readonly OwedDuty[]): readonly Text[] =>
    duties.filter((duty) => owed.includes(duty)).map((duty) => write(wordsOf[duty]));
  const ask = owed.includes("reasons-or-right-to-them") && pack.duties.reasons.onRequest !== null;
  const criteria = wayBack.zh.trim() === "" ? [] : [write("wayBack.criteria")];
  const about = saidOf(parameters, outcome);
  const said = [[write(`${about}.opening`)], [write("heading.change"), write(`${about}.change`)]];
  const reach = [
    write("heading.contact"),
    write("contact.where"),
    write("contact.person"),
    write("contact.lender"),
  ];
  const meaning = [write("heading.meaning"), write(`${about}.meaning`)];
  const why = [
    write("heading.reasons"),
    write("reasons.intro", { count: quoted.length }),
    ...quoted.map((reason, index) => item(reason, index + 1)),
  ];
  if (outcome.action === "uphold") {
    return inBoth([[write("uphold.opening")], ...answered(write, parameters, why, contact), reach]);
  }
  // Who gets a line back needs no reasons, no rights against it and no way back.
  if (isRestoring(outcome.action)) {
    return inBoth([...said, allowed(write, parameters), meaning, reach]);
  }
  return inBoth([
    ...said,
    answers(write, parameters),
    [...why, ...(ask ? [write("reasons.ask")] : [])],
    bureauSection(write, parameters, owing),
    [
      ...meaning,
      ...(pack.duties.excessRepayment === null ? [] : owing("repayment-in-instalments")),
    ],
    [write("heading.wayBack"), ...ways, ...criteria, write("wayBack.review")],
    [
      write("heading.rights"),
      write("rights.explanation"),
      write("rights.review"),
      write("rights.appeal"),
      ...owing(
        "chance-to-prove-ability",
        "complaint-channel",
        "anti-discrimination-notice",
        "agency-name-and-address",
      ),
    ],
    reach,
  ]);
}

/** The answer to an appeal against what stands: the answer itself, the reasons that stand, what remains, where to go next. */
function answered(
  write: Write,
  { pack, line, reasons }: NoticeParameters,
  why: readonly Text[],
  contact: Contact,
): readonly (readonly Text[])[] {
  return [
    [write("heading.appeal"), write("appeal.answer")],
    reasons.length === 0 ? [] : why,
    [write("heading.meaning"), write("uphold.change"), write("uphold.meaning")],
    [
      write("heading.next"),
      write("rights.complaint"),
      ...(pack.duties.complaint.outside === null ? [] : [write("next.outside")]),
      ...(contact.agencies[line.jurisdiction] === undefined ? [] : [write("next.agency")]),
    ],
  ];
}

/** That what is taken back is the answer to an appeal, and what was answered. */
function allowed(write: Write, { appeal }: NoticeParameters): readonly Text[] {
  if (appeal === null) return [];
  return [write("heading.appeal"), write("appeal.overturned"), write("appeal.answer")];
}

/** What the customer may answer, and what each answer leads to. */
function answers(write: Write, { offer }: NoticeParameters): readonly Text[] {
  if (offer === null) return [];
  return [
    write("heading.answer"),
    write("answer.accept"),
    ...(offer.counter === null ? [] : [write("answer.counter")]),
    write("answer.decline"),
    write("answer.silence"),
  ];
}

function inBoth(
  parts: readonly (readonly Text[])[],
): Readonly<Record<Language, readonly (readonly string[])[]>> {
  return bothLanguages((language) =>
    parts.filter((part) => part.length > 0).map((part) => part.map((line) => line[language])),
  );
}

/** What every notice says anyway, owed or not. */
type SaidAlways =
  | "action-taken"
  | "effective-date"
  | "principal-reasons"
  | "reasons-or-right-to-them"
  | "creditor-name-and-address"
  | "right-to-explanation"
  | "right-to-human-review";

type OwedDuty = Exclude<ContentDuty, SaidAlways>;

/** The words of every other duty: none can be owed and have no words. */
const wordsOf: Readonly<Record<OwedDuty, MessageKey>> = {
  "bureau-name-and-address": "bureau.used",
  "score-disclosure": "bureau.score",
  "bureau-did-not-decide": "bureau.notDecided",
  "free-report-right": "bureau.freeReport",
  "dispute-right": "bureau.dispute",
  "repayment-in-instalments": "meaning.instalments",
  "chance-to-prove-ability": "rights.proveAbility",
  "complaint-channel": "rights.complaint",
  "anti-discrimination-notice": "rights.nonDiscrimination",
  "agency-name-and-address": "rights.agency",
};

/** Nothing where none of it is owed; a score only where one was used. */
function bureauSection(
  write: Write,
  { score, owed }: NoticeParameters,
  owing: (...duties: readonly OwedDuty[]) => readonly Text[],
): readonly Text[] {
  const ofScore = score === null ? [] : owing("score-disclosure");
  const factors =
    owed.includes("score-disclosure") && score !== null && score.factors.length > 0
      ? [write("bureau.factors")]
      : [];
  const lines = [
    ...owing("bureau-name-and-address"),
    ...ofScore,
    ...factors,
    ...owing("bureau-did-not-decide", "free-report-right", "dispute-right"),
  ];
  return lines.length === 0 ? [] : [write("heading.bureau"), ...lines];
}

/** The number of key factors that the pack allows, and where it says so recent inquiries beside them. */
function keyFactors({ score, pack }: NoticeParameters): readonly ReasonCode[] {
  const factors = score?.factors ?? [];
  const rule = pack.duties.scoreDisclosure?.value;
  if (rule === undefined) return factors;
  const allowed = factors.slice(0, rule.maximumKeyFactors);
  const inquiries = rule.extraFactor && factors.includes("R07") && !allowed.includes("R07");
  return inquiries ? [...allowed, "R07"] : allowed;
}

function refuseUnnamed({ owed, line }: NoticeParameters, contact: Contact): void {
  const needed = [
    ["agency-name-and-address", "agencies"],
    ["bureau-name-and-address", "bureaus"],
  ] as const;
  for (const [duty, list] of needed) {
    if (!owed.includes(duty) || contact[list][line.jurisdiction] !== undefined) continue;
    throw new RangeError(
      `Cannot compose notice: ${duty} is owed, found nobody for ${line.jurisdiction} under ${list} of the lender's contact`,
    );
  }
}

function valuesOf(
  parameters: NoticeParameters,
  outcome: Changing,
  contact: Contact,
  language: Language,
): MessageValues {
  const { line, currency, wayBack } = parameters;
  const used = usedMinor(line);
  const newLimitMinor = "toMinor" in outcome ? outcome.toMinor : outcome.fromMinor;
  return {
    lineEnding: endingOf(line),
    oldLimit: amountForm(outcome.fromMinor, currency),
    newLimit: amountForm(newLimitMinor, currency),
    used: amountForm(used, currency),
    use: useOf(outcome, used),
    effectiveOn: dateForm(parameters.effectiveOn, language),
    issuedOn: dateForm(parameters.issuedOn, language),
    reviewOn: dateForm(parameters.reviewOn, language),
    criteria: wayBack[language],
    lender: contact.lender[language],
    phone: contact.phone,
    hours: contact.hours[language],
    where: contact.where[language],
    lenderAddress: contact.address[language],
    complaint: contact.complaint[language],
    ...offerValues(parameters, language),
    ...appealValues(parameters, language),
    ...dutyValues(parameters, contact, language),
  };
}

/** Empty where nothing is offered: then no message that is written asks for it. */
function offerValues({ offer, currency }: NoticeParameters, language: Language): MessageValues {
  const amount = (minor: number | undefined): string =>
    minor === undefined ? "" : amountForm(minor, currency);
  return {
    answerBy: offer === null ? "" : dateForm(offer.answerBy, language),
    ifDeclined: offer?.ifDeclined ?? "",
    ifSilent: offer?.ifSilent ?? "",
    lowestLimit: amount(offer?.counter?.lowestMinor),
    highestLimit: amount(offer?.counter?.highestMinor),
    acceptedLimit: amount(offer?.counter?.acceptedToMinor),
  };
}

/** Empty where no appeal is answered: then no message that is written asks for it. */
function appealValues(
  { appeal, line, currency }: NoticeParameters,
  language: Language,
): MessageValues {
  const upheld = appeal?.upheld ?? null;
  const decided = upheld?.outcome;
  const decidedMinor = decided?.action === "decrease" ? decided.toMinor : line.limitMinor;
  return {
    lodgedOn: appeal === null ? "" : dateForm(appeal.lodgedOn, language),
    // A blank line would begin another part of the letter.
    answer: appeal?.answer.trim().replaceAll(/\s*\n\s*/g, "\n") ?? "",
    upheld: decided?.action ?? "",
    inEffect: upheld?.inEffect === true ? "yes" : "no",
    standsFrom: upheld === null ? "" : dateForm(upheld.on, language),
    standingLimit: amountForm(upheld?.inEffect === true ? line.limitMinor : decidedMinor, currency),
  };
}

/** Empty where the pack says nothing: then no message that is written asks for it. */
function dutyValues(
  parameters: NoticeParameters,
  { agencies, bureaus }: Contact,
  language: Language,
): MessageValues {
  const { line, score, pack } = parameters;
  const { reasons, excessRepayment, complaint } = pack.duties;
  const request = reasons.onRequest?.value;
  const answer = complaint.final?.value;
  const outside = complaint.outside?.value;
  const agency = agencies[line.jurisdiction];
  const bureau = bureaus[line.jurisdiction];
  const factors = keyFactors(parameters).map((code) => reasonCodes[code][language]);
  return {
    askWithin: request === undefined ? "" : spanForm(request.askWithin, language),
    answerWithin: request === undefined ? "" : spanForm(request.answerWithin, language),
    answered: answer === undefined ? "no" : "yes",
    complaintWithin: answer === undefined ? "" : spanForm(answer, language),
    outside: outside?.name[language] ?? "",
    outsideWithin: outside?.within == null ? "" : spanForm(outside.within, language),
    limited: outside?.within == null ? "no" : "yes",
    instalments: excessRepayment?.value.instalments ?? 0,
    extraCost: excessRepayment?.value.extraCost === false ? "no" : "yes",
    agency: agency?.name[language] ?? "",
    agencyAddress: agency?.address[language] ?? "",
    bureau: bureau?.name[language] ?? "",
    bureauAddress: bureau?.address[language] ?? "",
    bureauPhone: bureau?.phone ?? "",
    score: String(score?.points ?? ""),
    scoreLowest: String(score?.lowest ?? ""),
    scoreHighest: String(score?.highest ?? ""),
    scoreOn: score === null ? "" : dateForm(score.on, language),
    factors: factors.join(language === "zh" ? "；" : "; "),
  };
}

/** One way back as a sentence: exactly what the strategy was asked, and what it said. */
function wayText(
  catalogue: Catalogue,
  { currency, asOf }: NoticeParameters,
  { changes, outcome, earliestOn }: Way,
): Text {
  const items = changes.map((change) =>
    formatText(catalogue, "wayBack.item", (language) => ({
      how: change.how[language],
      fact: change.label[language],
      before: valueForm(change.before[language], change.fromMinor, currency),
      after: valueForm(change.after[language], change.toMinor, currency),
    })),
  );
  return formatText(catalogue, "wayBack.change", (language) => ({
    then: outcome.action,
    limit: outcome.action === "decrease" ? amountForm(outcome.toMinor, currency) : "",
    asOf: dateForm(asOf, language),
    earliestOn: dateForm(earliestOn, language),
    changes: items.map((item) => item[language]).join(language === "zh" ? "，并且" : " and "),
  }));
}

function valueForm(text: string, amountMinor: number | undefined, currency: Currency): string {
  return amountMinor === undefined ? text : amountForm(amountMinor, currency);
}

/** Chooses the sentence about what is drawn. */
function useOf(outcome: Changing, used: number): "above" | "none" | "some" {
  if (outcome.action === "decrease") return used > 0 && used >= outcome.toMinor ? "above" : "some";
  return used === 0 ? "none" : "some";
}

/** The last four characters: enough for the customer, too little for anybody else. */
function endingOf({ reference }: CreditLine): string {
  return reference.slice(-4);
}

function refuseForbidden(
  linesIn: (language: Language) => readonly string[],
  ofPack: readonly string[] | undefined,
): void {
  for (const language of languages) {
    const phrase = forbiddenPhraseAmong(linesIn(language), ofPack);
    if (phrase !== null) {
      throw new RangeError(
        `Cannot compose notice: found forbidden phrase "${phrase}" in ${language}`,
      );
    }
  }
}

function bothLanguages<T>(make: (language: Language) => T): Readonly<Record<Language, T>> {
  return { zh: make("zh"), en: make("en") };
}
