// Another outcome than the strategy's: milder only, with a reason and an end, and somebody else must still agree.
import { DatePicker, Input, InputNumber, Radio } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useEffect, useId, useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import type { Decision, ReviewCase } from "../api/reads.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { exponentOf } from "../parts/amount.tsx";
import { Dialog } from "../parts/dialog.tsx";

const longestDays = 365;
const usualDays = 90;

type OverrideDialogProps = Readonly<{
  open: boolean;
  review: ReviewCase;
  decision: Decision;
  stale: readonly string[];
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}>;

export function OverrideDialog(props: OverrideDialogProps): ReactNode {
  const { open, review, decision, stale, onClose, onDone, children } = props;
  const t = useText();
  const id = useId();
  const { installation } = useSession();
  const today = dayjs(installation.today);
  const [action, setAction] = useState<Action>("none");
  const [limit, setLimit] = useState<number | null>(null);
  const [expires, setExpires] = useState<Dayjs>(today.add(usualDays, "day"));
  const [reason, setReason] = useState("");
  useEffect(() => {
    if (!open) return;
    setAction("none");
    setLimit(null);
    setReason("");
  }, [open]);
  const { from } = decision.outcome;
  const currency = from?.currency ?? installation.currency;
  const unit = 10 ** exponentOf(currency);
  const send = (key: string): Promise<unknown> =>
    changes.override(
      review.id,
      { key, ver: review.ver },
      {
        action,
        reason: reason.trim(),
        expires: expires.format("YYYY-MM-DD"),
        ...(action === "decrease"
          ? { limit: { amount: Math.round((limit ?? 0) * unit), currency: currency as never } }
          : {}),
      },
    );
  const ready = reason.trim() !== "" && (action === "none" || limit !== null);
  return (
    <Dialog
      {...{ open, stale, onClose, onDone, ready, send }}
      title={t("review.override")}
      act={t("review.propose")}
    >
      {children}
      <ActionChoice action={action} onAction={setAction} />
      {action === "decrease" && (
        <LimitField outcome={decision.outcome} limit={limit} onLimit={setLimit} />
      )}
      <label htmlFor={`${id}expires`}>{t("review.expires")}</label>
      <DatePicker
        id={`${id}expires`}
        value={expires}
        allowClear={false}
        minDate={today.add(1, "day")}
        maxDate={today.add(longestDays, "day")}
        onChange={(date) => setExpires(date ?? expires)}
      />
      <label htmlFor={`${id}reason`}>{t("form.reason")}</label>
      <Input.TextArea
        id={`${id}reason`}
        rows={3}
        maxLength={2_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}

type Action = "none" | "decrease";
type ActionChoiceProps = Readonly<{ action: Action; onAction: (action: Action) => void }>;

function ActionChoice({ action, onAction }: ActionChoiceProps): ReactNode {
  const t = useText();
  return (
    <Radio.Group
      aria-label={t("decision.action")}
      value={action}
      onChange={(event) => onAction(event.target.value as Action)}
      options={[
        { value: "none", label: t("action.none") },
        { value: "decrease", label: t("review.milder") },
      ]}
    />
  );
}

type LimitFieldProps = Readonly<{
  outcome: Decision["outcome"];
  limit: number | null;
  onLimit: (limit: number | null) => void;
}>;

/** Bounded by the limit now and by what the strategy asked for: an override is never harsher. */
function LimitField({ outcome, limit, onLimit }: LimitFieldProps): ReactNode {
  const t = useText();
  const id = useId();
  const { from, to } = outcome;
  const { installation } = useSession();
  const currency = from?.currency ?? installation.currency;
  const unit = 10 ** exponentOf(currency);
  return (
    <>
      <label htmlFor={id}>
        {t("review.newLimit")} ({currency})
      </label>
      <InputNumber
        id={id}
        min={(to?.amount ?? 0) / unit}
        {...(from === null ? {} : { max: from.amount / unit })}
        value={limit}
        onChange={onLimit}
      />
    </>
  );
}
