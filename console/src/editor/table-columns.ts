// A decision table as columns of a grid, and what becomes of its rows when its own columns change.
import { listOf, recordOf, textOf, type Doc } from "./document.ts";
import { offersOf, operandLabel, operandOffers, type Entry, type SheetColumn } from "./sheet.ts";

type Language = "zh" | "en";
export type Words = Readonly<
  Record<"row" | "zh" | "en" | "reasons" | "reasonsFrom" | "from" | "to", string>
>;

export function tableColumns(
  document: Doc,
  table: Entry,
  language: Language,
  words: Words,
): readonly SheetColumn[] {
  const note = (one: Language): SheetColumn => ({
    ...{ at: ["note", one], title: words[one], name: `note.${one}`, width: 220 },
  });
  const own = note(language);
  const other = note(language === "zh" ? "en" : "zh");
  const id = textOf(table["id"]);
  return [
    { at: ["id"], title: words.row, name: "id", width: 92 },
    own,
    ...listOf(table["inputs"]).map((input, at): SheetColumn => {
      const operand = textOf(input);
      return {
        ...{ at: ["when", at], title: operandLabel(document, operand, language), name: operand },
        ...{ width: 132, asks: { as: "test", operand }, clear: "-" },
        offers: ["-", ...operandOffers(document, operand)],
      };
    }),
    ...listOf(table["outputs"]).map((output, at): SheetColumn => {
      const declared = recordOf(output);
      const name = textOf(declared["name"]);
      const title = textOf(recordOf(declared["label"])[language]) || name;
      return {
        ...{ at: ["then", at], title: `→ ${title}`, name: `→ ${name}`, width: 132 },
        asks: { as: "value", operand: `table.${id}.${name}` },
        offers: offersOf(declared),
      };
    }),
    { at: ["reasons"], title: words.reasons, name: "reasons", width: 240, form: "reasons" },
    {
      at: ["reasonsFrom"],
      title: words.reasonsFrom,
      name: "reasonsFrom",
      width: 140,
      form: "names",
    },
    { at: ["effectiveFrom"], title: words.from, name: "effectiveFrom", width: 110 },
    { at: ["effectiveTo"], title: words.to, name: "effectiveTo", width: 110 },
    other,
  ];
}

/** The table with another head: cells and defaults of columns that stay go along, new ones begin empty. */
export function withHead(table: Entry, head: Entry): Entry {
  const names = (list: unknown): readonly string[] =>
    listOf(list).map((one) => (typeof one === "string" ? one : textOf(recordOf(one)["name"])));
  const inputs = places(names(table["inputs"]), names(head["inputs"]));
  const outputs = places(names(table["outputs"]), names(head["outputs"]));
  const rows = listOf(table["rows"]).map((row) => {
    const { when, then } = recordOf(row);
    return {
      ...recordOf(row),
      when: inputs === null ? when : inputs.map((at) => cellAt(when, at, "-")),
      then: outputs === null ? then : outputs.map((at) => cellAt(then, at, "")),
    };
  });
  const otherwise = head["default"];
  // A default that was written anew says itself what each column gets.
  const goesAlong = outputs !== null && Array.isArray(otherwise) && otherwise === table["default"];
  return {
    ...head,
    ...(goesAlong ? { default: outputs.map((at) => cellAt(otherwise, at, "")) } : {}),
    rows: inputs === null && outputs === null ? table["rows"] : rows,
  };
}

function cellAt(cells: unknown, at: number, otherwise: string): unknown {
  return listOf(cells)[at] ?? otherwise;
}

/** Where each new column stood before, −1 for nowhere; null where nothing changed. One that was renamed stays. */
function places(before: readonly string[], after: readonly string[]): readonly number[] | null {
  if (before.join("\n") === after.join("\n")) return null;
  const gone = before.filter((name) => !after.includes(name));
  return after.map((name, at) => {
    const found = before.indexOf(name);
    if (found >= 0) return found;
    const renamed = before.length === after.length && gone.includes(before[at] ?? "");
    return renamed ? at : -1;
  });
}
