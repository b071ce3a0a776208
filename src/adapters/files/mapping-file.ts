// A mapping document on disk: YAML with the line of every problem. What the document means is decided by the
// parser that the caller hands in; this file only knows where things stand.

import { statSync } from "node:fs";
import type { Text } from "../../domain/text.ts";
import type { Problem } from "../../policy/problem.ts";
import { FileFault } from "./file-fault.ts";
import { readYamlDocument, type YamlDocument } from "./yaml-document.ts";

type Parsed<Mapping> = Readonly<{ mapping: Mapping }> | Readonly<{ problems: readonly Problem[] }>;

/** The mapping, or every problem as `FILE:LINE message` in both languages. */
export type MappingFile<Mapping> =
  | Readonly<{ mapping: Mapping }>
  | Readonly<{ problems: readonly Text[] }>;

const largestBytes = 1024 * 1024;

/** Reads a mapping file. Throws a FileFault when it is missing or larger than 1 MiB. */
export function readMappingFile<Mapping>(
  path: string,
  parse: (value: unknown) => Parsed<Mapping>,
): MappingFile<Mapping> {
  checkSize(path);
  const document = readYamlDocument(path);
  if (document.problems.length > 0) {
    return { problems: document.problems.map((text) => ({ en: text, zh: text })) };
  }
  const parsed = parse(document.value);
  if ("mapping" in parsed) return parsed;
  return { problems: parsed.problems.map((problem) => placed(document, problem)) };
}

function placed(document: YamlDocument, { path, message }: Problem): Text {
  const place = `${document.path}:${document.lineOf(path)}`;
  return { en: `${place} ${message.en}`, zh: `${place} ${message.zh}` };
}

function checkSize(path: string): void {
  const expected = { en: "a mapping file of at most 1 MiB", zh: "不超过 1 MiB 的映射文件" };
  let size: number;
  try {
    size = statSync(path).size;
  } catch (cause) {
    const found = { en: "no such file", zh: "文件不存在" };
    throw new FileFault({ file: path, line: 0, found, expected, cause });
  }
  if (size <= largestBytes) return;
  const found = { en: `${size} bytes`, zh: ` ${size} 字节` };
  throw new FileFault({ file: path, line: 0, found, expected });
}
