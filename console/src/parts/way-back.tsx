// What would have changed a decision: the least that the customer could do about it, and what the same strategy would
// then have said.
import type { ReactNode } from "react";
import type { ChangedFact, Way, WayBack } from "../api/explanation.ts";
import { useText } from "../app/text.ts";
import { Day } from "./moment.tsx";
import { OutcomeText } from "./outcome.tsx";

export function WayBackView({ wayBack }: Readonly<{ wayBack: WayBack }>): ReactNode {
  const t = useText();
  const { better, unchanged, exhaustive } = wayBack;
  return (
    <>
      {better === null ? (
        <p className="quiet">{t("way.none")}</p>
      ) : (
        <p className="quiet">{t("way.alone")}</p>
      )}
      {better !== null && better.outcome.action !== "none" && (
        <OneWay way={better} title={t("way.better")} />
      )}
      {unchanged !== null && <OneWay way={unchanged} title={t("way.unchanged")} />}
      {!exhaustive && <p className="quiet">{t("way.bounded")}</p>}
    </>
  );
}

function OneWay({ way, title }: Readonly<{ way: Way; title: string }>): ReactNode {
  const t = useText();
  const { action, from = null, to = null } = way.outcome;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul className="marks">
        {way.changes.map((change) => (
          <li key={change.name}>
            <strong>{change.how}</strong> <Changed fact={change} />
          </li>
        ))}
        {way.follow.map((fact) => (
          <li key={fact.name} className="quiet">
            {t("way.follows")} <Changed fact={fact} />
          </li>
        ))}
      </ul>
      <p>
        <OutcomeText outcome={{ action, from, to }} />
        <span className="quiet">
          {" · "}
          {t("way.cost", { cost: way.cost })} · {t("way.earliest")} <Day date={way.earliestOn} />
        </span>
      </p>
    </section>
  );
}

function Changed({ fact }: Readonly<{ fact: ChangedFact }>): ReactNode {
  return (
    <span className="chip">
      {fact.label} {fact.before} → <b>{fact.after}</b>
    </span>
  );
}
