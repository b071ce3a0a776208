// Answers of a customer to an offer, written down by staff: yes, no, or another limit within the bounds of the offer.
import { InputNumber } from "antd";
import { useEffect, useId, useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import type { Offer } from "../api/reads.ts";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Amount, exponentOf } from "../parts/amount.tsx";
import { CustomerWordDialog } from "../parts/customer-word-dialog.tsx";

const stale = ["offers", "decisions", "lines", "notices", "reviews", "work"];

const answers = ["accept", "decline", "counter"] as const;
const operations = { accept: "acceptOffer", decline: "declineOffer", counter: "counterOffer" };

type Answer = (typeof answers)[number];

export function OfferActs({ offer }: Readonly<{ offer: Offer }>): ReactNode {
  const t = useText();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [limit, setLimit] = useState<number | null>(null);
  useEffect(() => setLimit(null), [answer]);
  const { id, ver, counter, to } = offer;
  const unit = 10 ** exponentOf(to.currency);
  const settled = offer.state === "open" ? null : t("offer.settled");
  const because = (one: Answer): string | null =>
    settled ?? (one === "counter" && counter === null ? t("offer.yesOrNo") : null);
  return (
    <>
      {answers.map((one) => (
        <ActButton
          key={one}
          operation={operations[one]}
          because={because(one)}
          onAct={() => setAnswer(one)}
        >
          {t(`offer.${one}`)}
        </ActButton>
      ))}
      {answer !== null && (
        <CustomerWordDialog
          open
          title={t(`offer.${answer}`)}
          ready={answer !== "counter" || limit !== null}
          stale={stale}
          onClose={() => setAnswer(null)}
          send={(word, key) => {
            const once = { key, ver };
            if (answer !== "counter") return changes.answerOffer(id, answer, once, word);
            const amount = Math.round((limit ?? 0) * unit);
            return changes.counterOffer(id, once, { ...to, amount }, word);
          }}
        >
          <p>
            {offer.lineReference} · <Amount money={offer.from} /> → <Amount money={to} />
          </p>
          {answer === "counter" && counter !== null && (
            <LimitField counter={counter} limit={limit} onLimit={setLimit} />
          )}
        </CustomerWordDialog>
      )}
    </>
  );
}

type LimitFieldProps = Readonly<{
  counter: NonNullable<Offer["counter"]>;
  limit: number | null;
  onLimit: (limit: number | null) => void;
}>;

/** Bounded as the offer is. */
function LimitField({ counter, limit, onLimit }: LimitFieldProps): ReactNode {
  const t = useText();
  const id = useId();
  const { currency } = counter.lowest;
  const unit = 10 ** exponentOf(currency);
  return (
    <>
      <label htmlFor={id}>
        {t("offer.proposed")} ({currency})
      </label>
      <InputNumber
        id={id}
        min={counter.lowest.amount / unit}
        max={counter.highest.amount / unit}
        value={limit}
        onChange={onLimit}
      />
    </>
  );
}
