// One strategy version to read: its parts as data, its steps, its other versions and what changed against one of them.
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { reads, type StrategySummary } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { DataTable } from "../parts/data-table.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";
import { useVersionColumns } from "./strategies.tsx";
import { StrategyActs } from "./strategy-acts.tsx";
import { StrategyChanges } from "./strategy-changes.tsx";
import { StrategyDocument } from "./strategy-document.tsx";

type Strategy = Awaited<ReturnType<typeof reads.strategy>>;

export function StrategyPage(): ReactNode {
  const { id = "", version = "" } = useParams();
  const query = useRead(["strategies", id, version], () => reads.strategy(id, version));
  return <Answered query={query}>{(strategy) => <OfStrategy strategy={strategy} />}</Answered>;
}

function OfStrategy({ strategy }: Readonly<{ strategy: Strategy }>): ReactNode {
  const t = useText();
  const { id, version, state, restores, document } = strategy;
  return (
    <Page
      title={`${id} v${version}`}
      about={
        <>
          <StateTag group="strategyState" state={state} /> <code>{strategy.hash.slice(0, 12)}</code>
          {restores !== null && <> {t("strategy.restores", { version: restores })}</>}
        </>
      }
      actions={<StrategyActs strategy={strategy} />}
    >
      <Panel title={t("strategy.versions")}>
        <Versions of={strategy} />
      </Panel>
      <Panel title={t("strategy.history")}>
        <Steps of={strategy} />
      </Panel>
      <Against strategy={strategy} />
      <StrategyDocument document={document} />
    </Page>
  );
}

function Versions({ of }: Readonly<{ of: StrategySummary }>): ReactNode {
  const t = useText();
  const columns = useVersionColumns();
  const query = useRead(["strategies", "list"], reads.strategies);
  const compare = {
    key: "compare",
    acts: true,
    title: t("strategy.compare"),
    cell: ({ id, version }: StrategySummary) =>
      version === of.version ? (
        "–"
      ) : (
        <Link to={to.strategy(id, of.version, { against: version })}>
          {t("strategy.against", { version })}
        </Link>
      ),
  };
  return (
    <Answered query={query}>
      {({ data }) => (
        <DataTable
          caption={t("strategy.versions")}
          columns={[...columns, compare]}
          rows={data.filter(({ id }) => id === of.id)}
          keyOf={({ version }) => String(version)}
        />
      )}
    </Answered>
  );
}

function Steps({ of }: Readonly<{ of: StrategySummary }>): ReactNode {
  const t = useText();
  const query = useRead(["strategies", of.id, "history"], () => reads.strategyHistory(of.id));
  return (
    <Answered query={query}>
      {({ data }) => (
        <DataTable
          caption={t("strategy.history")}
          rows={data.filter(({ version }) => version === of.version)}
          keyOf={({ state }) => state}
          columns={[
            {
              key: "state",
              title: t("strategy.state"),
              cell: ({ state }) => <StateTag group="strategyState" state={state} />,
            },
            { key: "at", title: t("strategy.at"), cell: ({ at }) => <Moment at={at} /> },
            { key: "by", title: t("strategy.by"), cell: ({ by }) => <Who id={by} /> },
            { key: "reason", title: t("strategy.reason"), cell: ({ reason }) => reason ?? "–" },
          ]}
        />
      )}
    </Answered>
  );
}

function Against({ strategy }: Readonly<{ strategy: Strategy }>): ReactNode {
  const t = useText();
  const against = useFilters().get("against");
  if (against === "") return null;
  return (
    <Panel title={t("strategy.changes", { version: against })}>
      <StrategyChanges of={strategy} since={Number(against)} />
    </Panel>
  );
}
