// The pace: what a line is worth in the ranking, and the budgets that decide how many are changed in a day or a week.
import { useMemo, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText } from "../app/text.ts";
import { freshId } from "./document.ts";
import { useEditing } from "./editing.ts";
import { TextField } from "./fields.tsx";
import { named, noLabel } from "./plain-columns.ts";
import { SheetView } from "./sheet-view.tsx";
import { operandOffers, type Blank, type SheetColumn } from "./sheet.ts";

const blankBudget: Blank = (ids) => ({
  ...{ id: freshId(ids, "budget-"), label: noLabel, window: "day", scope: { kind: "all" } },
  cap: { kind: "count", count: 0 },
});

export function PaceEditor(): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { document } = useEditing();
  const { segmentation } = document;
  const columns = useMemo((): readonly SheetColumn[] => {
    const segments = operandOffers(document, "segment").map((name) => String(JSON.parse(name)));
    const scopes = ["all", ...segments.map((name) => `segment: ${name}`)];
    return [
      ...named(t),
      { at: ["window"], title: t("editor.window"), name: "window", width: 90, offers: windows },
      {
        ...{ at: ["scope"], title: t("editor.scope"), name: "scope", width: 240 },
        ...{ form: "scope", offers: scopes },
      },
      { at: ["cap"], title: t("editor.cap"), name: "cap", width: 220, form: "cap" },
    ];
  }, [segmentation, language]);
  return (
    <>
      <div className="fields">
        <TextField at={["pace", "lgdBp"]} label={t("editor.lgdBp")} numeric />
        <TextField at={["pace", "ccfBp"]} label={t("editor.ccfBp")} numeric />
      </div>
      <h3>{t("editor.budgets")}</h3>
      <p className="quiet">{t("editor.budgetHint")}</p>
      <SheetView
        list="/pace/budgets"
        label={t("editor.budgets")}
        columns={columns}
        blank={blankBudget}
      />
    </>
  );
}

const windows = ["day", "week"] as const;
