// The declared facts as people write them: a YAML file, checked whole when Tidemark starts, so that no fact is made from a
// document that says something else than its author meant.

import type { DeclaredFacts } from "../../domain/declared-fact.ts";
import type { Text } from "../../domain/text.ts";
import { parseDeclaredFacts } from "../../policy/parse-declared-facts.ts";
import { faultIn } from "../fault.ts";
import { readYamlDocument } from "./yaml-document.ts";

/** Reads a facts file. Throws a Fault that names every problem with file, line, field, what was found and expected. */
export function readFactsFile(path: string): DeclaredFacts {
  const document = readable(path);
  const syntax = document.problems.map((text): Text => ({ en: text, zh: text }));
  if (syntax.length > 0) throw broken(syntax);
  const parsed = parseDeclaredFacts(document.value);
  if ("declared" in parsed) return parsed.declared;
  throw broken(
    parsed.problems.map(({ path: pointer, message }) => {
      const place = `${path}:${document.lineOf(pointer)} ${pointer || "/"}: `;
      return { en: place + message.en, zh: place + message.zh };
    }),
  );
}

function readable(path: string): ReturnType<typeof readYamlDocument> {
  try {
    return readYamlDocument(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw broken([{ en: why, zh: why }]);
  }
}

function broken(problems: readonly Text[]): Error {
  const all = (language: keyof Text): string => problems.map((one) => one[language]).join("\n");
  return faultIn(
    { en: `Cannot read facts file:\n${all("en")}`, zh: `无法读取事实声明文件：\n${all("zh")}` },
    { retryable: false },
  );
}
