// The steps that people take with an experiment: approving by somebody who did not write it, starting, ending. Each dialog
// says what follows before anything happens.
import { useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { changes, type ExperimentMove } from "../api/changes.ts";
import type { Experiment } from "../api/reads.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord, type TextKey } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { percentText } from "../parts/amount.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";

type OfExperiment = Readonly<{ experiment: Experiment }>;

const moves = ["approve", "start", "end"] as const satisfies readonly ExperimentMove[];

const about: Readonly<Record<ExperimentMove, TextKey>> = {
  approve: "experiment.approveAbout",
  start: "experiment.startAbout",
  end: "experiment.endAbout",
};

export function ExperimentActs({ experiment }: OfExperiment): ReactNode {
  return moves.map((move) => <Move key={move} experiment={experiment} move={move} />);
}

function Move({ experiment, move }: OfExperiment & Readonly<{ move: ExperimentMove }>): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const { id } = experiment;
  return (
    <>
      <ActButton
        operation={`${move}Experiment`}
        because={useBecause(experiment, move)}
        look={move === "end" ? { danger: true } : { type: "primary" }}
        onAct={() => setOpen(true)}
      >
        {t(`experiment.${move}`)}
      </ActButton>
      <ReasonDialog
        open={open}
        title={t(`experiment.${move}`)}
        danger={move === "end"}
        optional={move !== "end"}
        stale={["experiments", "sweeps", "decisions"]}
        onClose={() => setOpen(false)}
        send={(reason, key) => changes.moveExperiment(move, id, reason, key)}
      >
        <p>{t(about[move], { name: id })}</p>
        {move !== "end" && <Consequences experiment={experiment} />}
      </ReasonDialog>
    </>
  );
}

/** Why a step cannot be taken now; null when it can. */
function useBecause(experiment: Experiment, move: ExperimentMove): string | null {
  const t = useText();
  const { me } = useSession();
  const { state, steps, running } = experiment;
  if (state === "ended") return t("experiment.isEnded");
  if (move === "end") return null;
  if (move === "start") {
    if (state !== "approved") return t("experiment.notApproved");
    return running === null ? null : t("experiment.otherRuns", { name: running });
  }
  if (state !== "draft") return t("experiment.notDraft");
  return steps[0]?.by === me.id ? t("experiment.yourOwn") : null;
}

/** What it does to customers, by arm. */
function Consequences({ experiment }: OfExperiment): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const { arms, movedBp } = experiment;
  return (
    <ul>
      {arms.map(({ name, shareBp, strategy, customers }) => {
        const values = {
          ...{ arm: word("arm", name), share: percentText(intl, shareBp) },
          ...{ customers: intl.formatNumber(customers) },
          strategy: strategy === null ? "" : `${strategy.id} ${strategy.version ?? ""}`.trim(),
        };
        return (
          <li key={name}>
            {strategy === null ? t("experiment.ofHoldout", values) : t("experiment.ofArm", values)}
          </li>
        );
      })}
      <li>{t("experiment.moves", { share: percentText(intl, movedBp) })}</li>
    </ul>
  );
}
