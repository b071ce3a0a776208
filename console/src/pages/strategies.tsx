// Strategies and their versions: which are in force, who wrote and who approved them.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type StrategySummary } from "../api/reads.ts";
import { options, strategyStates } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { HashMark, Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";

export function useVersionColumns(): readonly Column<StrategySummary>[] {
  const t = useText();
  return [
    {
      key: "id",
      title: t("decision.strategy"),
      cell: ({ id, version }) => (
        <Link to={to.strategy(id, version)}>
          {id} v{version}
        </Link>
      ),
    },
    {
      key: "state",
      title: t("strategy.state"),
      cell: ({ state }) => <StateTag group="strategyState" state={state} />,
    },
    { key: "author", title: t("strategy.author"), cell: ({ author }) => <Who id={author} /> },
    {
      key: "approvedBy",
      title: t("strategy.approvedBy"),
      cell: ({ approvedBy }) => <Who id={approvedBy} />,
    },
    {
      key: "effectiveOn",
      title: t("strategy.effectiveOn"),
      cell: ({ effectiveOn }) => (effectiveOn === null ? "–" : <Day date={effectiveOn} />),
    },
    {
      key: "addedAt",
      title: t("strategy.addedAt"),
      cell: ({ addedAt }) => <Moment at={addedAt} />,
    },
    {
      key: "hash",
      title: t("strategy.hash"),
      cell: ({ hash }) => <HashMark hash={hash} />,
    },
  ];
}

export function StrategiesPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const filters: readonly Filter[] = [
    { kind: "text", name: "id", label: "decision.strategy" },
    {
      ...{ kind: "choice", name: "state", label: "strategy.state" },
      options: options(word, "strategyState", strategyStates),
    },
  ];
  return (
    <ListPage<StrategySummary>
      title="nav.strategies"
      about={t("strategies.about")}
      kind="strategies"
      read={reads.strategies}
      columns={useVersionColumns()}
      filters={filters}
      keyOf={({ id, version }) => `${id} ${version}`}
      path="/v1/strategies"
      empty="strategies.none"
    />
  );
}
