// What a notice of the strategy's decisions is written from: its template, how many reasons it tells, and its languages.
import type { ReactNode } from "react";
import { options } from "../app/choices.ts";
import { useText, useWord } from "../app/text.ts";
import { ChoiceField, ChoicesField, TextField } from "./fields.tsx";

const templates = ["limit-change", "decrease", "freeze", "close"] as const;
const languages = ["zh", "en"] as const;

export function NoticeEditor(): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <div className="fields">
      <ChoiceField
        at={["notice", "template"]}
        label={t("editor.template")}
        options={templates.map((value) => ({ value, label: value }))}
      />
      <TextField at={["notice", "maxReasons"]} label={t("editor.maxReasons")} numeric />
      <ChoicesField
        at={["notice", "languages"]}
        label={t("editor.languages")}
        options={options(word, "language", languages)}
      />
    </div>
  );
}
