// A change that needs nothing but a reason.
import { Input } from "antd";
import { useEffect, useId, useState, type ReactNode } from "react";
import { useText } from "../app/text.ts";
import { Dialog } from "./dialog.tsx";

type ReasonDialogProps = Readonly<{
  open: boolean;
  title: string;
  danger?: boolean;
  /** what is written; absent: a reason */
  label?: string;
  /** the reason may be left out */
  optional?: boolean;
  /** false: something else is missing */
  ready?: boolean;
  stale: readonly string[];
  onClose: () => void;
  send: (reason: string, key: string) => Promise<unknown>;
  onDone?: () => void;
  children: ReactNode;
}>;

export function ReasonDialog(props: ReasonDialogProps): ReactNode {
  const { open, title, danger = false, optional = false, ready = true, stale } = props;
  const { onClose, onDone } = props;
  const t = useText();
  const id = useId();
  const [reason, setReason] = useState("");
  useEffect(() => {
    if (open) setReason("");
  }, [open]);
  return (
    <Dialog
      open={open}
      title={title}
      danger={danger}
      ready={ready && (optional || reason.trim() !== "")}
      stale={stale}
      onClose={onClose}
      send={(key) => props.send(reason.trim(), key)}
      {...(onDone === undefined ? {} : { onDone })}
    >
      {props.children}
      <label htmlFor={id}>{props.label ?? t(optional ? "form.note" : "form.reason")}</label>
      <Input.TextArea
        id={id}
        autoFocus
        rows={3}
        maxLength={2_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}
