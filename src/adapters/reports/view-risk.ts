// The sections about risk: delinquency buckets and roll rates, scores and their drift, and the lines that moved most.

import { delinquencyBuckets } from "../../domain/line-profile.ts";
import { sum } from "../../domain/sum.ts";
import { rollRates } from "../../model/roll-rate.ts";
import type { Mover, ReportRoll, ReportScore } from "../../portfolio/report-document.ts";
import type { ViewChart, ViewParts, ViewSection, ViewTable } from "./view-shape.ts";
import { groupsTable } from "./view-lines.ts";
import {
  amountText,
  countText,
  indexText,
  scaledText,
  shareE4,
  shareText,
} from "./view-numbers.ts";

export function riskSections(parts: ViewParts): readonly ViewSection[] {
  return [delinquencySection(parts), scoresSection(parts), moversSection(parts)];
}

function delinquencySection(parts: ViewParts): ViewSection {
  const { say, report } = parts;
  const { delinquency } = report;
  const section = { id: "delinquency", title: say("delinquency.title") };
  if (!delinquency.known) {
    const notes = [say("factAbsent", { label: say("delinquency.label"), fact: "daysPastDue" })];
    return { ...section, notes, charts: [], tables: [] };
  }
  const groups = delinquency.buckets.map(({ bucket, lines, amounts }) => ({
    ...{ name: bucket ?? say("unknown"), lines, amounts },
  }));
  const caption = say("delinquency.caption");
  return {
    ...section,
    notes: [],
    charts: [delinquencyChart(parts)],
    tables: [
      groupsTable(parts, caption, say("delinquency.bucket"), groups, report.openLines),
      ...delinquency.rolls.map((roll) => rollTable(parts, roll)),
    ],
  };
}

/** Lines past due only: those that are not would hide all others. */
function delinquencyChart({ say, report }: ViewParts): ViewChart {
  const overdue = report.delinquency.buckets.filter(
    ({ bucket }) => bucket !== null && bucket !== "M0",
  );
  return {
    id: "delinquency",
    title: say("delinquency.chart"),
    categories: overdue.map(({ bucket }) => bucket!),
    series: [{ name: say("column.lines"), values: overdue.map(({ lines }) => lines) }],
  };
}

function rollTable({ say }: ViewParts, { since, from, counts, unknown }: ReportRoll): ViewTable {
  const rates = rollRates(counts).filter(({ lines }) => lines > 0);
  const left = countText(unknown);
  return {
    caption: say(`roll.${since}`, { date: from, unknown: left }),
    columns: [
      { label: say("roll.from"), number: false },
      ...["column.lines", "roll.better", "roll.same", "roll.worse"].map((key) => ({
        label: say(key),
        number: true,
      })),
      ...delinquencyBuckets.map((bucket) => ({ label: `→ ${bucket}`, number: true })),
    ],
    rows: rates.map((rate) => [
      rate.from,
      countText(rate.lines),
      ...[rate.betterE4, rate.sameE4, rate.worseE4, ...rate.toE4].map(shareText),
    ]),
  };
}

function scoresSection(parts: ViewParts): ViewSection {
  const { say, report } = parts;
  const { scores } = report;
  return {
    id: "scores",
    title: say("scores.title"),
    notes: [
      ...(scores.length === 0 ? [say("scores.none")] : []),
      ...scores.flatMap((score) => driftNotes(parts, score)),
    ],
    charts: scores.map((score, place) => scoreChart(parts, score, place)),
    tables: scores.flatMap((score) => [
      spreadTable(parts, score),
      ...score.drift.flatMap(({ since, stability }) =>
        stability === null || since === "day" ? [] : [driftTable(parts, score)],
      ),
    ]),
  };
}

function scoreName({ language }: ViewParts, { id, label }: ReportScore): string {
  return label === null ? id : label[language];
}

function driftNotes(parts: ViewParts, score: ReportScore): readonly string[] {
  const { say, report } = parts;
  return score.drift.map(({ since, stability }) => {
    const values = {
      score: scoreName(parts, score),
      date: since === "day" ? report.dayBefore : report.monthBefore,
    };
    return stability === null
      ? say("drift.none", values)
      : say("drift.note", {
          ...values,
          index: indexText(stability.indexE4),
          band: say(`band.${stability.band}`),
        });
  });
}

function spreadTable(parts: ViewParts, score: ReportScore): ViewTable {
  const { say } = parts;
  return {
    caption: say("scores.spread", { score: scoreName(parts, score) }),
    columns: [
      { label: say("column.date"), number: false },
      ...[
        "column.lines",
        "scores.missing",
        "scores.mean",
        "scores.q1",
        "scores.q2",
        "scores.q3",
      ].map((key) => ({ label: say(key), number: true })),
    ],
    rows: score.spreads.map(({ on, lines, missing, meanTenths, quartiles }) => [
      on,
      countText(lines),
      countText(missing),
      scaledText(meanTenths, score.scale + 1),
      ...(quartiles ?? [null, null, null]).map((value) => scaledText(value, score.scale)),
    ]),
  };
}

function driftTable(parts: ViewParts, score: ReportScore): ViewTable {
  const { say, report } = parts;
  const bins = score.drift.find(({ since }) => since === "month")?.stability?.bins ?? [];
  const [before, now] = [sum(bins.map((one) => one.before)), sum(bins.map((one) => one.now))];
  return {
    caption: say("drift.caption", {
      score: scoreName(parts, score),
      date: report.monthBefore,
    }),
    columns: [
      { label: say("drift.bin"), number: false },
      ...["drift.before", "drift.now", "drift.part"].map((key) => ({
        label: say(key),
        number: true,
      })),
    ],
    rows: bins.map((bin, place) => [
      bin.upTo === null
        ? say("drift.above", { value: scaledText(bins[place - 1]?.upTo ?? null, score.scale) })
        : say("drift.upTo", { value: scaledText(bin.upTo, score.scale) }),
      shareText(shareE4(bin.before, before)),
      shareText(shareE4(bin.now, now)),
      indexText(bin.partE4),
    ]),
  };
}

function scoreChart(parts: ViewParts, score: ReportScore, place: number): ViewChart {
  const { say, report } = parts;
  return {
    id: `score-${place + 1}`,
    title: say("scores.chart", { score: scoreName(parts, score) }),
    categories: score.bins.map(({ from }) => scaledText(from, score.scale)),
    series: [
      { name: report.monthBefore, values: score.bins.map(({ month }) => month) },
      { name: report.asOf, values: score.bins.map(({ now }) => now) },
    ],
  };
}

function moversSection(parts: ViewParts): ViewSection {
  const { say, report } = parts;
  const { scoreFell, useRose, absent } = report.movers;
  const scale = report.scores.find(({ id }) => !id.includes("/"))?.scale ?? 0;
  return {
    id: "movers",
    title: say("movers.title", { date: report.monthBefore }),
    notes: absent.map((fact) => say("movers.absent", { fact, date: report.monthBefore })),
    charts: [],
    tables: [
      ...(scoreFell.length === 0 ? [] : [fellTable(parts, scoreFell, scale)]),
      ...(useRose.length === 0 ? [] : [roseTable(parts, useRose)]),
    ],
  };
}

function fellTable({ say }: ViewParts, movers: readonly Mover[], scale: number): ViewTable {
  return {
    caption: say("movers.fell"),
    columns: moverColumns(say, ["movers.from", "movers.to", "movers.change"]),
    rows: movers.map(({ reference, portfolio, from, to }) => [
      ...[reference, portfolio],
      ...[from, to, to - from].map((value) => scaledText(value, scale)),
    ]),
  };
}

function roseTable({ say }: ViewParts, movers: readonly Mover[]): ViewTable {
  return {
    caption: say("movers.rose"),
    columns: moverColumns(say, ["movers.from", "movers.to", "movers.rise"]),
    rows: movers.map(({ reference, portfolio, currency, from, to, riseMinor }) => [
      ...[reference, portfolio, shareText(from), shareText(to)],
      riseMinor === null ? "–" : `${amountText(riseMinor, currency)} ${currency}`,
    ]),
  };
}

function moverColumns(say: ViewParts["say"], numbers: readonly string[]): ViewTable["columns"] {
  return [
    { label: say("movers.line"), number: false },
    { label: say("movers.portfolio"), number: false },
    ...numbers.map((key) => ({ label: say(key), number: true })),
  ];
}
