// Every file opens with a comment that says which law or promise lives in it; a reader should never have to guess that
// from the code. Migrations say why they exist in the same place.
import { parseSource } from "./syntax.ts";
import type { Tree, Violation } from "./tree.ts";

const shortest = 40;
const opened = /^(?:src|test|scripts)\/.*\.(?:ts|mjs)$/;

/** Sources, tests and scripts open with a comment of at least one sentence, migrations with `--` lines. */
export function checkHeaders(tree: Tree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    const length = headerLength(path, text);
    if (length === undefined || length >= shortest) continue;
    const message =
      "Cannot keep file without opening comment: expected which law or promise lives here";
    violations.push({ path, line: 1, message });
  }
  return violations;
}

function headerLength(path: string, text: string): number | undefined {
  if (/^migrations\/.*\.sql$/.test(path)) {
    return /^(?:--.*\n)+/.exec(text)?.[0].length ?? 0;
  }
  if (!opened.test(path)) return undefined;
  const { comments, firstCodeAt } = parseSource(path, text);
  return comments
    .filter((comment) => comment.start < firstCodeAt)
    .reduce((sum, comment) => sum + comment.value.trim().length, 0);
}
