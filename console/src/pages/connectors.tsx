// Sources of external data: whether each is asked at present, what it said last and how old that is, what asking cost, and
// every single ask of the source that the address names.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type Connector, type ConnectorAsk, type ConnectorCost } from "../api/reads.ts";
import { askOutcomes, options } from "../app/choices.ts";
import { useFilters } from "../app/filters.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { PartList } from "../parts/part-list.tsx";
import { ShortId, Who } from "../parts/short-id.tsx";
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
      {sources.data !== undefined && <Asks sources={sources.data.data} />}
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

/** The asks of one source; which one, and with which outcome, stands in the address. */
function Asks({ sources }: Readonly<{ sources: readonly Connector[] }>): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  const url = useFilters();
  const columns = useAskColumns();
  const [source, outcome] = [url.get("source"), url.get("outcome")];
  return (
    <Panel title={t("connectors.asks")}>
      <FilterBar
        url={url}
        filters={[
          {
            ...{ kind: "choice", name: "source", label: "connector.source" },
            options: sources.map(({ id, label }) => ({ value: id, label: label[language] })),
          },
          {
            ...{ kind: "choice", name: "outcome", label: "connector.last" },
            options: options(word, "askOutcome", askOutcomes),
          },
        ]}
      />
      {source === "" ? (
        <Nothing>{t("connectors.chooseSource")}</Nothing>
      ) : (
        <PartList<ConnectorAsk>
          key={`${source} ${outcome}`}
          caption={t("connectors.asks")}
          queryKey={["connectors", source, "asks"]}
          read={(asked) => reads.connectorAsks(source, asked)}
          filters={{ order: "newest", ...(outcome === "" ? {} : { outcome }) }}
          columns={columns}
          keyOf={({ id }) => id}
          path={`/v1/connectors/${source}/asks`}
          empty="connectors.noAsks"
        />
      )}
    </Panel>
  );
}

function useAskColumns(): readonly Column<ConnectorAsk>[] {
  const t = useText();
  const word = useWord();
  return [
    { key: "at", title: t("connector.lastAt"), cell: ({ at }) => <Moment at={at} /> },
    {
      key: "line",
      title: t("decision.line"),
      cell: ({ lineId }) => <ShortId id={lineId} path={to.line(lineId)} />,
    },
    {
      key: "purpose",
      title: t("connector.purpose"),
      cell: ({ purpose }) => word("dataPurpose", purpose),
    },
    {
      key: "outcome",
      title: t("connector.last"),
      cell: ({ outcome, because }) => word("askOutcome", because ?? outcome),
    },
    { key: "by", title: t("connector.by"), cell: ({ by }) => <Who id={by} /> },
    { key: "calls", title: t("connector.calls"), figures: true, cell: ({ calls }) => calls },
    {
      key: "cost",
      title: t("connector.cost"),
      figures: true,
      cell: ({ cost }) => <Amount money={cost} />,
    },
  ];
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
      cell: ({ id, today }) => <Link to={to.connectors({ source: id })}>{today.asks}</Link>,
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
    {
      key: "asks",
      title: t("connector.asks"),
      figures: true,
      cell: ({ source, asks }) => <Link to={to.connectors({ source })}>{asks}</Link>,
    },
    { key: "calls", title: t("connector.calls"), figures: true, cell: ({ calls }) => calls },
    {
      key: "cost",
      title: t("connector.cost"),
      figures: true,
      cell: ({ cost }) => <Amount money={cost} />,
    },
  ];
}
