// The steps that people take with a strategy version: handing in, approving for a day by somebody who did not make it,
// retiring, restoring. Each dialog says what follows.
import { Input } from "antd";
import { useId, useState, type ReactNode } from "react";
import { changes, type StrategyMove } from "../api/changes.ts";
import { reads, type StrategySummary } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText, type TextKey } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Answered } from "../parts/states.tsx";
import { StrategyChanges } from "./strategy-changes.tsx";

type OfVersion = Readonly<{ strategy: StrategySummary }>;

export function StrategyActs({ strategy }: OfVersion): ReactNode {
  const { state } = strategy;
  return (
    <>
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

function MoveVersion({ strategy, step }: OfVersion & Readonly<{ step: StrategyMove }>): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const { id, version } = strategy;
  const danger = step === "retire";
  return (
    <>
      <ActButton operation={`${step}Strategy`} look={{ danger }} onAct={() => setOpen(true)}>
        {t(`strategy.${step}`)}
      </ActButton>
      <ReasonDialog
        open={open}
        title={t(`strategy.${step}`)}
        danger={danger}
        stale={stale}
        onClose={() => setOpen(false)}
        send={(reason, key) => changes.moveStrategy(step, id, version, reason, key)}
      >
        <p>{t(about[step], { name: `${id} v${version}` })}</p>
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
  const { id, version, hash, state, author } = strategy;
  const because =
    state === "submitted"
      ? author === me.id
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
        ready={effectiveOn >= installation.today}
        stale={stale}
        onClose={() => setOpen(false)}
        send={(key) => changes.approveStrategy(id, version, hash, effectiveOn, key)}
      >
        <p>{t("strategy.approveAbout", { name: `${id} v${version}` })}</p>
        <p>
          <code>{hash}</code>
        </p>
        <ChangesToInForce strategy={strategy} />
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

/** What is approved is what changes for the lines: the difference to the version in force. */
function ChangesToInForce({ strategy }: OfVersion): ReactNode {
  const t = useText();
  const query = useRead(["strategies", "list"], reads.strategies);
  return (
    <Answered query={query}>
      {({ data }) => {
        const inForce = data.find(({ id, state }) => id === strategy.id && state === "active");
        if (inForce === undefined) return <p>{t("strategy.firstInForce")}</p>;
        const { version } = inForce;
        return (
          <section aria-label={t("strategy.changes", { version })}>
            <h3>{t("strategy.changes", { version })}</h3>
            <StrategyChanges of={strategy} since={version} />
          </section>
        );
      }}
    </Answered>
  );
}
