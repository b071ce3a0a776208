// Small fields of the document: each is written as it is typed, and a run of typing is undone as one step.
import { Input, Select } from "antd";
import { useId, type ReactNode } from "react";
import { useText } from "../app/text.ts";
import { numberOr, saidIn, textOf, valueAt, type Path } from "./document.ts";
import { useEditing } from "./editing.ts";

type FieldProps = Readonly<{ at: Path; label: string; wide?: boolean; numeric?: boolean }>;

/** What the language says against a place, exactly there or within. */
function useProblem(at: Path): string | null {
  const { findings } = useEditing();
  const pointer = `/${at.join("/")}`;
  return (
    findings.find(({ path }) => path === pointer || path.startsWith(`${pointer}/`))?.text ?? null
  );
}

export function TextField({ at, label, wide = false, numeric = false }: FieldProps): ReactNode {
  const { document, change } = useEditing();
  const id = useId();
  const problem = useProblem(at);
  return (
    <div className={wide ? "field wide" : "field"}>
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        value={textOf(valueAt(document, at))}
        {...(problem === null ? {} : { status: "error" as const, title: problem })}
        aria-invalid={problem !== null}
        onChange={({ target: { value } }) =>
          change(at, numeric ? numberOr(value) : value, at.join("/"))
        }
      />
    </div>
  );
}

/** A text in both languages. */
export function BothFields({ at }: Readonly<{ at: Path }>): ReactNode {
  const t = useText();
  return (
    <>
      <TextField at={[...at, "zh"]} label={t("editor.labelZh")} wide />
      <TextField at={[...at, "en"]} label={t("editor.labelEn")} wide />
    </>
  );
}

type ChoiceProps = Readonly<{
  at: Path;
  label: string;
  options: readonly Readonly<{ value: string; label: string }>[];
}>;

export function ChoiceField({ at, label, options }: ChoiceProps): ReactNode {
  const { document, change } = useEditing();
  const id = useId();
  const problem = useProblem(at);
  const value = textOf(valueAt(document, at));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        value={value}
        showSearch
        popupMatchSelectWidth={false}
        {...(problem === null ? {} : { status: "error" as const, title: problem })}
        options={options.map((one) => ({ ...one }))}
        onChange={(next: string) => change(at, next)}
      />
    </div>
  );
}

/** The label of a part in the reader's language, or its id. */
export function titleOf(value: unknown, language: string): string {
  return saidIn(valueAt(value, ["label"]), language) || textOf(valueAt(value, ["id"])) || "–";
}
