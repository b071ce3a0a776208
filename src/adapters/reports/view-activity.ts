// The sections about what was done: decisions and their reasons, how deep cuts went, what waits and for how long,
// deliveries and complaints.

import { complaintTopicLabels } from "../../domain/complaint.ts";
import { isReasonCode, reasonCodes } from "../../domain/reason-code.ts";
import type { ComplaintSum } from "../../portfolio/report-document.ts";
import type { ViewChart, ViewParts, ViewSection, ViewTable } from "./view-shape.ts";
import { amountText, countText, shareText } from "./view-numbers.ts";

export function activitySections(parts: ViewParts): readonly ViewSection[] {
  return [
    decisionsSection(parts),
    pipelineSection(parts),
    deliveriesSection(parts),
    complaintsSection(parts),
  ];
}

function decisionsSection(parts: ViewParts): ViewSection {
  const { say, report } = parts;
  const { decisions, reasons, cuts } = report.activity;
  return {
    id: "decisions",
    title: say("decisions.title"),
    notes: decisions.length === 0 ? [say("decisions.none")] : [],
    charts: reasons.length === 0 ? [] : [reasonChart(parts)],
    tables: [
      ...(decisions.length === 0 ? [] : [actionTable(parts)]),
      ...(reasons.length === 0 ? [] : [reasonTable(parts)]),
      ...(cuts.length === 0 ? [] : [cutTable(parts)]),
    ],
  };
}

function actionTable({ say, report }: ViewParts): ViewTable {
  return {
    caption: say("decisions.byAction"),
    columns: [
      { label: say("decisions.action"), number: false },
      ...["decisions.day", "decisions.month", "decisions.removed"].map((key) => ({
        label: say(key),
        number: true,
      })),
    ],
    rows: report.activity.decisions.map(({ action, currency, day, month, removedMinor }) => [
      say(`action.${action}`),
      countText(day),
      countText(month),
      `${amountText(removedMinor, currency)} ${currency}`,
    ]),
  };
}

function reasonName({ language }: ViewParts, code: string): string {
  return isReasonCode(code) ? reasonCodes[code][language] : code;
}

function reasonTable(parts: ViewParts): ViewTable {
  const { say, report } = parts;
  return {
    caption: say("decisions.byReason"),
    columns: [
      { label: say("decisions.code"), number: false },
      { label: say("decisions.reason"), number: false },
      { label: say("decisions.day"), number: true },
      { label: say("decisions.month"), number: true },
    ],
    rows: report.activity.reasons.map(({ code, day, month }) => [
      ...[code, reasonName(parts, code)],
      ...[countText(day), countText(month)],
    ]),
  };
}

function reasonChart({ say, report }: ViewParts): ViewChart {
  const { reasons } = report.activity;
  return {
    id: "reasons",
    title: say("decisions.chart"),
    categories: reasons.map(({ code }) => code),
    series: [{ name: say("decisions.month"), values: reasons.map(({ month }) => month) }],
  };
}

function cutTable({ say, report }: ViewParts): ViewTable {
  return {
    caption: say("decisions.byCut"),
    columns: [
      { label: say("decisions.cut"), number: false },
      { label: say("decisions.month"), number: true },
      { label: say("decisions.removed"), number: true },
    ],
    rows: report.activity.cuts.map(({ fromBp, toBp, currency, count, removedMinor }) => [
      `${shareText(fromBp)} – ${shareText(toBp)}`,
      countText(count),
      `${amountText(removedMinor, currency)} ${currency}`,
    ]),
  };
}

/** Ages in whole days: from each to the next. */
const ages = [0, 1, 3, 7, 30];

function pipelineSection(parts: ViewParts): ViewSection {
  const { say, report } = parts;
  const { pipeline, reviews } = report.activity;
  return {
    id: "pipeline",
    title: say("pipeline.title"),
    notes: [
      say("pipeline.note", { at: report.knownAt }),
      ...(pipeline.length === 0 ? [say("decisions.none")] : []),
      ...(reviews.length === 0 ? [say("reviews.none")] : []),
    ],
    charts: [],
    tables: [
      ...(pipeline.length === 0 ? [] : [ageTable(parts)]),
      ...(reviews.length === 0 ? [] : [reviewTable(parts)]),
    ],
  };
}

function ageTable({ say, report }: ViewParts): ViewTable {
  const { pipeline } = report.activity;
  const states = [...new Set(pipeline.map(({ state }) => state))];
  const countOf = (state: string, from: number): number =>
    pipeline.find((one) => one.state === state && one.fromDays === from)?.count ?? 0;
  return {
    caption: say("pipeline.caption"),
    columns: [
      { label: say("pipeline.state"), number: false },
      ...ages.map((from, place) => ({
        label: ageLabel(say, from, ages[place + 1]),
        number: true,
      })),
    ],
    rows: states.map((state) => [
      say(`state.${state}`),
      ...ages.map((from) => countText(countOf(state, from))),
    ]),
  };
}

function ageLabel(say: ViewParts["say"], from: number, next: number | undefined): string {
  if (next === undefined) return say("pipeline.older", { from });
  return next === from + 1
    ? say("pipeline.day", { from })
    : say("pipeline.age", { from, to: next - 1 });
}

function reviewTable({ say, report }: ViewParts): ViewTable {
  return {
    caption: say("reviews.caption"),
    columns: [
      { label: say("reviews.queue"), number: false },
      { label: say("reviews.route"), number: false },
      { label: say("reviews.open"), number: true },
      { label: say("reviews.overdue"), number: true },
      { label: say("reviews.oldest"), number: false },
    ],
    rows: report.activity.reviews.map(({ queue, route, open, overdue, oldestAt }) => [
      ...[say(`queue.${queue}`), say(`route.${route}`)],
      ...[countText(open), countText(overdue), oldestAt ?? "–"],
    ]),
  };
}

function deliveriesSection({ say, report }: ViewParts): ViewSection {
  const { deliveries, outbox } = report.activity;
  const unsent =
    outbox === null
      ? []
      : [
          say("deliveries.unsent", {
            waiting: countText(outbox.waiting),
            failed: countText(outbox.failed),
          }),
        ];
  const table: ViewTable = {
    caption: say("deliveries.caption"),
    columns: [
      { label: say("deliveries.channel"), number: false },
      { label: say("deliveries.state"), number: false },
      { label: say("deliveries.count"), number: true },
    ],
    rows: deliveries.map(({ channel, state, count }) => [
      ...[channel, say(`notice.${state}`), countText(count)],
    ]),
  };
  return {
    id: "deliveries",
    title: say("deliveries.title"),
    notes: [...(deliveries.length === 0 ? [say("deliveries.none")] : []), ...unsent],
    charts: [],
    tables: deliveries.length === 0 ? [] : [table],
  };
}

function complaintsSection({ say, language, report }: ViewParts): ViewSection {
  const { complaints } = report.activity;
  const total = (name: Exclude<keyof ComplaintSum, "topic">): string =>
    countText(complaints.reduce((sum, one) => sum + one[name], 0));
  const table: ViewTable = {
    caption: say("complaints.byTopic"),
    columns: [
      { label: say("complaints.topic"), number: false },
      { label: say("complaints.openedDay"), number: true },
      { label: say("complaints.openedMonth"), number: true },
      { label: say("complaints.resolvedDay"), number: true },
      { label: say("complaints.resolvedMonth"), number: true },
      { label: say("complaints.open"), number: true },
    ],
    rows: complaints.map(({ topic, ...counts }) => [
      complaintTopicLabels[topic][language],
      ...[countText(counts.openedDay), countText(counts.openedMonth)],
      ...[countText(counts.resolvedDay), countText(counts.resolvedMonth)],
      countText(counts.open),
    ]),
  };
  const counts = {
    ...{ openedDay: total("openedDay"), openedMonth: total("openedMonth") },
    ...{ resolvedMonth: total("resolvedMonth"), open: total("open") },
  };
  return {
    id: "complaints",
    title: say("complaints.title"),
    notes: [complaints.length === 0 ? say("complaints.none") : say("complaints.counts", counts)],
    charts: [],
    tables: complaints.length === 0 ? [] : [table],
  };
}
