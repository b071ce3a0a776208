// The sections about the lines themselves: totals against kept reports, what the strategies could speak of, and lines
// and exposure by every dimension.

import type {
  Amounts,
  Earlier,
  ReportDimension,
  ReportGroup,
  Since,
} from "../../portfolio/report-document.ts";
import type { ViewParts, ViewSection, ViewTable } from "./view-shape.ts";
import {
  amountChangeText,
  amountText,
  changeText,
  countText,
  shareE4,
  shareText,
} from "./view-numbers.ts";

/** Totals, their change since kept reports, and how many lines a strategy could speak of. */
export function summarySection(parts: ViewParts): ViewSection {
  const { say, report } = parts;
  const sinces = ["day", "month"] as const;
  const missing = sinces
    .filter((since) => report.earlier[since] === null)
    .map((since) => say("summary.notKept", { date: dateOf(parts, since) }));
  return {
    id: "summary",
    title: say("summary.title"),
    notes: [
      say("summary.lines", {
        lines: countText(report.lines),
        openLines: countText(report.openLines),
      }),
      ...missing,
    ],
    charts: [],
    tables: [
      totalsTable(parts),
      ...sinces.flatMap((since) => {
        const earlier = report.earlier[since];
        return earlier === null ? [] : [changesTable(parts, since, earlier)];
      }),
      evaluableTable(parts),
    ],
  };
}

function dateOf({ report }: ViewParts, since: Since): string {
  return since === "day" ? report.dayBefore : report.monthBefore;
}

const sums = ["limitMinor", "drawnMinor", "exposureMinor"] as const;

function totalsTable({ say, report }: ViewParts): ViewTable {
  return {
    caption: say("summary.totals"),
    columns: [
      { label: say("column.currency"), number: false },
      { label: say("column.lines"), number: true },
      ...sums.map((sum) => ({ label: say(`column.${sum}`), number: true })),
    ],
    rows: report.amounts.map((one) => [
      one.currency,
      countText(one.lines),
      ...sums.map((sum) => amountText(one[sum], one.currency)),
    ]),
  };
}

function changesTable({ say, report }: ViewParts, since: Since, earlier: Earlier): ViewTable {
  const before = new Map(earlier.amounts.map((one) => [one.currency, one]));
  return {
    caption: say(`summary.since.${since}`, { date: earlier.asOf }),
    columns: totalsTable({ say, report, language: "en" }).columns,
    rows: report.amounts.map((one) => {
      const old = before.get(one.currency);
      return [
        one.currency,
        changeText(one.lines - (old?.lines ?? 0)),
        ...sums.map((sum) => amountChangeText(one[sum] - (old?.[sum] ?? 0), one.currency)),
      ];
    }),
  };
}

function evaluableTable({ say, report }: ViewParts): ViewTable {
  const { evaluable, openLines } = report;
  const names = ["evaluated", "excluded", "wouldAct", "notEvaluable", "withoutStrategy"] as const;
  return {
    caption: say("evaluable.caption"),
    columns: [
      { label: say("column.what"), number: false },
      { label: say("column.lines"), number: true },
      { label: say("column.share"), number: true },
    ],
    rows: names.map((name) => [
      say(`evaluable.${name}`),
      countText(evaluable[name]),
      shareText(shareE4(evaluable[name], openLines)),
    ]),
  };
}

/** One section with a table for each dimension that somebody has, and a note for each that nobody has. */
export function linesSections(parts: ViewParts): readonly ViewSection[] {
  const { say, report } = parts;
  const known = report.dimensions.filter((one) => one.known);
  const absent = report.dimensions.filter((one) => !one.known);
  return [
    {
      id: "lines",
      title: say("lines.title"),
      notes: absent.map((one) =>
        one.fact === null
          ? say("lines.noSuch", { dimension: dimensionLabel(parts, one) })
          : say("factAbsent", { label: dimensionLabel(parts, one), fact: one.fact }),
      ),
      charts: [],
      tables: known.map((one) => dimensionTable(parts, one)),
    },
  ];
}

function dimensionLabel({ say, language }: ViewParts, { id, label }: ReportDimension): string {
  return label === null ? say(`dimension.${id}`) : label[language];
}

function dimensionTable(parts: ViewParts, dimension: ReportDimension): ViewTable {
  const { say, report } = parts;
  const whole = dimension.groups.reduce((sum, { lines }) => sum + lines, 0);
  const label = dimensionLabel(parts, dimension);
  return groupsTable(
    parts,
    say("lines.by", { dimension: label }),
    label,
    dimension.groups.map((group) => ({
      name: groupName(parts, dimension, group),
      lines: group.lines,
      amounts: group.amounts,
    })),
    whole === 0 ? report.openLines : whole,
  );
}

/** Rows of lines and amounts; the currency has a column where there are several. */
export function groupsTable(
  { say, report }: ViewParts,
  caption: string,
  label: string,
  groups: readonly Readonly<{ name: string; lines: number; amounts: readonly Amounts[] }>[],
  whole: number,
): ViewTable {
  const several = report.amounts.length > 1;
  const [only] = report.amounts;
  return {
    caption: several || only === undefined ? caption : `${caption} (${only.currency})`,
    columns: [
      { label, number: false },
      ...(several ? [{ label: say("column.currency"), number: false }] : []),
      { label: say("column.lines"), number: true },
      { label: say("column.share"), number: true },
      ...sums.map((sum) => ({ label: say(`column.${sum}`), number: true })),
    ],
    rows: groups.flatMap(({ name, amounts }) =>
      amounts.map((one) => [
        name,
        ...(several ? [one.currency] : []),
        countText(one.lines),
        shareText(shareE4(one.lines, whole)),
        ...sums.map((sum) => amountText(one[sum], one.currency)),
      ]),
    ),
  };
}

function groupName(
  { say, language }: ViewParts,
  { id }: ReportDimension,
  group: ReportGroup,
): string {
  const { key, label } = group;
  if (key === "") return say(id === "segment" || id === "grade" ? "notEvaluable" : "unknown");
  if (key === "*") return say("others");
  if (id === "status") return say(`status.${key}`);
  return label === null ? key : label[language];
}
