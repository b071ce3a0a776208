// A mapping document on disk: YAML with the place of every problem. What the document means is decided by the
// parser that the caller hands in; this file only knows where things stand.

import type { Text } from "../../domain/text.ts";
import type { Locate } from "../../policy/parse.ts";
import type { Problem } from "../../policy/problem.ts";
import { readYamlFile } from "./strategy-file.ts";

type Parsed<Mapping> = Readonly<{ mapping: Mapping }> | Readonly<{ problems: readonly Problem[] }>;

/** The mapping, or every problem as `FILE:LINE:COLUMN: message` in both languages. */
export type MappingFile<Mapping> =
  | Readonly<{ mapping: Mapping }>
  | Readonly<{ problems: readonly Text[] }>;

/** Reads a mapping file. Never throws on bad input; an unreadable file is a problem too. */
export async function readMappingFile<Mapping>(
  path: string,
  parse: (value: unknown) => Parsed<Mapping>,
): Promise<MappingFile<Mapping>> {
  const file = await readYamlFile(path);
  if ("problems" in file) return { problems: file.problems.map(({ message }) => message) };
  const parsed = parse(file.value);
  if ("mapping" in parsed) return parsed;
  return { problems: parsed.problems.map((problem) => placed(path, problem, file.locate)) };
}

function placed(file: string, { path, message }: Problem, locate: Locate): Text {
  const place = nearestPlace(path, locate);
  const where = place === undefined ? file : `${file}:${place.line}:${place.column}`;
  return { en: `${where}: ${message.en}`, zh: `${where}: ${message.zh}` };
}

/** A field that is missing has no place; then it is that of what it is missing from. */
function nearestPlace(pointer: string, locate: Locate): ReturnType<Locate> {
  for (let path = pointer; ; path = path.slice(0, path.lastIndexOf("/"))) {
    const place = locate(path);
    if (place !== undefined || path === "") return place;
  }
}
