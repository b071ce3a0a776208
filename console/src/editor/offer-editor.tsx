// The offer: how long a customer has to answer, what follows from each answer or none, and what may be proposed instead.
import { Switch } from "antd";
import { useId, type ReactNode } from "react";
import { offerEnds, options } from "../app/choices.ts";
import { useText, useWord } from "../app/text.ts";
import { valueAt } from "./document.ts";
import { useEditing } from "./editing.ts";
import { ChoiceField, TextField } from "./fields.tsx";
import { OptionalPart } from "./optional-part.tsx";

const blank = { answerWithinDays: 14, ifDeclined: "withdraw", ifSilent: "review", counter: null };
const blankCounter = { minimumBp: 5000, acceptBp: 8000 };

export function OfferEditor(): ReactNode {
  const t = useText();
  const word = useWord();
  const ends = options(word, "offerEnd", offerEnds);
  return (
    <OptionalPart name="offer" about={t("editor.offerAbout")} blank={blank}>
      <div className="fields">
        <TextField
          at={["offer", "answerWithinDays"]}
          label={t("editor.answerWithinDays")}
          numeric
        />
        <ChoiceField at={["offer", "ifDeclined"]} label={t("offer.ifDeclined")} options={ends} />
        <ChoiceField at={["offer", "ifSilent"]} label={t("offer.ifSilent")} options={ends} />
      </div>
      <Counter />
    </OptionalPart>
  );
}

/** The customer's own proposal: allowed within bounds, or not at all. */
function Counter(): ReactNode {
  const t = useText();
  const id = useId();
  const { document, change } = useEditing();
  const at = ["offer", "counter"];
  const allowed = (valueAt(document, at) ?? null) !== null;
  return (
    <>
      <div className="editor-bar">
        <Switch
          id={id}
          size="small"
          checked={allowed}
          onChange={(next) => change(at, next ? blankCounter : null)}
        />
        <label htmlFor={id}>{t("editor.counter")}</label>
      </div>
      {allowed && (
        <div className="fields">
          <TextField at={[...at, "minimumBp"]} label={t("editor.minimumBp")} wide numeric />
          <TextField at={[...at, "acceptBp"]} label={t("editor.acceptBp")} wide numeric />
        </div>
      )}
    </>
  );
}
