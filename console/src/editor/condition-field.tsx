// A condition as one line, checked test by test while it is typed.
import { Input } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { reads } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useText } from "../app/text.ts";
import { conditionForm } from "./cell-forms.ts";
import { recordOf, valueAt, type Path } from "./document.ts";
import { useEditing } from "./editing.ts";
import { FieldFrame } from "./fields.tsx";

const typingMs = 150;

export function ConditionField({ at }: Readonly<{ at: Path }>): ReactNode {
  const t = useText();
  const { document, change } = useEditing();
  const value = valueAt(document, at);
  // What is typed stays as it is typed, spaces and all, for as long as it says what the document says.
  const [typed, setTyped] = useState(conditionForm.write(value));
  const same = JSON.stringify(conditionForm.read(typed)) === JSON.stringify(value);
  const text = same ? typed : conditionForm.write(value);
  const fault = useConditionFault(value);
  return (
    <FieldFrame label={t("editor.condition")} fault={fault} wide>
      {(framed) => (
        <Input
          {...framed}
          value={text}
          className="code"
          placeholder={t("editor.conditionHint")}
          onChange={({ target }) => {
            setTyped(target.value);
            change(at, conditionForm.read(target.value) ?? {}, at.join("/"));
          }}
        />
      )}
    </FieldFrame>
  );
}

/** The first test that is wrong, asked a little after the last change. */
function useConditionFault(value: unknown): string | null {
  const t = useText();
  const { language } = useLook();
  const { strategy } = useEditing();
  const { id, version } = strategy;
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    if (typeof value === "string") return setFault(t("editor.conditionHint"));
    const cells = Object.entries(recordOf(value)).map(([operand, text]) => ({
      ...{ as: "test" as const, operand, text: String(text) },
    }));
    if (cells.length === 0) return setFault(null);
    let over = false;
    const timer = setTimeout(() => {
      void reads
        .checkCells(id, version, cells)
        .then(({ data }) => {
          const found = data.find((one) => one !== null);
          if (!over) setFault(found?.text[language] ?? null);
        })
        // Without an answer nothing is known; saving will tell.
        .catch(() => undefined);
    }, typingMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [value, id, version, language]);
  return fault;
}
