// Lines by name that a sweep would change: a count alone hides what it means.
import type { SweepPreview } from "../api/reads.ts";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
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
