// The limit rule: which output chooses the treatment, what each treatment does to the line, and what bounds the limit that is
// asked for.
import { useMemo, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText } from "../app/text.ts";
import { freshId, listOf, recordOf, textOf, type Doc } from "./document.ts";
import { useEditing } from "./editing.ts";
import { ChoiceField, TextField } from "./fields.tsx";
import { named, noLabel, plain } from "./plain-columns.ts";
import { SheetView } from "./sheet-view.tsx";
import type { Blank, SheetColumn } from "./sheet.ts";

const actions = ["none", "decrease", "freeze", "close"] as const;

const blankTreatment: Blank = () => ({ id: "", label: noLabel, action: "none" });
const blankFloor: Blank = (ids) => ({ id: freshId(ids, "floor-"), label: noLabel, amount: "0" });
const blankCap: Blank = (ids) => ({
  id: freshId(ids, "cap-"),
  label: noLabel,
  of: "present-limit",
});

export function LimitRuleEditor(): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { document } = useEditing();
  const treatments = useMemo(
    () =>
      [
        ...named(t),
        { at: ["action"], title: t("editor.action"), name: "action", width: 110, offers: actions },
        { at: ["target"], title: t("editor.target"), name: "target", width: 340, form: "target" },
      ] satisfies readonly SheetColumn[],
    [language],
  );
  const [floors, caps] = useMemo(() => {
    const amount: SheetColumn = {
      at: ["amount"],
      title: t("editor.amount"),
      name: "amount",
      width: 130,
    };
    const rate = plain("rateBp", 90, { form: "number" });
    const of = plain("of", 140, { offers: ["present-limit"] });
    return [
      [...named(t), amount, rate],
      [...named(t), amount, of],
    ];
  }, [language]);
  const ways = (...values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <>
      <div className="fields">
        <ChoiceField
          at={["limitRule", "select"]}
          label={t("editor.select")}
          options={ways(...selectors(document))}
        />
        <TextField at={["limitRule", "rounding", "step"]} label={t("editor.step")} />
        <ChoiceField
          at={["limitRule", "rounding", "mode"]}
          label={t("editor.rounding")}
          options={ways("down", "up")}
        />
        <ChoiceField
          at={["limitRule", "belowDrawn"]}
          label={t("editor.belowDrawn")}
          options={ways("never", "allowed")}
        />
      </div>
      <h3>{t("editor.treatments")}</h3>
      <p className="quiet">{t("editor.targetHint")}</p>
      <SheetView
        list="/limitRule/treatments"
        label={t("editor.treatments")}
        columns={treatments}
        blank={blankTreatment}
      />
      <h3>{t("editor.floors")}</h3>
      <SheetView
        list="/limitRule/floors"
        label={t("editor.floors")}
        columns={floors}
        blank={blankFloor}
      />
      <h3>{t("editor.caps")}</h3>
      <SheetView list="/limitRule/caps" label={t("editor.caps")} columns={caps} blank={blankCap} />
    </>
  );
}

/** Outputs that can choose a treatment: enumerations of tables. */
function selectors(document: Doc): readonly string[] {
  return listOf(document["tables"]).flatMap((table) => {
    const { id, outputs } = recordOf(table);
    return listOf(outputs)
      .map(recordOf)
      .filter(({ type }) => type === "enum")
      .map(({ name }) => `table.${textOf(id)}.${textOf(name)}`);
  });
}
