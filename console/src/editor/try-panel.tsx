// The draft tried on a line that is stored, or on facts that somebody writes down: what it would do, what the version in
// force does, and why; the rows that were hit are lit in their tables.
import { Button, Input, Segmented } from "antd";
import { useEffect, useId, useState, type ReactNode } from "react";
import type { Explanation } from "../api/explanation.ts";
import { ProblemError } from "../api/problem.ts";
import { reads, type Line, type Trial, type TriedOn } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { ExplanationView } from "../parts/explanation.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { Failure, Nothing } from "../parts/states.tsx";
import { useEditing } from "./editing.ts";

export type TryPanelProps = Readonly<{
  /** facts to begin with, as `name: value` lines; another object begins anew */
  begin: Readonly<{ facts: string }> | null;
  onTried: (trial: Trial | null) => void;
}>;

export function TryPanel({ begin, onTried }: TryPanelProps): ReactNode {
  const t = useText();
  const { strategy, autosave } = useEditing();
  const [way, setWay] = useState<"line" | "facts">("line");
  const [facts, setFacts] = useState("");
  const [line, setLine] = useState<string | null>(null);
  const [trial, setTrial] = useState<Trial | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (on: TriedOn): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      // What is tried is what is stored.
      await autosave.flush();
      const tried = await reads.tryStrategy(strategy.id, strategy.version, on);
      setTrial(tried);
      onTried(tried);
    } catch (failure) {
      setTrial(null);
      onTried(null);
      setError(failure instanceof ProblemError ? failure : new ProblemError(0, null, null));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    if (begin === null) return;
    setWay("facts");
    setFacts(begin.facts);
    void run({ facts: readFacts(begin.facts) });
  }, [begin]);
  const ready = way === "facts" || line !== null;
  return (
    <>
      <Segmented
        aria-label={t("try.on")}
        value={way}
        onChange={setWay}
        options={[
          { value: "line", label: t("try.line") },
          { value: "facts", label: t("try.facts") },
        ]}
      />
      {way === "line" ? (
        <LineChoice chosen={line} onChoose={setLine} />
      ) : (
        <FactsText text={facts} onText={setFacts} />
      )}
      <Button
        type="primary"
        loading={busy}
        disabled={!ready}
        onClick={() =>
          void run(way === "line" && line !== null ? { line } : { facts: readFacts(facts) })
        }
      >
        {t("try.run")}
      </Button>
      {error !== null && <Failure error={error} />}
      {trial !== null && <TrialView trial={trial} />}
    </>
  );
}

const mostLines = "8";

type LineChoiceProps = Readonly<{ chosen: string | null; onChoose: (id: string) => void }>;

function LineChoice({ chosen, onChoose }: LineChoiceProps): ReactNode {
  const t = useText();
  const id = useId();
  const word = useWord();
  const [q, setQ] = useState("");
  const query = useRead(
    ["lines", "tried", q],
    () => reads.lines({ limit: mostLines, ...(q.trim() === "" ? {} : { q: q.trim() }) }),
    { keep: true },
  );
  const found: readonly Line[] = query.data?.data ?? [];
  return (
    <div className="try-lines">
      <label htmlFor={id}>{t("try.reference")}</label>
      <Input id={id} value={q} onChange={({ target }) => setQ(target.value)} />
      {query.data !== undefined && found.length === 0 && <Nothing>{t("try.none")}</Nothing>}
      <ul>
        {found.map(({ id: line, reference, status, limit }) => (
          <li key={line}>
            <label>
              <input
                type="radio"
                name={id}
                checked={chosen === line}
                onChange={() => onChoose(line)}
              />{" "}
              {reference}{" "}
              <span className="quiet">
                {word("lineStatus", status)} · <Amount money={limit} whole />
              </span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}

type FactsTextProps = Readonly<{ text: string; onText: (text: string) => void }>;

function FactsText({ text, onText }: FactsTextProps): ReactNode {
  const t = useText();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t("try.factsAbout")}</label>
      <Input.TextArea
        id={id}
        className="code"
        rows={8}
        value={text}
        onChange={({ target }) => onText(target.value)}
      />
    </>
  );
}

/** `name: value` by lines, or two columns from a spreadsheet; nothing and `null` are unknown. */
export function readFacts(text: string): Record<string, string | null> {
  const facts: Record<string, string | null> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ""] = /^\s*([^:\t=]+?)\s*[:\t=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) facts[name] = value === "" || value === "null" ? null : value;
  }
  return facts;
}

/** Facts of an example as {@link readFacts} takes them. */
export function writeFacts(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join("\n");
}

function TrialView({ trial }: Readonly<{ trial: Trial }>): ReactNode {
  const t = useText();
  const word = useWord();
  const { strategy } = useEditing();
  const { said, against } = trial;
  const same =
    against !== null &&
    JSON.stringify([said.outcome, said.route]) === JSON.stringify([against.outcome, against.route]);
  return (
    <section aria-label={t("try.result")}>
      <dl className="pairs compared">
        <div>
          <dt>{t("try.draft", { version: strategy.version })}</dt>
          <dd>
            <OutcomeText outcome={said.outcome} /> · {word("route", said.route)}
          </dd>
        </div>
        <div>
          <dt>
            {against === null ? t("try.noOther") : t("try.inForce", { version: against.version })}
          </dt>
          {against !== null && (
            <dd>
              <OutcomeText outcome={against.outcome} /> · {word("route", against.route)}{" "}
              <b>{t(same ? "try.same" : "try.differs")}</b>
            </dd>
          )}
        </div>
      </dl>
      <ExplanationView of={trial.explanation as unknown as Explanation} />
    </section>
  );
}
