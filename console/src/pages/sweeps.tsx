// Sweeps, newest first, and the way to a new one.
import { PlusOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link, useNavigate } from "react-router";
import { reads, type Sweep } from "../api/reads.ts";
import { options, sweepStandings } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Emergencies } from "./emergencies.tsx";

/** The state as people read it: a paused sweep has a state and rests in it. */
export function shownState({ state, pausedBy }: Sweep): string {
  return pausedBy === null ? state : "paused";
}

function useSweepColumns(): readonly Column<Sweep>[] {
  const t = useText();
  const intl = useIntl();
  return [
    {
      key: "started",
      title: t("sweep.startedAt"),
      cell: ({ id, startedAt }) => (
        <Link to={to.sweep(id)}>
          <Moment at={startedAt} />
        </Link>
      ),
    },
    {
      key: "state",
      title: t("sweep.state"),
      cell: (sweep) => <StateTag group="sweepState" state={shownState(sweep)} />,
    },
    {
      key: "strategy",
      title: t("decision.strategy"),
      cell: ({ strategy }) => (
        <Link to={to.strategy(strategy.id, strategy.version)}>
          {strategy.id} v{strategy.version}
        </Link>
      ),
    },
    { key: "asOf", title: t("line.asOf"), cell: ({ asOf }) => <Day date={asOf} /> },
    {
      key: "portfolio",
      title: t("line.portfolio"),
      cell: ({ portfolio }) => portfolio ?? t("sweep.everything"),
    },
    {
      key: "evaluated",
      title: t("sweep.evaluated"),
      figures: true,
      cell: ({ counts }) => intl.formatNumber(counts.evaluated),
    },
    {
      key: "proposed",
      title: t("sweep.proposed"),
      figures: true,
      cell: ({ id, counts }) => (
        <Link to={to.decisions({ causeId: id })}>{intl.formatNumber(counts.proposed)}</Link>
      ),
    },
    {
      key: "toReview",
      title: t("sweep.toReview"),
      figures: true,
      cell: ({ id, counts }) => (
        <Link to={to.reviews({ causeId: id })}>{intl.formatNumber(counts.toReview)}</Link>
      ),
    },
    { key: "maker", title: t("decision.maker"), cell: ({ maker }) => <Who id={maker} /> },
  ];
}

export function SweepsPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const navigate = useNavigate();
  const filters: readonly Filter[] = [
    {
      ...{ kind: "choice", name: "standing", label: "sweep.state" },
      options: options(word, "sweepState", sweepStandings),
    },
    { kind: "text", name: "strategy", label: "decision.strategy" },
  ];
  return (
    <ListPage<Sweep>
      title="nav.sweeps"
      about={t("sweeps.about")}
      actions={
        <ActButton
          operation="startSweep"
          look={{ type: "primary", icon: <PlusOutlined /> }}
          onAct={() => void navigate(to.newSweep())}
        >
          {t("sweep.new")}
        </ActButton>
      }
      above={<Emergencies />}
      kind="sweeps"
      read={reads.sweeps}
      columns={useSweepColumns()}
      filters={filters}
      keyOf={({ id }) => id}
      path="/v1/sweeps"
      empty="sweeps.none"
    />
  );
}
