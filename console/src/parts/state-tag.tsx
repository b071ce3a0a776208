// States as a word with a mark: colour helps and never speaks alone. The colours keep apart for the common kinds of
// colour blindness.
import type { ReactNode } from "react";
import { useWord } from "../app/text.ts";

type Tone = "calm" | "good" | "warn" | "bad" | "off";

const tones: Readonly<Record<string, Tone>> = {
  active: "good",
  frozen: "warn",
  closing: "warn",
  closed: "off",
  exited: "off",
  proposed: "calm",
  paced: "calm",
  "in-review": "warn",
  approved: "calm",
  offered: "warn",
  noticed: "calm",
  executed: "good",
  withdrawn: "off",
  refused: "bad",
  open: "warn",
  taken: "calm",
  unusual: "warn",
  usual: "calm",
  high: "bad",
  medium: "warn",
  low: "calm",
  resolved: "off",
  countered: "warn",
  accepted: "good",
  declined: "off",
  expired: "off",
  issued: "calm",
  waiting: "calm",
  sent: "calm",
  escalated: "bad",
  delivered: "good",
  planned: "calm",
  dropped: "off",
  failed: "bad",
  bounced: "warn",
  done: "good",
  paused: "warn",
  cancelled: "off",
  discarded: "off",
  draft: "off",
  submitted: "warn",
  retired: "off",
  running: "good",
  ended: "off",
  confirmed: "good",
  unconfirmed: "bad",
};

const marks: Readonly<Record<Tone, string>> = {
  calm: "○",
  good: "●",
  warn: "◆",
  bad: "▲",
  off: "–",
};

type StateTagProps = Readonly<{ group: string; state: string }>;

export function StateTag({ group, state }: StateTagProps): ReactNode {
  const word = useWord();
  const tone = tones[state] ?? "calm";
  return (
    <span className={`state state-${tone}`}>
      <span aria-hidden="true">{marks[tone]}</span> {word(group, state)}
    </span>
  );
}
