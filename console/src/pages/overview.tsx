// The portfolio as a whole: totals, what it is made of, and where decisions stand. Each number leads to its rows.
import { Fragment, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link, useNavigate } from "react-router";
import { reads, type Overview, type Slice } from "../api/reads.ts";
import { any, useFilters } from "../app/filters.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord, type TextKey } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { Chart } from "../parts/chart.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Day } from "../parts/moment.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

export function OverviewPage(): ReactNode {
  const t = useText();
  const url = useFilters();
  const query = useRead(["overview", url.asked], () => reads.overview(url.asked), { keep: true });
  return (
    <Answered query={query}>
      {(overview: Overview) => (
        <Page
          title={t("nav.overview")}
          about={
            <>
              {t("line.asOf")} <Day date={overview.asOf} />
            </>
          }
        >
          <FilterBar
            filters={[{ kind: "text", name: "portfolio", label: "line.portfolio" }]}
            url={url}
          />
          <Totals overview={overview} />
          <div className="charts">
            <Slices
              title="line.status"
              filter="status"
              slices={overview.byStatus}
              group="lineStatus"
            />
            <Slices title="line.delinquency" filter="delinquency" slices={overview.byDelinquency} />
            <Slices title="line.region" filter="region" slices={overview.byRegion} bySize />
            <Slices title="line.industry" filter="industry" slices={overview.byIndustry} bySize />
            <Slices title="line.purpose" filter="purpose" slices={overview.byPurpose} bySize />
            <Slices title="line.tier" filter="tier" slices={overview.byTier} />
            <Slices
              title="line.product"
              filter="product"
              slices={overview.byProduct}
              group="product"
            />
            <Scores overview={overview} />
          </div>
          <div className="charts">
            <Decisions overview={overview} />
            <Reasons overview={overview} />
          </div>
        </Page>
      )}
    </Answered>
  );
}

/** The portfolio that the page is narrowed to, which the lists behind its numbers are narrowed to as well. */
function usePortfolio(): string {
  return useFilters().get("portfolio");
}

function Totals({ overview }: Readonly<{ overview: Overview }>): ReactNode {
  const t = useText();
  const portfolio = usePortfolio();
  const intl = useIntl();
  const number = (count: number): string => intl.formatNumber(count);
  return (
    <dl className="figures-row totals">
      {overview.totals.map(({ currency, lines, limit, drawn }) => (
        <div key={currency}>
          <dt>
            {t("overview.lines")} {currency}
          </dt>
          <dd>
            <Link to={to.lines({ portfolio })}>{number(lines)}</Link>
          </dd>
          <dt>{t("line.limit")}</dt>
          <dd>
            <Link to={to.lines({ portfolio, sort: "-limit" })}>
              <Amount money={limit} whole />
            </Link>
          </dd>
          <dt>{t("line.drawn")}</dt>
          <dd>
            <Link to={to.lines({ portfolio, sort: "-drawn" })}>
              <Amount money={drawn} whole />
            </Link>
          </dd>
        </div>
      ))}
      <div>
        <dt>{t("overview.openReviews")}</dt>
        <dd>
          <Link to={to.reviews({ portfolio, desk: any })}>{number(overview.openReviews)}</Link>
        </dd>
        <dt>{t("overview.overdueReviews")}</dt>
        <dd>
          <Link to={to.reviews({ portfolio, desk: any, overdue: true })}>
            {number(overview.overdueReviews)}
          </Link>
        </dd>
        <dt>{t("overview.sweepsRunning")}</dt>
        <dd>
          <Link to={to.sweeps({ standing: "running" })}>{number(overview.sweeps.running)}</Link>
        </dd>
      </div>
      <Notices overview={overview} />
    </dl>
  );
}

function Notices({ overview }: Readonly<{ overview: Overview }>): ReactNode {
  const t = useText();
  const portfolio = usePortfolio();
  const word = useWord();
  const intl = useIntl();
  if (overview.noticesByState.length === 0) return null;
  return (
    <div>
      {overview.noticesByState.map(({ key, count }) => (
        <Fragment key={key}>
          <dt>
            {t("nav.notices")} · {word("noticeState", key)}
          </dt>
          <dd>
            <Link to={to.notices({ portfolio, state: key })}>{intl.formatNumber(count)}</Link>
          </dd>
        </Fragment>
      ))}
    </div>
  );
}

type SlicesProps = Readonly<{
  title: TextKey;
  /** name of the filter of the lines */
  filter: string;
  slices: readonly Slice[];
  /** words of the console for the keys; else those of the server */
  group?: string;
  /** the largest first; else the order of the server, where it means something */
  bySize?: boolean;
}>;

function Slices({ title, filter, slices: told, group, bySize = false }: SlicesProps): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const navigate = useNavigate();
  const { language } = useLook();
  const portfolio = usePortfolio();
  const linesOf = (key: string, sort?: string): string =>
    to.lines({ portfolio, [filter]: key, sort });
  const slices = bySize ? told.toSorted((one, other) => other.lines - one.lines) : told;
  const labelOf = ({ key, label }: Slice): string =>
    group === undefined ? label[language] : word(group, key);
  const mixed = new Set(slices.map(({ limit }) => limit.currency)).size > 1;
  const bars = slices.map((slice) => ({
    key: slice.key,
    // Lines of two currencies are counted apart, and each bar says whose it is.
    label: mixed ? `${labelOf(slice)} ${slice.limit.currency}` : labelOf(slice),
    value: slice.lines,
    text: intl.formatNumber(slice.lines),
  }));
  return (
    <Panel title={t(title)}>
      {slices.length === 0 ? (
        <Nothing>{t("overview.noFacts")}</Nothing>
      ) : (
        <>
          <Chart label={t(title)} bars={bars} onPick={(key) => void navigate(linesOf(key))} />
          <details>
            <summary>{t("overview.figures")}</summary>
            <DataTable
              caption={t(title)}
              rows={slices}
              keyOf={({ key, limit }) => `${key} ${limit.currency}`}
              columns={[
                {
                  key: "label",
                  title: t(title),
                  cell: (slice) => <Link to={linesOf(slice.key)}>{labelOf(slice)}</Link>,
                },
                {
                  key: "lines",
                  title: t("overview.lines"),
                  figures: true,
                  cell: ({ key, lines }) => (
                    <Link to={linesOf(key)}>{intl.formatNumber(lines)}</Link>
                  ),
                },
                ...(["limit", "drawn"] as const).map((name) =>
                  moneyColumn<Slice>({
                    ...{ key: name, title: t(`line.${name}`), whole: true },
                    of: (slice) => slice[name],
                    path: ({ key }) => linesOf(key, `-${name}`),
                  }),
                ),
              ]}
            />
          </details>
        </>
      )}
    </Panel>
  );
}

function Scores({ overview }: Readonly<{ overview: Overview }>): ReactNode {
  const t = useText();
  const intl = useIntl();
  const navigate = useNavigate();
  const bars = overview.scores.map(({ from, to: until, lines }) => ({
    key: `${from} ${until}`,
    label: `${from}–${until}`,
    value: lines,
    text: intl.formatNumber(lines),
  }));
  const portfolio = usePortfolio();
  const pick = (key: string): void => {
    const [scoreFrom, scoreTo] = key.split(" ");
    void navigate(to.lines({ portfolio, scoreFrom, scoreTo }));
  };
  return (
    <Panel title={t("line.score")}>
      {bars.length === 0 ? (
        <Nothing>{t("overview.noFacts")}</Nothing>
      ) : (
        <Chart label={t("line.score")} bars={bars} upright onPick={pick} />
      )}
    </Panel>
  );
}

function Decisions({ overview }: Readonly<{ overview: Overview }>): ReactNode {
  const t = useText();
  const portfolio = usePortfolio();
  const word = useWord();
  const intl = useIntl();
  const { byState, byAction } = overview.decisions;
  return (
    <Panel title={t("nav.decisions")}>
      <DataTable
        caption={t("decision.state")}
        rows={byState}
        keyOf={({ key }) => key}
        columns={[
          {
            key: "state",
            title: t("decision.state"),
            cell: ({ key }) => word("decisionState", key),
          },
          {
            key: "count",
            title: t("overview.count"),
            figures: true,
            cell: ({ key, count }) => (
              <Link to={to.decisions({ portfolio, state: key })}>{intl.formatNumber(count)}</Link>
            ),
          },
        ]}
      />
      <DataTable
        caption={t("decision.action")}
        rows={byAction}
        keyOf={({ key }) => key}
        columns={[
          { key: "action", title: t("decision.action"), cell: ({ key }) => word("action", key) },
          {
            key: "count",
            title: t("overview.count"),
            figures: true,
            cell: ({ key, count }) => (
              <Link to={to.decisions({ portfolio, action: key })}>{intl.formatNumber(count)}</Link>
            ),
          },
          moneyColumn<Overview["decisions"]["byAction"][number]>({
            key: "removed",
            title: t("sweep.removed"),
            of: ({ removed }) => removed,
            path: ({ key }) => to.decisions({ portfolio, action: key }),
            whole: true,
          }),
        ]}
      />
    </Panel>
  );
}

function Reasons({ overview }: Readonly<{ overview: Overview }>): ReactNode {
  const t = useText();
  const portfolio = usePortfolio();
  const intl = useIntl();
  const { language } = useLook();
  const { byReason } = overview.decisions;
  return (
    <Panel title={t("why.reasons")}>
      {byReason.length === 0 ? (
        <Nothing>{t("decisions.none")}</Nothing>
      ) : (
        <DataTable
          caption={t("why.reasons")}
          rows={byReason}
          keyOf={({ key }) => key}
          columns={[
            {
              key: "reason",
              title: t("decision.reason"),
              cell: ({ key, label }) => (
                <>
                  {label[language]} <code>{key}</code>
                </>
              ),
            },
            {
              key: "count",
              title: t("overview.count"),
              figures: true,
              cell: ({ key, count }) => (
                <Link to={to.decisions({ portfolio, reason: key })}>
                  {intl.formatNumber(count)}
                </Link>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
