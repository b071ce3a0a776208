// Sources of external data: whether each is asked at present, what it said last and how old that is, and what asking cost.
import type { ReactNode } from "react";
import { reads, type Connector, type ConnectorCost } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

export function ConnectorsPage(): ReactNode {
  const t = useText();
  const sources = useRead(["connectors", "list"], reads.connectors);
  const costs = useRead(["connectors", "costs"], reads.connectorCosts);
  const [sourceColumns, costColumns] = [useSourceColumns(), useCostColumns()];
  return (
    <Page title={t("nav.connectors")} about={t("connectors.about")}>
      <Answered query={sources}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("connectors.none")}</Nothing>
          ) : (
            <DataTable
              caption={t("nav.connectors")}
              columns={sourceColumns}
              rows={data}
              keyOf={({ id }) => id}
            />
          )
        }
      </Answered>
      <Panel title={t("connectors.costs")}>
        <Answered query={costs}>
          {({ data }) =>
            data.length === 0 ? (
              <Nothing>{t("connectors.noCosts")}</Nothing>
            ) : (
              <DataTable
                caption={t("connectors.costs")}
                columns={costColumns}
                rows={data}
                keyOf={({ source, on, cost }) => `${source} ${on} ${cost.currency}`}
              />
            )
          }
        </Answered>
      </Panel>
    </Page>
  );
}

function useSourceColumns(): readonly Column<Connector>[] {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  return [
    { key: "label", title: t("connector.source"), cell: ({ label }) => label[language] },
    {
      key: "asked",
      title: t("connector.asked"),
      cell: ({ asked }) => word("connectorAsked", asked),
    },
    {
      key: "breaker",
      title: t("connector.breaker"),
      cell: ({ breaker: { state, until } }) => (
        <>
          <StateTag group="breakerState" state={state} />
          {until !== null && <Moment at={until} />}
        </>
      ),
    },
    {
      key: "last",
      title: t("connector.last"),
      cell: ({ last }) => (last === null ? "–" : word("askOutcome", last.because ?? last.outcome)),
    },
    {
      key: "lastAt",
      title: t("connector.lastAt"),
      cell: ({ last }) => <Moment at={last?.at} />,
    },
    {
      key: "answered",
      title: t("connector.answeredAt"),
      cell: ({ lastAnsweredAt }) => <Moment at={lastAnsweredAt} />,
    },
    {
      key: "asks",
      title: t("connector.asks"),
      figures: true,
      cell: ({ today }) => today.asks,
    },
    {
      key: "cost",
      title: t("connector.cost"),
      figures: true,
      cell: ({ today }) => <Amount money={today.cost} />,
    },
    {
      key: "ceiling",
      title: t("connector.ceiling"),
      figures: true,
      cell: ({ today }) => <Amount money={today.ceiling} />,
    },
  ];
}

function useCostColumns(): readonly Column<ConnectorCost>[] {
  const t = useText();
  return [
    { key: "on", title: t("connector.day"), cell: ({ on }) => <Day date={on} /> },
    { key: "source", title: t("connector.source"), cell: ({ source }) => source },
    { key: "asks", title: t("connector.asks"), figures: true, cell: ({ asks }) => asks },
    { key: "calls", title: t("connector.calls"), figures: true, cell: ({ calls }) => calls },
    {
      key: "cost",
      title: t("connector.cost"),
      figures: true,
      cell: ({ cost }) => <Amount money={cost} />,
    },
  ];
}
