// The written way back: what is looked at again, after how many days, and how much is given back at once.
import type { ReactNode } from "react";
import { useText } from "../app/text.ts";
import { TextField } from "./fields.tsx";
import { RulesEditor } from "./rules-editor.tsx";

export function RestorationEditor(): ReactNode {
  const t = useText();
  return (
    <>
      <div className="fields">
        <TextField
          at={["restoration", "reEvaluateAfterDays"]}
          label={t("editor.reEvaluateAfterDays")}
          numeric
        />
        <TextField at={["restoration", "stepBp"]} label={t("editor.stepBp")} numeric />
      </div>
      <h3>{t("editor.criteria")}</h3>
      <RulesEditor part="/restoration/criteria" />
    </>
  );
}
