// What the tidy rules need from a source file: its imports, its comments and a walk over its syntax tree, all from
// oxc-parser, so that a word in a comment or a string is never taken for code.
import { parseSync } from "oxc-parser";

/** A node of the syntax tree as the rules see it. */
export type Node = Readonly<{ type: string; start: number; end: number; [key: string]: unknown }>;

/** One import, re-export or dynamic import: what it names and where it stands. */
type Import = Readonly<{ specifier: string; start: number }>;

/** A parsed source file. */
export type Syntax = Readonly<{
  text: string;
  program: Node;
  imports: readonly Import[];
  firstCodeAt: number;
  comments: readonly Readonly<{ value: string; start: number }>[];
}>;

const parsed = new Map<string, Syntax>();

/** Parses a source file; throws with the parser's message when it is not valid TypeScript. */
export function parseSource(path: string, text: string): Syntax {
  const known = parsed.get(path);
  if (known?.text === text) return known;
  const result = parseSync(path, text);
  const [error] = result.errors;
  if (error !== undefined) throw new Error(`Cannot parse ${path}: ${error.message}`);
  const program = result.program as unknown as Node;
  const syntax: Syntax = {
    text,
    program,
    imports: importsOf(program),
    firstCodeAt: result.program.body[0]?.start ?? text.length,
    comments: result.comments.map(({ value, start }) => ({ value, start })),
  };
  parsed.set(path, syntax);
  return syntax;
}

const importing = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

function importsOf(program: Node): readonly Import[] {
  const imports: Import[] = [];
  walk(program, (node) => {
    if (!importing.has(node.type)) return;
    const { source } = node;
    if (isNode(source) && typeof source["value"] === "string") {
      imports.push({ specifier: source["value"], start: node.start });
    }
  });
  return imports;
}

/** Is this value a syntax node? */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Visits every node, parents first; `parent` and `key` say where the node hangs. */
export function walk(
  node: Node,
  visit: (node: Node, parent: Node | undefined, key: string) => void,
  parent?: Node,
  at = "",
): void {
  visit(node, parent, at);
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit, node, key);
    } else if (isNode(value)) {
      walk(value, visit, node, key);
    }
  }
}

/** The repository path a relative import points at; undefined for packages and `node:` modules. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
