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
import { Fault } from "../fault.ts";

const perAction = ["subject", "opening", "change", "meaning"] as const;

const sharedKeys = [
  "heading.change",
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

const changing = ["decrease", "freeze", "close", ...restoringActions] as const;

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
}>;

/** The folder of texts that ships with Tidemark, from source and from dist alike. */
export const shippedTexts = fileURLToPath(new URL("../../../texts/", import.meta.url));

/**
 * Reads `notices.zh.json` and `notices.en.json`. Throws a Fault that names every problem: a key missing in
 * either language, an unknown key, a message that is no ICU message, arguments that differ between the
 * languages, a forbidden phrase.
 */
export function readCatalogue(folder: string): Catalogue {
  const problems: string[] = [];
  const files = {
    zh: readMessages(join(folder, "notices.zh.json"), "zh", problems),
    en: readMessages(join(folder, "notices.en.json"), "en", problems),
  };
  for (const key of messageKeys)
    problems.push(...differences(key, files.zh.get(key), files.en.get(key)));
  if (problems.length > 0) {
    throw new Fault(`Cannot read notice texts in ${folder}:\n${problems.join("\n")}`, {
      retryable: false,
    });
  }
  const formats = { zh: remembering(files.zh), en: remembering(files.en) };
  return { format: (language, key, values) => formats[language](key, values) };
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

function readMessages(
  path: string,
  language: Language,
  problems: string[],
): ReadonlyMap<string, IntlMessageFormat> {
  const messages = new Map<string, IntlMessageFormat>();
  const texts = parseTexts(path);
  for (const key of messageKeys) {
    if (!Object.hasOwn(texts, key))
      problems.push(`${path}: found nothing at ${key}, expected a message`);
  }
  for (const [key, text] of Object.entries(texts)) {
    const problem = textProblem(key, text);
    if (problem !== null) {
      problems.push(`${path}: ${problem}`);
      continue;
    }
    try {
      messages.set(
        key,
        new IntlMessageFormat(String(text), language, undefined, { ignoreTag: true }),
      );
    } catch (error) {
      problems.push(
        `${path}: found ${JSON.stringify(text)} at ${key}, expected an ICU message: ${String(error)}`,
      );
    }
  }
  return messages;
}

function parseTexts(path: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const state = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(`Cannot read notice texts ${path}: ${state}`, { retryable: false, cause });
  }
}

function textProblem(key: string, text: unknown): string | null {
  if (!(messageKeys as readonly string[]).includes(key))
    return `found key ${key}, expected no key of this name`;
  if (typeof text !== "string" || text.trim() === "")
    return `found ${JSON.stringify(text)} at ${key}, expected a text`;
  const phrase = forbiddenPhraseIn(text);
  return phrase === null ? null : `found forbidden phrase "${phrase}" at ${key}`;
}

function differences(
  key: string,
  zh: IntlMessageFormat | undefined,
  en: IntlMessageFormat | undefined,
): readonly string[] {
  if (zh === undefined || en === undefined) return [];
  const [inZh, inEn] = [zh, en].map((message) =>
    [...argumentsOf(message.getAst())].toSorted().join(", "),
  );
  return inZh === inEn
    ? []
    : [`found arguments ${inZh} in ${languages[0]} and ${inEn} in ${languages[1]} at ${key}`];
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
