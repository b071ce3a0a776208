// Experiments: which share of customers is treated by which strategy, and which of them are running.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { reads, type Experiment } from "../api/reads.ts";
import { experimentStates, options } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import { percentText } from "../parts/amount.tsx";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Moment } from "../parts/moment.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { NewExperiment } from "./new-experiment.tsx";

export function ExperimentsPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const filters: readonly Filter[] = [
    {
      ...{ kind: "choice", name: "state", label: "experiment.state" },
      options: options(word, "experimentState", experimentStates),
    },
  ];
  return (
    <ListPage<Experiment>
      title="nav.experiments"
      about={t("experiments.about")}
      actions={<NewExperiment />}
      kind="experiments"
      read={reads.experiments}
      columns={useColumns()}
      filters={filters}
      keyOf={({ id }) => id}
      path="/v1/experiments"
      empty="experiments.none"
    />
  );
}

function useColumns(): readonly Column<Experiment>[] {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  return [
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
  ];
}
