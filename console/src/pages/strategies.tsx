// Strategies and their versions: which are in force, who wrote and who approved them.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type StrategySummary } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { ExportButton } from "../parts/export-button.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Page } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

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
      cell: ({ hash }) => <code title={hash}>{hash.slice(0, 12)}</code>,
    },
  ];
}

export function StrategiesPage(): ReactNode {
  const t = useText();
  const columns = useVersionColumns();
  const query = useRead(["strategies", "list"], reads.strategies);
  return (
    <Page
      title={t("nav.strategies")}
      about={t("strategies.about")}
      actions={<ExportButton path="/v1/strategies" filters={{}} />}
    >
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("strategies.none")}</Nothing>
          ) : (
            <DataTable
              caption={t("nav.strategies")}
              columns={columns}
              rows={data}
              keyOf={({ id, version }) => `${id} ${version}`}
            />
          )
        }
      </Answered>
    </Page>
  );
}
