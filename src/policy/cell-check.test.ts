// Single cells against what they test, in documents that are finished and in some that are not.

import { expect, test } from "vitest";
import { changed, strategyDocument } from "../../test/support/strategy-document.ts";
import { checkCells, type CellQuestion } from "./cell-check.ts";

const asked = (operand: string, text: string, as: CellQuestion["as"] = "test"): CellQuestion => ({
  ...{ as, operand, text },
});

const codes = (document: unknown, ...cells: readonly CellQuestion[]): readonly (string | null)[] =>
  checkCells(document, cells).map((fault) => fault?.code ?? null);

test("cells are held against the type of what they test", () => {
  expect(
    codes(
      strategyDocument(),
      asked("late", ">= 31"),
      asked("late", '"east"'),
      asked("late", "> 3000"),
      asked("region", '"east","north"'),
      asked("region", '"west"'),
      asked("use", "0.12345"),
      asked("segment", '"near"'),
      asked("score.risk", "< 40"),
      asked("lates", "-"),
    ),
  ).toEqual([
    ...[null, "type-mismatch", "never-matches", null, "undeclared-value", "excess-digits"],
    ...[null, null, "unknown-name"],
  ]);
});

test("values are held against the declared output, not against what the rows give", () => {
  const value = (text: string): CellQuestion => asked("table.rate.rate", text, "value");
  expect(codes(strategyDocument(), value("0.9"), value("1.5"), value(">= 1"))).toEqual([
    ...[null, "out-of-range", "syntax"],
  ]);
  expect(codes(strategyDocument(), asked("table.rate.speed", "1", "value"))).toEqual([
    "unknown-name",
  ]);
});

test("what cannot be read is told with the character where reading ended, in both languages", () => {
  const [fault] = checkCells(strategyDocument(), [asked("late", ">= [")]);
  expect(fault).toMatchObject({ code: "syntax", at: 5 });
  expect(fault?.message.en).toContain("character 5");
  expect(fault?.message.zh).toContain("第 5 个字符");
  const [meaning] = checkCells(strategyDocument(), [asked("late", "true")]);
  expect(meaning?.at).toBeNull();
});

test("an unfinished document is read as far as it has a form", () => {
  const empty = { id: "", note: { zh: "", en: "" }, when: ["", ""], then: [] };
  const unfinished = changed("/tables/1/rows/-", empty, changed("/guards/-", { kind: "?" }));
  const nameless = changed("/facts/5/label/en", "", unfinished);
  expect(codes(nameless, asked("late", ">= 31"), asked("late", "x"))).toEqual([null, "syntax"]);
  expect(codes(changed("/notice", 7), asked("late", "-"))).toEqual(["type-mismatch"]);
  expect(codes(null, asked("late", "-"))).toEqual(["type-mismatch"]);
});

test("the FEEL of an expression is read with everything that the document makes known", () => {
  const label = { zh: "计算", en: "Computed" };
  const node = { id: "idle", label, type: "number", feel: "late" };
  const document = changed("/expressions", [node]);
  const feel = (text: string, id = "idle"): CellQuestion => asked(id, text, "expression");
  const [fine, kind, name, end, fresh] = checkCells(document, [
    feel("late + 1"),
    feel("late > 1"),
    feel("late + lates"),
    feel("late +"),
    feel("late > 1", "not-yet-saved"),
  ]);
  expect([fine, fresh]).toEqual([null, null]);
  expect([kind?.at, name?.at, end?.at]).toEqual([1, 8, 7]);
  expect(kind?.message.en).toBe(
    "Cannot use expression: found boolean, expected a value of type number",
  );
  expect(name?.message.zh).toContain("发现未知名称“lates”");
});
