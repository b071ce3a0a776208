// A strategy that ran in the shadow of a sweep against the live one: who changes, by outcome, by segment and by reason. Every
// count leads to its lines.
import { useId, useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link, useNavigate } from "react-router";
import { reads, type Comparison, type Sweep } from "../api/reads.ts";
import { useFactLabels } from "../app/fact-labels.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Chart } from "../parts/chart.tsx";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Panel } from "../parts/page.tsx";
import { Answered } from "../parts/states.tsx";

const changing = ["in", "out", "harsher", "milder"] as const;

export function SweepComparison({ sweep }: Readonly<{ sweep: Sweep }>): ReactNode {
  const t = useText();
  const id = useId();
  const [chosen, setChosen] = useState(0);
  const shadow = sweep.shadows[chosen];
  if (shadow === undefined) return null;
  return (
    <Panel title={t("compare.title")}>
      {sweep.shadows.length > 1 && (
        <>
          <label htmlFor={id}>{t("compare.shadow")}</label>{" "}
          <select
            id={id}
            value={chosen}
            onChange={(event) => setChosen(Number(event.target.value))}
          >
            {sweep.shadows.map((one, at) => (
              <option key={one.hash} value={at}>
                {one.id} v{one.version}
              </option>
            ))}
          </select>
        </>
      )}
      <OfShadow sweep={sweep} shadow={shadow} />
    </Panel>
  );
}

type OfOne = Readonly<{ sweep: Sweep; shadow: Sweep["shadows"][number] }>;

function OfShadow({ sweep, shadow }: OfOne): ReactNode {
  const t = useText();
  const intl = useIntl();
  const { id, state } = sweep;
  // A sweep that goes on has more to compare at each look.
  const query = useRead(["sweeps", id, "comparison", shadow.hash, state], () =>
    reads.comparison(id, shadow.id, shadow.version),
  );
  return (
    <Answered query={query}>
      {(found) => (
        <>
          <p className="quiet">
            {t("compare.about", {
              ...{ live: `${found.live.id} v${found.live.version}` },
              ...{ shadow: `${shadow.id} v${shadow.version}` },
              ...{ lines: intl.formatNumber(found.lines) },
              ...{ heldOut: intl.formatNumber(found.heldOut) },
            })}
          </p>
          <Swaps found={found} />
          <Matrix found={found} />
          <Segments found={found} />
          <Reasons found={found} />
        </>
      )}
    </Answered>
  );
}

type OfFound = Readonly<{ found: Comparison }>;

/** The address of the lines behind a count. */
function linesOf({ sweepId, shadow }: Comparison, filters: Record<string, string>): string {
  const { id: strategy, version } = shadow;
  return to.compared(sweepId, { strategy, version, ...filters });
}

function useRemoved<
  Row extends Readonly<{
    liveRemoved: Comparison["swaps"]["in"]["liveRemoved"];
    shadowRemoved: Comparison["swaps"]["in"]["shadowRemoved"];
  }>,
>(): readonly Column<Row>[] {
  const t = useText();
  return [
    moneyColumn<Row>({
      ...{ key: "live", title: t("compare.liveRemoved"), whole: true },
      of: ({ liveRemoved }) => liveRemoved,
    }),
    moneyColumn<Row>({
      ...{ key: "shadow", title: t("compare.shadowRemoved"), whole: true },
      of: ({ shadowRemoved }) => shadowRemoved,
    }),
  ];
}

function Swaps({ found }: OfFound): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const navigate = useNavigate();
  const bars = changing.map((swap) => {
    const { lines } = found.swaps[swap];
    return { key: swap, label: word("swap", swap), value: lines, text: intl.formatNumber(lines) };
  });
  const rows = [...changing, "same" as const].map((swap) => ({ swap, ...found.swaps[swap] }));
  return (
    <>
      <Chart
        label={t("compare.who")}
        bars={bars}
        onPick={(swap) => void navigate(linesOf(found, { swap }))}
      />
      <DataTable
        caption={t("compare.who")}
        rows={rows}
        keyOf={({ swap }) => swap}
        columns={[
          { key: "swap", title: t("compare.who"), cell: ({ swap }) => word("swap", swap) },
          {
            key: "lines",
            title: t("sweep.lines"),
            figures: true,
            cell: ({ swap, lines }) => (
              <Count found={found} lines={lines} filters={{ swap }} linked={swap !== "same"} />
            ),
          },
          ...useRemoved<(typeof rows)[number]>(),
        ]}
      />
    </>
  );
}

type CountProps = OfFound &
  Readonly<{ lines: number; filters: Record<string, string>; linked?: boolean }>;

/** Lines that both strategies leave as they are were only counted. */
function Count({ found, lines, filters, linked = true }: CountProps): ReactNode {
  const intl = useIntl();
  const text = intl.formatNumber(lines);
  return linked && lines > 0 ? <Link to={linesOf(found, filters)}>{text}</Link> : text;
}

function Matrix({ found }: OfFound): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <DataTable
      caption={t("compare.matrix")}
      rows={found.matrix}
      keyOf={({ live, shadow }) => `${live} ${shadow}`}
      columns={[
        { key: "from", title: t("compare.live"), cell: ({ live }) => word("action", live) },
        { key: "to", title: t("compare.shadow"), cell: ({ shadow }) => word("action", shadow) },
        {
          key: "lines",
          title: t("sweep.lines"),
          figures: true,
          cell: ({ live, shadow, lines }) => {
            const linked = live !== "none" || shadow !== "none";
            return <Count found={found} lines={lines} filters={{ live, shadow }} linked={linked} />;
          },
        },
        ...useRemoved<Comparison["matrix"][number]>(),
      ]}
    />
  );
}

function Segments({ found }: OfFound): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const labels = useFactLabels();
  type Row = Comparison["segments"][number];
  const counts = changing.map((swap): Column<Row> => ({
    ...{ key: swap, title: word("swap", swap), figures: true },
    cell: ({ segment, [swap]: lines }) => (
      <Count found={found} lines={lines} filters={segment === "" ? { swap } : { segment, swap }} />
    ),
  }));
  return (
    <DataTable
      caption={t("why.segment")}
      rows={found.segments}
      keyOf={({ segment }) => segment}
      columns={[
        { key: "segment", title: t("why.segment"), cell: ({ segment }) => labels.part(segment) },
        {
          key: "all",
          title: t("sweep.lines"),
          figures: true,
          cell: ({ lines }) => intl.formatNumber(lines),
        },
        ...counts,
        ...useRemoved<Row>(),
      ]}
    />
  );
}

function Reasons({ found }: OfFound): ReactNode {
  const t = useText();
  const count = (side: "live" | "shadow"): Column<Comparison["reasons"][number]> => ({
    ...{ key: side, title: t(`compare.${side}`), figures: true },
    cell: (row) => (
      <Count found={found} lines={row[side]} filters={{ [`${side}Reason`]: row.code }} />
    ),
  });
  return (
    <DataTable
      caption={t("compare.reasons")}
      rows={found.reasons}
      keyOf={({ code }) => code}
      columns={[
        { key: "reason", title: t("compare.reasons"), cell: ({ text }) => text },
        count("live"),
        count("shadow"),
      ]}
    />
  );
}
