// A table goes out to a spreadsheet and comes back as the same bytes: exported by the console, read by the server.

import fc from "fast-check";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  columnsDiffer,
  fileColumns,
  fileRows,
  withRows,
  workbookFile,
} from "../../console/src/editor/table-file.ts";
import { csvFile } from "../../console/src/parts/csv-file.ts";
import { readSentTable } from "../../src/adapters/files/sent-table.ts";
import { readYamlFile } from "../../src/adapters/files/strategy-file.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { isRefusal } from "../../src/domain/refusal.ts";

type Table = Readonly<Record<string, unknown>>;

const forms = { csv: csvFile, xlsx: workbookFile } as const;
const kinds = ["csv", "xlsx"] as const;

async function thereAndBack(table: Table, kind: keyof typeof forms): Promise<unknown> {
  const sent = await readSentTable(forms[kind](fileColumns(table), fileRows(table)));
  if (isRefusal(sent)) throw new Error(sent.detail.en);
  expect(sent.kind).toBe(kind);
  return withRows(table, sent);
}

test.each(kinds)("every table of the demo strategy comes back from %s", async (kind) => {
  const folder = fileURLToPath(new URL("../../strategies/consumer-cn", import.meta.url));
  const file = await readYamlFile(join(folder, "strategy.yaml"));
  if ("problems" in file) throw new Error("unreadable");
  const { tables } = file.value as Readonly<{ tables: readonly Table[] }>;
  expect(tables.length).toBeGreaterThan(2);
  for (const table of tables) {
    expect(canonicalJson(await thereAndBack(table, kind))).toBe(canonicalJson(table));
  }
});

const tricky = fc.oneof(
  fc.constantFrom("-", "-0.05", "=1+1", "'=1", "'", "+x", "@a", "- 5", '"a","b"', " >= 31 "),
  fc.constantFrom("_x000D_", "a\r\nb", "\t", "<&>", "￿", "  ", "007", "1e3", "TRUE", '""'),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

// Cells of lists are never empty, and no text of a strategy holds half of a surrogate pair.
const cell = tricky.filter((text) => text !== "" && !/\p{Surrogate}/u.test(text));

const someTable = (mostRows: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    .chain(([inputs, outputs]) => {
      const reason = fc.record({
        code: fc.constantFrom("R01", "R14"),
        facts: fc.array(fc.constantFrom("late", "use"), { minLength: 1, maxLength: 2 }),
      });
      const cells = (length: number) => fc.array(cell, { minLength: length, maxLength: length });
      const row = fc.record(
        {
          id: fc.constantFrom("R1", "R2", "default"),
          note: fc.record({ zh: cell, en: cell }),
          when: cells(inputs),
          then: cells(outputs),
          reasons: fc.array(reason, { maxLength: 2 }),
          effectiveFrom: fc.constantFrom("2026-01-31", "soon"),
          effectiveTo: cell,
          reasonsFrom: fc.array(fc.constantFrom("risk", "behaviour"), { maxLength: 2 }),
        },
        { requiredKeys: ["id", "note", "when", "then"] },
      );
      const names = (prefix: string, count: number): readonly string[] =>
        Array.from({ length: count }, (_, at) => `${prefix}${at}`);
      return fc.record(
        {
          id: fc.constant("t"),
          inputs: fc.constant(names("in", inputs)),
          outputs: fc.constant(names("out", outputs).map((name) => ({ name }))),
          rows: fc.array(row, { minLength: 1, maxLength: mostRows }),
          default: cells(outputs),
        },
        { requiredKeys: ["id", "inputs", "outputs", "rows"] },
      );
    });

test.each(kinds)("whatever stands in a table comes back from %s", async (kind) => {
  await fc.assert(
    fc.asyncProperty(someTable(kind === "csv" ? 4 : 60), async (table) => {
      const plain = JSON.parse(JSON.stringify(table)) as Table;
      expect(canonicalJson(await thereAndBack(plain, kind))).toBe(canonicalJson(plain));
    }),
    // A workbook is read in threads of its own, which take longer to start than to read.
    { numRuns: kind === "csv" ? 200 : 8 },
  );
});

test("columns may stand in any order; other columns are named, and nothing is read", () => {
  const table = { id: "t", inputs: ["late"], outputs: [{ name: "cut" }], rows: [] };
  const columns = fileColumns(table);
  const row = ["R1", "一", "One", ">= 31", "true", ...["", "", "", ""]];
  const turned = { kind: "xlsx", columns: columns.toReversed(), rows: [row.toReversed()] };
  expect(withRows(table, turned)).toMatchObject({ rows: [{ id: "R1", when: [">= 31"] }] });
  const other = withRows(table, { ...turned, columns: [...columns.slice(1), "speed"] });
  expect(columnsDiffer(other) ? other : null).toEqual({ absent: ["id"], unknown: ["speed"] });
});
