// What a strategy is called, what it is about and who wrote it: the fields that are no part of their own.
import type { ReactNode } from "react";
import { causes, options } from "../app/choices.ts";
import { useText, useWord } from "../app/text.ts";
import { BothFields, ChoiceField, TextField } from "./fields.tsx";

export function HeadEditor(): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <div className="fields">
      <BothFields at={["label"]} />
      <ChoiceField
        at={["cause"]}
        label={t("decision.cause")}
        options={options(word, "cause", causes)}
      />
      <TextField at={["product"]} label={t("line.product")} />
      <TextField at={["jurisdiction"]} label={t("pack.jurisdiction")} />
      <TextField at={["currency"]} label={t("editor.currency")} />
      <TextField at={["author"]} label={t("strategy.author")} />
    </div>
  );
}
