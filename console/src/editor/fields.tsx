// Small fields of the document: each is written as it is typed, a run of typing is undone as one step, and what speaks
// against a field stands below it.
import { Input, Select } from "antd";
import { useId, type ReactNode } from "react";
import { useText } from "../app/text.ts";
import { listOf, numberOr, saidIn, textOf, valueAt, type Path } from "./document.ts";
import { useEditing } from "./editing.ts";

type FieldProps = Readonly<{ at: Path; label: string; wide?: boolean }>;

/** What the language says against a place, exactly there or within. */
function useProblem(at: Path): string | null {
  const { findings } = useEditing();
  const pointer = `/${at.join("/")}`;
  return (
    findings.find(({ path }) => path === pointer || path.startsWith(`${pointer}/`))?.text ?? null
  );
}

/** What a control within a frame is given, so that its label and its fault are told with it. */
type Framed = Readonly<{
  id: string;
  status?: "error";
  "aria-invalid": boolean;
  "aria-describedby"?: string;
}>;

type FrameProps = Readonly<{
  label: string;
  fault: string | null;
  wide?: boolean;
  children: (framed: Framed) => ReactNode;
}>;

/** A control under its label, with its fault below. */
export function FieldFrame({ label, fault, wide = false, children }: FrameProps): ReactNode {
  const id = useId();
  const faultId = `${id}fault`;
  const faulty = fault === null ? {} : { status: "error" as const, "aria-describedby": faultId };
  return (
    <div className={wide ? "field wide" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": fault !== null, ...faulty })}
      {fault !== null && (
        <div className="field-fault" id={faultId} role="status">
          {fault}
        </div>
      )}
    </div>
  );
}

type TextFieldProps = FieldProps &
  Readonly<{
    numeric?: boolean;
    /** what an empty field says; by default an empty text. undefined: nothing stands there */
    whenEmpty?: null | undefined;
    placeholder?: string;
  }>;

export function TextField(props: TextFieldProps): ReactNode {
  const { at, label, wide = false, numeric = false, placeholder } = props;
  const { document, change } = useEditing();
  const fault = useProblem(at);
  const value = valueAt(document, at);
  const empty = "whenEmpty" in props ? props.whenEmpty : "";
  return (
    <FieldFrame label={label} fault={fault} wide={wide}>
      {(framed) => (
        <Input
          {...framed}
          value={value === null ? "" : textOf(value)}
          {...(placeholder === undefined ? {} : { placeholder })}
          onChange={({ target }) => {
            const said = numeric ? numberOr(target.value) : target.value;
            change(at, said === "" ? empty : said, at.join("/"));
          }}
        />
      )}
    </FieldFrame>
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

export type Choice = Readonly<{ value: string; label: string }>;

type ChoiceProps = FieldProps & Readonly<{ options: readonly Choice[] }>;

export function ChoiceField({ at, label, options }: ChoiceProps): ReactNode {
  const { document, change } = useEditing();
  const fault = useProblem(at);
  return (
    <FieldFrame label={label} fault={fault}>
      {(framed) => (
        <Select
          {...framed}
          value={textOf(valueAt(document, at))}
          showSearch
          popupMatchSelectWidth={false}
          options={options.map((one) => ({ ...one }))}
          onChange={(next: string) => change(at, next)}
        />
      )}
    </FieldFrame>
  );
}

type ChoicesProps = ChoiceProps & Readonly<{ onChange?: (next: readonly string[]) => void }>;

/** Several of what is offered, in the order in which they were chosen. */
export function ChoicesField({
  at,
  label,
  options,
  wide = false,
  onChange,
}: ChoicesProps): ReactNode {
  const { document, change } = useEditing();
  const fault = useProblem(at);
  const put = onChange ?? ((next) => change(at, next));
  return (
    <FieldFrame label={label} fault={fault} wide={wide}>
      {(framed) => (
        <Select
          {...framed}
          mode="multiple"
          value={listOf(valueAt(document, at)).map(textOf)}
          popupMatchSelectWidth={false}
          options={options.map((one) => ({ ...one }))}
          onChange={(next: string[]) => put(next)}
        />
      )}
    </FieldFrame>
  );
}

/** The label of a part in the reader's language, or its id. */
export function titleOf(value: unknown, language: string): string {
  return saidIn(valueAt(value, ["label"]), language) || textOf(valueAt(value, ["id"])) || "–";
}
