// What a sweep would do: how many lines, which amounts, and lines by name, because a count alone hides what it means.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import type { Money, SweepPreview } from "../api/reads.ts";
import { Link } from "react-router";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Nothing } from "../parts/states.tsx";

type SweepExamplesProps = Readonly<{ examples: SweepPreview["examples"] }>;

export function SweepExamples({ examples }: SweepExamplesProps): ReactNode {
  const t = useText();
  const word = useWord();
  if (examples.length === 0) return <Nothing>{t("sweep.noExamples")}</Nothing>;
  return (
    <DataTable
      caption={t("sweep.examples")}
      rows={examples}
      keyOf={({ lineId }) => lineId}
      columns={[
        {
          key: "reference",
          title: t("line.reference"),
          cell: ({ lineId, reference }) => <Link to={to.line(lineId)}>{reference}</Link>,
        },
        {
          key: "action",
          title: t("decision.action"),
          cell: ({ action }) => word("action", action),
        },
        moneyColumn<SweepPreview["examples"][number]>({
          key: "from",
          title: t("outcome.from"),
          of: ({ from }) => from,
        }),
        moneyColumn<SweepPreview["examples"][number]>({
          key: "to",
          title: t("outcome.limitAfter"),
          of: ({ to: after }) => after,
        }),
        {
          key: "reason",
          title: t("decision.reason"),
          cell: ({ reason }) => reason?.text ?? "–",
        },
      ]}
    />
  );
}

/** In a dialog, before it is done. */
export function SweepWould({ preview }: Readonly<{ preview: SweepPreview }>): ReactNode {
  const { counts, examples } = preview;
  return (
    <>
      <SweepTotal counts={counts} />
      <SweepExamples examples={examples.slice(0, 3)} />
    </>
  );
}

type Counts = SweepPreview["counts"];

/** How many proposals, and what they take away. */
export function SweepTotal({ counts }: Readonly<{ counts: Counts }>): ReactNode {
  const t = useText();
  const intl = useIntl();
  return (
    <p>
      {t("sweep.proposed")} <strong>{intl.formatNumber(counts.proposed)}</strong> ·{" "}
      {t("sweep.removed")}{" "}
      {removedOf(counts).map((money) => (
        <strong key={money.currency}>
          <Amount money={money} whole />
        </strong>
      ))}
    </p>
  );
}

/** What the proposals would remove over all segments, by currency. */
function removedOf({ removedBySegment }: Counts): readonly Money[] {
  const sums = new Map<Money["currency"], number>();
  for (const { amount, currency } of Object.values(removedBySegment)) {
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
  }
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
