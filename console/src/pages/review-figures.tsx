// Figures over reviewers: agreement, time, overrides and appeals, by person and by month. How few a figure rests on is said with it.
import type { ReactNode } from "react";
import { useIntl, type IntlShape } from "react-intl";
import { reads, type ReviewFigures } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText, type Say } from "../app/text.ts";
import { percentText } from "../parts/amount.tsx";
import { Chart, type Bar } from "../parts/chart.tsx";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { FilterBar, type Filter } from "../parts/filter-bar.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

const filters: readonly Filter[] = [
  { kind: "date", name: "from", label: "figures.from" },
  { kind: "date", name: "to", label: "figures.to" },
];

export function ReviewFiguresPage(): ReactNode {
  const t = useText();
  const url = useFilters();
  const query = useRead(
    ["reviews", "figures", url.asked],
    () => reads.reviewStatistics(url.asked),
    { keep: true },
  );
  return (
    <Page title={t("nav.reviewFigures")} about={t("figures.about")}>
      <FilterBar filters={filters} url={url} />
      <Answered query={query}>
        {({ total, byReviewer, byMonth }) =>
          total.verdicts + total.opinions + total.appeals === 0 ? (
            <Nothing>{t("figures.none")}</Nothing>
          ) : (
            <>
              <ByReviewer total={total} rows={byReviewer} />
              <ByMonth rows={byMonth} />
            </>
          )
        }
      </Answered>
    </Page>
  );
}

type Row = Readonly<{ key: string; figures: ReviewFigures }>;

type ByReviewerProps = Readonly<{
  total: ReviewFigures;
  rows: readonly Readonly<{ reviewer: string; figures: ReviewFigures }>[];
}>;

const all = "all";

function ByReviewer({ total, rows }: ByReviewerProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const staff = useRead(["staff"], reads.staff);
  const nameOf = (id: string): string =>
    staff.data?.data.find((one) => one.id === id)?.name[language] ?? id.slice(-8);
  const listed: readonly Row[] = [
    ...rows.map(({ reviewer, figures }) => ({ key: reviewer, figures })),
    { key: all, figures: total },
  ];
  return (
    <Panel title={t("figures.byReviewer")}>
      <Plots rows={listed.filter(({ key }) => key !== all)} nameOf={nameOf} />
      <FiguresTable
        caption={t("figures.byReviewer")}
        head={t("figures.reviewer")}
        rows={listed}
        name={({ key }) => (key === all ? t("figures.total") : <Who id={key} />)}
      />
    </Panel>
  );
}

type ByMonthProps = Readonly<{
  rows: readonly Readonly<{ month: string; figures: ReviewFigures }>[];
}>;

function ByMonth({ rows }: ByMonthProps): ReactNode {
  const t = useText();
  const listed = rows.map(({ month, figures }) => ({ key: month, figures }));
  return (
    <Panel title={t("figures.byMonth")}>
      <Plots rows={listed} nameOf={(month) => month} upright />
      <FiguresTable
        caption={t("figures.byMonth")}
        head={t("figures.month")}
        rows={listed}
        name={({ key }) => key}
      />
    </Panel>
  );
}

type PlotsProps = Readonly<{
  rows: readonly Row[];
  nameOf: (key: string) => string;
  upright?: boolean;
}>;

function Plots({ rows, nameOf, upright = false }: PlotsProps): ReactNode {
  const t = useText();
  const intl = useIntl();
  const bars = (
    valueOf: (figures: ReviewFigures) => number | null,
    textOf: (value: number) => string,
  ): readonly Bar[] =>
    rows.flatMap(({ key, figures }) => {
      const value = valueOf(figures);
      const label = `${nameOf(key)}${figures.few ? " *" : ""}`;
      return value === null ? [] : [{ key, label, value, text: textOf(value) }];
    });
  const agreement = bars(
    ({ agreementBp }) => agreementBp,
    (bp) => percentText(intl, bp),
  );
  const time = bars(
    ({ medianSeconds }) => (medianSeconds === null ? null : medianSeconds / 3_600),
    (hours) => hoursText(intl, t, hours * 3_600),
  );
  return (
    <div className="plots">
      <figure>
        <figcaption>{t("figures.agreementChart")}</figcaption>
        <Chart label={t("figures.agreementChart")} bars={agreement} upright={upright} />
      </figure>
      <figure>
        <figcaption>{t("figures.timeChart")}</figcaption>
        <Chart label={t("figures.timeChart")} bars={time} upright={upright} />
      </figure>
    </div>
  );
}

function hoursText(intl: IntlShape, t: Say, seconds: number): string {
  const hours = intl.formatNumber(seconds / 3_600, { maximumFractionDigits: 1 });
  return t("figures.hours", { hours });
}

type FiguresTableProps = Readonly<{
  caption: string;
  head: string;
  rows: readonly Row[];
  name: (row: Row) => ReactNode;
}>;

function FiguresTable({ caption, head, rows, name }: FiguresTableProps): ReactNode {
  const t = useText();
  const intl = useIntl();
  const share = (bp: number | null): string => (bp === null ? "–" : percentText(intl, bp));
  const time = (seconds: number | null): string =>
    seconds === null ? "–" : hoursText(intl, t, seconds);
  const figure = (
    key: string,
    title: string,
    cell: (figures: ReviewFigures) => ReactNode,
  ): Column<Row> => ({ key, title, figures: true, cell: (row) => cell(row.figures) });
  const columns: readonly Column<Row>[] = [
    {
      key: "name",
      title: head,
      cell: (row) => (
        <>
          {name(row)} {row.figures.few && "*"}
        </>
      ),
    },
    figure("verdicts", t("figures.verdicts"), ({ verdicts }) => verdicts),
    figure("agreement", t("figures.agreement"), ({ agreementBp }) => share(agreementBp)),
    figure("override", t("figures.override"), ({ overrideBp }) => share(overrideBp)),
    figure("median", t("figures.median"), ({ medianSeconds }) => time(medianSeconds)),
    figure("p90", t("figures.p90"), ({ p90Seconds }) => time(p90Seconds)),
    figure("opinions", t("figures.opinions"), ({ opinions }) => opinions),
    figure("true", t("figures.opinionsTrue"), ({ opinionsTrueBp }) => share(opinionsTrueBp)),
    figure("appeals", t("figures.appeals"), ({ appeals }) => appeals),
    figure("overturned", t("figures.overturned"), ({ appeals, overturned, overturnedBp }) =>
      appeals === 0 ? "–" : `${overturned} (${share(overturnedBp)})`,
    ),
  ];
  return (
    <>
      <DataTable caption={caption} rows={rows} keyOf={({ key }) => key} columns={columns} />
      {rows.some(({ figures }) => figures.few) && <p className="quiet">* {t("figures.few")}</p>}
    </>
  );
}
