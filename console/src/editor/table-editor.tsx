// A decision table: its rows in a grid, its columns as a form or as text, and the whole of it out to a spreadsheet and in
// again.
import { App, Button, Segmented } from "antd";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { ProblemError } from "../api/problem.ts";
import { reads } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useText, type Say } from "../app/text.ts";
import { pathOf, recordOf, textOf, valueAt, type Path } from "./document.ts";
import { useEditing } from "./editing.ts";
import { csvFile } from "../parts/csv-file.ts";
import { saveFile } from "../parts/save-file.ts";
import { BothFields, ChoiceField, TextField } from "./fields.tsx";
import { SheetView } from "./sheet-view.tsx";
import { blankRow, type Entry } from "./sheet.ts";
import { tableColumns, withHead, type Words } from "./table-columns.ts";
import { columnsDiffer, fileColumns, fileRows, withRows, workbookFile } from "./table-file.ts";
import { TableHeadEditor } from "./table-head-editor.tsx";
import { TextPart } from "./text-part.tsx";

const hitPolicies = ["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"] as const;

type PartProps = Readonly<{ part: string }>;
type View = "rows" | "columns" | "text";

export function TableEditor({ part }: PartProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { document, change, lit } = useEditing();
  const [view, setView] = useView(part);
  const path = pathOf(part);
  const table = recordOf(valueAt(document, path));
  const { inputs, outputs } = table;
  const id = textOf(table["id"]);
  const columns = useMemo(
    () => tableColumns(document, table, language, wordsOf(t)),
    // What the columns are made of, and not the rows, which change with every cell.
    [
      inputs,
      outputs,
      id,
      document["facts"],
      document["segmentation"],
      document["grades"],
      document["models"],
      document["expressions"],
      document["scores"],
      language,
    ],
  );
  const { rows: _, ...head } = table;
  return (
    <>
      <TableFields at={path} />
      <div className="editor-bar">
        <Segmented
          aria-label={t("editor.view")}
          value={view}
          onChange={setView}
          options={[
            { value: "rows", label: t("editor.rows") },
            { value: "columns", label: t("editor.columns") },
            { value: "text", label: t("editor.columnsAsText") },
          ]}
        />
        <FileButtons table={table} onRead={(next) => change(path, next)} />
      </div>
      {view === "rows" && (
        <SheetView
          list={`${part}/rows`}
          label={textOf(recordOf(table["label"])[language]) || id}
          columns={columns}
          blank={blankRow(table)}
          isLit={(row) => lit.has(`${id}/${row}`)}
        />
      )}
      {view === "columns" && <TableHeadEditor part={part} table={table} />}
      {view === "text" && (
        <TextPart
          label={t("editor.columnsAsText")}
          value={head}
          pointer={part}
          onChange={(next) => change(path, withHead(table, recordOf(next)), `${part} columns`)}
        />
      )}
    </>
  );
}

/** How the table is looked at; a finding leads to where its place is written. */
function useView(part: string): readonly [View, (view: View) => void] {
  const { place } = useEditing();
  const [view, setView] = useState<View>("rows");
  useEffect(() => {
    const [, within = ""] = place?.path.split(`${part}/`) ?? [];
    if (within.startsWith("rows")) setView("rows");
    else if (/^(inputs|outputs|default)/.test(within)) setView("columns");
  }, [place]);
  return [view, setView];
}

/** What the table is called, and what it says where several rows are hit. */
function TableFields({ at }: Readonly<{ at: Path }>): ReactNode {
  const t = useText();
  return (
    <div className="fields">
      <TextField at={[...at, "id"]} label={t("editor.id")} />
      <BothFields at={[...at, "label"]} />
      <ChoiceField
        at={[...at, "hitPolicy"]}
        label={t("editor.hitPolicy")}
        options={hitPolicies.map((value) => ({
          value,
          label: `${value} – ${t(`hit.${value}`)}`,
        }))}
      />
    </div>
  );
}

function wordsOf(t: Say): Words {
  return {
    ...{ row: t("editor.row"), zh: t("editor.noteZh"), en: t("editor.noteEn") },
    ...{ reasons: t("editor.reasons"), reasonsFrom: t("editor.reasonsFrom") },
    ...{ from: t("editor.effectiveFrom"), to: t("editor.effectiveTo") },
  };
}

type FileButtonsProps = Readonly<{ table: Entry; onRead: (table: Entry) => void }>;

function FileButtons({ table, onRead }: FileButtonsProps): ReactNode {
  const t = useText();
  const { message } = App.useApp();
  const chooser = useRef<HTMLInputElement>(null);
  const id = textOf(table["id"]);
  const read = async (file: File): Promise<void> => {
    try {
      const sent = await reads.sentTable(await base64Of(file));
      const next = withRows(table, sent);
      if (!columnsDiffer(next)) {
        onRead(next);
        void message.success(t("editor.imported", { count: sent.rows.length, name: file.name }));
        return;
      }
      const { absent, unknown } = next;
      const comma = t("app.listComma");
      void message.error(
        t("editor.columnsDiffer", {
          absent: absent.join(comma) || "–",
          unknown: unknown.join(comma) || "–",
        }),
      );
    } catch (failure) {
      const said = failure instanceof ProblemError ? failure.problem?.detail : undefined;
      void message.error(said ?? t("state.unreachable"));
    }
  };
  const save = (write: typeof csvFile, extension: string): void =>
    saveFile(new Blob([write(fileColumns(table), fileRows(table))]), `${id}.${extension}`);
  return (
    <>
      <Button onClick={() => save(workbookFile, "xlsx")}>
        {t("editor.exportAs", { form: "Excel" })}
      </Button>
      <Button onClick={() => save(csvFile, "csv")}>{t("editor.exportAs", { form: "CSV" })}</Button>
      <Button onClick={() => chooser.current?.click()}>{t("editor.import")}</Button>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={t("editor.import")}
        accept=".xlsx,.csv"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) void read(file);
          // The same file chosen again is another wish.
          target.value = "";
        }}
      />
    </>
  );
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const portion = 0x8000;
  let text = "";
  for (let at = 0; at < bytes.length; at += portion) {
    text += String.fromCharCode(...bytes.subarray(at, at + portion));
  }
  return btoa(text);
}
