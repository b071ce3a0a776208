// Every dialog that changes something: it says what will happen, sends once under one key however often the button is
// pressed, shows the server's refusal where it was asked, and makes what it changed be read again.
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Modal } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { newKey } from "../api/client.ts";
import { ProblemError } from "../api/problem.ts";
import { useText } from "../app/text.ts";

type DialogProps = Readonly<{
  open: boolean;
  title: string;
  /** words of the button; the title when absent */
  act?: string;
  danger?: boolean;
  /** false: something is missing, the button waits */
  ready?: boolean;
  /** kinds of queries to ask anew afterwards */
  stale: readonly string[];
  onClose: () => void;
  send: (key: string) => Promise<unknown>;
  onDone?: () => void;
  children: ReactNode;
}>;

export function Dialog(props: DialogProps): ReactNode {
  const { open, title, act = title, danger = false, ready = true, stale, onClose } = props;
  const t = useText();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);
  useEffect(() => {
    if (!open) return;
    setKey(newKey());
    setError(null);
  }, [open]);
  const send = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await props.send(key);
      onClose();
      props.onDone?.();
      void message.success(t("act.done"));
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => stale.includes(String(queryKey[0])),
      });
    } catch (failure) {
      setError(failure instanceof ProblemError ? failure : new ProblemError(0, null, null));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={open}
      title={title}
      okText={act}
      okButtonProps={{ danger, loading: busy, disabled: !ready }}
      cancelText={t("act.cancel")}
      onOk={() => void send()}
      onCancel={onClose}
      destroyOnHidden
    >
      {error !== null && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={error.problem?.title ?? t("state.unreachable")}
          description={error.problem?.detail ?? t("state.unreachableHelp")}
        />
      )}
      <div className="dialog">{props.children}</div>
    </Modal>
  );
}
