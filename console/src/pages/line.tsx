// One line: what it is now, the newest facts about it, its decisions, and everything that happened to it.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link, useParams } from "react-router";
import { reads, type Fact, type Line, type Signal } from "../api/reads.ts";
import { useFactLabels } from "../app/fact-labels.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useProfileField } from "../app/profile.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount, moneyText, percentText } from "../parts/amount.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Page, Pairs, Panel, type Pair } from "../parts/page.tsx";
import { PartList } from "../parts/part-list.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";
import { Behaviour } from "./behaviour.tsx";
import { LineTimeline } from "./customer-timeline.tsx";
import { DecisionsOf } from "./decisions.tsx";
import { DeclaredFacts } from "./declared-facts.tsx";
import { Reminders } from "./reminders.tsx";

export function LinePage(): ReactNode {
  const t = useText();
  const { id = "" } = useParams();
  const query = useRead(["lines", id], () => reads.line(id));
  return (
    <Answered query={query}>
      {(line: Line) => (
        <Page
          title={line.reference}
          about={
            <>
              <StateTag group="lineStatus" state={line.status} />{" "}
              <Link to={to.customer(line.customerId)}>
                {t("line.customer")} {line.customerReference}
              </Link>
            </>
          }
        >
          <div className="columns">
            <div>
              <LineNow line={line} />
              <Facts id={id} />
              <Behaviour lineId={id} />
              <DeclaredFacts lineId={id} />
            </div>
            <div>
              <Panel
                title={t("nav.decisions")}
                extra={<Link to={to.decisions({ lineId: id })}>{t("act.all")}</Link>}
              >
                <DecisionsOf filters={{ lineId: id }} />
              </Panel>
              <Panel title={t("reminders.title")}>
                <Reminders of={{ lineId: id }} />
              </Panel>
              <Panel title={t("line.timeline")}>
                <LineTimeline lineId={id} />
              </Panel>
              <Panel title={t("line.signals")}>
                <Signals id={id} />
              </Panel>
            </div>
          </div>
        </Page>
      )}
    </Answered>
  );
}

function LineNow({ line }: Readonly<{ line: Line }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const labels = useFactLabels();
  const tell = useProfileField();
  const { profile } = line;
  const named =
    (fact: string) =>
    (value: string): string =>
      labels.value(fact, value);
  const percent = (basisPoints: number): string => percentText(intl, basisPoints);
  const pairs: readonly Pair[] = [
    [t("line.limit"), <Amount key="limit" money={line.limit} />],
    [t("line.drawn"), <Amount key="drawn" money={line.drawn} />],
    [t("line.pending"), <Amount key="pending" money={line.pending} />],
    [t("line.available"), <Amount key="available" money={line.available} />],
    [t("line.utilisation"), tell(profile, "utilisation", percent)],
    [t("line.score"), tell(profile, "score")],
    [t("line.daysPastDue"), tell(profile, "daysPastDue")],
    [t("line.region"), tell(profile, "region", named("region"))],
    [t("line.industry"), tell(profile, "industry", named("industry"))],
    [t("line.purpose"), tell(profile, "purpose", named("loanPurpose"))],
    [t("line.tier"), tell(profile, "tier", named("customerTier"))],
    [t("line.product"), word("product", line.product)],
    [t("line.portfolio"), line.portfolio],
    [t("line.openedOn"), <Day key="opened" date={line.openedOn} />],
    [t("line.lastDecreaseOn"), <Day key="decrease" date={line.lastDecreaseOn} />],
  ];
  return (
    <Panel title={t("line.now")}>
      <Pairs pairs={pairs} />
    </Panel>
  );
}

function Facts({ id }: Readonly<{ id: string }>): ReactNode {
  const t = useText();
  const query = useRead(["lines", id, "facts"], () => reads.facts(id));
  return (
    <Panel title={t("line.facts")}>
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? <Nothing>{t("line.noFacts")}</Nothing> : <FactsTable facts={data} />
        }
      </Answered>
    </Panel>
  );
}

function FactsTable({ facts }: Readonly<{ facts: readonly Fact[] }>): ReactNode {
  const t = useText();
  const intl = useIntl();
  const { language } = useLook();
  const labels = useFactLabels();
  const valueOf = ({ name, value, text, withheld }: Fact): string => {
    if (withheld) return t("state.withheld");
    if (text !== null) return text[language];
    if (value === null) return "–";
    if (typeof value === "object") return moneyText(intl, value);
    if (typeof value === "string") return labels.value(name, value);
    return typeof value === "number" ? intl.formatNumber(value) : t(value ? "yes" : "no");
  };
  return (
    <DataTable
      caption={t("line.facts")}
      rows={facts}
      keyOf={({ name }) => name}
      columns={[
        { key: "label", title: t("line.fact"), cell: ({ label }) => label[language] },
        { key: "value", title: t("why.value"), figures: true, cell: valueOf },
        { key: "asOf", title: t("line.asOf"), cell: ({ asOf }) => <Day date={asOf} /> },
        {
          key: "age",
          title: t("line.age"),
          figures: true,
          cell: ({ ageDays }) => t("line.days", { count: ageDays }),
        },
      ]}
    />
  );
}

function Signals({ id }: Readonly<{ id: string }>): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <PartList<Signal>
      caption={t("line.signals")}
      queryKey={["lines", id, "signals"]}
      read={(asked) => reads.signals(id, asked)}
      keyOf={(signal) => `${signal.source} ${signal.id}`}
      path={`/v1/lines/${id}/signals`}
      empty="line.noSignals"
      columns={[
        { key: "asOf", title: t("line.asOf"), cell: ({ asOf }) => <Day date={asOf} /> },
        {
          key: "type",
          title: t("signal.type"),
          cell: ({ type, body: { topic, state } }) =>
            [
              word("signal", type),
              typeof topic === "string" ? word("complaintTopic", topic) : "",
              typeof state === "string" ? word("complaintState", state) : "",
            ]
              .filter(Boolean)
              .join(" · "),
        },
        { key: "source", title: t("signal.source"), cell: ({ source }) => source },
        {
          key: "at",
          title: t("signal.recordedAt"),
          cell: ({ recordedAt }) => <Moment at={recordedAt} />,
        },
      ]}
    />
  );
}
