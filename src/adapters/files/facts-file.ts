// The declared facts as people write them: a YAML file, checked whole when Tidemark starts, so that no fact is made from a
// document that says something else than its author meant.

import type { DeclaredFacts } from "../../domain/declared-fact.ts";
import { parseDeclaredFacts } from "../../policy/parse-declared-facts.ts";
import { readCheckedFile } from "./checked-file.ts";

/** Reads a facts file. Throws a Fault that names every problem with file, line, field, what was found and expected. */
export function readFactsFile(path: string): DeclaredFacts {
  return readCheckedFile(path, { en: "facts file", zh: "事实声明文件" }, (found) => {
    const parsed = parseDeclaredFacts(found);
    return "declared" in parsed ? { value: parsed.declared } : parsed;
  });
}
