// Why a decision came out as it did, on one screen: reasons with their proof, rows lit in their tables, points, the
// arithmetic of the limit step by step, and the guards that bound it.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import type {
  ArithmeticStep,
  ExplainedExpression,
  ExplainedReason,
  ExplainedRule,
  ExplainedScore,
  ExplainedValue,
  Explanation,
} from "../api/explanation.ts";
import { useText, useWord } from "../app/text.ts";
import { exponentOf, moneyText, percentText } from "./amount.tsx";
import { ExplainedTableView } from "./explained-table.tsx";
import { Panel } from "./page.tsx";
import { TableFrame } from "./table-frame.tsx";
import { WayBackView } from "./way-back.tsx";

export function ExplanationView({ of }: Readonly<{ of: Explanation }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const { grade } = of;
  return (
    <div className="explanation">
      <Panel title={t("why.reasons")}>
        <Reasons reasons={of.reasons} />
      </Panel>
      <Panel title={t("way.title")}>
        <WayBackView wayBack={of.wayBack} />
      </Panel>
      <Panel
        title={t("why.arithmetic")}
        extra={<span className="quiet">{of.treatment?.label}</span>}
      >
        <Arithmetic steps={of.arithmetic} />
        <Guards guards={of.guards} />
        <p className="quiet">
          {t("why.route")} {word("route", of.routing.route)} – {of.routing.label}
        </p>
      </Panel>
      {of.tables.map((table) => (
        <Panel
          key={table.id}
          title={table.label}
          extra={<code>{table.hitPolicy}</code>}
          className="wide"
        >
          <ExplainedTableView table={table} />
        </Panel>
      ))}
      {of.scores.map((score) => (
        <Panel key={score.id} title={score.label} extra={<strong>{score.score}</strong>}>
          <Points score={score} />
        </Panel>
      ))}
      <Panel title={t("why.segment")}>
        <p>{of.segment.map(({ label }) => label).join(" → ")}</p>
        {grade !== null && (
          <p>
            {t("why.grade")} <strong>{grade.grade}</strong> {grade.label} · {grade.input.label}{" "}
            {grade.input.value} ∈ {grade.cell} · {t("why.pd")} {percentText(intl, grade.pdBp)}
          </p>
        )}
        <Rules rules={of.rules} />
      </Panel>
      {of.expressions.length > 0 && (
        <Panel title={t("why.expressions")} className="wide">
          <Computed expressions={of.expressions} />
        </Panel>
      )}
      <Panel title={t("why.facts")}>
        <Values values={of.facts.filter((one) => !isModel(one))} />
      </Panel>
      {of.facts.some(isModel) && (
        <Panel title={t("why.models")}>
          <Values values={of.facts.filter(isModel)} />
        </Panel>
      )}
    </div>
  );
}

function isModel({ name }: ExplainedValue): boolean {
  return name.startsWith("model.");
}

/** What was computed, with what it was computed from. */
function Computed({
  expressions,
}: Readonly<{ expressions: readonly ExplainedExpression[] }>): ReactNode {
  return (
    <ul className="reasons">
      {expressions.map(({ id, label, value, feel, reads }) => (
        <li key={id}>
          {label} <strong>{value}</strong> <code>{feel}</code>
          <div>
            {reads.map((one) => (
              <span key={one.name} className="chip">
                {one.label} <b>{one.value}</b>
              </span>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function Reasons({ reasons }: Readonly<{ reasons: readonly ExplainedReason[] }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  if (reasons.length === 0) return <p className="quiet">{t("why.noReasons")}</p>;
  return (
    <ol className="reasons">
      {reasons.map((reason) => {
        const kept = reason.proof?.outcome;
        return (
          <li key={reason.code}>
            <strong>{reason.text}</strong> <code>{reason.code}</code>
            <div>
              {reason.values.map(({ name, label, value }) => (
                <span key={name} className="chip">
                  {label} <b>{value}</b>
                </span>
              ))}
            </div>
            <div className="quiet">
              {kept === undefined
                ? t("why.pointsLost", { points: reason.weight })
                : t("why.proof", {
                    outcome: [
                      word("action", kept.action),
                      kept.to === undefined ? "" : moneyText(intl, kept.to),
                    ]
                      .join(" ")
                      .trim(),
                  })}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function useStepText(): (step: ArithmeticStep) => string {
  const t = useText();
  const intl = useIntl();
  return ({ kind, before, after, operand }) => {
    const from = moneyText(intl, before);
    const result = moneyText(intl, after);
    const amount = moneyText(intl, { amount: operand, currency: before.currency });
    switch (kind) {
      case "cut-by-rate":
        return `${from} × (1 − ${percentText(intl, operand)}) = ${result}`;
      case "cut-by-amount":
        return `${from} − ${amount} = ${result}`;
      case "cut-to-balance":
        return `(${t("why.drawnPending")}) × (1 + ${percentText(intl, operand)}) = ${result}`;
      case "floor":
      case "guard-floor":
        return `max(${from}, ${amount}) = ${result}`;
      case "cap":
      case "guard-cap":
        return `min(${from}, ${amount}) = ${result}`;
      case "round":
      case "guard-round":
        return t("why.roundTo", {
          from,
          result,
          step: operand / 10 ** exponentOf(before.currency),
        });
      default:
        return `${from} → ${result}`;
    }
  };
}

function Arithmetic({ steps }: Readonly<{ steps: readonly ArithmeticStep[] }>): ReactNode {
  const t = useText();
  const text = useStepText();
  if (steps.length === 0) return <p className="quiet">{t("why.noArithmetic")}</p>;
  return (
    <ol className="steps">
      {steps.map((step, at) => (
        <li key={`${step.kind} ${at}`}>
          <span>{step.label}</span>
          <span className="amount">{text(step)}</span>
        </li>
      ))}
    </ol>
  );
}

function Guards({ guards }: Readonly<{ guards: Explanation["guards"] }>): ReactNode {
  const t = useText();
  return (
    <ul className="marks" aria-label={t("why.guards")}>
      {guards.map(({ id, label, bound }) => (
        <li key={id} className={bound ? "lit" : undefined}>
          <span aria-hidden="true">{bound ? "◆" : "○"}</span> {label} –{" "}
          {t(bound ? "why.bound" : "why.free")}
        </li>
      ))}
    </ul>
  );
}

function Points({ score }: Readonly<{ score: ExplainedScore }>): ReactNode {
  const t = useText();
  return (
    <TableFrame caption={score.label} tight>
      <thead>
        <tr>
          <th scope="col">{t("why.characteristic")}</th>
          <th scope="col">{t("why.value")}</th>
          <th scope="col" className="right">
            {t("why.points")}
          </th>
          <th scope="col" className="right">
            {t("why.lost")}
          </th>
        </tr>
      </thead>
      <tbody>
        {score.characteristics.map((one) => (
          <tr key={one.id} className={one.lost > 0 ? "lit" : undefined}>
            <td>{one.label}</td>
            <td>
              {one.value} <span className="quiet">∈ {one.cell}</span>
            </td>
            <td className="right">{one.points}</td>
            <td className="right">{one.lost === 0 ? "–" : one.lost}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

function Rules({ rules }: Readonly<{ rules: readonly ExplainedRule[] }>): ReactNode {
  const t = useText();
  return (
    <ul className="marks">
      {rules.map(({ id, label, excludes }) => (
        <li key={id} className={excludes ? "lit" : undefined}>
          <span aria-hidden="true">{excludes ? "◆" : "○"}</span> {label} –{" "}
          {t(excludes ? "why.excludes" : "why.passes")}
        </li>
      ))}
    </ul>
  );
}

export function Values({ values }: Readonly<{ values: readonly ExplainedValue[] }>): ReactNode {
  return (
    <dl className="pairs pairs-many">
      {values.map(({ name, label, value }) => (
        <div key={name}>
          <dt title={name}>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
