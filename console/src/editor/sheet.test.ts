// Rows of a document as cells and back: what is written changes what it should and nothing else.
import { describe, expect, test } from "vitest";
import {
  always,
  capForm,
  conditionForm,
  listForm,
  namesForm,
  reasonsForm,
  scopeForm,
  targetForm,
  testsIn,
  valuesForm,
} from "./cell-forms.ts";
import { freshId, moved, put } from "./document.ts";
import { movedTo, boundsOf } from "./grid-keys.ts";
import { begun, redone, stepped, undone } from "./history.ts";
import {
  blankRow,
  cellText,
  isAsked,
  questionsOf,
  unreadIn,
  written,
  type SheetColumn,
} from "./sheet.ts";
import { tableColumns, withHead } from "./table-columns.ts";
import { readBlock, writeBlock } from "./tsv.ts";

const table = {
  id: "t",
  inputs: ["late", "region"],
  outputs: [{ name: "cut", label: { zh: "降", en: "Cut" }, type: "boolean" }],
  rows: [
    { id: "R10", note: { zh: "一", en: "One" }, when: [">= 31", "-"], then: ["true"] },
    { id: "R20", note: { zh: "二", en: "Two" }, when: ["-", '"east"'], then: ["false"] },
  ],
};
const words = { row: "", zh: "", en: "", reasons: "", reasonsFrom: "", from: "", to: "" };
const columns = tableColumns({}, table, "en", words);
const at = (name: string): number => columns.findIndex((column) => column.name === name);

describe("a sheet", () => {
  test("changes only the rows that are written to, and makes rows below the last", () => {
    const changes = [
      { row: 1, column: at("late"), text: "< 5" },
      { row: 3, column: at("note.zh"), text: "四" },
      { row: 0, column: at("late"), text: ">= 31" },
    ];
    const next = written(table.rows, columns, changes, blankRow(table));
    expect(next[0]).toBe(table.rows[0]);
    expect(next.slice(1)).toEqual([
      { ...table.rows[1], when: ["< 5", '"east"'] },
      { id: "R30", note: { zh: "", en: "" }, when: ["-", "-"], then: [""] },
      { id: "R40", note: { zh: "四", en: "" }, when: ["-", "-"], then: [""] },
    ]);
  });

  test("leaves out what is optional and empty", () => {
    const reasons = { row: 0, column: at("reasons"), text: "R01: late; R06: region, late" };
    const [row] = written(table.rows, columns, [reasons], blankRow(table));
    expect(row).toMatchObject({
      reasons: [
        { code: "R01", facts: ["late"] },
        { code: "R06", facts: ["region", "late"] },
      ],
    });
    const [bare] = written([row], columns, [{ ...reasons, text: "" }], blankRow(table));
    expect(bare).toEqual(table.rows[0]);
    const label: SheetColumn = { at: ["label", "zh"], title: "", width: 1, optional: true };
    const [bin] = written(
      [{ label: { zh: "一" } }],
      [label],
      [{ row: 0, column: 0, text: "" }],
      () => ({}),
    );
    expect(bin).toEqual({});
  });

  test("leaves out a field within a field, and the whole of it once nothing is left", () => {
    const step: SheetColumn = {
      ...{ at: ["actionable", "step"], title: "", width: 1 },
      ...{ optional: true, form: "absent" },
    };
    const how: SheetColumn = {
      at: ["actionable", "how", "en"],
      title: "",
      width: 1,
      optional: true,
    };
    const write = (entry: object, row: readonly string[]) =>
      written(
        [entry],
        [how, step],
        row.map((text, column) => ({ row: 0, column, text })),
        () => ({}),
      )[0];
    const full = { name: "late", actionable: { how: { en: "Pay" }, step: "5" } };
    expect(write({ name: "late" }, ["Pay", "5"])).toEqual(full);
    expect(write(full, ["Pay", ""])).toEqual({ name: "late", actionable: { how: { en: "Pay" } } });
    expect(write(full, ["", ""])).toEqual({ name: "late" });
  });

  test("keeps numbers as numbers and what is none as it was typed", () => {
    const points: SheetColumn = { at: ["points"], title: "", width: 1, form: "number" };
    const write = (text: string) =>
      written([{}], [points], [{ row: 0, column: 0, text }], () => ({}));
    expect([write("-12"), write("1.5"), write("x")]).toEqual([
      ...[[{ points: -12 }], [{ points: "1.5" }], [{ points: "x" }]],
    ]);
    expect(cellText({ points: -12 }, points)).toBe("-12");
  });

  test("goes along when the columns of the table change", () => {
    const head = { ...table, rows: undefined, inputs: ["region", "score", "late"] };
    expect(withHead(table, head)).toMatchObject({
      rows: [
        { when: ["-", "-", ">= 31"], then: ["true"] },
        { when: ['"east"', "-", "-"], then: ["false"] },
      ],
    });
    const turned = { ...table, inputs: moved(table.inputs, 0, 1, 1) };
    expect(withHead(table, turned)).toMatchObject({
      rows: [{ when: ["-", ">= 31"] }, { when: ['"east"', "-"] }],
    });
    const renamed = { ...table, inputs: ["delay", "region"] };
    expect(withHead(table, renamed)).toMatchObject({ rows: [{ when: [">= 31", "-"] }, {}] });
    expect(withHead(table, { ...table, hitPolicy: "U" })["rows"]).toBe(table.rows);
    const [cut] = table.outputs;
    const more = { ...table, default: ["false"] };
    const outputs = [{ ...cut, name: "rate" }, cut];
    expect(withHead(more, { ...more, outputs })).toMatchObject({
      ...{ default: ["", "false"], rows: [{ then: ["", "true"] }, { then: ["", "false"] }] },
    });
    expect(withHead(more, { ...more, outputs, default: ["1", "true"] })).toMatchObject({
      default: ["1", "true"],
    });
  });
});

describe("the forms of cells", () => {
  test.each([
    [conditionForm, { late: ">= 31", region: '"a;b","c: d"' }],
    [conditionForm, {}],
    [conditionForm, "x"],
    [conditionForm, { late: " >= 31" }],
    [reasonsForm, [{ code: "R01", facts: ["late"] }]],
    [reasonsForm, []],
    [reasonsForm, [{ code: "R01", facts: [] }, null]],
    [reasonsForm, 7],
    [namesForm, ["a", "b"]],
    [namesForm, []],
    [namesForm, ["a, b"]],
    [namesForm, undefined],
    [valuesForm, [{ value: "east", label: { zh: "华东", en: "East / coast" } }]],
    [valuesForm, [{ value: "a;b", label: { zh: "甲", en: "A" } }]],
    [valuesForm, []],
    [targetForm, { method: "cut-by-rate", rate: { operand: "table.r.rate" }, rounding: "down" }],
    [targetForm, { method: "cut-by-rate", rate: { bp: 3000 }, rounding: "half-even" }],
    [targetForm, { method: "cut-by-amount", amount: { amount: "500.00" } }],
    [targetForm, { method: "set-to", amount: { operand: "expression.floor" } }],
    [targetForm, { method: "cut-to-balance", bufferBp: 500, rounding: "up" }],
    [targetForm, { method: "cut-to-balance", bufferBp: "x", rounding: "up" }],
    [scopeForm, { kind: "all" }],
    [scopeForm, { kind: "portfolio", portfolio: "cards: gold" }],
    [scopeForm, { kind: "segment", segment: "business" }],
    [scopeForm, { kind: "region" }],
    [capForm, { kind: "exposure", amount: "50000000.00" }],
    [capForm, { kind: "count", count: 5000 }],
    [capForm, { kind: "count", count: "many" }],
    [capForm, { kind: "count", amount: "1.00" }],
    [listForm, []],
    [listForm, ["closures", "english"]],
    [listForm, ["a, b"]],
  ])("say everything and read it again", (form, value) => {
    expect(form.read(form.write(value))).toEqual(value);
  });

  test("are short where they can be", () => {
    expect(conditionForm.write({ late: ">= 31", hardship: "true" })).toBe(
      "late: >= 31; hardship: true",
    );
    expect(conditionForm.write({})).toBe(always);
    expect(conditionForm.read("late >= 31")).toBe("late >= 31");
    const target = { method: "cut-by-rate", rate: { operand: "table.r.rate" }, rounding: "down" };
    expect(targetForm.write(target)).toBe("cut-by-rate: table.r.rate, down");
    expect(targetForm.write({ method: "cut-to-balance", bufferBp: 500, rounding: "up" })).toBe(
      "cut-to-balance: 500 bp, up",
    );
    expect(scopeForm.write({ kind: "segment", segment: "business" })).toBe("segment: business");
    expect(capForm.write({ kind: "count", count: 5000 })).toBe("count: 5000");
    const values = [{ value: "east", label: { zh: "华东", en: "East" } }];
    expect(valuesForm.write(values)).toBe("east: 华东 / East");
  });

  test("each test of a condition is asked about, with its place", () => {
    const text = "late: >= 31; region: >= 31";
    expect(testsIn(text)?.map(({ at }) => text.slice(at))).toEqual([
      ">= 31; region: >= 31",
      ">= 31",
    ]);
    const column: SheetColumn = { at: ["when"], title: "", width: 1, form: "condition" };
    expect(questionsOf({}, column, "late: >= 31")).toEqual([
      { as: "test", operand: "late", text: ">= 31", from: 6 },
    ]);
    expect(questionsOf({}, column, always)).toEqual([]);
  });

  test.each([
    ["condition", "late >= 31", "late: >= 31"],
    ["reasons", "late", "R01: late"],
    ["values", "east", "east: E / East"],
    ["target", "by half", "set-to: 1000.00"],
    ["scope", "somewhere", "all"],
    ["cap", "5000", "count: 5000"],
  ] as const)(
    "a %s says which texts it cannot read, while they are typed",
    (form, wrong, right) => {
      const column: SheetColumn = { at: ["x"], title: "", width: 1, form };
      expect([wrong, right, ""].map((text) => unreadIn(column, text))).toEqual([form, null, null]);
      expect(isAsked(column)).toBe(true);
    },
  );
});

describe("the clipboard", () => {
  test.each([
    [
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      [
        ['"east","north"', '"east"'],
        ["-", ">= 31"],
      ],
    ],
    [
      [
        ["two\nlines", "a\tb"],
        ['say "x"', ""],
      ],
    ],
    [
      [
        ["", ""],
        ["", "x"],
      ],
    ],
  ])("gives back what was copied", (block) => {
    expect(readBlock(writeBlock(block))).toEqual(block);
  });

  test("reads what a spreadsheet writes", () => {
    expect(readBlock('a\tb\r\n"x\ny"\t"say ""so"""\r\n')).toEqual([
      ["a", "b"],
      ["x\ny", 'say "so"'],
    ]);
  });
});

describe("a document", () => {
  test("is never changed in place, and what did not change stays the same object", () => {
    const before = { a: { b: [1, 2] }, c: { d: 1 } };
    const after = put(before, ["a", "b", 1], 3);
    expect([before.a.b, after]).toEqual([[1, 2], { a: { b: [1, 3] }, c: { d: 1 } }]);
    expect(after.c).toBe(before.c);
    expect(put<unknown>(before, ["a"], undefined)).toEqual({ c: { d: 1 } });
    expect(Object.keys(put(before, ["a"], 1))).toEqual(["a", "c"]);
  });

  test("moves entries together and stays within its ends", () => {
    expect(moved([1, 2, 3, 4], 1, 2, 1)).toEqual([1, 4, 2, 3]);
    expect(moved([1, 2, 3, 4], 0, 2, -1)).toEqual([1, 2, 3, 4]);
    expect(freshId(["T10", "T20"], "R")).toBe("T30");
    expect(freshId(["T30", "T20"], "R")).toBe("T40");
    expect(freshId([], "R")).toBe("R10");
  });

  test("is undone step by step, typing in one place as one step", () => {
    let history = begun({ n: 0 });
    history = stepped(history, { n: 1 }, "name");
    history = stepped(history, { n: 2 }, "name");
    history = stepped(history, { n: 3 });
    expect(undone(history).present).toEqual({ n: 2 });
    expect(undone(undone(history)).present).toEqual({ n: 0 });
    expect(undone(undone(undone(history))).present).toEqual({ n: 0 });
    expect(redone(undone(history)).present).toEqual({ n: 3 });
    expect(redone(stepped(undone(history), { n: 9 })).present).toEqual({ n: 9 });
  });
});

test("keys lead where a spreadsheet leads, and Tab leaves at the ends", () => {
  const size = { rows: 10, columns: 3 };
  const key = (name: string, more = {}) => ({
    ...{ key: name, ctrlKey: false, metaKey: false, shiftKey: false },
    ...more,
  });
  const from = { row: 4, column: 2 };
  expect(movedTo(key("ArrowDown"), from, size, 5)).toEqual({ row: 5, column: 2 });
  expect(movedTo(key("ArrowUp", { ctrlKey: true }), from, size, 5)).toEqual({ row: 0, column: 2 });
  expect(movedTo(key("PageDown"), from, size, 20)).toEqual({ row: 9, column: 2 });
  expect(movedTo(key("Tab"), from, size, 5)).toEqual({ row: 5, column: 0 });
  expect(movedTo(key("Tab"), { row: 9, column: 2 }, size, 5)).toBeNull();
  expect(movedTo(key("Tab", { shiftKey: true }), { row: 0, column: 0 }, size, 5)).toBeNull();
  expect(movedTo(key("a"), from, size, 5)).toBeNull();
  expect(boundsOf({ row: 5, column: 2, toRow: 3, toColumn: 9 }, size)).toEqual({
    ...{ top: 3, bottom: 5, left: 2, right: 2 },
  });
});
