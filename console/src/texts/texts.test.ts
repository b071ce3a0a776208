// Chinese and English are equal: both catalogues have the same keys and the same places to fill in, and no word that a
// person reads stands in a component.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import en from "./en.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };

const sources = fileURLToPath(new URL("..", import.meta.url));
const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, zh };

type Node = Readonly<{ type: string; start: number; [key: string]: unknown }>;

function placesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? "").toSorted();
}

function files(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.ts$|schema\.ts$/.test(entry.name) ? [path] : [];
  });
}

function walk(
  node: unknown,
  visit: (node: Node, parent: Node | null) => void,
  parent?: Node,
): void {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, visit, parent));
  if (typeof node !== "object" || node === null) return;
  const isNode = "type" in node && "start" in node;
  if (isNode) visit(node as Node, parent ?? null);
  for (const value of Object.values(node)) walk(value, visit, isNode ? (node as Node) : parent);
}

const readAttributes = new Set([
  "title",
  "label",
  "aria-label",
  "placeholder",
  "alt",
  "description",
]);
const chinese = /\p{Script=Han}/u;
const letters = /\p{L}{2,}/u;

/** Words for people that stand in a source. */
function literalTexts(name: string, text: string): readonly string[] {
  const found: string[] = [];
  walk(parseSync(name, text).program, (node, parent) => {
    const { value } = node;
    if (node.type === "JSXText" && typeof value === "string" && letters.test(value.trim())) {
      found.push(value.trim());
    }
    if (node.type !== "Literal" || typeof value !== "string") return;
    if (chinese.test(value)) found.push(value);
    if (parent?.type !== "JSXAttribute") return;
    const attribute = (parent["name"] as Readonly<{ name?: string }>).name ?? "";
    if (readAttributes.has(attribute) && letters.test(value) && !Object.hasOwn(en, value)) {
      found.push(value);
    }
  });
  return found;
}

test("both catalogues have the same keys in the same order", () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
});

test("each text has the same places in both languages, and none is empty", () => {
  for (const key of Object.keys(en)) {
    const [english = "", other = ""] = [catalogues["en"]?.[key], catalogues["zh"]?.[key]];
    const filled = new Set(placesIn(english));
    for (const place of placesIn(other))
      expect([key, [...filled]]).toEqual([key, expect.arrayContaining([place])]);
    expect([key, english.trim() === "", other.trim() === ""]).toEqual([key, false, false]);
  }
});

test("no key stands unused among those that components name", () => {
  const code = files(sources)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  const groups = new Set(
    [...code.matchAll(/(?:word\(|group="|options\(word, )"?(\w+)"?/g)].map(([, group]) => group),
  );
  const dynamic = new Set([...code.matchAll(/t\(`(\w+)\.\$/g)].map(([, group]) => group));
  const unused = Object.keys(en).filter((key) => {
    const [group = ""] = key.split(".");
    return !code.includes(`"${key}"`) && !groups.has(group) && !dynamic.has(group);
  });
  expect(unused).toEqual([]);
});

test("no word that a person reads stands in a component", () => {
  for (const path of files(sources)) {
    expect([path, literalTexts(path, readFileSync(path, "utf8"))]).toEqual([path, []]);
  }
});

test("a planted text is found", () => {
  expect(literalTexts("a.tsx", "const a = <p>Hello there</p>;")).toEqual(["Hello there"]);
  expect(literalTexts("a.tsx", 'const a = <p title="Hello" />;')).toEqual(["Hello"]);
  expect(literalTexts("a.ts", 'const a = "你好";')).toEqual(["你好"]);
});
