// A YAML document that Tidemark cannot start with while anything in it is wrong: facts, sources. It is checked whole, and every
// problem is told at once with the place where its author sees it.

import type { Text } from "../../domain/text.ts";
import type { Problem } from "../../policy/problem.ts";
import { faultIn } from "../fault.ts";
import { readYamlDocument } from "./yaml-document.ts";

type Parsed<Value> = Readonly<{ value: Value }> | Readonly<{ problems: readonly Problem[] }>;

/**
 * Reads and parses a file; `name` is what it is called in messages. Throws a Fault that names every problem with file, line,
 * field, what was found and expected.
 */
export function readCheckedFile<Value>(
  path: string,
  name: Text,
  parse: (value: unknown) => Parsed<Value>,
): Value {
  const document = readable(path, name);
  const syntax = document.problems.map((text): Text => ({ en: text, zh: text }));
  if (syntax.length > 0) throw broken(name, syntax);
  const parsed = parse(document.value);
  if ("value" in parsed) return parsed.value;
  throw broken(
    name,
    parsed.problems.map(({ path: pointer, message }) => {
      const place = `${path}:${document.lineOf(pointer)} ${pointer || "/"}: `;
      return { en: place + message.en, zh: place + message.zh };
    }),
  );
}

function readable(path: string, name: Text): ReturnType<typeof readYamlDocument> {
  try {
    return readYamlDocument(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw broken(name, [{ en: why, zh: why }]);
  }
}

function broken(name: Text, problems: readonly Text[]): Error {
  const all = (language: keyof Text): string => problems.map((one) => one[language]).join("\n");
  return faultIn(
    { en: `Cannot read ${name.en}:\n${all("en")}`, zh: `无法读取${name.zh}：\n${all("zh")}` },
    { retryable: false },
  );
}
