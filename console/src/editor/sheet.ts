// What a grid shows and changes: rows of cells as text, whatever part of the document they are. A sheet is a view of a
// list of entries; writing to it gives a list in which only the entries that changed are other objects.
import {
  freshId,
  listOf,
  numberOr,
  put,
  recordOf,
  textOf,
  valueAt,
  type Doc,
  type Path,
} from "./document.ts";
import {
  capForm,
  conditionForm,
  listForm,
  namesForm,
  reasonsForm,
  scopeForm,
  targetForm,
  testsIn,
  textForm,
  valuesForm,
} from "./cell-forms.ts";

/** What a cell is checked against while it is typed. */
export type Asks = Readonly<{ as: "test" | "value" | "expression"; operand: string }>;

export type SheetColumn = Readonly<{
  /** from the entry to the value, such as ["when", 2] */
  at: Path;
  title: string;
  /** under the title: the name in the document */
  name?: string;
  width: number;
  asks?: Asks | ((entry: unknown) => Asks);
  /** cells that are offered */
  offers?: readonly string[];
  /** what an empty cell is cleared to; nothing by default */
  clear?: string;
  /** within a field that is left out once nothing stands in it */
  optional?: true;
  form?: "text" | "number" | keyof typeof forms;
}>;

/** One question about a typed cell; `from` is where in the text it stands, from 0. */
export type Question = Asks & Readonly<{ text: string; from: number }>;

/** Forms that read what they know and leave other texts as they are. */
const strictForms = ["condition", "reasons", "values", "target", "scope", "cap"] as const;
export type StrictForm = (typeof strictForms)[number];

function isStrict(form: string | undefined): form is StrictForm {
  return (strictForms as readonly unknown[]).includes(form);
}

/** The form of the column where the text cannot be read in it. */
export function unreadIn({ form }: SheetColumn, text: string): StrictForm | null {
  return isStrict(form) && typeof forms[form].read(text) === "string" ? form : null;
}

/** What is asked about a cell while it is typed; nothing of one that cannot be read. */
export function questionsOf(
  entry: unknown,
  { asks, form }: SheetColumn,
  text: string,
): readonly Question[] {
  if (form === "condition") {
    return (testsIn(text) ?? []).map(({ operand, cell, at }) => ({
      as: "test",
      operand,
      text: cell,
      from: at,
    }));
  }
  if (asks === undefined) return [];
  return [{ ...(typeof asks === "function" ? asks(entry) : asks), text, from: 0 }];
}

/** Whether something can be said of cells of the column while they are typed. */
export function isAsked({ asks, form }: SheetColumn): boolean {
  return asks !== undefined || isStrict(form);
}

export type CellChange = Readonly<{ row: number; column: number; text: string }>;
export type Entry = Readonly<Record<string, unknown>>;

/** How a new entry begins; ids are made for it. */
export type Blank = (ids: readonly string[]) => Entry;

const forms = {
  ...{ reasons: reasonsForm, names: namesForm, list: listForm, condition: conditionForm },
  ...{ values: valuesForm, target: targetForm, scope: scopeForm, cap: capForm },
  // A text within a field that stays out while the cell is empty.
  absent: textForm,
} as const;

/** The text of one cell. */
export function cellText(entry: unknown, { at, form = "text" }: SheetColumn): string {
  const value = valueAt(entry, at);
  return form === "text" || form === "number" ? textOf(value) : forms[form].write(value);
}

function cellValue(text: string, { form = "text", at }: SheetColumn): unknown {
  if (form === "number") return text === "" ? undefined : numberOr(text);
  if (form !== "text") return forms[form].read(text);
  // Cells in lists and parts of texts are never absent.
  return text === "" && at.length === 1 ? undefined : text;
}

const idsOf = (entries: readonly unknown[]): readonly string[] =>
  entries.map((entry) => textOf(recordOf(entry)["id"]));

/** The entries after changes; rows below the last one are made first. */
export function written(
  entries: readonly unknown[],
  columns: readonly SheetColumn[],
  changes: readonly CellChange[],
  blank: Blank,
): readonly unknown[] {
  const next = [...entries];
  const last = changes.reduce((most, { row }) => Math.max(most, row), -1);
  while (next.length <= last) next.push(blank(idsOf(next)));
  for (const { row, column, text } of changes) {
    const chosen = columns[column];
    if (chosen === undefined || cellText(next[row], chosen) === text) continue;
    next[row] = withoutEmpty(put(next[row], chosen.at, cellValue(text, chosen)), chosen);
  }
  return next;
}

/** An optional field of which nothing is left is left out. */
function withoutEmpty(entry: unknown, { at: [field], optional }: SheetColumn): unknown {
  if (optional !== true || field === undefined) return entry;
  return saysNothing(recordOf(entry)[field]) ? put(entry, [field], undefined) : entry;
}

function saysNothing(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === "" || value === undefined;
  return Object.values(value).every(saysNothing);
}

/** A literal for each value of a declared fact or output, as a cell writes it. */
export function offersOf(declared: Entry): readonly string[] {
  if (declared["type"] === "boolean") return ["true", "false"];
  return listOf(declared["values"]).map((one) => JSON.stringify(recordOf(one)["value"]));
}

/** Literals that a test of the operand may name. */
export function operandOffers(document: Doc, operand: string): readonly string[] {
  const named = (list: unknown, key: string, name: string): Entry | undefined =>
    listOf(list)
      .map(recordOf)
      .find((one) => one[key] === name);
  const fact = named(document["facts"], "name", operand);
  if (fact !== undefined) return offersOf(fact);
  const [, expression = ""] = /^expression\.(.+)$/.exec(operand) ?? [];
  const computed = named(document["expressions"], "id", expression);
  if (computed !== undefined) return offersOf(computed);
  if (operand === "segment") return leavesOf(document["segmentation"]);
  if (operand === "grade") {
    const bands = listOf(recordOf(document["grades"])["bands"]).map(recordOf);
    return bands.map(({ grade }) => JSON.stringify(grade));
  }
  const [, table = "", output = ""] = /^table\.([^.]+)\.(.+)$/.exec(operand) ?? [];
  const found = named(named(document["tables"], "id", table)?.["outputs"], "name", output);
  return found === undefined ? [] : offersOf(found);
}

function leavesOf(nodes: unknown): readonly string[] {
  return listOf(nodes).flatMap((node) => {
    const { id, children } = recordOf(node);
    return listOf(children).length > 0 ? leavesOf(children) : [JSON.stringify(id)];
  });
}

/** Everything that a cell may test: facts and what is decided of them. */
export function operandsOf(document: Doc): readonly string[] {
  const names = (part: string, key: string): readonly string[] =>
    listOf(document[part]).map((one) => textOf(recordOf(one)[key]));
  return [
    ...names("facts", "name"),
    ...["asOf", "segment", "grade"],
    ...names("models", "id").map((id) => `model.${id}`),
    ...names("expressions", "id").map((id) => `expression.${id}`),
    ...names("scores", "id").map((id) => `score.${id}`),
    ...listOf(document["tables"]).flatMap((table) => {
      const { id, outputs } = recordOf(table);
      return listOf(outputs).map((one) => `table.${textOf(id)}.${textOf(recordOf(one)["name"])}`);
    }),
  ];
}

type Language = "zh" | "en";

/** What an operand is called. */
export function operandLabel(document: Doc, operand: string, language: Language): string {
  const labelIn = (list: unknown, key: string, name: string): string | null => {
    const found = listOf(list)
      .map(recordOf)
      .find((one) => one[key] === name);
    return found === undefined ? null : textOf(recordOf(found["label"])[language]);
  };
  const [kind, id = "", output = ""] = operand.split(".");
  const nodes = { score: "scores", model: "models", expression: "expressions" }[kind ?? ""];
  if (nodes !== undefined) return labelIn(document[nodes], "id", id) ?? operand;
  if (kind === "table") {
    const table = listOf(document["tables"])
      .map(recordOf)
      .find((one) => one["id"] === id);
    return labelIn(table?.["outputs"], "name", output) ?? operand;
  }
  return labelIn(document["facts"], "name", operand) ?? operand;
}

/** A row of a table: it tests nothing, and says what the default says. */
export function blankRow(table: Entry): Blank {
  const inputs = listOf(table["inputs"]);
  const outputs = listOf(table["outputs"]);
  const otherwise = listOf(table["default"]);
  return (ids) => ({
    id: freshId(ids, "R"),
    note: { zh: "", en: "" },
    when: inputs.map(() => "-"),
    then: outputs.map((_, at) => textOf(otherwise[at])),
  });
}
