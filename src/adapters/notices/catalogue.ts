// The texts of notices live in texts/, one file for each language, and are equal by construction: both hold
// exactly the same keys with the same arguments, all of them are used, and none holds a phrase that is no
// reason. A catalogue that breaks this is refused when it is read, not when a customer reads it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { IntlMessageFormat } from "intl-messageformat";
import { restoringActions } from "../../domain/assessment.ts";
import { forbiddenPhraseIn } from "../../compliance/forbidden-phrase.ts";
import { languages, type Language, type Text } from "../../domain/text.ts";
import { faultIn } from "../fault.ts";

const perAction = ["subject", "opening", "change", "meaning"] as const;

const sharedKeys = [
  "reminder.subject",
  "reminder.opening",
  "reminder.amount",
  "reminder.paid",
  "short.text",
  "heading.change",
  "heading.appeal",
  "appeal.overturned",
  "appeal.answer",
  "heading.next",
  "next.outside",
  "next.agency",
  "heading.answer",
  "answer.accept",
  "answer.counter",
  "answer.decline",
  "answer.silence",
  "heading.reasons",
  "reasons.intro",
  "reasons.item",
  "reasons.ask",
  "heading.bureau",
  "bureau.used",
  "bureau.score",
  "bureau.factors",
  "bureau.notDecided",
  "bureau.freeReport",
  "bureau.dispute",
  "heading.meaning",
  "meaning.instalments",
  "heading.wayBack",
  "wayBack.change",
  "wayBack.item",
  "wayBack.criteria",
  "wayBack.review",
  "heading.rights",
  "rights.explanation",
  "rights.review",
  "rights.appeal",
  "rights.proveAbility",
  "rights.complaint",
  "rights.nonDiscrimination",
  "rights.agency",
  "heading.contact",
  "contact.lender",
  "contact.where",
  "contact.person",
] as const;

/** Everything that a notice says of a line, in the order of {@link MessageKey}. */
export const changing = ["decrease", "offer", "freeze", "close", ...restoringActions] as const;

type ActionKey = `${(typeof changing)[number]}.${(typeof perAction)[number]}`;

/** Every key that a catalogue must hold, and the only ones it may hold. */
export type MessageKey = (typeof sharedKeys)[number] | ActionKey;

const messageKeys: readonly MessageKey[] = [
  ...changing.flatMap((action) => perAction.map((part): ActionKey => `${action}.${part}`)),
  ...sharedKeys,
];

/** Values of a message: texts are put in as they are, numbers choose plural forms. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** Writes one message in one language. */
export type Catalogue = Readonly<{
  format: (language: Language, key: MessageKey, values: MessageValues) => string;
  /** names of what a message puts in, in order of their letters */
  argumentsOf: (key: MessageKey) => string;
}>;

/** The folder of texts that ships with Tidemark, from source and from dist alike. */
export const shippedTexts = fileURLToPath(new URL("../../../texts/", import.meta.url));

/** The messages of both languages as they are written down. */
export type NoticeTextsDocument = Readonly<Record<Language, Readonly<Record<string, string>>>>;

/**
 * Reads `notices.zh.json` and `notices.en.json`. Throws a Fault for a file that cannot be read; whether the texts are
 * sound is for {@link catalogueOf} to say.
 */
export function readTexts(folder: string): NoticeTextsDocument {
  return {
    zh: parseTexts(join(folder, "notices.zh.json")),
    en: parseTexts(join(folder, "notices.en.json")),
  };
}

/**
 * The catalogue of a document, or every problem: a key missing in either language, an unknown key, a message that is no
 * ICU message, arguments that differ between the languages, a forbidden phrase. With a model also arguments that differ
 * from the model's: words may change, but what they tell may neither be left out nor made up.
 */
export function catalogueOf(
  document: unknown,
  model: Pick<Catalogue, "argumentsOf"> | null = null,
): Readonly<{ catalogue: Catalogue }> | Readonly<{ problems: readonly Text[] }> {
  const problems: Text[] = [];
  const files = {
    zh: messagesOf(document, "zh", problems),
    en: messagesOf(document, "en", problems),
  };
  for (const key of messageKeys) {
    problems.push(...differences(key, files.zh.get(key), files.en.get(key), model));
  }
  if (problems.length > 0) return { problems };
  const formats = { zh: remembering(files.zh), en: remembering(files.en) };
  return {
    catalogue: {
      format: (language, key, values) => formats[language](key, values),
      argumentsOf: (key) => argumentText(files.en.get(key)!),
    },
  };
}

/** The catalogue of a folder. Throws a Fault that names every problem. */
export function readCatalogue(folder: string): Catalogue {
  const made = catalogueOf(readTexts(folder));
  if ("catalogue" in made) return made.catalogue;
  const said = (language: Language): string =>
    made.problems.map((problem) => problem[language]).join("\n");
  const text = {
    en: `Cannot read notice texts in ${folder}:\n${said("en")}`,
    zh: `无法读取 ${folder} 中的通知文本：\n${said("zh")}`,
  };
  throw faultIn(text, { retryable: false });
}

const mostTexts = 256;

/**
 * Most messages of a thousand notices of one day say the same, and a text depends on nothing but the arguments that its
 * message names: those are remembered, as many as a day's notices need.
 */
function remembering(
  messages: ReadonlyMap<string, IntlMessageFormat>,
): (key: MessageKey, values: MessageValues) => string {
  const known = new Map<string, Readonly<{ names: readonly string[]; texts: Map<string, string> }>>(
    [...messages].map(([key, message]) => {
      return [key, { names: [...argumentsOf(message.getAst())], texts: new Map() }];
    }),
  );
  return (key, values) => {
    const { names, texts } = known.get(key)!;
    const said = saidOf(names, values);
    const made = texts.get(said);
    if (made !== undefined) return made;
    const text = String(messages.get(key)?.format(values));
    if (texts.size >= mostTexts) texts.clear();
    texts.set(said, text);
    return text;
  };
}

function saidOf(names: readonly string[], values: MessageValues): string {
  if (names.length === 1) return String(values[names[0]!]);
  let said = "";
  for (const name of names) said += `${values[name]}\u0000`;
  return said;
}

/** The same message in both languages; `values` are made for each of them. */
export function formatText(
  catalogue: Catalogue,
  key: MessageKey,
  values: (language: Language) => MessageValues,
): Text {
  return {
    zh: catalogue.format("zh", key, values("zh")),
    en: catalogue.format("en", key, values("en")),
  };
}

function messagesOf(
  document: unknown,
  language: Language,
  problems: Text[],
): ReadonlyMap<string, IntlMessageFormat> {
  const messages = new Map<string, IntlMessageFormat>();
  const texts = (document as Partial<Record<Language, unknown>> | null)?.[language];
  if (typeof texts !== "object" || texts === null || Array.isArray(texts)) {
    problems.push({
      en: `found no messages under ${language}, expected an object of messages`,
      zh: `${language} 下没有文本，应为键值对象`,
    });
    return messages;
  }
  for (const key of messageKeys) {
    if (Object.hasOwn(texts, key)) continue;
    problems.push({
      en: `${language}: found nothing at ${key}, expected a message`,
      zh: `${language}：缺少 ${key}`,
    });
  }
  for (const [key, text] of Object.entries(texts)) {
    const message = messageOf(key, text, language);
    if (message instanceof IntlMessageFormat) messages.set(key, message);
    else problems.push(message);
  }
  return messages;
}

/** One message ready to be formatted, or what is wrong with it. */
function messageOf(key: string, text: unknown, language: Language): IntlMessageFormat | Text {
  if (!(messageKeys as readonly string[]).includes(key)) {
    return {
      en: `${language}: found key ${key}, expected no key of this name`,
      zh: `${language}：未知的键 ${key}`,
    };
  }
  if (typeof text !== "string" || text.trim() === "") {
    const found = JSON.stringify(text);
    return {
      en: `${language}: found ${found} at ${key}, expected a text`,
      zh: `${language}：${key} 为 ${found}，应为文本`,
    };
  }
  const phrase = forbiddenPhraseIn(text);
  if (phrase !== null) {
    return {
      en: `${language}: found forbidden phrase "${phrase}" at ${key}`,
      zh: `${language}：${key} 含禁用表述“${phrase}”`,
    };
  }
  try {
    return new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
  } catch (error) {
    const found = JSON.stringify(text);
    return {
      en: `${language}: found ${found} at ${key}, expected an ICU message: ${String(error)}`,
      zh: `${language}：${key} 为 ${found}，不是有效的 ICU 消息：${String(error)}`,
    };
  }
}

function parseTexts(path: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, string>>;
  } catch (cause) {
    const state = cause instanceof Error ? cause.message : String(cause);
    const text = {
      en: `Cannot read notice texts ${path}: ${state}`,
      zh: `无法读取通知文本 ${path}：${state}`,
    };
    throw faultIn(text, { retryable: false, cause });
  }
}

function differences(
  key: MessageKey,
  zh: IntlMessageFormat | undefined,
  en: IntlMessageFormat | undefined,
  model: Pick<Catalogue, "argumentsOf"> | null,
): readonly Text[] {
  if (zh === undefined || en === undefined) return [];
  const [inZh, inEn] = [argumentText(zh), argumentText(en)];
  const expected = model?.argumentsOf(key) ?? inEn;
  if (inZh === inEn && inEn !== expected) {
    return [
      {
        en: `found arguments ${inEn || "none"} at ${key}, expected ${expected || "none"}`,
        zh: `${key} 的参数为 ${inEn || "无"}，应为 ${expected || "无"}`,
      },
    ];
  }
  if (inZh === inEn) return [];
  return [
    {
      en: `found arguments ${inZh} in ${languages[0]} and ${inEn} in ${languages[1]} at ${key}`,
      zh: `${key} 的参数不一致：${languages[0]} 为 ${inZh}，${languages[1]} 为 ${inEn}`,
    },
  ];
}

function argumentText(message: IntlMessageFormat): string {
  return [...argumentsOf(message.getAst())].toSorted().join(", ");
}

/** Names of the arguments anywhere in a message. The tree is plain data, so that no parser types are needed. */
function argumentsOf(tree: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(tree)) for (const node of tree) argumentsOf(node, names);
  else if (typeof tree === "object" && tree !== null) {
    const node = tree as { type?: number; value?: unknown; options?: object };
    // Type 0 is literal text and 7 the # of a plural; every other node names an argument.
    if (typeof node.value === "string" && node.type !== 0 && node.type !== 7) names.add(node.value);
    for (const option of Object.values(node.options ?? {}))
      argumentsOf((option as { value: unknown }).value, names);
  }
  return names;
}
