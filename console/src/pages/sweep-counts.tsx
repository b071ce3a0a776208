// The counts of a sweep, each a way to its rows where there are any, what it removes by segment, and what was refused
// and why.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import type { Sweep } from "../api/reads.ts";
import { useFactLabels } from "../app/fact-labels.ts";
import { to } from "../app/paths.ts";
import { useText, useWord, type TextKey } from "../app/text.ts";
import { moneyColumn } from "../parts/money-column.tsx";
import { DataTable } from "../parts/data-table.tsx";

type Counts = Sweep["counts"];
type SweepCountsProps = Readonly<{ counts: Counts; id?: string }>;

export function SweepCounts({ counts, id }: SweepCountsProps): ReactNode {
  const t = useText();
  const intl = useIntl();
  const rows: readonly (readonly [TextKey, number, string | null])[] = [
    ["sweep.planned", counts.planned, null],
    ["sweep.evaluated", counts.evaluated, null],
    ["sweep.unchanged", counts.unchanged, null],
    ["sweep.proposed", counts.proposed, to.decisions({ causeId: id })],
    ["sweep.paced", counts.paced, to.decisions({ causeId: id, state: "paced" })],
    ["sweep.toReview", counts.toReview, to.reviews({ causeId: id })],
    ["sweep.straightThrough", counts.straightThrough, to.notices({ causeId: id })],
    ...(counts.held === 0
      ? []
      : ([["sweep.held", counts.held, to.decisions({ causeId: id, state: "approved" })]] as const)),
  ];
  return (
    <>
      <dl className="figures-row">
        {rows.map(([label, count, path]) => (
          <div key={label}>
            <dt>{t(label)}</dt>
            <dd>
              {path === null || id === undefined ? (
                intl.formatNumber(count)
              ) : (
                <Link to={path}>{intl.formatNumber(count)}</Link>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <div className="columns">
        <Removed counts={counts} {...(id === undefined ? {} : { id })} />
        <Refused counts={counts} />
      </div>
    </>
  );
}

function Removed({ counts, id }: SweepCountsProps): ReactNode {
  const t = useText();
  const labels = useFactLabels();
  const rows = Object.entries(counts.removedBySegment);
  if (rows.length === 0) return null;
  return (
    <DataTable
      caption={t("sweep.removed")}
      rows={rows}
      keyOf={([segment]) => segment}
      columns={[
        { key: "segment", title: t("why.segment"), cell: ([segment]) => labels.part(segment) },
        moneyColumn<(typeof rows)[number]>({
          key: "removed",
          title: t("sweep.removed"),
          of: ([, money]) => money,
          ...(id === undefined
            ? {}
            : { path: ([segment]) => to.decisions({ causeId: id, segment }) }),
        }),
      ]}
    />
  );
}

function Refused({ counts }: Readonly<{ counts: Counts }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const labels = useFactLabels();
  const rows = Object.entries(counts.refused);
  const named = (code: string): string => {
    const label = labels.part(code);
    return label === code ? word("refusal", code) : label;
  };
  if (rows.length === 0) return null;
  return (
    <DataTable
      caption={t("sweep.refused")}
      rows={rows}
      keyOf={([code]) => code}
      columns={[
        { key: "code", title: t("sweep.refused"), cell: ([code]) => named(code) },
        {
          key: "count",
          title: t("sweep.lines"),
          figures: true,
          cell: ([, count]) => intl.formatNumber(count),
        },
      ]}
    />
  );
}
