// The transparency report as people see it: its tables, what is worked out of them, and a sheet of questions and answers
// written from the same published numbers, so that no answer says what a table leaves out.

import { complaintTopicLabels } from "../../domain/complaint.ts";
import { isReasonCode, reasonCodes } from "../../domain/reason-code.ts";
import type { Cell } from "../../domain/small-cells.ts";
import type { Language } from "../../domain/text.ts";
import type {
  TransparencyReport,
  TransparencyTable,
  TransparencyTableName,
  TransparencyTimes,
} from "../../portfolio/transparency-ports.ts";
import { markdownReport } from "./markdown.ts";
import { readReportTexts, type ReportTexts, type Say } from "./report-texts.ts";
import { countText } from "./view-numbers.ts";
import type { ReportView, ViewSection, ViewTable } from "./view-shape.ts";

export const transparencyFormats = ["md", "html", "json"] as const;

export type TransparencyFormat = (typeof transparencyFormats)[number];

/** Draws a report; the same report gives the same text. As JSON the questions and answers stand in both languages. */
export type RenderTransparency = (
  report: TransparencyReport,
  format: TransparencyFormat,
  language: Language,
) => Promise<string>;

/** Draws with the shipped texts, which are read on first use. */
export function transparencyRenderer(
  read: () => ReportTexts = readReportTexts,
): RenderTransparency {
  let texts: ReportTexts | null = null;
  return async (report, format, language) => {
    texts ??= read();
    const partsIn = (one: Language): Parts => ({ report, say: texts!.say(one), language: one });
    switch (format) {
      case "json": {
        const questions = { zh: questionsOf(partsIn("zh")), en: questionsOf(partsIn("en")) };
        return `${JSON.stringify({ ...report, questions }, null, 2)}\n`;
      }
      case "md":
        return markdownReport(viewOf(partsIn(language)));
      case "html":
        return (await import("./html.ts")).htmlReport(viewOf(partsIn(language)));
    }
  };
}

type Parts = Readonly<{ report: TransparencyReport; say: Say; language: Language }>;

function viewOf(parts: Parts): ReportView {
  const { report, say, language } = parts;
  const { from, to, portfolio, madeAt, smallestCell, schema } = report;
  return {
    language,
    title: say("transparency.title", { from, to }),
    details: [
      [say("transparency.period"), `${from} – ${to}`],
      [say("detail.portfolio"), portfolio ?? say("detail.everyPortfolio")],
      [say("transparency.madeAt"), madeAt],
      [say("transparency.smallest"), String(smallestCell)],
    ],
    sections: [
      numbersSection(parts),
      ratiosSection(parts),
      questionsSection(parts),
      methodSection(parts),
    ],
    footer: schema,
  };
}

function section(id: string, title: string, parts: Partial<ViewSection>): ViewSection {
  return { id, title, notes: [], charts: [], tables: [], ...parts };
}

function numbersSection(parts: Parts): ViewSection {
  const { report, say } = parts;
  const tables = report.tables.map((table) => countTable(parts, table));
  return section("numbers", say("transparency.numbers"), { tables });
}

function countTable(parts: Parts, { name, rows, total }: TransparencyTable): ViewTable {
  const { say } = parts;
  return {
    caption: say(`transparency.table.${name}`),
    columns: [
      { label: say("transparency.what"), number: false },
      { label: say("transparency.count"), number: true },
    ],
    rows: [
      ...rows.map(({ key, count }) => [labelOf(parts, name, key), cellText(parts, count)]),
      [say("transparency.total"), cellText(parts, total)],
    ],
  };
}

function labelOf({ say, language }: Parts, name: TransparencyTableName, key: string): string {
  switch (name) {
    case "actions":
      return say(`action.${key}`);
    case "causes":
      return say(`cause.${key}`);
    case "jurisdictions":
      return key;
    case "reasons":
      return isReasonCode(key) ? reasonCodes[key][language] : key;
    case "standing":
      return say(`transparency.standing.${key}`);
    case "reviews":
      return say(`transparency.review.${key}`);
    case "appeals":
      return say(`transparency.appeal.${key}`);
    case "complaints":
      return complaintTopicLabels[key as keyof typeof complaintTopicLabels][language];
    case "undone":
      return say(`transparency.undone.${key}`);
  }
}

function cellText({ say }: Pick<Parts, "say">, cell: Cell): string {
  return cell === null ? say("transparency.hidden") : countText(cell);
}

function timesText(parts: Parts, times: TransparencyTimes): string {
  if (times === null) return cellText(parts, null);
  return `${countText(times.medianHours)} / ${countText(times.p90Hours)}`;
}

function ratiosSection(parts: Parts): ViewSection {
  const { report, say } = parts;
  const counts = ["notices", "inquiries"] as const;
  const rates = [
    "complaintsPer10k",
    "inquiriesPer10k",
    "overturnedPer10k",
    "appealsOverturnedPer10k",
  ] as const;
  const times = ["toNotice", "toExecution"] as const;
  const table: ViewTable = {
    caption: say("transparency.ratios"),
    columns: [
      { label: say("transparency.what"), number: false },
      { label: say("transparency.value"), number: true },
    ],
    rows: [
      ...[...counts, ...rates].map((name) => [
        say(`transparency.${name}`),
        cellText(parts, report[name]),
      ]),
      ...times.map((name) => [say(`transparency.${name}`), timesText(parts, report[name])]),
    ],
  };
  return section("ratios", say("transparency.ratios"), { tables: [table] });
}

type Question = Readonly<{ question: string; answer: string }>;

function questionsOf(parts: Parts): readonly Question[] {
  const { report, say } = parts;
  const table = (name: TransparencyTableName): TransparencyTable =>
    report.tables.find((one) => one.name === name)!;
  const text = (cell: Cell): string => cellText(parts, cell);
  const cell = (name: TransparencyTableName, key: string): string =>
    text(table(name).rows.find((row) => row.key === key)!.count);
  const asked = (name: string, answer: string): Question => ({
    question: say(`transparency.ask.${name}`),
    answer,
  });
  const answer = (name: string, values: Readonly<Record<string, string>> = {}): string =>
    say(`transparency.answer.${name}`, values);
  const notices = text(report.notices);
  const times = report.toExecution;
  return [
    asked("many", answer("many", { total: text(table("actions").total), notices })),
    asked("why", reasonAnswer(parts, table("reasons"))),
    asked(
      "people",
      answer("people", {
        total: text(table("reviews").total),
        changed: cell("reviews", "changed"),
        rejected: cell("reviews", "rejected"),
      }),
    ),
    asked(
      "appeals",
      answer("appeals", {
        total: text(table("appeals").total),
        overturned: cell("appeals", "overturned"),
        upheld: cell("appeals", "upheld"),
      }),
    ),
    asked(
      "time",
      times === null
        ? answer("timeHidden")
        : answer("time", {
            median: countText(times.medianHours),
            p90: countText(times.p90Hours),
          }),
    ),
    asked(
      "complaints",
      answer("complaints", {
        total: text(table("complaints").total),
        inquiries: text(report.inquiries),
      }),
    ),
    asked(
      "undone",
      answer("undone", {
        withdrawn: cell("undone", "withdrawn"),
        restored: cell("undone", "restored"),
      }),
    ),
    asked("missing", answer("missing", { smallest: String(report.smallestCell) })),
  ];
}

/** Missing counts are the smallest ones of their table, so the largest published one is the largest of all. */
function reasonAnswer(parts: Parts, { rows }: TransparencyTable): string {
  const [first] = rows.toSorted((left, right) => (right.count ?? 0) - (left.count ?? 0));
  if (first === undefined || first.count === null || first.count === 0) {
    return parts.say("transparency.answer.whyHidden");
  }
  const reason = labelOf(parts, "reasons", first.key);
  return parts.say("transparency.answer.why", { reason, count: countText(first.count) });
}

function questionsSection(parts: Parts): ViewSection {
  const notes = questionsOf(parts).map(({ question, answer }) => `${question} ${answer}`);
  return section("questions", parts.say("transparency.questions"), { notes });
}

function methodSection({ report, say }: Parts): ViewSection {
  const notes = [
    say("transparency.method.counted"),
    say("transparency.method.small", { last: String(report.smallestCell - 1) }),
    ...["reviews", "times", "rates"].map((name) => say(`transparency.method.${name}`)),
  ];
  return section("method", say("transparency.method"), { notes });
}
