// One part of the document in the editor that fits it: tables and lists in grids, trees as trees, single values in fields,
// and everything as text for whoever wants that.
import { Button, Segmented } from "antd";
import { useState, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText, useWord } from "../app/text.ts";
import { Panel } from "../parts/page.tsx";
import { listOf, pathOf, recordOf, spliced, textOf, valueAt, type Doc } from "./document.ts";
import { headPart, useEditing } from "./editing.ts";
import { DeskEditor } from "./desk-editor.tsx";
import { titleOf } from "./fields.tsx";
import { HeadEditor } from "./head-editor.tsx";
import { LimitRuleEditor } from "./limit-rule-editor.tsx";
import { ListEditor } from "./list-editors.tsx";
import { NoticeEditor } from "./notice-editor.tsx";
import { OfferEditor } from "./offer-editor.tsx";
import { PaceEditor } from "./pace-editor.tsx";
import { RestorationEditor } from "./restoration-editor.tsx";
import { GradesEditor, RulesEditor } from "./rules-editor.tsx";
import { ScorecardEditor } from "./scorecard-editor.tsx";
import { TableEditor } from "./table-editor.tsx";
import { TextPart } from "./text-part.tsx";
import { TreeEditor } from "./tree-editor.tsx";

export function PartView(): ReactNode {
  const t = useText();
  const { part } = useEditing();
  const title = usePartTitle(part);
  const [asText, setAsText] = useState(false);
  // A table has its own choice of how it is looked at.
  const isTable = part.startsWith("/tables/");
  return (
    <Panel
      title={title}
      className="part"
      extra={
        <span className="editor-bar">
          {!isTable && (
            <Segmented
              aria-label={t("editor.view")}
              value={asText ? "text" : "editor"}
              onChange={(value) => setAsText(value === "text")}
              options={[
                { value: "editor", label: t("editor.asEditor") },
                { value: "text", label: t("editor.asText") },
              ]}
            />
          )}
          <RemovePart />
        </span>
      }
    >
      {asText && !isTable ? (
        <PartAsText key={part} part={part} />
      ) : (
        <div key={part}>{ownEditor(part, title)}</div>
      )}
    </Panel>
  );
}

function usePartTitle(part: string): string {
  const word = useWord();
  const { language } = useLook();
  const { document } = useEditing();
  const [name = "", at] = pathOf(part);
  return at === undefined
    ? word("part", String(name))
    : titleOf(valueAt(document, [name, at]), language);
}

function ownEditor(part: string, title: string): ReactNode {
  const [name] = pathOf(part);
  switch (name) {
    case "tables":
      return <TableEditor part={part} />;
    case "scores":
      return <ScorecardEditor part={part} />;
    case "segmentation":
      return <TreeEditor />;
    case "grades":
      return <GradesEditor />;
    case "eligibility":
    case "exclusions":
    case "routing":
      return <RulesEditor part={part} />;
    case "facts":
    case "triggers":
    case "models":
    case "expressions":
    case "guards":
      return <ListEditor name={name} label={title} />;
    case "limitRule":
      return <LimitRuleEditor />;
    case "pace":
      return <PaceEditor />;
    case "desk":
      return <DeskEditor />;
    case "notice":
      return <NoticeEditor />;
    case "offer":
      return <OfferEditor />;
    case "restoration":
      return <RestorationEditor />;
    default:
      return <HeadEditor />;
  }
}

/** What the strategy is called and is about: every field that is no part of its own. */
function headOf(document: Doc): Doc {
  return Object.fromEntries(
    Object.entries(document).filter(
      // Which version it is was settled when it was begun.
      ([name, value]) =>
        name !== "id" && name !== "version" && (name === "label" || typeof value !== "object"),
    ),
  );
}

function PartAsText({ part }: Readonly<{ part: string }>): ReactNode {
  const { document, change } = useEditing();
  const title = usePartTitle(part);
  if (part !== headPart) {
    const path = pathOf(part);
    return (
      <TextPart
        label={title}
        value={valueAt(document, path)}
        pointer={part}
        onChange={(value) => change(path, value, part)}
      />
    );
  }
  const head = headOf(document);
  return (
    <TextPart
      label={title}
      value={head}
      pointer=""
      onChange={(value) => {
        const kept = Object.entries(document).filter(([name]) => !(name in head));
        const { id, version } = document;
        change([], { id, version, ...recordOf(value), ...Object.fromEntries(kept) }, part);
      }}
    />
  );
}

/** Tables and scorecards can be taken out; that something still reads them is for the check to say. */
function RemovePart(): ReactNode {
  const t = useText();
  const { document, change, part, goTo } = useEditing();
  const [name = "", at] = pathOf(part);
  if (at === undefined) return null;
  const list = listOf(document[name]);
  const id = textOf(recordOf(list[Number(at)])["id"]);
  return (
    <Button
      danger
      size="small"
      onClick={() => {
        change([name], spliced(list, Number(at), 1));
        goTo(headPart);
      }}
    >
      {t("editor.removePart", { id })}
    </Button>
  );
}
