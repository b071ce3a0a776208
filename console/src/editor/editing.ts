// What the parts of the editor share: the document, how it is changed, what speaks against it, and where to look.
import { createContext, useCallback, useContext, useMemo, useState } from "react";
import { reads, type StrategySummary } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useText, type TextKey } from "../app/text.ts";
import type { Autosave, Saved } from "./autosave.ts";
import { pathOf, recordOf, valueAt, type Doc, type Path } from "./document.ts";
import type { CellFault, RowMark } from "./grid.tsx";
import {
  cellText,
  isAsked,
  questionsOf,
  unreadIn,
  type SheetColumn,
  type StrictForm,
} from "./sheet.ts";

/** One thing that the check found, of the language or beyond it. */
export type Finding = Readonly<{
  path: string;
  severity: "error" | "warning" | "note";
  text: string;
  /** facts that show it */
  example: Readonly<Record<string, unknown>> | null;
}>;

/** A wish to see a place; each is an object of its own. */
export type Place = Readonly<{ path: string }>;

export type Editing = Readonly<{
  strategy: StrategySummary;
  document: Doc;
  autosave: Autosave;
  findings: readonly Finding[];
  /** puts a value in a place; changes with one mark, one after the other, are undone as one */
  change: (path: Path, value: unknown, mark?: string) => void;
  undo: () => void;
  redo: () => void;
  /** the part that is shown, as a pointer such as `/tables/0` */
  part: string;
  place: Place | null;
  goTo: (pointer: string) => void;
  /** rows that the last trial hit, as `table/row` */
  lit: ReadonlySet<string>;
}>;

export const EditingContext = createContext<Editing | null>(null);

/** The editor around a part. */
export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (editing === null) throw new Error("The editor is missing above this part");
  return editing;
}

/** Fields of the document that are parts with members of their own. */
export const listedParts = ["scores", "tables"] as const;

/** Parts that a document may do without; they are begun in the editor. */
const optionalParts = ["triggers", "models", "expressions", "desk", "offer"] as const;

/** The part that a place belongs to. */
export function partOf(pointer: string, document: Doc): string {
  const [name = "", at] = pathOf(pointer);
  if ((listedParts as readonly string[]).includes(String(name))) {
    return at === undefined ? `/${name}/0` : `/${name}/${at}`;
  }
  const isPart = typeof document[name] === "object" && name !== "label";
  return isPart || (optionalParts as readonly unknown[]).includes(name) ? `/${name}` : headPart;
}

/** What the strategy is called and is about. */
export const headPart = "/head";

/** The entry of a list that a pointer leads to, and the way on from there. */
function entryOf(
  document: Doc,
  list: string,
  pointer: string,
): [entry: object, rest: string] | null {
  if (!pointer.startsWith(`${list}/`)) return null;
  const [at = "", ...rest] = pointer.slice(list.length + 1).split("/");
  const entry = valueAt(document, pathOf(`${list}/${at}`));
  return typeof entry === "object" && entry !== null ? [entry, rest.join("/")] : null;
}

export type Faults = Readonly<{
  faultAt: (entry: unknown, column: SheetColumn) => CellFault | null;
  markAt: (entry: unknown) => RowMark | null;
  check: (entry: unknown, column: SheetColumn, text: string) => Promise<CellFault | null>;
}>;

/** How a cell of the form is written. */
const hints = {
  condition: "editor.conditionHint",
  reasons: "editor.reasonsHint",
  values: "editor.valuesHint",
  target: "editor.targetHint",
  scope: "editor.budgetHint",
  cap: "editor.budgetHint",
} as const satisfies Readonly<Record<StrictForm, TextKey>>;

const worst = { error: 0, warning: 1, note: 2 } as const;

/**
 * What speaks against the entries of one list. It belongs to the entry that it was said about: an entry that was changed
 * since is another object, and only what was asked about its cells while they were typed is known of it.
 */
export function useFaults(list: string): Faults {
  const { strategy, document, autosave, findings } = useEditing();
  const t = useText();
  const { language } = useLook();
  const { id, version } = strategy;
  const { saved } = autosave;
  const { known: knownOf, learn } = useTypedCells(document["facts"]);
  const told = useMemo(() => {
    const cells = new Map<object, Map<string, string>>();
    for (const { path, text } of saved.problems) {
      const found = entryOf(saved.document, list, path);
      if (found === null) continue;
      const [entry, rest] = found;
      const known = cells.get(entry) ?? new Map<string, string>();
      cells.set(entry, known.set(rest, known.get(rest) ?? text[language]));
    }
    return cells;
  }, [saved, list, language]);
  const marks = useMemo(() => {
    const rows = new Map<object, RowMark>();
    for (const { path, severity, text } of findings) {
      const found = entryOf(saved.document, list, path);
      if (found === null) continue;
      const before = rows.get(found[0]);
      const both = before === undefined ? text : `${before.text}\n${text}`;
      const worse = before === undefined || worst[severity] < worst[before.severity];
      rows.set(found[0], { severity: worse ? severity : before.severity, text: both });
    }
    return rows;
  }, [findings, saved.document, list]);
  const faultAt = useCallback(
    (entry: unknown, column: SheetColumn): CellFault | null => {
      const known = knownOf(entry, column);
      if (known !== undefined) return known;
      const cells = typeof entry === "object" && entry !== null ? told.get(entry) : undefined;
      if (cells === undefined) return null;
      const at = column.at.join("/");
      for (const [path, text] of cells) {
        if (path === at || path.startsWith(`${at}/`)) return { text, at: null };
      }
      return null;
    },
    [told, knownOf],
  );
  const markAt = useCallback(
    (entry: unknown): RowMark | null => marks.get(recordOf(entry)) ?? null,
    [marks],
  );
  const check = useCallback(
    async (entry: unknown, column: SheetColumn, text: string): Promise<CellFault | null> => {
      const unread = unreadIn(column, text);
      if (unread !== null) return { at: null, text: t(hints[unread]) };
      const asked = questionsOf(entry, column, text);
      if (asked.length === 0) return null;
      const cells = asked.map(({ as, operand, text: cell }) => ({ as, operand, text: cell }));
      const answer = await reads.checkCells(id, version, cells).catch(() => null);
      const at = answer?.data.findIndex((fault) => fault !== null) ?? -1;
      const fault = answer?.data[at] ?? null;
      const place = fault === null || fault.at === null ? null : fault.at + asked[at]!.from;
      const said = fault === null ? null : { at: place, text: fault.text[language] };
      // Without an answer nothing is known, and an expression rests on more than its text: saving will tell.
      if (answer !== null && asked[0]!.as !== "expression") learn(entry, column, text, said);
      return said;
    },
    [id, version, language, learn],
  );
  return { faultAt, markAt, check };
}

type TypedCells = Readonly<{
  /** undefined: nobody asked */
  known: (entry: unknown, column: SheetColumn) => CellFault | null | undefined;
  learn: (entry: unknown, column: SheetColumn, text: string, fault: CellFault | null) => void;
}>;

function keyOf(entry: unknown, column: SheetColumn, text: string): string {
  const [asked] = column.form === "condition" ? [] : questionsOf(entry, column, text);
  return `${asked?.as} ${asked?.operand} ${text}`;
}

/** What was said about cells while they were typed, for as long as the facts mean the same. */
function useTypedCells(facts: unknown): TypedCells {
  const cells = useMemo(() => new Map<string, CellFault | null>(), [facts]);
  const [learnt, setLearnt] = useState(0);
  const learn = useCallback<TypedCells["learn"]>(
    (entry, column, text, fault) => {
      cells.set(keyOf(entry, column, text), fault);
      setLearnt((before) => before + 1);
    },
    [cells],
  );
  // Another function whenever something was learnt, so that cells are drawn anew.
  const known = useCallback<TypedCells["known"]>(
    (entry, column) =>
      isAsked(column) && cells.size > 0
        ? cells.get(keyOf(entry, column, cellText(entry, column)))
        : undefined,
    [cells, learnt],
  );
  return { known, learn };
}

/** A saved document and what the language says against it, as findings. */
export function problemsOf(saved: Saved, language: "zh" | "en"): readonly Finding[] {
  return saved.problems.map(({ path, text }) => ({
    ...{ path, severity: "error" as const, text: text[language], example: null },
  }));
}
