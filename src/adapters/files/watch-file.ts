// The watch rules as people write them: a YAML file, checked whole when Tidemark starts, so that nobody is reminded or
// alerted by a rule that nobody meant.

import type { DeclaredFacts } from "../../domain/declared-fact.ts";
import type { WatchRules } from "../../domain/watch-rules.ts";
import { parseWatch } from "../../policy/parse-watch.ts";
import { readCheckedFile } from "./checked-file.ts";

/** Reads a watch file. Throws a Fault that names every problem with file, line, field, what was found and expected. */
export function readWatchFile(path: string, declared: DeclaredFacts): WatchRules {
  return readCheckedFile(path, { en: "watch file", zh: "监测规则文件" }, (found) => {
    const parsed = parseWatch(found, declared);
    return "rules" in parsed ? { value: parsed.rules } : parsed;
  });
}
