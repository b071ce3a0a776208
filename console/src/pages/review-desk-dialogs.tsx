// The dialogs of the work on one case: each asks for no more than its change needs.
import { Checkbox, Input } from "antd";
import { useEffect, useId, useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import type { ReviewCase } from "../api/reads.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { Dialog } from "../parts/dialog.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { StaffSelect } from "../parts/staff-select.tsx";

export type DeskAct = "take" | "release" | "assign" | "snooze" | "ask" | "answer" | "noteAdd";

/** Kinds of things that work at the desk changes. */
export const staleAfterDesk = ["reviews", "work", "lines"];

type DeskDialogsProps = Readonly<{
  review: ReviewCase;
  act: DeskAct | null;
  onClose: () => void;
}>;

export function DeskDialogs({ review, act, onClose }: DeskDialogsProps): ReactNode {
  const t = useText();
  const { id, ver } = review;
  const shared = { stale: staleAfterDesk, onClose };
  return (
    <>
      {(["take", "release"] as const).map((move) => (
        <Dialog
          key={move}
          {...shared}
          open={act === move}
          title={t(`review.${move}`)}
          send={(key) => changes.moveReview(id, move, { key, ver })}
        >
          <p>{t(`review.${move}`)}?</p>
        </Dialog>
      ))}
      <AssignDialog {...shared} open={act === "assign"} review={review} />
      <SnoozeDialog {...shared} open={act === "snooze"} review={review} />
      <AskDialog {...shared} open={act === "ask"} review={review} />
      <AnswerDialog {...shared} open={act === "answer"} review={review} />
      <TextDialog
        {...shared}
        open={act === "noteAdd"}
        title={t("review.noteAdd")}
        send={(text, key) => changes.noteReview(id, { key }, text)}
      />
    </>
  );
}

type OneProps = Readonly<{
  open: boolean;
  review: ReviewCase;
  stale: readonly string[];
  onClose: () => void;
}>;

function AssignDialog({ review, ...shared }: OneProps): ReactNode {
  const t = useText();
  const [to, setTo] = useState("");
  return (
    <ReasonDialog
      {...shared}
      title={t("review.assign")}
      ready={to !== ""}
      send={(reason, key) => changes.assignReview(review.id, { key, ver: review.ver }, to, reason)}
    >
      <StaffSelect label={t("review.assignTo")} value={to} onChange={setTo} />
    </ReasonDialog>
  );
}

/** Until when, and whether the service level may pass meanwhile. */
export type Rest = Readonly<{ until: string; pastDue: boolean }>;

function SnoozeDialog({ review, ...shared }: OneProps): ReactNode {
  const t = useText();
  const [rest, setRest] = useState<Rest>({ until: "", pastDue: false });
  return (
    <ReasonDialog
      {...shared}
      title={t("review.snooze")}
      ready={rest.until !== ""}
      send={(reason, key) =>
        changes.snoozeReview(review.id, { key, ver: review.ver }, { ...restOf(rest), reason })
      }
    >
      <RestFields rest={rest} onRest={setRest} />
    </ReasonDialog>
  );
}

/** The body of a rest: what was not said is left out. */
export function restOf({ until, pastDue }: Rest): Readonly<{ until: string; pastDue?: boolean }> {
  return pastDue ? { until, pastDue } : { until };
}

type RestFieldsProps = Readonly<{ rest: Rest; onRest: (rest: Rest) => void }>;

export function RestFields({ rest, onRest }: RestFieldsProps): ReactNode {
  const t = useText();
  const id = useId();
  const { installation } = useSession();
  return (
    <>
      <label htmlFor={id}>{t("review.until")}</label>
      <input
        id={id}
        type="date"
        min={installation.today}
        value={rest.until}
        onChange={(event) => onRest({ ...rest, until: event.target.value })}
      />
      <Checkbox
        checked={rest.pastDue}
        onChange={(event) => onRest({ ...rest, pastDue: event.target.checked })}
      >
        {t("review.pastDue")}
      </Checkbox>
    </>
  );
}

function AskDialog({ review, ...shared }: OneProps): ReactNode {
  const t = useText();
  const { me } = useSession();
  const [of, setOf] = useState("");
  return (
    <TextDialog
      {...shared}
      title={t("review.ask")}
      label={t("review.question")}
      ready={of !== ""}
      send={(question, key) =>
        changes.askOpinion(review.id, { key, ver: review.ver }, of, question)
      }
    >
      <StaffSelect label={t("review.askOf")} value={of} except={me.id} onChange={setOf} />
    </TextDialog>
  );
}

function AnswerDialog({ review, ...shared }: OneProps): ReactNode {
  const t = useText();
  const id = useId();
  const [opinion, setOpinion] = useState<"agree" | "disagree">("agree");
  return (
    <ReasonDialog
      {...shared}
      title={t("review.answer")}
      send={(reason, key) => changes.giveOpinion(review.id, { key }, opinion, reason)}
    >
      <label htmlFor={id}>{t("review.opinion")}</label>
      <select
        id={id}
        value={opinion}
        onChange={(event) => setOpinion(event.target.value as typeof opinion)}
      >
        <option value="agree">{t("review.agree")}</option>
        <option value="disagree">{t("review.disagree")}</option>
      </select>
    </ReasonDialog>
  );
}

type TextDialogProps = Readonly<{
  open: boolean;
  title: string;
  /** of the text; the title when absent */
  label?: string;
  ready?: boolean;
  stale: readonly string[];
  onClose: () => void;
  send: (text: string, key: string) => Promise<unknown>;
  children?: ReactNode;
}>;

/** A change that needs a text which is no reason. */
function TextDialog(props: TextDialogProps): ReactNode {
  const { open, title, label = title, ready = true, stale, onClose, send, children } = props;
  const id = useId();
  const [text, setText] = useState("");
  useEffect(() => {
    if (open) setText("");
  }, [open]);
  return (
    <Dialog
      {...{ open, title, stale, onClose }}
      ready={ready && text.trim() !== ""}
      send={(key) => send(text.trim(), key)}
    >
      {children}
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        rows={3}
        maxLength={2_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
