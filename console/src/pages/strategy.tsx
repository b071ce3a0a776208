// One strategy version to read: its parts as data, its other versions, what changed against one of them, and its
// approval by somebody other than the author.
import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import { changes } from "../api/changes.ts";
import { reads, type StrategySummary } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { differences } from "../parts/differences.ts";
import { Page, Panel } from "../parts/page.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";
import { useVersionColumns } from "./strategies.tsx";
import { StrategyDocument } from "./strategy-document.tsx";

type Strategy = Awaited<ReturnType<typeof reads.strategy>>;

export function StrategyPage(): ReactNode {
  const { id = "", version = "" } = useParams();
  const query = useRead(["strategies", id, version], () => reads.strategy(id, version));
  return <Answered query={query}>{(strategy) => <OfStrategy strategy={strategy} />}</Answered>;
}

function OfStrategy({ strategy }: Readonly<{ strategy: Strategy }>): ReactNode {
  const t = useText();
  const { id, version, state, document } = strategy;
  return (
    <Page
      title={`${id} v${version}`}
      about={
        <>
          <StateTag group="strategyState" state={state} /> <code>{strategy.hash.slice(0, 12)}</code>
        </>
      }
      actions={<ApproveVersion strategy={strategy} />}
    >
      <Panel title={t("strategy.versions")}>
        <Versions of={strategy} />
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

function Against({ strategy }: Readonly<{ strategy: Strategy }>): ReactNode {
  const t = useText();
  const url = useFilters();
  const against = url.get("against");
  const { id } = strategy;
  const query = useRead(["strategies", id, against], () => reads.strategy(id, against), {
    when: against !== "",
  });
  if (against === "") return null;
  return (
    <Panel title={t("strategy.changes", { version: against })}>
      <Answered query={query}>
        {({ document }) => {
          const rows = differences(document, strategy.document);
          if (rows.length === 0) return <Nothing>{t("strategy.same")}</Nothing>;
          return (
            <DataTable
              caption={t("strategy.compare")}
              rows={rows}
              keyOf={({ at }) => at}
              columns={[
                { key: "at", title: t("strategy.part"), cell: ({ at }) => <code>{at}</code> },
                { key: "before", title: `v${against}`, cell: ({ before }) => before ?? "–" },
                {
                  key: "after",
                  title: `v${strategy.version}`,
                  cell: ({ after }) => after ?? "–",
                },
              ]}
            />
          );
        }}
      </Answered>
    </Panel>
  );
}

function ApproveVersion({ strategy }: Readonly<{ strategy: Strategy }>): ReactNode {
  const t = useText();
  const { me } = useSession();
  const [open, setOpen] = useState(false);
  const { id, version, hash, state, author } = strategy;
  const because =
    state === "draft" ? (author === me.id ? t("strategy.yourOwn") : null) : t("strategy.noDraft");
  return (
    <>
      <ActButton
        operation="approveStrategy"
        because={because}
        look={{ type: "primary" }}
        onAct={() => setOpen(true)}
      >
        {t("strategy.approve")}
      </ActButton>
      <Dialog
        open={open}
        title={t("strategy.approve")}
        stale={["strategies", "work"]}
        onClose={() => setOpen(false)}
        send={(key) => changes.approveStrategy(id, version, hash, key)}
      >
        <p>{t("strategy.approveAbout", { name: `${id} v${version}` })}</p>
        <p>
          <code>{hash}</code>
        </p>
      </Dialog>
    </>
  );
}
