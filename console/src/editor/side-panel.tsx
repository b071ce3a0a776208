// Beside the part: the check, a trial, and what the draft changes against the version in force.
import { Tabs } from "antd";
import { useState, type ReactNode } from "react";
import type { Trial } from "../api/reads.ts";
import type { Explanation } from "../api/explanation.ts";
import { useText } from "../app/text.ts";
import { ChangesToInForce } from "../pages/strategy-consequences.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { useEditing } from "./editing.ts";
import type { Check } from "./strategy-editor.tsx";
import { TryPanel, writeFacts } from "./try-panel.tsx";

type SidePanelProps = Readonly<{ check: Check; onLit: (rows: ReadonlySet<string>) => void }>;

export function SidePanel({ check, onLit }: SidePanelProps): ReactNode {
  const t = useText();
  const [tab, setTab] = useState("check");
  const [begin, setBegin] = useState<Readonly<{ facts: string }> | null>(null);
  const items = [
    {
      key: "check",
      label: t("editor.check"),
      children: (
        <CheckPanel
          check={check.report}
          checking={check.checking}
          onCheck={check.ask}
          onTry={(example) => {
            setBegin({ facts: writeFacts(example) });
            setTab("try");
          }}
        />
      ),
    },
    {
      key: "try",
      label: t("editor.try"),
      children: <TryPanel begin={begin} onTried={(trial) => onLit(rowsHit(trial))} />,
    },
    { key: "changes", label: t("editor.changes"), children: <Changes /> },
  ];
  return (
    <aside className="panel editor-side" aria-label={t("editor.beside")}>
      <Tabs activeKey={tab} onChange={setTab} items={items} />
    </aside>
  );
}

/** The rows that a trial hit, as `table/row`. */
function rowsHit(trial: Trial | null): ReadonlySet<string> {
  const tables = (trial?.explanation as unknown as Explanation | undefined)?.tables ?? [];
  return new Set(tables.flatMap(({ id, hit }) => hit.map((row) => `${id}/${row.id}`)));
}

function Changes(): ReactNode {
  const t = useText();
  const { strategy, autosave } = useEditing();
  return autosave.state === "saved" ? (
    <ChangesToInForce strategy={strategy} />
  ) : (
    <p className="quiet">{t("editor.saveFirst")}</p>
  );
}
