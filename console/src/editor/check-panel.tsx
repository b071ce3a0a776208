// What speaks against the draft, beside it: problems of the language at once, gaps, overlaps and laws when they were
// looked for. Each leads to its place, and its example to a trial.
import { Alert, Button } from "antd";
import type { ReactNode } from "react";
import type { StrategyCheck } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useText, useWord } from "../app/text.ts";
import { useEditing, type Finding } from "./editing.ts";

type Example = Readonly<Record<string, unknown>>;

export type CheckPanelProps = Readonly<{
  /** of the document as it is saved; null: nobody asked yet */
  check: StrategyCheck | null;
  checking: boolean;
  onCheck: () => void;
  onTry: (example: Example) => void;
}>;

const signs = { error: "✕", warning: "▲", note: "●" } as const;
const lawSigns = { proved: "✓", refuted: "✕", undecided: "?" } as const;

export function CheckPanel({ check, checking, onCheck, onTry }: CheckPanelProps): ReactNode {
  const t = useText();
  const { findings } = useEditing();
  return (
    <>
      <div className="editor-bar">
        <Button onClick={onCheck} loading={checking} disabled={check !== null}>
          {t("check.now")}
        </Button>
        <Verdict check={check} />
      </div>
      {findings.length > 0 && (
        <ul className="findings" aria-label={t("check.findings")}>
          {findings.map((finding, at) => (
            <FindingItem key={at} finding={finding} onTry={onTry} />
          ))}
        </ul>
      )}
      {check !== null && check.laws.length > 0 && <Laws check={check} onTry={onTry} />}
    </>
  );
}

function Verdict({ check }: Readonly<{ check: StrategyCheck | null }>): ReactNode {
  const t = useText();
  const { findings } = useEditing();
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0 || check?.blocked === true) {
    return <Alert type="error" showIcon title={t("check.blocked")} />;
  }
  if (check === null) return <span className="quiet">{t("check.notYet")}</span>;
  const open = check.laws.some(({ verdict }) => verdict === "undecided");
  if (open) return <Alert type="warning" showIcon title={t("check.open")} />;
  return <Alert type="success" showIcon title={t("check.clean")} />;
}

type ItemProps = Readonly<{ finding: Finding; onTry: (example: Example) => void }>;

function FindingItem({ finding, onTry }: ItemProps): ReactNode {
  const t = useText();
  const word = useWord();
  const { goTo } = useEditing();
  const { severity, text, path, example } = finding;
  return (
    <li className={severity}>
      <button type="button" onClick={() => goTo(path)}>
        <span aria-hidden="true">{signs[severity]}</span>{" "}
        <span className="unseen">{word("severity", severity)}</span>
        {text}
      </button>
      {example !== null && (
        <Button size="small" type="link" onClick={() => onTry(example)}>
          {t("check.tryExample")}
        </Button>
      )}
    </li>
  );
}

type LawsProps = Readonly<{ check: StrategyCheck; onTry: (example: Example) => void }>;

function Laws({ check, onTry }: LawsProps): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  const { goTo } = useEditing();
  return (
    <>
      <h3>{t("check.laws")}</h3>
      <ul className="findings">
        {check.laws.map(({ key, verdict, text, path, example }) => (
          <li key={key} className={verdict}>
            <button type="button" onClick={() => goTo(path ?? "/tables/0")}>
              <span aria-hidden="true">{lawSigns[verdict]}</span> <b>{word("verdict", verdict)}</b>{" "}
              {text[language]}
            </button>
            {example !== null && (
              <Button size="small" type="link" onClick={() => onTry(example)}>
                {t("check.tryExample")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
