// What the customer reads. A notice says in plain words what changes and from when, why, what that means, the
// way back, and how to ask for an explanation, a person or an appeal. The reasons are the decision's own and
// nothing else; both languages are composed from the same values at once.

import type { Currency } from "../../domain/money.ts";
import { reasonCodes, type ReasonCode } from "../../domain/reason-code.ts";
import { usedMinor, type CreditLine } from "../../domain/credit-line.ts";
import { languages, type Language, type Text } from "../../domain/text.ts";
import { forbiddenPhraseAmong } from "../../compliance/forbidden-phrase.ts";
import type { NoticeParameters, Wording } from "../../flow/ports.ts";
import type { Way } from "../../policy/way-back.ts";
import { formatText, type Catalogue, type MessageKey, type MessageValues } from "./catalogue.ts";
import { amountForm, dateForm } from "./notice-format.ts";

/** Where a customer reaches the lender. `where` says how to ask for an explanation, a review or an appeal. */
export type Contact = Readonly<{ lender: Text; phone: string; hours: Text; where: Text }>;

/** The contact of the sandbox lender; a real one comes from the lender's configuration. */
export const sampleContact: Contact = {
  lender: { zh: "示例消费金融", en: "Sample Consumer Finance" },
  phone: "400-000-0000",
  hours: { zh: "每日 9:00–21:00", en: "daily 9:00–21:00" },
  where: {
    zh: "您可以在应用内“我的额度”页面要求说明、人工复核或提出申诉。",
    en: "Ask for an explanation, a review by a person or an appeal on the page My Line in the app.",
  },
};

/**
 * Names that a strategy may give as its notice template. A notice always says what happens to the line, so
 * the outcome chooses among the three texts whatever name stands there.
 */
export const noticeTemplates = ["limit-change", "decrease", "freeze", "close"] as const;

type Changing = Exclude<NoticeParameters["outcome"], Readonly<{ action: "none" }>>;

/**
 * Composes notices from a catalogue. `compose` throws a RangeError for what the flow must never ask for: an
 * unknown template, an outcome that changes nothing, no reason at all, a way back with a forbidden phrase.
 */
export function createWording(catalogue: Catalogue, contact: Contact): Wording {
  return {
    compose: (parameters) => {
      const outcome = checked(parameters);
      const values = bothLanguages((language) => valuesOf(parameters, outcome, contact, language));
      const write = (key: MessageKey, more: MessageValues | null = null): Text =>
        formatText(catalogue, key, (language) =>
          more === null ? values[language] : { ...values[language], ...more },
        );
      const ways = parameters.ways.map((way) => wayText(catalogue, parameters, way));
      const lines = sections(write, outcome, parameters, ways, (reason, number) =>
        formatText(catalogue, "reasons.item", (language) => ({
          number,
          reason: reasonCodes[reason][language],
        })),
      );
      const subject = write(`${outcome.action}.subject`);
      refuseForbidden((language) => [subject[language]]);
      refuseForbidden((language) => lines[language].flat());
      const body = bothLanguages((language) =>
        lines[language].map((part) => part.join("\n")).join("\n\n"),
      );
      return { subject, body };
    },
  };
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
  if (reasons.length === 0) {
    throw new RangeError("Cannot compose notice: found no principal reason, expected at least one");
  }
  return outcome;
}

type Write = (key: MessageKey, more?: MessageValues) => Text;

function sections(
  write: Write,
  { action }: Changing,
  { reasons, wayBack }: NoticeParameters,
  ways: readonly Text[],
  item: (reason: ReasonCode, number: number) => Text,
): Readonly<Record<Language, readonly (readonly string[])[]>> {
  const quoted = [...new Set(reasons)];
  const criteria = wayBack.zh.trim() === "" ? [] : [write("wayBack.criteria")];
  const parts: readonly (readonly Text[])[] = [
    [write(`${action}.opening`)],
    [write("heading.change"), write(`${action}.change`)],
    [
      write("heading.reasons"),
      write("reasons.intro", { count: quoted.length }),
      ...quoted.map((reason, index) => item(reason, index + 1)),
    ],
    [write("heading.meaning"), write(`${action}.meaning`)],
    [write("heading.wayBack"), ...ways, ...criteria, write("wayBack.review")],
    [
      write("heading.rights"),
      write("rights.explanation"),
      write("rights.review"),
      write("rights.appeal"),
    ],
    [write("heading.contact"), write("contact.where"), write("contact.person")],
  ];
  return bothLanguages((language) => parts.map((part) => part.map((line) => line[language])));
}

function valuesOf(
  parameters: NoticeParameters,
  outcome: Changing,
  contact: Contact,
  language: Language,
): MessageValues {
  const { line, currency, wayBack } = parameters;
  const used = usedMinor(line);
  const newLimitMinor = outcome.action === "decrease" ? outcome.toMinor : outcome.fromMinor;
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

function refuseForbidden(linesIn: (language: Language) => readonly string[]): void {
  for (const language of languages) {
    const phrase = forbiddenPhraseAmong(linesIn(language));
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
