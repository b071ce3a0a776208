// One experiment: its arms with their shares, customers, decisions and money, what runs in the shadow, and its steps.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link, useNavigate, useParams } from "react-router";
import { reads, type Experiment, type ExperimentArm } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount, percentText } from "../parts/amount.tsx";
import { Chart } from "../parts/chart.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page, Pairs, Panel } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";
import { ExperimentActs } from "./experiment-acts.tsx";

export function ExperimentPage(): ReactNode {
  const { id = "" } = useParams();
  const query = useRead(["experiments", id], () => reads.experiment(id));
  return <Answered query={query}>{(found) => <OfExperiment experiment={found} />}</Answered>;
}

type OfOne = Readonly<{ experiment: Experiment }>;

function OfExperiment({ experiment }: OfOne): ReactNode {
  const t = useText();
  const word = useWord();
  const { id, area, state, shadows, actOn } = experiment;
  return (
    <Page
      title={id}
      about={
        <>
          <StateTag group="experimentState" state={state} /> {word("area", area)}
        </>
      }
      actions={<ExperimentActs experiment={experiment} />}
    >
      <Panel title={t("experiment.arms")}>
        <Arms experiment={experiment} />
      </Panel>
      <Panel title={t("experiment.customers")}>
        <Customers experiment={experiment} />
      </Panel>
      <Panel title={t("experiment.beside")}>
        <Pairs
          pairs={[
            [t("experiment.shadows"), shadows.length === 0 ? "–" : <Choices of={shadows} />],
            [t("experiment.actOn"), actOn.join(" ") || "–"],
          ]}
        />
        <p className="quiet">{t("experiment.holdoutAbout")}</p>
      </Panel>
      <Panel title={t("strategy.history")}>
        <Steps experiment={experiment} />
      </Panel>
    </Page>
  );
}

type Choice = Experiment["shadows"][number];

function Choices({ of }: Readonly<{ of: readonly Choice[] }>): ReactNode {
  return of.map((choice) => (
    <span key={`${choice.id} ${choice.version}`}>
      <ChoiceLink of={choice} />{" "}
    </span>
  ));
}

/** A version to look at; the active one is found in the list. */
function ChoiceLink({ of: { id, version } }: Readonly<{ of: Choice }>): ReactNode {
  const t = useText();
  return version === null ? (
    <Link to={to.strategies()}>
      {id} ({t("experiment.activeVersion")})
    </Link>
  ) : (
    <Link to={to.strategy(id, version)}>
      {id} v{version}
    </Link>
  );
}

function Arms({ experiment }: OfOne): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const { id, arms } = experiment;
  return (
    <DataTable
      caption={t("experiment.arms")}
      rows={arms}
      keyOf={({ name }) => name}
      columns={[
        { key: "name", title: t("experiment.arm"), cell: ({ name }) => word("arm", name) },
        {
          key: "strategy",
          title: t("decision.strategy"),
          cell: ({ strategy }) => (strategy === null ? "–" : <ChoiceLink of={strategy} />),
        },
        {
          key: "share",
          title: t("experiment.share"),
          figures: true,
          cell: ({ shareBp }) => percentText(intl, shareBp),
        },
        {
          key: "digits",
          title: t("experiment.digits"),
          cell: ({ ranges }) => ranges.map(({ from, to: end }) => `${from}–${end - 1}`).join(" "),
        },
        {
          key: "customers",
          title: t("experiment.customers"),
          figures: true,
          cell: ({ customers }) => intl.formatNumber(customers),
        },
        {
          key: "decisions",
          title: t("nav.decisions"),
          cell: (arm) => <Decisions of={id} arm={arm} />,
        },
        {
          key: "cut",
          title: t("experiment.cut"),
          figures: true,
          cell: ({ name, decisions }) => {
            const cuts = decisions.filter(({ action }) => action === "decrease");
            if (cuts.length === 0) return "–";
            return (
              <Link to={to.decisions({ experiment: id, arm: name, action: "decrease" })}>
                {cuts.map(({ cut }) => (
                  <Amount key={cut.currency} money={cut} />
                ))}
              </Link>
            );
          },
        },
      ]}
    />
  );
}

/** Each count leads to its decisions. */
function Decisions({ of, arm }: Readonly<{ of: string; arm: ExperimentArm }>): ReactNode {
  const word = useWord();
  const intl = useIntl();
  if (arm.decisions.length === 0) return "–";
  return arm.decisions.map(({ action, decisions, cut }) => (
    <div key={`${action} ${cut.currency}`}>
      <Link to={to.decisions({ experiment: of, arm: arm.name, action })}>
        {word("action", action)} {intl.formatNumber(decisions)}
      </Link>
    </div>
  ));
}

function Customers({ experiment }: OfOne): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const navigate = useNavigate();
  const bars = experiment.arms.map(({ name, customers }) => ({
    ...{ key: name, label: word("arm", name), value: customers },
    text: intl.formatNumber(customers),
  }));
  return (
    <Chart
      label={t("experiment.customers")}
      bars={bars}
      onPick={(arm) => void navigate(to.decisions({ experiment: experiment.id, arm }))}
    />
  );
}

function Steps({ experiment }: OfOne): ReactNode {
  const t = useText();
  return (
    <DataTable
      caption={t("strategy.history")}
      rows={experiment.steps}
      keyOf={({ state }) => state}
      columns={[
        {
          key: "state",
          title: t("experiment.state"),
          cell: ({ state }) => <StateTag group="experimentState" state={state} />,
        },
        { key: "at", title: t("strategy.at"), cell: ({ at }) => <Moment at={at} /> },
        { key: "by", title: t("strategy.by"), cell: ({ by }) => <Who id={by} /> },
        { key: "reason", title: t("strategy.reason"), cell: ({ reason }) => reason ?? "–" },
      ]}
    />
  );
}
