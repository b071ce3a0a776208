// What follows from handing a version in or approving it: what it changes for the lines, what the check says, and the laws
// that somebody must answer for by name.
import { Checkbox } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { reads, type StrategyCheck, type StrategySummary } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { Answered } from "../parts/states.tsx";
import { StrategyChanges } from "./strategy-changes.tsx";

type ConsequencesProps = Readonly<{
  strategy: StrategySummary;
  /** where laws are to be signed off: those that are, null while one is missing */
  onSignOff?: (laws: readonly string[] | null) => void;
}>;

export function Consequences({ strategy, onSignOff }: ConsequencesProps): ReactNode {
  const t = useText();
  const { id, version, hash } = strategy;
  const query = useRead(["strategies", "check", id, version, hash], () =>
    reads.strategyCheck(id, version),
  );
  return (
    <>
      <ChangesToInForce strategy={strategy} />
      <Effect strategy={strategy} />
      <section aria-label={t("editor.check")}>
        <h3>{t("editor.check")}</h3>
        <Answered query={query}>
          {(check) => <Told check={check} {...(onSignOff === undefined ? {} : { onSignOff })} />}
        </Answered>
      </section>
    </>
  );
}

const swaps = ["in", "out", "harsher", "milder", "same"] as const;

/** Who would change today, counted on all lines or a sample of them. */
function Effect({ strategy }: Readonly<{ strategy: StrategySummary }>): ReactNode {
  const t = useText();
  const word = useWord();
  const { id, version, hash } = strategy;
  const query = useRead(["strategies", "effect", id, version, hash], () =>
    reads.strategyEffect(id, version),
  );
  return (
    <Answered query={query}>
      {({ effect }) =>
        effect === null ? null : (
          <section aria-label={t("effect.title")}>
            <h3>{t("effect.title")}</h3>
            <p className="quiet">
              {t(effect.whole ? "effect.whole" : "effect.sample", { lines: effect.lines })}
            </p>
            <ul>
              {swaps
                .filter((swap) => effect.swaps[swap].lines > 0)
                .map((swap) => {
                  const { lines, before, after } = effect.swaps[swap];
                  return (
                    <li key={swap}>
                      {word("swap", swap)}: {t("effect.lines", { lines })}
                      {before.amount + after.amount > 0 && (
                        <>
                          {" "}
                          ({t("effect.removed")} <Amount money={before} whole /> →{" "}
                          <Amount money={after} whole />)
                        </>
                      )}
                    </li>
                  );
                })}
            </ul>
          </section>
        )
      }
    </Answered>
  );
}

type ToldProps = Readonly<{ check: StrategyCheck }> & Pick<ConsequencesProps, "onSignOff">;

function Told({ check, onSignOff }: ToldProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { findings, laws } = check;
  const [signed, setSigned] = useState<readonly string[]>([]);
  const open = laws.filter(({ verdict }) => verdict === "undecided");
  const all = open.every(({ key }) => signed.includes(key));
  useEffect(() => onSignOff?.(all ? signed : null), [all, signed]);
  const count = (severity: string): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return (
    <>
      <p>
        {t("check.counts", {
          ...{ errors: count("error"), warnings: count("warning"), undecided: open.length },
          proved: laws.filter(({ verdict }) => verdict === "proved").length,
        })}
      </p>
      <ul>
        {findings
          .filter(({ severity }) => severity !== "note")
          .map(({ path, kind, text }) => (
            <li key={`${path} ${kind}`}>{text[language]}</li>
          ))}
        {laws
          .filter(({ verdict }) => verdict === "refuted")
          .map(({ key, text }) => (
            <li key={key}>{text[language]}</li>
          ))}
      </ul>
      {open.map(({ key, text }) => (
        <div key={key}>
          <p>
            <code>{key}</code> {text[language]}
          </p>
          {onSignOff !== undefined && (
            <Checkbox
              checked={signed.includes(key)}
              onChange={({ target }) =>
                setSigned(
                  target.checked ? [...signed, key] : signed.filter((other) => other !== key),
                )
              }
            >
              {t("check.signOff")}
            </Checkbox>
          )}
        </div>
      ))}
    </>
  );
}

/** What is approved is what changes for the lines: the difference to the version in force. */
export function ChangesToInForce({ strategy }: Readonly<{ strategy: StrategySummary }>): ReactNode {
  const t = useText();
  const query = useRead(["strategies", "list"], reads.strategies);
  return (
    <Answered query={query}>
      {({ data }) => {
        const inForce = data.find(({ id, state }) => id === strategy.id && state === "active");
        if (inForce === undefined) return <p>{t("strategy.firstInForce")}</p>;
        const { version } = inForce;
        return (
          <section aria-label={t("strategy.changes", { version })}>
            <h3>{t("strategy.changes", { version })}</h3>
            <StrategyChanges of={strategy} since={version} />
          </section>
        );
      }}
    </Answered>
  );
}
