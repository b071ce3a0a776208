// The texts of reports live in texts/, one file for each language. Both hold exactly the same keys with the same
// arguments; files that do not are refused when they are read, not when somebody reads a report.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { IntlMessageFormat } from "intl-messageformat";
import { languages, type Language } from "../../domain/text.ts";
import { Fault } from "../fault.ts";

/** Writes one message. Throws for a key that no file holds. */
export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Texts of reports by language. */
export type ReportTexts = Readonly<{ keys: readonly string[]; say: (language: Language) => Say }>;

const shipped = fileURLToPath(new URL("../../../texts/", import.meta.url));

/**
 * Reads `report.zh.json` and `report.en.json`. Throws a Fault that names every key that stands in one of them only or
 * takes other arguments there.
 */
export function readReportTexts(folder: string = shipped): ReportTexts {
  const files = new Map(
    languages.map((language) => [language, readMessages(folder, language)] as const),
  );
  const problems = differences(files.get("zh")!, files.get("en")!);
  if (problems.length > 0) {
    throw new Fault(`Cannot read report texts in ${folder}:\n${problems.join("\n")}`, {
      retryable: false,
    });
  }
  return {
    keys: [...files.get("zh")!.keys()],
    say: (language) => (key, values) => {
      const message = files.get(language)!.get(key);
      if (message === undefined) throw new Error(`Report text is missing: ${key}`);
      return String(message.format(values));
    },
  };
}

type Messages = ReadonlyMap<string, IntlMessageFormat>;

function readMessages(folder: string, language: Language): Messages {
  const path = join(folder, `report.${language}.json`);
  try {
    const texts = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, string>>;
    return new Map(
      Object.entries(texts).map(([key, text]) => [
        key,
        new IntlMessageFormat(text, language, undefined, { ignoreTag: true }),
      ]),
    );
  } catch (cause) {
    const state = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(`Cannot read report texts ${path}: ${state}`, { retryable: false, cause });
  }
}

function differences(zh: Messages, en: Messages): readonly string[] {
  return [...new Set([...zh.keys(), ...en.keys()])].flatMap((key) => {
    const [one, other] = [zh.get(key), en.get(key)];
    if (one === undefined || other === undefined)
      return [`found ${key} in one language only, expected it in both`];
    const [inZh, inEn] = [argumentsOf(one), argumentsOf(other)];
    return inZh === inEn ? [] : [`found arguments ${inZh} in zh and ${inEn} in en at ${key}`];
  });
}

/** Names of a message's arguments; type 0 is literal text. Nested plurals are not used in reports. */
function argumentsOf(message: IntlMessageFormat): string {
  const nodes = message.getAst() as readonly Readonly<{ type: number; value?: unknown }>[];
  const names = nodes.filter(({ type }) => type !== 0).map(({ value }) => String(value));
  return [...new Set(names)].toSorted().join(", ");
}
