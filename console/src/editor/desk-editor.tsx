// The review desk: in how many days a case of each priority and an appeal are resolved, from which impact two people agree, and which cases
// need whom.
import { useMemo, type ReactNode } from "react";
import { priorities } from "../app/choices.ts";
import { useLook } from "../app/language.tsx";
import { useText, useWord } from "../app/text.ts";
import { freshId } from "./document.ts";
import { TextField } from "./fields.tsx";
import { OptionalPart } from "./optional-part.tsx";
import { named, noLabel, plain } from "./plain-columns.ts";
import { SheetView } from "./sheet-view.tsx";
import type { Blank, SheetColumn } from "./sheet.ts";

const blankRule: Blank = (ids) => ({
  ...{ id: freshId(ids, "desk-"), label: noLabel, when: {}, skills: [], priority: "normal" },
});

/** Days as they are where a strategy has no such part. */
const blank = {
  dueDays: { urgent: 1, high: 3, normal: 5 },
  fourEyesFrom: null,
  rules: [blankRule([])],
};

export function DeskEditor(): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  const columns = useMemo(
    (): readonly SheetColumn[] => [
      ...named(t),
      plain("when.routes", 170, { form: "names" }),
      plain("when.actions", 170, { form: "names" }),
      plain("when.segments", 200, { form: "names" }),
      plain("when.grades", 120, { form: "names" }),
      plain("when.impactFrom", 140, { form: "absent" }),
      plain("skills", 170, { form: "list" }),
      plain("priority", 100, { offers: priorities }),
    ],
    [language],
  );
  return (
    <OptionalPart name="desk" about={t("editor.deskAbout")} blank={blank}>
      <div className="fields">
        {priorities.map((priority) => (
          <TextField
            key={priority}
            at={["desk", "dueDays", priority]}
            label={t("editor.dueDays", { priority: word("priority", priority) })}
            numeric
          />
        ))}
        <TextField
          at={["desk", "appealDays"]}
          label={t("editor.appealDays")}
          placeholder="15"
          whenEmpty={undefined}
          numeric
        />
        <TextField
          at={["desk", "fourEyesFrom"]}
          label={t("editor.fourEyesFrom")}
          placeholder={t("editor.asRouted")}
          whenEmpty={null}
          wide
        />
      </div>
      <h3>{t("editor.rules")}</h3>
      <p className="quiet">{t("editor.deskHint")}</p>
      <SheetView list="/desk/rules" label={t("editor.rules")} columns={columns} blank={blankRule} />
    </OptionalPart>
  );
}
