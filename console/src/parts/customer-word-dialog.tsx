// What a customer said, written down by staff: through which channel it came, how it was given and how the customer was
// recognised. Appeals and answers to offers are written down in the same way.
import { useEffect, useId, useState, type ReactNode } from "react";
import type { CustomerWord } from "../api/changes.ts";
import { options, wordChannels } from "../app/choices.ts";
import { useText, useWord } from "../app/text.ts";
import { ReasonDialog } from "./reason-dialog.tsx";

type CustomerWordDialogProps = Readonly<{
  open: boolean;
  title: string;
  /** false: something else is missing */
  ready?: boolean;
  stale: readonly string[];
  onClose: () => void;
  send: (word: CustomerWord, key: string) => Promise<unknown>;
  children: ReactNode;
}>;

export function CustomerWordDialog(props: CustomerWordDialogProps): ReactNode {
  const { open, title, ready = true, stale, onClose, send, children } = props;
  const t = useText();
  const word = useWord();
  const id = useId();
  const [channel, setChannel] = useState<CustomerWord["channel"]>("phone");
  useEffect(() => {
    if (open) setChannel("phone");
  }, [open]);
  return (
    <ReasonDialog
      {...{ open, title, ready, stale, onClose }}
      label={t("customerWord.how")}
      send={(how, key) => send({ channel, how }, key)}
    >
      {children}
      <label htmlFor={id}>{t("customerWord.channel")}</label>
      <select
        id={id}
        value={channel}
        onChange={(event) => setChannel(event.target.value as typeof channel)}
      >
        {options(word, "consentChannel", wordChannels).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </ReasonDialog>
  );
}
