// Experiments: which share of customers is treated by which strategy, and which of them are running.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { reads, type Experiment } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { percentText } from "../parts/amount.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { ExportButton } from "../parts/export-button.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";
import { NewExperiment } from "./new-experiment.tsx";

export function ExperimentsPage(): ReactNode {
  const t = useText();
  const query = useRead(["experiments", "list"], reads.experiments);
  return (
    <Page
      title={t("nav.experiments")}
      about={t("experiments.about")}
      actions={
        <>
          <NewExperiment />
          <ExportButton path="/v1/experiments" filters={{}} />
        </>
      }
    >
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("experiments.none")}</Nothing>
          ) : (
            <ExperimentTable rows={data} />
          )
        }
      </Answered>
    </Page>
  );
}

function ExperimentTable({ rows }: Readonly<{ rows: readonly Experiment[] }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  return (
    <DataTable
      caption={t("nav.experiments")}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          key: "id",
          title: t("experiment.id"),
          cell: ({ id }) => <Link to={to.experiment(id)}>{id}</Link>,
        },
        { key: "area", title: t("experiment.area"), cell: ({ area }) => word("area", area) },
        {
          key: "state",
          title: t("experiment.state"),
          cell: ({ state }) => <StateTag group="experimentState" state={state} />,
        },
        {
          key: "arms",
          title: t("experiment.arms"),
          cell: ({ arms }) =>
            arms
              .map(({ name, shareBp }) => `${word("arm", name)} ${percentText(intl, shareBp)}`)
              .join(t("app.listComma")),
        },
        {
          key: "author",
          title: t("experiment.author"),
          cell: ({ steps }) => <Who id={steps[0]?.by} />,
        },
        {
          key: "at",
          title: t("experiment.at"),
          cell: ({ steps }) => <Moment at={steps[0]?.at ?? null} />,
        },
      ]}
    />
  );
}
