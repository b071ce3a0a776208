// The lines behind a comparison: what the live strategy said about each, and what the one in the shadow said.
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { reads, type ComparedLine } from "../api/reads.ts";
import { options } from "../app/choices.ts";
import { useFactLabels } from "../app/fact-labels.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { ShortId } from "../parts/short-id.tsx";

const said = ["none", "decrease", "freeze", "close", "unevaluable"] as const;
const swaps = ["in", "out", "harsher", "milder", "same"] as const;

export function ComparedLinesPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const { id = "" } = useParams();
  const filters: readonly Filter[] = [
    {
      ...{ kind: "choice", name: "swap", label: "compare.who" },
      options: options(word, "swap", swaps),
    },
    {
      ...{ kind: "choice", name: "live", label: "compare.live" },
      options: options(word, "action", said),
    },
    {
      ...{ kind: "choice", name: "shadow", label: "compare.shadow" },
      options: options(word, "action", said),
    },
    { kind: "text", name: "segment", label: "why.segment" },
  ];
  return (
    <ListPage<ComparedLine>
      title="compare.lines"
      about={t("compare.linesAbout")}
      actions={<Link to={to.sweep(id)}>{t("sweep.title")}</Link>}
      kind={`compared ${id}`}
      read={(asked) => reads.comparedLines(id, asked)}
      columns={useColumns()}
      filters={filters}
      keyOf={({ lineId }) => lineId}
      path={`/v1/sweeps/${id}/comparison/lines`}
      empty="compare.noLines"
    />
  );
}

function useColumns(): readonly Column<ComparedLine>[] {
  const t = useText();
  const word = useWord();
  const labels = useFactLabels();
  const side = (of: "live" | "shadow"): readonly Column<ComparedLine>[] => [
    { key: of, title: t(`compare.${of}`), cell: (line) => word("action", line[of].action) },
    moneyColumn({
      ...{ key: `${of}To`, title: t("compare.limitAfter") },
      of: (line) => line[of].to,
    }),
    moneyColumn({
      ...{ key: `${of}Removed`, title: t(`compare.${of}Removed`) },
      of: (line) => line[of].removed,
    }),
    {
      key: `${of}Reasons`,
      title: t("compare.reasons"),
      cell: (line) => line[of].reasons.join(" "),
    },
  ];
  return [
    {
      key: "line",
      title: t("decision.line"),
      cell: ({ lineId }) => <ShortId id={lineId} path={to.line(lineId)} />,
    },
    { key: "segment", title: t("why.segment"), cell: ({ segment }) => labels.part(segment) },
    ...side("live"),
    ...side("shadow"),
  ];
}
