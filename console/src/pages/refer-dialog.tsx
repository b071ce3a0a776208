// Passing a case on to another queue, with a reason. Whoever passes it on may not approve it later.
import { useEffect, useId, useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import type { ReviewCase } from "../api/reads.ts";
import { options, queues } from "../app/choices.ts";
import { useText, useWord } from "../app/text.ts";
import { ReasonDialog } from "../parts/reason-dialog.tsx";

type ReferDialogProps = Readonly<{
  open: boolean;
  review: ReviewCase;
  stale: readonly string[];
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}>;

export function ReferDialog(props: ReferDialogProps): ReactNode {
  const { open, review, stale, onClose, onDone, children } = props;
  const t = useText();
  const word = useWord();
  const id = useId();
  const others = queues.filter((queue) => queue !== review.queue);
  const [queue, setQueue] = useState<(typeof queues)[number]>("compliance");
  useEffect(() => {
    if (open) setQueue(queues.find((one) => one !== review.queue) ?? "compliance");
  }, [open, review.queue]);
  return (
    <ReasonDialog
      {...{ open, stale, onClose, onDone }}
      title={t("review.refer")}
      send={(reason, key) => changes.refer(review.id, { key, ver: review.ver }, queue, reason)}
    >
      {children}
      <label htmlFor={id}>{t("review.referTo")}</label>
      <select
        id={id}
        value={queue}
        onChange={(event) => setQueue(event.target.value as typeof queue)}
      >
        {options(word, "role", others).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </ReasonDialog>
  );
}
