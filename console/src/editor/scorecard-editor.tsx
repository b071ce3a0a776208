// A scorecard: what it starts from, its characteristics one below the other, and the bins of each as a grid.
import { Button } from "antd";
import { useMemo, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText, type Say } from "../app/text.ts";
import {
  freshId,
  listOf,
  moved,
  pathOf,
  recordOf,
  spliced,
  textOf,
  valueAt,
  type Path,
} from "./document.ts";
import { useEditing } from "./editing.ts";
import { BothFields, ChoiceField, TextField, titleOf } from "./fields.tsx";
import { SheetView } from "./sheet-view.tsx";
import { operandOffers, type Blank, type SheetColumn } from "./sheet.ts";

type PartProps = Readonly<{ part: string }>;

const algorithms = ["pointsBelow", "pointsAbove"] as const;

export function ScorecardEditor({ part }: PartProps): ReactNode {
  const t = useText();
  const { document, change } = useEditing();
  const path = pathOf(part);
  const list = [...path, "characteristics"];
  const characteristics = listOf(valueAt(document, list));
  const ids = characteristics.map((one) => textOf(recordOf(one)["id"]));
  return (
    <>
      <div className="fields">
        <TextField at={[...path, "id"]} label={t("editor.id")} />
        <BothFields at={[...path, "label"]} />
        <Origin at={[...path, "origin"]} />
        <TextField at={[...path, "initialScore"]} label={t("editor.initialScore")} numeric />
        <TextField at={[...path, "baseline"]} label={t("editor.baseline")} numeric />
        <ChoiceField
          at={[...path, "reasonCodeAlgorithm"]}
          label={t("editor.algorithm")}
          options={algorithms.map((value) => ({ value, label: t(`algorithm.${value}`) }))}
        />
      </div>
      {characteristics.map((_, at) => (
        <CharacteristicEditor
          // A characteristic has no name that stays while its id is written.
          key={at}
          part={`${part}/characteristics/${at}`}
          onMove={(by) => change(list, moved(characteristics, at, 1, by))}
          onDelete={() => change(list, spliced(characteristics, at, 1))}
        />
      ))}
      <Button
        onClick={() =>
          change(list, [
            ...characteristics,
            {
              ...{ id: freshId(ids, "C"), label: { zh: "", en: "" }, fact: "", reason: "" },
              attributes: [{ when: "null", points: 0 }],
            },
          ])
        }
      >
        {t("editor.addCharacteristic")}
      </Button>
    </>
  );
}

/** Where the points come from, which may be left unsaid. */
function Origin({ at }: Readonly<{ at: Path }>): ReactNode {
  const t = useText();
  const { document, change } = useEditing();
  if (valueAt(document, at) === undefined) {
    return <Button onClick={() => change(at, { zh: "", en: "" })}>{t("editor.addOrigin")}</Button>;
  }
  return (
    <>
      <TextField at={[...at, "zh"]} label={t("editor.originZh")} wide />
      <TextField at={[...at, "en"]} label={t("editor.originEn")} wide />
      <Button onClick={() => change(at, undefined)}>{t("editor.removeOrigin")}</Button>
    </>
  );
}

function binColumns(t: Say, operand: string, offers: readonly string[]): readonly SheetColumn[] {
  return [
    {
      ...{ at: ["when"], title: t("editor.bin"), name: "when", width: 180 },
      asks: { as: "test", operand },
      offers: ["null", ...offers],
    },
    { at: ["points"], title: t("editor.points"), name: "points", width: 90, form: "number" },
    { at: ["pointsFrom"], title: t("editor.pointsFrom"), name: "pointsFrom", width: 150 },
    { at: ["reason"], title: t("editor.reasonCode"), name: "reason", width: 110 },
    {
      at: ["label", "zh"],
      title: t("editor.labelZh"),
      name: "label.zh",
      width: 200,
      optional: true,
    },
    {
      at: ["label", "en"],
      title: t("editor.labelEn"),
      name: "label.en",
      width: 200,
      optional: true,
    },
  ];
}

type OneProps = PartProps & Readonly<{ onMove: (by: -1 | 1) => void; onDelete: () => void }>;

const blankBin: Blank = () => ({ when: "", points: 0 });

function CharacteristicEditor({ part, onMove, onDelete }: OneProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { document } = useEditing();
  const path = pathOf(part);
  const one = recordOf(valueAt(document, path));
  const operand = textOf(one["fact"]);
  const facts = listOf(document["facts"]).map(recordOf);
  const columns = useMemo(
    () => binColumns(t, operand, operandOffers(document, operand)),
    [operand, document["facts"], language],
  );
  return (
    <section className="characteristic" aria-label={titleOf(one, language)}>
      <header className="editor-bar">
        <h3>{titleOf(one, language)}</h3>
        <Button size="small" onClick={() => onMove(-1)}>
          {t("editor.up")}
        </Button>
        <Button size="small" onClick={() => onMove(1)}>
          {t("editor.down")}
        </Button>
        <Button size="small" danger onClick={onDelete}>
          {t("editor.remove")}
        </Button>
      </header>
      <div className="fields">
        <TextField at={[...path, "id"]} label={t("editor.id")} />
        <BothFields at={[...path, "label"]} />
        <ChoiceField
          at={[...path, "fact"]}
          label={t("editor.fact")}
          options={facts.map(({ name, label }) => ({
            value: textOf(name),
            label: `${textOf(recordOf(label)[language])} ${textOf(name)}`,
          }))}
        />
        <TextField at={[...path, "reason"]} label={t("editor.reasonCode")} />
        <TextField
          at={[...path, "baseline"]}
          label={t("editor.baseline")}
          placeholder={t("editor.asScorecard")}
          whenEmpty={undefined}
          numeric
        />
      </div>
      <SheetView
        list={`${part}/attributes`}
        label={t("editor.binsOf", { name: titleOf(one, language) })}
        columns={columns}
        blank={blankBin}
      />
    </section>
  );
}
