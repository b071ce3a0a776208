// An appeal of a customer, written down by staff: why, and how the customer said so. Whoever writes it down does not answer it.
import { useEffect, useId, useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import type { Decision } from "../api/reads.ts";
import { appealGrounds, options } from "../app/choices.ts";
import { useText, useWord } from "../app/text.ts";
import { CustomerWordDialog } from "../parts/customer-word-dialog.tsx";
import { OutcomeText } from "../parts/outcome.tsx";

type AppealDialogProps = Readonly<{ open: boolean; decision: Decision; onClose: () => void }>;

export function AppealDialog({ open, decision, onClose }: AppealDialogProps): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  const [ground, setGround] = useState<(typeof appealGrounds)[number]>("wrong-data");
  useEffect(() => {
    if (open) setGround("wrong-data");
  }, [open]);
  return (
    <CustomerWordDialog
      {...{ open, onClose }}
      title={t("appeal.lodge")}
      stale={["decisions", "lines", "work", "reviews"]}
      send={(said, key) =>
        changes.lodgeAppeal(decision.id, { key, ver: decision.ver }, { ground, ...said })
      }
    >
      <p>
        <OutcomeText outcome={decision.outcome} />
      </p>
      <label htmlFor={id}>{t("appeal.ground")}</label>
      <select
        id={id}
        value={ground}
        onChange={(event) => setGround(event.target.value as typeof ground)}
      >
        {options(word, "appealGround", appealGrounds).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </CustomerWordDialog>
  );
}
