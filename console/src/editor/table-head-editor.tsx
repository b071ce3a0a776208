// The columns of a decision table: what it tests, what it says, and what it says where no row is hit. Cells go along with
// their columns.
import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { Button, Switch } from "antd";
import { useId, useMemo, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText } from "../app/text.ts";
import { listOf, moved, pathOf, recordOf, textOf } from "./document.ts";
import { useEditing } from "./editing.ts";
import { ChoicesField, TextField } from "./fields.tsx";
import { types } from "./list-editors.tsx";
import { labels, noLabel, plain } from "./plain-columns.ts";
import { SheetView } from "./sheet-view.tsx";
import { operandLabel, operandsOf, type Blank, type Entry, type SheetColumn } from "./sheet.ts";
import { withHead } from "./table-columns.ts";

type TableProps = Readonly<{ part: string; table: Entry }>;

const blankOutput: Blank = () => ({ name: "", label: noLabel, type: "boolean" });

export function TableHeadEditor({ part, table }: TableProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { document, change } = useEditing();
  const path = pathOf(part);
  const put = (more: Entry): void => change(path, withHead(table, { ...table, ...more }));
  const own = `table.${textOf(table["id"])}.`;
  const operands = operandsOf(document)
    .filter((operand) => !operand.startsWith(own))
    .map((value) => {
      const label = operandLabel(document, value, language);
      return { value, label: label === value ? value : `${label} ${value}` };
    });
  const columns = useMemo(
    (): readonly SheetColumn[] => [
      { at: ["name"], title: t("editor.factName"), name: "name", width: 150 },
      ...labels(t, 160),
      plain("type", 90, { offers: types }),
      plain("scale", 60, { form: "number" }),
      plain("unit", 80),
      plain("minimum", 110),
      plain("maximum", 110),
      plain("values", 300, { form: "values" }),
    ],
    [language],
  );
  return (
    <>
      <div className="fields">
        <ChoicesField
          at={[...path, "inputs"]}
          label={t("editor.inputs")}
          options={operands}
          wide
          onChange={(inputs) => put({ inputs })}
        />
      </div>
      <InputOrder
        inputs={listOf(table["inputs"]).map(textOf)}
        titleOf={(input) => operandLabel(document, input, language)}
        onMove={(at, by) => put({ inputs: moved(listOf(table["inputs"]), at, 1, by) })}
      />
      <h3>{t("editor.outputs")}</h3>
      <SheetView
        list={`${part}/outputs`}
        label={t("editor.outputs")}
        columns={columns}
        blank={blankOutput}
        onChange={(outputs) => put({ outputs })}
      />
      <DefaultFields part={part} table={table} />
    </>
  );
}

type InputOrderProps = Readonly<{
  inputs: readonly string[];
  titleOf: (input: string) => string;
  onMove: (at: number, by: -1 | 1) => void;
}>;

/** The inputs as their columns stand, each of which can change places with its neighbour. */
function InputOrder({ inputs, titleOf, onMove }: InputOrderProps): ReactNode {
  const t = useText();
  return (
    <ol className="input-order" aria-label={t("editor.inputOrder")}>
      {inputs.map((input, at) => {
        const title = titleOf(input);
        return (
          <li key={input}>
            <Button
              size="small"
              icon={<ArrowUpOutlined />}
              aria-label={t("editor.moveBefore", { name: title })}
              disabled={at === 0}
              onClick={() => onMove(at, -1)}
            />
            <Button
              size="small"
              icon={<ArrowDownOutlined />}
              aria-label={t("editor.moveAfter", { name: title })}
              disabled={at === inputs.length - 1}
              onClick={() => onMove(at, 1)}
            />{" "}
            {title} {title !== input && <code>{input}</code>}
          </li>
        );
      })}
    </ol>
  );
}

/** What the table says where no row is hit: a value for each output, or nothing at all. */
function DefaultFields({ part, table }: TableProps): ReactNode {
  const t = useText();
  const id = useId();
  const { language } = useLook();
  const { change } = useEditing();
  const at = [...pathOf(part), "default"];
  const outputs = listOf(table["outputs"]).map(recordOf);
  const said = table["default"] !== undefined;
  return (
    <>
      <div className="editor-bar">
        <Switch
          id={id}
          size="small"
          checked={said}
          onChange={(next) => change(at, next ? outputs.map(() => "") : undefined)}
        />
        <label htmlFor={id}>{t("editor.default")}</label>
      </div>
      {said && (
        <div className="fields">
          {outputs.map(({ name, label }, column) => (
            <TextField
              // Outputs have no name that stays while it is written.
              key={column}
              at={[...at, column]}
              label={textOf(recordOf(label)[language]) || textOf(name)}
            />
          ))}
        </div>
      )}
    </>
  );
}
