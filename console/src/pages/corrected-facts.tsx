// What would have been decided with a fact corrected: whoever answers an appeal tries the strategy of the decision on its
// own facts with others in their place. Nothing of it is stored.
import { Button, Input } from "antd";
import { useId, useState, type ReactNode } from "react";
import type { Explanation } from "../api/explanation.ts";
import { ProblemError } from "../api/problem.ts";
import { reads, type Decision, type Trial } from "../api/reads.ts";
import { useText, useWord } from "../app/text.ts";
import { readFacts } from "../editor/try-panel.tsx";
import { ExplanationView } from "../parts/explanation.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { Pairs, Panel } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";

export function CorrectedFacts({ decision }: Readonly<{ decision: Decision }>): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  const [facts, setFacts] = useState("");
  const [trial, setTrial] = useState<Trial | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    const { strategy } = decision;
    setBusy(true);
    setError(null);
    setTrial(null);
    try {
      const on = { decision: decision.id, facts: readFacts(facts) };
      setTrial(await reads.tryStrategy(strategy.id, strategy.version, on));
    } catch (failure) {
      setError(failure instanceof ProblemError ? failure : new ProblemError(0, null, null));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t("appeal.corrected")}>
      <label htmlFor={id}>{t("try.factsAbout")}</label>
      <Input.TextArea
        id={id}
        className="code"
        rows={3}
        value={facts}
        onChange={({ target }) => setFacts(target.value)}
      />
      <Button loading={busy} disabled={facts.trim() === ""} onClick={() => void run()}>
        {t("try.run")}
      </Button>
      {error !== null && <Failure error={error} />}
      {trial !== null && (
        <section aria-label={t("try.result")}>
          <Pairs
            pairs={[
              [
                t("appeal.asDecided"),
                <OutcomeText
                  key="was"
                  outcome={decision.assessment?.outcome ?? decision.outcome}
                />,
              ],
              [
                t("appeal.asCorrected"),
                <span key="would">
                  <OutcomeText outcome={trial.said.outcome} /> · {word("route", trial.said.route)}
                </span>,
              ],
            ]}
          />
          <ExplanationView of={trial.explanation as unknown as Explanation} />
        </section>
      )}
    </Panel>
  );
}
