// What a reviewer can do with a case: approve, reject, change, pass on, or answer an appeal. Whoever may not is told why before trying; the
// server decides all the same.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { changes } from "../api/changes.ts";
import type { Decision, Line, Me, ReviewCase } from "../api/reads.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord, type Say } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { moneyText } from "../parts/amount.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { OverrideDialog } from "./override-dialog.tsx";
import { ReferDialog } from "./refer-dialog.tsx";
import { closedReason, lackReason, takenReason } from "./review-lack.ts";

export type Verdict = "approve" | "reject" | "override" | "refer" | "uphold" | "overturn";

/** Kinds of things that a verdict changes. */
export const staleAfterVerdict = ["reviews", "decisions", "lines", "notices", "work", "overview"];

type ReviewActsProps = Readonly<{
  review: ReviewCase;
  decision: Decision;
  line: Line;
  verdict: Verdict | null;
  onVerdict: (verdict: Verdict | null) => void;
  onDone: () => void;
}>;

/** Why this person may not be the one who agrees; null when it may be. */
function makerReason(review: ReviewCase, decision: Decision, me: Me, t: Say): string | null {
  const { id } = me;
  if (review.approvals.some(({ by }) => by === id)) return t("review.youApproved");
  const makers = [decision.maker, ...review.touchedBy];
  return makers.includes(id) ? t("review.youMade") : null;
}

export function ReviewActs(props: ReviewActsProps): ReactNode {
  const { review, decision, line, verdict, onVerdict } = props;
  const t = useText();
  const word = useWord();
  const { me } = useSession();
  const told = { t, word, impact: moneyText(useIntl(), review.impact) };
  const passing = closedReason(review, me, told) ?? takenReason(review, me, told);
  const blocked = passing ?? lackReason(review, me, told);
  const stale = decision.lineVer !== line.ver ? t("review.stale") : null;
  const noApproval = blocked ?? makerReason(review, decision, me, t) ?? stale;
  const noAnswer = blocked ?? makerReason(review, decision, me, t);
  const buttons: readonly Offered[] = [
    ...(review.appeal === null
      ? ([
          { name: "approve", key: "a", because: noApproval, look: { type: "primary" } },
          { name: "reject", key: "r", because: blocked, look: { danger: true } },
          { name: "override", key: "o", because: blocked, look: {} },
        ] as const)
      : ([
          { name: "uphold", key: "u", because: noAnswer, look: {} },
          { name: "overturn", key: "t", because: noAnswer, look: { type: "primary" } },
        ] as const)),
    { name: "refer", key: "f", because: passing, look: {} },
  ];
  const chosen = buttons.find(({ name }) => name === verdict);
  // A key may ask for what the buttons refuse: then nothing opens.
  const open = chosen?.because === null ? verdict : null;
  if (verdict !== null && open === null) queueMicrotask(() => onVerdict(null));
  return (
    <>
      <div className="actions">
        {buttons.map(({ name, key, because, look }) => (
          <ActButton
            key={name}
            operation={name}
            because={because}
            look={look}
            onAct={() => onVerdict(name)}
          >
            {t(`review.${name}`)} <kbd aria-hidden="true">{key}</kbd>
          </ActButton>
        ))}
      </div>
      <VerdictDialogs {...props} open={open} />
    </>
  );
}

type Offered = Readonly<{
  name: Verdict;
  key: string;
  because: string | null;
  look: Readonly<{ type?: "primary"; danger?: boolean }>;
}>;

type VerdictDialogsProps = ReviewActsProps & Readonly<{ open: Verdict | null }>;

function VerdictDialogs(props: VerdictDialogsProps): ReactNode {
  const { review, decision, line, open, onVerdict, onDone } = props;
  const t = useText();
  const close = (): void => onVerdict(null);
  const shared = { stale: staleAfterVerdict, onClose: close, onDone };
  const { id, ver } = review;
  const outcome = review.override?.outcome ?? decision.outcome;
  const about = (
    <p>
      {line.reference} · {line.customerReference} · <OutcomeText outcome={outcome} />
    </p>
  );
  return (
    <>
      <ReasonDialog
        {...shared}
        open={open === "approve"}
        title={t("review.approve")}
        optional
        send={(note, key) => changes.approve(id, { key, ver }, note === "" ? null : note)}
      >
        {about}
      </ReasonDialog>
      <ReasonDialog
        {...shared}
        open={open === "reject"}
        title={t("review.reject")}
        danger
        send={(reason, key) => changes.reject(id, { key, ver }, reason)}
      >
        {about}
      </ReasonDialog>
      {(["uphold", "overturn"] as const).map((one) => (
        <ReasonDialog
          key={one}
          {...shared}
          open={open === one}
          title={t(`review.${one}`)}
          label={t("appeal.answer")}
          send={(said, key) => changes.answerAppeal(id, one, { key, ver }, said)}
        >
          {about}
        </ReasonDialog>
      ))}
      <OverrideDialog {...shared} open={open === "override"} review={review} decision={decision}>
        {about}
      </OverrideDialog>
      <ReferDialog {...shared} open={open === "refer"} review={review}>
        {about}
      </ReferDialog>
    </>
  );
}
