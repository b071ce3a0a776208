// One decision: what it does to the line, where it stands in its life, and the full explanation, which the server makes
// again from what was kept. The replay shows that it still comes out the same.
import { App, Button } from "antd";
import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import { changes } from "../api/changes.ts";
import type { Explanation } from "../api/explanation.ts";
import { ProblemError } from "../api/problem.ts";
import { reads, type Decision } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord, type Say } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Amount } from "../parts/amount.tsx";
import { ExplanationView } from "../parts/explanation.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { Page, Pairs, Panel, type Pair } from "../parts/page.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { ShortId, Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";
import { AppealDialog } from "./appeal-dialog.tsx";

const ended = ["executed", "withdrawn", "refused"];
const taking = ["decrease", "freeze", "close"];

export function DecisionPage(): ReactNode {
  const t = useText();
  const { id = "" } = useParams();
  const query = useRead(["decisions", id], () => reads.decision(id));
  const explanation = useRead(["decisions", id, "explanation"], () => reads.explanation(id));
  return (
    <Answered query={query}>
      {(decision) => (
        <Page
          title={<OutcomeText outcome={decision.outcome} />}
          about={
            <>
              <StateTag group="decisionState" state={decision.state} />{" "}
              <Link to={to.line(decision.lineId)}>{t("decision.line")}</Link> ·{" "}
              <Link to={to.customer(decision.customerId)}>{t("line.customer")}</Link>
            </>
          }
          actions={<DecisionActs decision={decision} />}
        >
          <LifeOf decision={decision} />
          <Answered query={explanation}>
            {(found) => <ExplanationView of={found as unknown as Explanation} />}
          </Answered>
        </Page>
      )}
    </Answered>
  );
}

function DecisionActs({ decision }: Readonly<{ decision: Decision }>): ReactNode {
  const t = useText();
  const word = useWord();
  const [open, setOpen] = useState(false);
  const [appealing, setAppealing] = useState(false);
  const isOver = ended.includes(decision.state);
  const because = isOver
    ? t("decision.over", { state: word("decisionState", decision.state) })
    : null;
  const told = decision.state === "noticed" || decision.state === "executed";
  const noAppeal = taking.includes(decision.outcome.action)
    ? told
      ? null
      : t("appeal.notTold")
    : t("appeal.takesNothing");
  return (
    <>
      <ReplayButton id={decision.id} />
      <ActButton operation="lodgeAppeal" because={noAppeal} onAct={() => setAppealing(true)}>
        {t("appeal.lodge")}
      </ActButton>
      <AppealDialog open={appealing} decision={decision} onClose={() => setAppealing(false)} />
      <ActButton
        operation="withdraw"
        because={because}
        look={{ danger: true }}
        onAct={() => setOpen(true)}
      >
        {t("decision.withdraw")}
      </ActButton>
      <ReasonDialog
        open={open}
        title={t("decision.withdraw")}
        danger
        stale={["decisions", "lines", "work", "reviews"]}
        onClose={() => setOpen(false)}
        send={(reason, key) => changes.withdraw(decision.id, { key, ver: decision.ver }, reason)}
      >
        <OutcomeText outcome={decision.outcome} />
      </ReasonDialog>
    </>
  );
}

function ReplayButton({ id }: Readonly<{ id: string }>): ReactNode {
  const t = useText();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const replay = async (): Promise<void> => {
    setBusy(true);
    try {
      const { equal, at } = await reads.replay(id);
      void (equal
        ? message.success(t("decision.replayEqual"))
        : message.error(t("decision.replayDiffers", { at: at ?? 0 })));
    } catch (error) {
      void message.error(error instanceof ProblemError ? error.message : t("state.unreachable"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button loading={busy} onClick={() => void replay()}>
      {t("decision.replay")}
    </Button>
  );
}

function LifeOf({ decision }: Readonly<{ decision: Decision }>): ReactNode {
  const t = useText();
  const word = useWord();
  const { strategy, assessment, noticeId, causeId, cause } = decision;
  const why = word("cause", cause ?? "");
  const pairs: readonly Pair[] = [
    [
      t("decision.strategy"),
      <Link key="strategy" to={to.strategy(strategy.id, strategy.version)}>
        {strategy.id} v{strategy.version}
      </Link>,
    ],
    ...armPairs(t, decision),
    [t("line.asOf"), <Day key="asOf" date={decision.asOf} />],
    [t("decision.madeAt"), <Moment key="madeAt" at={decision.madeAt} />],
    [t("decision.maker"), <Who key="maker" id={decision.maker} />],
    [
      t("decision.cause"),
      causeId === undefined ? (
        why
      ) : (
        <Link key="cause" to={to.decisions({ causeId })}>
          {why}
        </Link>
      ),
    ],
    [t("decision.asked"), <Amount key="asked" money={assessment?.askedLimit} />],
    [t("decision.lossAvoided"), <Amount key="loss" money={assessment?.expectedLossAvoided} />],
    [
      t("decision.notice"),
      noticeId === null ? "–" : <ShortId key="notice" id={noticeId} path={to.notice(noticeId)} />,
    ],
    [t("decision.effectiveOn"), <Day key="effective" date={decision.effectiveOn} />],
    [t("decision.overrideEnds"), <Day key="override" date={decision.overrideExpiresOn} />],
    [t("decision.ended"), decision.endedBecause ?? "–"],
  ];
  return (
    <Panel title={t("decision.life")}>
      <Pairs pairs={pairs} />
    </Panel>
  );
}

/** Experiment and arm that chose the strategy. */
function armPairs(t: Say, { arm }: Decision): readonly Pair[] {
  if (arm === null || arm === undefined) return [];
  const link = (
    <Link key="arm" to={to.experiment(arm.experiment)}>
      {arm.experiment} · {arm.arm}
    </Link>
  );
  return [[t("experiment.id"), link]];
}
