// Ceilings for the length of functions and files. The numbers stand in ceilings.json and only ever go down: lower them
// when the longest one gets shorter, never raise them.
import { isNode, parseSource, walk, type Node } from "./syntax.ts";
import { isTest, lineOf, type Tree, type Violation } from "./tree.ts";

/** Lines that a function and a file may have. */
export type Ceilings = Readonly<{ functionLines: number; fileLines: number }>;

/** The ceilings may be lower than these, never higher. */
export const loosest: Ceilings = { functionLines: 70, fileLines: 500 };

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
/** Generated files are read by programs only. */
const generated: readonly string[] = ["console/src/api/schema.ts"];
const counted = /^(?:src|test|scripts|console|portal)\/.*\.(?:ts|tsx|mjs)$/;

/** No function and no file is longer than its ceiling. Tests have the file ceiling only: theirs are lists of examples. */
export function checkCeilings(tree: Tree, ceilings: Ceilings): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!counted.test(path) || generated.includes(path)) continue;
    const lines = text.split("\n").length - 1;
    if (lines > ceilings.fileLines) {
      const message = `Cannot keep file of ${lines} lines: the ceiling is ${ceilings.fileLines}`;
      violations.push({ path, line: 1, message });
    }
    if (isTest(path) || path.startsWith("test/")) continue;
    for (const { line, lines: length } of functionLengths(path, text)) {
      if (length <= ceilings.functionLines) continue;
      const message = `Cannot keep function of ${length} lines: the ceiling is ${ceilings.functionLines}`;
      violations.push({ path, line, message });
    }
  }
  return violations;
}

function functionLengths(
  path: string,
  text: string,
): readonly Readonly<{ line: number; lines: number }>[] {
  const lengths: { line: number; lines: number }[] = [];
  walk(parseSource(path, text).program, (node: Node) => {
    if (!functions.has(node.type) || !isNode(node["body"])) return;
    const line = lineOf(text, node.start);
    lengths.push({ line, lines: lineOf(text, node.end) - line + 1 });
  });
  return lengths;
}
