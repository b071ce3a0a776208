// Files that try to make the reader fetch, expand or sink are refused with their line, and a model that requires itself
// is never run.

import { expect, test } from "vitest";
import { compileModel } from "../../policy/dmn/compile-model.ts";
import { feelText } from "../../policy/feel/value-text.ts";
import { readDmn } from "./read-dmn.ts";
import { largestXml } from "./xml-tree.ts";

const open =
  '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">';
const decision = (name: string, requires: string, text: string): string =>
  `<decision id="${name}" name="${name}"><informationRequirement><requiredDecision href="#${requires}"/></informationRequirement><literalExpression><text>${text}</text></literalExpression></decision>`;

const refused = (text: string): string => readDmn(text).problems[0]?.message.en ?? "";

test("A document type is refused, and with it every entity", () => {
  const text = `<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>${open}&a;</definitions>`;
  expect(refused(text)).toBe("Cannot read XML: a document type is not allowed");
});

test("Elements nested too deep are refused", () => {
  expect(refused(open + "<a>".repeat(200))).toContain("too many or too deep");
});

test("A file that is no model is refused", () => {
  expect(refused("<html/>")).toBe("Cannot read model: found <html>, expected DMN <definitions>");
});

test("Decisions that require each other are refused with their circle", () => {
  const { model } = readDmn(
    `${open}${decision("a", "b", "b + 1")}${decision("b", "a", "a + 1")}</definitions>`,
  );
  const problems = model === null ? [] : compileModel(model).problems;
  expect(problems.map(({ code, message }) => [code, message.en])).toEqual([
    ["cycle", "Cannot order requirements: they form a circle: a → b → a"],
  ]);
});

test("An expression that is none is told with its line and a caret", () => {
  const { model } = readDmn(
    `${open}\n${decision("a", "a2", "1 +")}${decision("a2", "a3", "1")}\n</definitions>`,
  );
  const feel =
    model === null ? [] : compileModel(model).problems.filter(({ code }) => code === "feel");
  expect(feel.map(({ line, message }) => [line, message.en])).toEqual([
    [2, "Cannot read expression: found the end, expected an expression\n  1 +\n     ^"],
  ]);
});

test("Entities that grow, outside entities and files beyond the bound are refused", () => {
  const grows = Array.from(
    { length: 9 },
    (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
  );
  const laughs = `<!DOCTYPE d [<!ENTITY e0 "ha">${grows.join("")}]>${open}&e9;</definitions>`;
  expect(refused(laughs)).toBe("Cannot read XML: a document type is not allowed");
  expect(refused(`${open}&outside;</definitions>`)).toContain("Cannot read XML: ");
  const long = `${open}<!-- ${"x".repeat(largestXml)} --></definitions>`;
  expect(refused(long)).toBe(`Cannot read XML: the file is larger than ${largestXml} characters`);
  expect(refused(open + "<a/>".repeat(400_001))).toContain("too many or too deep");
});

test.each([
  ["for", "return", "x * 2", "[2, 4, 6]"],
  ["some", "satisfies", "x > 2", "true"],
  ["every", "satisfies", "x > 2", "false"],
])("A boxed %s goes over the items of its list", (kind, part, text, answer) => {
  const inside = (name: string, feel: string): string =>
    `<${name}><literalExpression><text>${escaped(feel)}</text></literalExpression></${name}>`;
  const boxed = `<${kind} iteratorVariable="x">${inside("in", "[1, 2, 3]")}${inside(part, text)}</${kind}>`;
  expect(answerOf(boxed)).toBe(answer);
});

test("A boxed filter keeps the items that match, by name and by member", () => {
  const filter = (list: string, match: string): string =>
    `<filter><in><literalExpression><text>${escaped(list)}</text></literalExpression></in><match><literalExpression><text>${escaped(match)}</text></literalExpression></match></filter>`;
  expect(answerOf(filter("[1, 5, 9]", "item > 3"))).toBe("[5, 9]");
  expect(answerOf(filter("[{late: 1}, {late: 40}]", "late > 30"))).toBe("[{late: 40}]");
});

const escaped = (text: string): string => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function answerOf(boxed: string): string {
  const { model, problems } = readDmn(
    `${open}<decision id="d" name="d">${boxed}</decision></definitions>`,
  );
  const ready = compileModel(model!);
  expect([...problems, ...ready.problems]).toEqual([]);
  return feelText(ready.evaluate(new Map()).decisions.get("d") ?? null, () => undefined, true);
}
