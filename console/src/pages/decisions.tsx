// What was decided, about which line, and how far it has come.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type Decision, type Filters } from "../api/reads.ts";
import { actions, decisionStates, options } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { PartList } from "../parts/part-list.tsx";
import { ShortId } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";

const newestFirst = { order: "newest" } as const;

export function useDecisionColumns(): readonly Column<Decision>[] {
  const t = useText();
  return [
    {
      key: "id",
      title: t("decision.id"),
      cell: ({ id }) => <ShortId id={id} path={to.decision(id)} />,
    },
    {
      key: "outcome",
      title: t("decision.outcome"),
      cell: ({ outcome }) => <OutcomeText outcome={outcome} />,
    },
    {
      key: "state",
      title: t("decision.state"),
      cell: ({ state }) => <StateTag group="decisionState" state={state} />,
    },
    {
      key: "reason",
      title: t("decision.reason"),
      cell: ({ reasons }) => reasons[0]?.text ?? "–",
    },
    moneyColumn({
      key: "loss",
      title: t("decision.lossAvoided"),
      of: ({ assessment }) => assessment?.expectedLossAvoided,
    }),
    { key: "asOf", title: t("line.asOf"), cell: ({ asOf }) => <Day date={asOf} /> },
    { key: "madeAt", title: t("decision.madeAt"), cell: ({ madeAt }) => <Moment at={madeAt} /> },
    {
      key: "effective",
      title: t("decision.effectiveOn"),
      cell: ({ effectiveOn }) => <Day date={effectiveOn} />,
    },
    {
      key: "line",
      title: t("decision.line"),
      cell: ({ lineId }) => <ShortId id={lineId} path={to.line(lineId)} />,
    },
  ];
}

/** The decisions about one line or one customer, inside its page. */
export function DecisionsOf({ filters }: Readonly<{ filters: Filters }>): ReactNode {
  const t = useText();
  return (
    <PartList<Decision>
      caption={t("nav.decisions")}
      queryKey={["decisions", "part"]}
      read={reads.decisions}
      filters={{ ...newestFirst, ...filters }}
      columns={useDecisionColumns().filter(({ key }) => !["line", "loss"].includes(key))}
      keyOf={({ id }) => id}
      path="/v1/decisions"
      empty="decisions.none"
    />
  );
}

export function DecisionsPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      name: "state",
      label: "decision.state",
      options: options(word, "decisionState", decisionStates),
    },
    {
      kind: "choice",
      name: "action",
      label: "decision.action",
      options: options(word, "action", actions),
    },
    { kind: "text", name: "reason", label: "decision.reasonCode" },
    { kind: "text", name: "segment", label: "why.segment" },
    { kind: "date", name: "madeFrom", label: "decision.madeFrom" },
    { kind: "date", name: "madeTo", label: "decision.madeTo" },
    { kind: "text", name: "portfolio", label: "line.portfolio" },
    { kind: "text", name: "causeId", label: "decision.causeId" },
    { kind: "text", name: "experiment", label: "experiment.id" },
    { kind: "text", name: "arm", label: "experiment.arm" },
  ];
  return (
    <ListPage<Decision>
      title="nav.decisions"
      about={t("decisions.about")}
      actions={<Link to={to.sweeps()}>{t("nav.sweeps")}</Link>}
      kind="decisions"
      read={reads.decisions}
      columns={useDecisionColumns()}
      filters={filters}
      defaults={newestFirst}
      keyOf={({ id }) => id}
      path="/v1/decisions"
      empty="decisions.none"
    />
  );
}
