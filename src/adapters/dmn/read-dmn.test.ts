// Files that try to make the reader fetch, expand or sink are refused with their line, and a model that requires itself
// is never run.

import { expect, test } from "vitest";
import { compileModel } from "../../policy/dmn/compile-model.ts";
import { readDmn } from "./read-dmn.ts";

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
