// Same facts, same strategy version and same as-of date give the same bytes on any machine, in any time zone and
// locale. This rule keeps clocks, randomness, the process and locale-dependent calls out of the layers that promise it.
import { layerOf } from "./layers.ts";
import { isNode, parseSource, walk, type Node } from "./syntax.ts";
import { isSource, isTest, lineOf, type Tree, type Violation } from "./tree.ts";

const pureLayers = new Set([
  "domain",
  "policy",
  "model",
  "audit",
  "compliance",
  "flow",
  "portfolio",
]);

const impureGlobals = new Set([
  "process",
  "performance",
  "crypto",
  "fetch",
  "console",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "require",
  "Intl",
]);

const impureMembers = new Set(["Date.now", "Math.random"]);

// These read the machine's locale or time zone whatever object they are called on.
const impureMethods = new Set([
  "localeCompare",
  "toLocaleString",
  "toLocaleDateString",
  "toLocaleTimeString",
  "toLocaleUpperCase",
  "toLocaleLowerCase",
  "getFullYear",
  "getMonth",
  "getHours",
  "getMinutes",
  "getTimezoneOffset",
]);

/** No source of a pure layer reads a clock, a random number, the process, the locale or the time zone. */
export function checkPurity(tree: Tree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!isSource(path) || isTest(path) || !pureLayers.has(layerOf(path) ?? "")) continue;
    const { program } = parseSource(path, text);
    const declared = declaredNames(program);
    walk(program, (node, parent, key) => {
      const found = impurity(node, parent, key);
      if (found === undefined || declared.has(found)) return;
      const message = `Cannot use ${found} in a pure layer: pass it in as an argument`;
      violations.push({ path, line: lineOf(text, node.start), message });
    });
  }
  return violations;
}

function impurity(node: Node, parent: Node | undefined, key: string): string | undefined {
  switch (node.type) {
    case "Identifier":
      return isReference(parent, key) ? impureGlobal(node) : undefined;
    case "MemberExpression":
      return impureMember(node);
    case "NewExpression":
    case "CallExpression":
      return readsClock(node) ? "the current date" : undefined;
    default:
      return undefined;
  }
}

function impureGlobal(node: Node): string | undefined {
  const name = nameOf(node);
  return name !== undefined && impureGlobals.has(name) ? name : undefined;
}

function impureMember(node: Node): string | undefined {
  const method = nameOf(node["property"]);
  const owner = nameOf(node["object"]);
  if (node["computed"] === true || method === undefined) return undefined;
  if (impureMethods.has(method)) return `.${method}`;
  if (owner === "globalThis" && impureGlobals.has(method)) return `globalThis.${method}`;
  const member = `${owner ?? ""}.${method}`;
  return impureMembers.has(member) ? member : undefined;
}

// `new Date()` and `Date()` are now; `new Date(0)` and `new Date(text)` are arguments in another form.
function readsClock(node: Node): boolean {
  if (nameOf(node["callee"]) !== "Date") return false;
  if (node.type === "CallExpression") return true;
  return Array.isArray(node["arguments"]) && node["arguments"].length === 0;
}

// A property named like a global is not the global, and neither is a name in a type.
function isReference(parent: Node | undefined, key: string): boolean {
  if (parent === undefined || parent.type.startsWith("TS")) return isExpressionWrapper(parent);
  if (parent.type === "MemberExpression") return key !== "property" || parent["computed"] === true;
  if (parent.type === "Property") return key === "value" || parent["computed"] === true;
  return !parent.type.includes("Definition") || key === "value";
}

function isExpressionWrapper(parent: Node | undefined): boolean {
  return ["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"].includes(
    parent?.type ?? "",
  );
}

const declaring: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ["id"],
  FunctionDeclaration: ["id", "params"],
  FunctionExpression: ["params"],
  ArrowFunctionExpression: ["params"],
  ImportSpecifier: ["local"],
  CatchClause: ["param"],
};

// Names the file declares itself anywhere: coarse, but a shadowed global is then the file's own affair.
function declaredNames(program: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (value: unknown): void => {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (isNode(item)) walk(item, (node) => names.add(nameOf(node) ?? ""));
    }
  };
  walk(program, (node) => {
    for (const key of declaring[node.type] ?? []) add(bindingPart(node[key]));
  });
  return names;
}

// In `(limit = Date.now())` only `limit` is declared; the default value is code like any other.
function bindingPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bindingPart);
  return isNode(value) && value.type === "AssignmentPattern" ? value["left"] : value;
}

function nameOf(value: unknown): string | undefined {
  if (!isNode(value) || value.type !== "Identifier") return undefined;
  return typeof value["name"] === "string" ? value["name"] : undefined;
}
