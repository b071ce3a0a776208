// Parts that are lists of declarations, each a grid of its own columns: facts, triggers, model references, expressions and
// guards.
import { Select } from "antd";
import { useId, useMemo, type ReactNode } from "react";
import { reads } from "../api/reads.ts";
import { causes } from "../app/choices.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText, type Say } from "../app/text.ts";
import { freshId, listOf, recordOf, textOf } from "./document.ts";
import { useEditing } from "./editing.ts";
import { labels, named, noLabel, plain } from "./plain-columns.ts";
import { SheetView } from "./sheet-view.tsx";
import type { Blank, SheetColumn } from "./sheet.ts";

/** What a value can be. */
export const types = ["number", "money", "boolean", "enum", "date"] as const;
const directions = ["higher", "lower"] as const;

function factColumns(t: Say): readonly SheetColumn[] {
  return [
    { at: ["name"], title: t("editor.factName"), name: "name", width: 180 },
    ...labels(t, 180),
    plain("type", 90, { offers: types }),
    plain("scale", 60, { form: "number" }),
    plain("unit", 80),
    plain("minimum", 110),
    plain("maximum", 110),
    plain("values", 260, { form: "values" }),
    plain("source", 110),
    plain("window", 90),
    plain("missing", 90, { offers: ["refuse", "unknown"] }),
    plain("missingMeans.zh", 200, { optional: true }),
    plain("missingMeans.en", 200, { optional: true }),
    plain("neutral", 110),
    plain("harsherWhen", 110, { offers: directions }),
    plain("sensitivity", 110, { offers: ["ordinary", "personal", "financial", "protected"] }),
    ...actionableColumns(),
    plain("follows.of", 130, { optional: true }),
    plain("follows.by", 130, { optional: true }),
  ];
}

/** How a borrower can influence the fact: what the way back is searched in. */
function actionableColumns(): readonly SheetColumn[] {
  return [
    plain("actionable.how.zh", 200, { optional: true }),
    plain("actionable.how.en", 200, { optional: true }),
    plain("actionable.direction", 120, { optional: true, offers: ["up", "down"] }),
    plain("actionable.step", 110, { optional: true, form: "absent" }),
    plain("actionable.until", 110, { optional: true, form: "absent" }),
    plain("actionable.cost", 100, { optional: true, form: "number" }),
    plain("actionable.days", 100, { optional: true, form: "number" }),
  ];
}

const blankFact: Blank = () => ({
  ...{ name: "", label: noLabel, type: "number", source: "import", missing: "unknown" },
  sensitivity: "ordinary",
});

function modelColumns(t: Say): readonly SheetColumn[] {
  return [
    ...named(t),
    plain("model", 140),
    plain("modelVersion", 110),
    plain("inputs", 240, { form: "names" }),
    plain("scale", 60, { form: "number" }),
    plain("unit", 80),
    plain("minimum", 110),
    plain("maximum", 110),
    plain("neutral", 110),
    plain("harsherWhen", 110, { offers: directions }),
  ];
}

const blankModel: Blank = (ids) => ({
  ...{ id: freshId(ids, "model-"), label: noLabel, model: "", modelVersion: "1", inputs: [] },
  ...{ minimum: "0", maximum: "1" },
});

function expressionColumns(t: Say): readonly SheetColumn[] {
  return [
    ...named(t),
    plain("type", 90, { offers: types }),
    plain("scale", 60, { form: "number" }),
    plain("values", 200, { form: "values" }),
    {
      ...{ at: ["feel"], title: "FEEL", name: "feel", width: 460 },
      asks: (entry) => ({ as: "expression", operand: textOf(recordOf(entry)["id"]) }),
    },
  ];
}

const blankExpression: Blank = (ids) => ({
  ...{ id: freshId(ids, "value-"), label: noLabel, type: "boolean", feel: "true" },
});

const guardKinds = [
  ...["cool-down", "max-cut", "max-cut-12-months", "minimum-line", "minimum-cut"],
] as const;

function guardColumns(t: Say): readonly SheetColumn[] {
  return [
    ...named(t),
    plain("kind", 150, { offers: guardKinds }),
    { at: ["when"], title: t("editor.condition"), name: "when", width: 260, form: "condition" },
    plain("days", 70, { form: "number" }),
    plain("actions", 170, { form: "names" }),
    plain("rateBp", 80, { form: "number" }),
    plain("amount", 110),
  ];
}

const blankGuard: Blank = (ids) => ({
  ...{ id: freshId(ids, "guard-"), label: noLabel, kind: "minimum-line", amount: "0" },
});

function triggerColumns(t: Say): readonly SheetColumn[] {
  return [
    ...named(t),
    { at: ["when"], title: t("editor.condition"), name: "when", width: 360, form: "condition" },
    plain("cause", 150, { offers: causes }),
    plain("coolDownDays", 120, { form: "number" }),
  ];
}

const blankTrigger: Blank = (ids) => ({
  ...{ id: freshId(ids, "trigger-"), label: noLabel, when: {}, cause: "behaviour" },
  coolDownDays: 30,
});

const lists: Readonly<
  Record<string, Readonly<{ columns: (t: Say) => readonly SheetColumn[]; blank: Blank }>>
> = {
  facts: { columns: factColumns, blank: blankFact },
  triggers: { columns: triggerColumns, blank: blankTrigger },
  models: { columns: modelColumns, blank: blankModel },
  expressions: { columns: expressionColumns, blank: blankExpression },
  guards: { columns: guardColumns, blank: blankGuard },
};

/** The grid of one of the lists; `name` is its name in the document. */
export function ListEditor({ name, label }: Readonly<{ name: string; label: string }>): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { columns, blank } = lists[name]!;
  const shown = useMemo(() => columns(t), [columns, language]);
  return (
    <>
      {name === "facts" && <AddDeclaredFact />}
      <SheetView list={`/${name}`} label={label} columns={shown} blank={blank} />
    </>
  );
}

/** Facts that are made here and that the strategy does not declare yet; the chosen one is declared as it is made. */
function AddDeclaredFact(): ReactNode {
  const t = useText();
  const id = useId();
  const { language } = useLook();
  const { document, change, goTo } = useEditing();
  const { data } = useRead(["declared-facts"], reads.declaredFacts);
  const facts = listOf(document["facts"]);
  const taken = new Set(facts.map((one) => textOf(recordOf(one)["name"])));
  const left = (data?.data ?? []).filter(({ name }) => !taken.has(name));
  const add = (name: string): void => {
    const chosen = left.find((one) => one.name === name);
    if (chosen === undefined) return;
    change(["facts"], [...facts, chosen.declaration]);
    goTo(`/facts/${facts.length}`);
  };
  return (
    <div className="editor-bar">
      <label htmlFor={id}>{t("editor.addDeclared")}</label>
      <Select
        id={id}
        showSearch={{ optionFilterProp: "label" }}
        value={null}
        placeholder={t("editor.chooseFact", { count: left.length })}
        popupMatchSelectWidth={false}
        options={left.map(({ name, label, window }) => ({
          value: name,
          label: `${label[language]} · ${window[language]} · ${name}`,
        }))}
        onChange={(name: string | null) => add(name ?? "")}
      />
    </div>
  );
}
