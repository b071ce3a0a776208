// The segmentation tree: nodes as nested lists, each with its condition. The first that holds is taken, so the order is
// part of what it says.
import { Button } from "antd";
import type { ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText } from "../app/text.ts";
import { conditionForm } from "./cell-forms.ts";
import { ConditionField } from "./condition-field.tsx";
import { freshId, listOf, moved, pathOf, recordOf, spliced, textOf, valueAt } from "./document.ts";
import { useEditing } from "./editing.ts";
import { TextField, titleOf } from "./fields.tsx";

type NodesProps = Readonly<{ list: string }>;

const node = (ids: readonly string[]): Readonly<Record<string, unknown>> => ({
  ...{ id: freshId(ids, "segment-"), label: { zh: "", en: "" }, when: {} },
});

/** Every id of the tree, so that a new one is new everywhere. */
function idsIn(nodes: unknown): readonly string[] {
  return listOf(nodes).flatMap((one) => {
    const { id, children } = recordOf(one);
    return [...idsIn(children), textOf(id)];
  });
}

export function TreeEditor(): ReactNode {
  const t = useText();
  return (
    <>
      <p className="quiet">{t("editor.treeAbout")}</p>
      <Nodes list="/segmentation" />
    </>
  );
}

function Nodes({ list }: NodesProps): ReactNode {
  const t = useText();
  const { document, change } = useEditing();
  const path = pathOf(list);
  const nodes = listOf(valueAt(document, path));
  return (
    <>
      <ul className="tree">
        {nodes.map((_, at) => (
          // A node has no name that stays while its id is written.
          <li key={at}>
            <Node
              at={`${list}/${at}`}
              onMove={(by) => change(path, moved(nodes, at, 1, by))}
              onDelete={() =>
                change(
                  path,
                  nodes.length > 1 || list === "/segmentation" ? spliced(nodes, at, 1) : undefined,
                )
              }
            />
          </li>
        ))}
      </ul>
      <Button
        size="small"
        onClick={() => change(path, [...nodes, node(idsIn(document["segmentation"]))])}
      >
        {t("editor.addNode")}
      </Button>
    </>
  );
}

type NodeProps = Readonly<{ at: string; onMove: (by: -1 | 1) => void; onDelete: () => void }>;

function Node({ at, onMove, onDelete }: NodeProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { document, change } = useEditing();
  const path = pathOf(at);
  const one = recordOf(valueAt(document, path));
  const inner = listOf(one["children"]).length > 0;
  return (
    <details open className={inner ? "node inner" : "node"}>
      <summary>
        {titleOf(one, language)} <code>{textOf(one["id"])}</code>{" "}
        <span className="quiet">{conditionForm.write(one["when"])}</span>
      </summary>
      <div className="fields">
        <TextField at={[...path, "id"]} label={t("editor.id")} />
        <TextField at={[...path, "label", "zh"]} label={t("editor.labelZh")} />
        <TextField at={[...path, "label", "en"]} label={t("editor.labelEn")} />
        <ConditionField at={[...path, "when"]} />
      </div>
      <div className="editor-bar">
        <Button size="small" onClick={() => onMove(-1)}>
          {t("editor.up")}
        </Button>
        <Button size="small" onClick={() => onMove(1)}>
          {t("editor.down")}
        </Button>
        <Button size="small" danger onClick={onDelete}>
          {t("editor.remove")}
        </Button>
        {!inner && (
          <Button
            size="small"
            onClick={() => change([...path, "children"], [node(idsIn(document["segmentation"]))])}
          >
            {t("editor.split")}
          </Button>
        )}
      </div>
      {inner && <Nodes list={`${at}/children`} />}
    </details>
  );
}
