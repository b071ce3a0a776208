// The steps that people take with a strategy version: handing in, approving for a day by somebody who did not make it,
// retiring, restoring. Each dialog says what follows.
import { App, Input } from "antd";
import { useId, useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { changes, type StrategyMove } from "../api/changes.ts";
import { newKey } from "../api/client.ts";
import { ProblemError } from "../api/problem.ts";
import { reads, type StrategySummary } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useSession } from "../app/session.tsx";
import { useText, type TextKey } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Consequences } from "./strategy-consequences.tsx";

type OfVersion = Readonly<{ strategy: StrategySummary }>;

export function StrategyActs({ strategy }: OfVersion): ReactNode {
  const { state } = strategy;
  return (
    <>
      <EditVersion strategy={strategy} />
      {state === "draft" && <MoveVersion strategy={strategy} step="submit" />}
      {state === "retired" ? (
        <MoveVersion strategy={strategy} step="restore" />
      ) : (
        <MoveVersion strategy={strategy} step="retire" />
      )}
      <ApproveVersion strategy={strategy} />
    </>
  );
}

const about: Readonly<Record<StrategyMove, TextKey>> = {
  submit: "strategy.submitAbout",
  retire: "strategy.retireAbout",
  restore: "strategy.restoreAbout",
};

const stale = ["strategies", "work"];

type MoveProps = OfVersion &
  Readonly<{ step: StrategyMove; because?: string | null; onDone?: () => void }>;

export function MoveVersion({ strategy, step, because = null, onDone }: MoveProps): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const { id, version } = strategy;
  const danger = step === "retire";
  return (
    <>
      <ActButton
        operation={`${step}Strategy`}
        because={because}
        look={step === "submit" ? { type: "primary" } : { danger }}
        onAct={() => setOpen(true)}
      >
        {t(`strategy.${step}`)}
      </ActButton>
      <ReasonDialog
        open={open}
        title={t(`strategy.${step}`)}
        danger={danger}
        stale={stale}
        onClose={() => setOpen(false)}
        {...(onDone === undefined ? {} : { onDone })}
        send={(reason, key) => changes.moveStrategy(step, id, version, reason, key)}
      >
        <p>{t(about[step], { name: `${id} v${version}` })}</p>
        {step === "submit" && <Consequences strategy={strategy} />}
      </ReasonDialog>
    </>
  );
}

function ApproveVersion({ strategy }: OfVersion): ReactNode {
  const t = useText();
  const dateId = useId();
  const { me, installation } = useSession();
  const [open, setOpen] = useState(false);
  const [effectiveOn, setEffectiveOn] = useState(installation.today);
  const [signOff, setSignOff] = useState<readonly string[] | null>(null);
  const { id, version, hash, state, author, editedBy } = strategy;
  const because =
    state === "submitted"
      ? [author, ...editedBy].includes(me.id)
        ? t("strategy.yourOwn")
        : null
      : t("strategy.notSubmitted");
  return (
    <>
      <ActButton
        operation="approveStrategy"
        because={because}
        look={{ type: "primary" }}
        onAct={() => setOpen(true)}
      >
        {t("strategy.approve")}
      </ActButton>
      <Dialog
        open={open}
        title={t("strategy.approve")}
        ready={effectiveOn >= installation.today && signOff !== null}
        stale={stale}
        onClose={() => setOpen(false)}
        send={(key) =>
          changes.approveStrategy(
            ...([id, version, hash] as const),
            { effectiveOn, signOff: signOff ?? [] },
            key,
          )
        }
      >
        <p>{t("strategy.approveAbout", { name: `${id} v${version}` })}</p>
        <p>
          <code>{hash}</code>
        </p>
        <Consequences strategy={strategy} onSignOff={setSignOff} />
        <label htmlFor={dateId}>{t("strategy.effectiveOn")}</label>
        <Input
          id={dateId}
          type="date"
          min={installation.today}
          value={effectiveOn}
          onChange={(event) => setEffectiveOn(event.target.value)}
        />
      </Dialog>
    </>
  );
}

/** A draft is written on; of every other version a draft is begun with its contents, under the next number. */
function EditVersion({ strategy }: OfVersion): ReactNode {
  const t = useText();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [key] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const { id, version, state } = strategy;
  const begin = async (): Promise<void> => {
    setBusy(true);
    try {
      const [{ document }, { data }] = await Promise.all([
        reads.strategy(id, String(version)),
        reads.strategies(),
      ]);
      const versions = data.filter((one) => one.id === id).map((one) => one.version);
      const next = Math.max(...versions) + 1;
      await changes.draftStrategy({ ...document, version: next }, `${key}-${next}`);
      void navigate(to.editStrategy(id, next));
    } catch (failure) {
      const said = failure instanceof ProblemError ? failure.problem?.detail : undefined;
      void message.error(said ?? t("state.unreachable"));
    } finally {
      setBusy(false);
    }
  };
  return state === "draft" ? (
    <ActButton operation="editStrategy" onAct={() => void navigate(to.editStrategy(id, version))}>
      {t("strategy.edit")}
    </ActButton>
  ) : (
    <ActButton operation="addStrategy" look={{ loading: busy }} onAct={() => void begin()}>
      {t("strategy.editAsNew")}
    </ActButton>
  );
}
