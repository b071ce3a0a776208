// What happens to a line, as one phrase: the action, from which limit to which, and how much that is.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import type { Outcome } from "../api/reads.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount, percentText } from "./amount.tsx";

export function OutcomeText({ outcome }: Readonly<{ outcome: Outcome }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const { action, from, to } = outcome;
  const share =
    from !== null && to !== null && from.amount > 0
      ? percentText(intl, Math.round(((to.amount - from.amount) * 10_000) / from.amount))
      : null;
  return (
    <span className="outcome">
      {word("action", action)}{" "}
      {from !== null && (
        <>
          <Amount money={from} />
          {to !== null && (
            <>
              <span aria-hidden="true"> → </span>
              <span className="unseen">{t("outcome.to")}</span>
              <strong>
                <Amount money={to} />
              </strong>
            </>
          )}
        </>
      )}
      {share !== null && <span className="quiet"> {share}</span>}
    </span>
  );
}
