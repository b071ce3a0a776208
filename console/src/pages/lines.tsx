// The credit lines of the portfolio, with what they are grouped by.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { reads, type Line } from "../api/reads.ts";
import { delinquencies, lineStatuses, options } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useProfileField, type TellField } from "../app/profile.ts";
import { useFactLabels, type FactLabels } from "../app/fact-labels.ts";
import { useText, useWord, type Say, type TextKey, type Word } from "../app/text.ts";
import { percentText } from "../parts/amount.tsx";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { StateTag } from "../parts/state-tag.tsx";

type Words = Readonly<{
  t: Say;
  word: Word;
  labels: FactLabels;
  percent: (basisPoints: number) => string;
  tell: TellField;
}>;

/** Columns of a list of lines; the customer's page shows the same. */
export function useLineColumns(): readonly Column<Line>[] {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const labels = useFactLabels();
  const percent = (basisPoints: number): string => percentText(intl, basisPoints);
  const words = { t, word, labels, percent, tell: useProfileField() };
  return [...ownColumns(words), ...profileColumns(words)];
}

function ownColumns({ t, word }: Words): readonly Column<Line>[] {
  return [
    {
      key: "reference",
      title: t("line.reference"),
      sort: "reference",
      cell: (line) => <Link to={to.line(line.id)}>{line.reference}</Link>,
    },
    {
      key: "status",
      title: t("line.status"),
      cell: (line) => <StateTag group="lineStatus" state={line.status} />,
    },
    { key: "product", title: t("line.product"), cell: (line) => word("product", line.product) },
    moneyColumn({ key: "limit", title: t("line.limit"), of: (line) => line.limit, sort: "limit" }),
    moneyColumn({ key: "drawn", title: t("line.drawn"), of: (line) => line.drawn, sort: "drawn" }),
  ];
}

function profileColumns({ t, labels, percent, tell }: Words): readonly Column<Line>[] {
  return [
    {
      key: "utilisation",
      title: t("line.utilisation"),
      figures: true,
      sort: "utilisation",
      cell: ({ profile }) => tell(profile, "utilisation", percent),
    },
    {
      key: "score",
      title: t("line.score"),
      figures: true,
      sort: "score",
      cell: ({ profile }) => tell(profile, "score"),
    },
    {
      key: "daysPastDue",
      title: t("line.daysPastDue"),
      figures: true,
      sort: "daysPastDue",
      cell: ({ profile }) => tell(profile, "daysPastDue"),
    },
    {
      key: "region",
      title: t("line.region"),
      cell: ({ profile }) => tell(profile, "region", (value) => labels.value("region", value)),
    },
    {
      key: "industry",
      title: t("line.industry"),
      cell: ({ profile }) => tell(profile, "industry", (value) => labels.value("industry", value)),
    },
    {
      key: "customer",
      title: t("line.customer"),
      cell: (line) => <Link to={to.customer(line.customerId)}>{line.customerReference}</Link>,
    },
  ];
}

/** Filters of a fact with listed values; a free text where no strategy lists them. */
function factFilter(labels: FactLabels, fact: string, name: string, label: TextKey): Filter {
  const listed = labels.options(fact);
  return listed.length > 0
    ? { kind: "choice", name, label, options: listed }
    : { kind: "text", name, label };
}

function useLineFilters(): readonly Filter[] {
  const word = useWord();
  const labels = useFactLabels();
  const statuses = options(word, "lineStatus", lineStatuses);
  const buckets = delinquencies.map((value) => ({ value, label: value }));
  return [
    { kind: "text", name: "q", label: "line.referenceBegins" },
    { kind: "choice", name: "status", label: "line.status", options: statuses },
    { kind: "choice", name: "delinquency", label: "line.delinquency", options: buckets },
    factFilter(labels, "region", "region", "line.region"),
    factFilter(labels, "industry", "industry", "line.industry"),
    factFilter(labels, "loanPurpose", "purpose", "line.purpose"),
    factFilter(labels, "customerTier", "tier", "line.tier"),
    { kind: "text", name: "product", label: "line.product" },
    { kind: "text", name: "portfolio", label: "line.portfolio" },
    { kind: "number", name: "scoreFrom", label: "line.scoreFrom" },
    { kind: "number", name: "scoreTo", label: "line.scoreTo" },
  ];
}

export function LinesPage(): ReactNode {
  const t = useText();
  return (
    <ListPage<Line>
      title="nav.lines"
      about={t("lines.about")}
      kind="lines"
      read={reads.lines}
      columns={useLineColumns()}
      filters={useLineFilters()}
      keyOf={({ id }) => id}
      path="/v1/lines"
      empty="lines.none"
    />
  );
}
