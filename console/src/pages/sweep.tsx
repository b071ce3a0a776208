// One sweep while it runs and after: its progress as the server tells it, what it counted, and pause, resume and cancel
// with their consequences said first.
import { Progress } from "antd";
import { useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { useParams } from "react-router";
import { changes } from "../api/changes.ts";
import { reads, type Sweep, type SweepDetail } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Amount } from "../parts/amount.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Page, Pairs, Panel } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";
import { Link } from "react-router";
import { SweepComparison } from "./sweep-comparison.tsx";
import { SweepCounts } from "./sweep-counts.tsx";
import { SweepTotal } from "./sweep-examples.tsx";
import { shownState } from "./sweeps.tsx";
import { WaveHold } from "./wave-hold.tsx";
import { WaveUndos } from "./wave-undo.tsx";

const everyMs = 3_000;
const over = ["done", "cancelled"];

export function SweepPage(): ReactNode {
  const t = useText();
  const { id = "" } = useParams();
  const [running, setRunning] = useState(true);
  const asking = running ? { everyMs } : {};
  const query = useRead(
    ["sweeps", id],
    async () => {
      const sweep = await reads.sweep(id);
      setRunning(!over.includes(sweep.state) && sweep.pausedBy === null);
      return sweep;
    },
    asking,
  );
  return (
    <Answered query={query}>
      {(sweep) => (
        <Page
          title={t("sweep.title")}
          about={
            <>
              <StateTag group="sweepState" state={shownState(sweep)} />{" "}
              <Moment at={sweep.startedAt} />
            </>
          }
          actions={<SweepActs sweep={sweep} />}
        >
          <ProgressOf sweep={sweep} />
          <Panel title={t("sweep.counted")}>
            <SweepCounts counts={sweep.counts} id={sweep.id} />
          </Panel>
          <SweepComparison sweep={sweep} />
          <Asked sweep={sweep} />
          <WaveHold sweep={sweep} />
          <WaveUndos sweep={sweep} />
        </Page>
      )}
    </Answered>
  );
}

function ProgressOf({ sweep }: Readonly<{ sweep: SweepDetail }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const { buckets, bucketsDone, phase, rate } = sweep;
  if (over.includes(sweep.state) || buckets === 0) return null;
  const percent = Math.floor((bucketsDone * 100) / buckets);
  return (
    <Panel title={t("sweep.progress")}>
      <Progress percent={percent} aria-label={t("sweep.progress")} />
      <p className="quiet" aria-live="polite">
        {word("sweepPhase", phase)} · {intl.formatNumber(bucketsDone)} /{" "}
        {intl.formatNumber(buckets)} {t("sweep.buckets")}
        {rate !== null && ` · ${t("sweep.rate", { rate: Math.round(rate) })}`}
      </p>
    </Panel>
  );
}

function Asked({ sweep }: Readonly<{ sweep: Sweep }>): ReactNode {
  const t = useText();
  const { strategy } = sweep;
  return (
    <Panel title={t("sweep.what")}>
      <Pairs
        pairs={[
          [
            t("decision.strategy"),
            <Link key="strategy" to={to.strategy(strategy.id, strategy.version)}>
              {strategy.id} v{strategy.version}
            </Link>,
          ],
          [t("line.asOf"), <Day key="asOf" date={sweep.asOf} />],
          [t("sweep.knownAt"), <Moment key="known" at={sweep.knownAt} />],
          [t("sweep.portfolio"), sweep.portfolio ?? t("sweep.everything")],
          [
            t("sweep.dailyCap"),
            sweep.dailyCap === null ? (
              t("sweep.unlimited")
            ) : (
              <Amount key="cap" money={sweep.dailyCap} />
            ),
          ],
          [
            t("experiment.id"),
            sweep.experiment === null ? (
              "–"
            ) : (
              <Link key="experiment" to={to.experiment(sweep.experiment)}>
                {sweep.experiment}
              </Link>
            ),
          ],
          ...(sweep.emergency === null
            ? []
            : ([[t("sweep.emergency"), sweep.emergency.reason]] as const)),
          [t("decision.maker"), <Who key="maker" id={sweep.maker} />],
          [t("sweep.startedAt"), <Moment key="started" at={sweep.startedAt} />],
          [t("sweep.finishedAt"), <Moment key="finished" at={sweep.finishedAt} />],
        ]}
      />
    </Panel>
  );
}

type Verb = "pause" | "resume" | "cancel";
const verbs: readonly Verb[] = ["pause", "resume", "cancel"];

function SweepActs({ sweep }: Readonly<{ sweep: Sweep }>): ReactNode {
  const t = useText();
  const word = useWord();
  const [verb, setVerb] = useState<Verb | null>(null);
  const state = shownState(sweep);
  const isOver = over.includes(state) ? t("sweep.isOver") : null;
  const because: Readonly<Record<Verb, string | null>> = {
    pause: isOver ?? (state === "paused" ? t("sweep.isPaused") : null),
    resume: isOver ?? (state === "paused" ? null : t("sweep.isRunning")),
    cancel: isOver,
  };
  return (
    <>
      {verbs.map((one) => (
        <ActButton
          key={one}
          operation={`${one}Sweep`}
          because={because[one]}
          look={{ danger: one === "cancel" }}
          onAct={() => setVerb(one)}
        >
          {t(`sweep.${one}`)}
        </ActButton>
      ))}
      <Dialog
        open={verb !== null}
        title={t(`sweep.${verb ?? "pause"}`)}
        danger={verb === "cancel"}
        stale={["sweeps", "work", "decisions"]}
        onClose={() => setVerb(null)}
        send={(key) => changes.steerSweep(sweep.id, verb ?? "pause", { key })}
      >
        <p>{t(`sweep.${verb ?? "pause"}About`)}</p>
        <p className="quiet">
          {word("sweepState", state)} ·{" "}
          {t("sweep.soFar", {
            evaluated: sweep.counts.evaluated,
            proposed: sweep.counts.proposed,
          })}
        </p>
        <SweepTotal counts={sweep.counts} />
      </Dialog>
    </>
  );
}
