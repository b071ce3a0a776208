// The parts of the document, in the order in which they are evaluated, with what speaks against each.
import { Button } from "antd";
import type { ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useText, useWord } from "../app/text.ts";
import { freshId, listOf, recordOf, textOf, type Doc } from "./document.ts";
import { partOf, useEditing } from "./editing.ts";
import { titleOf } from "./fields.tsx";

const order = [
  ...["head", "facts", "triggers", "models", "expressions", "eligibility", "exclusions"],
  "segmentation",
  ...["scores", "grades", "tables", "limitRule", "guards", "pace", "routing", "desk"],
  ...["notice", "offer", "restoration"],
] as const;

/** The parts under a name: itself, or its members where it is a list of them. */
function membersOf(
  document: Doc,
  name: string,
): readonly Readonly<{ pointer: string; value: unknown }>[] {
  if (name !== "scores" && name !== "tables") return [{ pointer: `/${name}`, value: null }];
  return listOf(document[name]).map((value, at) => ({ pointer: `/${name}/${at}`, value }));
}

export function Outline(): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  const { document, findings, part, goTo } = useEditing();
  const worst = new Map<string, { errors: number; others: number }>();
  for (const { path, severity } of findings) {
    const at = partOf(path, document);
    const count = worst.get(at) ?? { errors: 0, others: 0 };
    if (severity === "error") count.errors += 1;
    else if (severity === "warning") count.others += 1;
    worst.set(at, count);
  }
  return (
    <nav className="outline" aria-label={t("editor.outline")}>
      <ul>
        {order.flatMap((name) =>
          membersOf(document, name).map(({ pointer, value }) => {
            const count = worst.get(pointer);
            const title = value === null ? word("part", name) : titleOf(value, language);
            return (
              <li key={pointer}>
                <button
                  type="button"
                  aria-current={part === pointer ? "true" : undefined}
                  onClick={() => goTo(pointer)}
                >
                  <span>
                    {title}
                    {value !== null && <small>{word("part", name)}</small>}
                  </span>
                  {count !== undefined && count.errors > 0 && (
                    <b className="count error" title={t("editor.errors", { count: count.errors })}>
                      {count.errors}
                    </b>
                  )}
                  {count !== undefined && count.others > 0 && (
                    <b
                      className="count warning"
                      title={t("editor.warnings", { count: count.others })}
                    >
                      {count.others}
                    </b>
                  )}
                </button>
              </li>
            );
          }),
        )}
      </ul>
      <AddButtons />
    </nav>
  );
}

const texts = { zh: "", en: "" };

const blankTable = (id: string): unknown => ({
  ...{ id, label: texts, hitPolicy: "F", inputs: ["limit"] },
  outputs: [{ name: "result", label: texts, type: "boolean" }],
  rows: [{ id: "R10", note: texts, when: ["-"], then: ["true"] }],
});

const blankScore = (id: string): unknown => ({
  ...{ id, label: texts, initialScore: 0, reasonCodeAlgorithm: "pointsBelow", baseline: "best" },
  characteristics: [
    { id: "C10", label: texts, fact: "", reason: "", attributes: [{ when: "null", points: 0 }] },
  ],
});

function AddButtons(): ReactNode {
  const t = useText();
  const { document, change, goTo } = useEditing();
  const add = (name: "scores" | "tables", make: (id: string) => unknown, stem: string): void => {
    const list = listOf(document[name]);
    const ids = list.map((one) => textOf(recordOf(one)["id"]));
    change([name], [...list, make(freshId([...ids.filter((id) => id.startsWith(stem))], stem))]);
    goTo(`/${name}/${list.length}`);
  };
  return (
    <div className="editor-bar">
      <Button size="small" onClick={() => add("tables", blankTable, "table-")}>
        {t("editor.addTable")}
      </Button>
      <Button size="small" onClick={() => add("scores", blankScore, "score-")}>
        {t("editor.addScore")}
      </Button>
    </div>
  );
}
