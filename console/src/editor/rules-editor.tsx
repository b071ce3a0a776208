// Parts that are plain lists: rules with a condition, routes, grades. Each is a grid of its own columns.
import { useMemo, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText } from "../app/text.ts";
import { freshId, textOf, valueAt } from "./document.ts";
import { useEditing } from "./editing.ts";
import { ChoiceField, type Choice } from "./fields.tsx";
import { labels, named, noLabel } from "./plain-columns.ts";
import { SheetView } from "./sheet-view.tsx";
import { operandOffers, type Blank, type SheetColumn } from "./sheet.ts";

type PartProps = Readonly<{ part: string }>;

const routes = ["straight-through", "review", "four-eyes", "legal"] as const;

const blankRule: Blank = (ids) => ({
  id: freshId(ids, "rule-"),
  label: noLabel,
  when: {},
});
const blankRoute: Blank = (ids) => ({ ...blankRule(ids), route: "review" });
const blankBand: Blank = () => ({ grade: "", label: noLabel, when: "", pdBp: 0 });

/** Eligibility, exclusions and criteria of restoration, and routing with its routes. */
export function RulesEditor({ part }: PartProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const routing = part === "/routing";
  const columns = useMemo(
    (): readonly SheetColumn[] => [
      ...named(t, 220),
      { at: ["when"], title: t("editor.condition"), name: "when", width: 420, form: "condition" },
      ...(routing
        ? [{ at: ["route"], title: t("editor.route"), name: "route", width: 140, offers: routes }]
        : []),
    ],
    [language, routing],
  );
  return (
    <>
      <p className="quiet">{t("editor.conditionHint")}</p>
      <SheetView
        list={part}
        label={t("editor.rules")}
        columns={columns}
        blank={routing ? blankRoute : blankRule}
      />
    </>
  );
}

export function GradesEditor(): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { document } = useEditing();
  const operand = textOf(valueAt(document, ["grades", "input"]));
  const facts = operandChoices(document["facts"], document["scores"]);
  const columns = useMemo(
    (): readonly SheetColumn[] => [
      { at: ["grade"], title: t("editor.grade"), name: "grade", width: 110 },
      ...labels(t, 220),
      {
        ...{ at: ["when"], title: t("editor.bin"), name: "when", width: 180 },
        ...{ asks: { as: "test", operand }, offers: operandOffers(document, operand) },
      },
      { at: ["pdBp"], title: t("editor.pdBp"), name: "pdBp", width: 130, form: "number" },
    ],
    [operand, document["facts"], language],
  );
  return (
    <>
      <div className="fields">
        <ChoiceField at={["grades", "input"]} label={t("editor.fact")} options={facts} />
      </div>
      <SheetView
        list="/grades/bands"
        label={t("editor.bands")}
        columns={columns}
        blank={blankBand}
      />
    </>
  );
}

function operandChoices(facts: unknown, scores: unknown): readonly Choice[] {
  const names = (list: unknown, key: string, prefix: string): readonly Choice[] =>
    (Array.isArray(list) ? list : []).map((one) => {
      const value = `${prefix}${textOf(valueAt(one, [key]))}`;
      return { value, label: value };
    });
  return [...names(facts, "name", ""), ...names(scores, "id", "score.")];
}
