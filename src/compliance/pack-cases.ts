// What a pack means, case by case: its golden cases are data beside it, and one runner answers them for the tests and
// for the command line alike. Each case names the rule or term that decides; a case that is right for another reason
// fails.

import { addDays, type BusinessDate, type HolidayTable } from "../domain/calendar.ts";
import { causes } from "../domain/decision.ts";
import { isShortChannel, noticeChannels, type NoticeChannel } from "../domain/notice.ts";
import { classifyAdverseAction, type LineChangeAsked } from "./adverse-action.ts";
import { noticeGate, type GateNotice } from "./notice-gate.ts";
import {
  agreements,
  contentDuties,
  gatedActions,
  noticeKinds,
  type CompliancePack,
  type ContentDuty,
  type NoticeKind,
} from "./pack.ts";
import { checkSchema, type Problem, type Schema } from "./schema-check.ts";
import { straightThroughBars } from "./straight-through.ts";

/**
 * One case. Asked is what the change is; expected are `owes` (which notice, null for none) with some of its `content`,
 * `straightThrough`, `dueBy` for a change made on `changedOn` before any notice (null: none is due), and `opensOn` for
 * a notice of `notice` that was `delivered` (left out: the same day; null: never). A case that expects nothing of these
 * says that the gate never opens. `rule` stands in the source, or is the id, of what decides.
 */
export type PackCase = LineChangeAsked &
  Readonly<{
    rule: string;
    owes?: NoticeKind | null;
    content?: readonly ContentDuty[];
    straightThrough?: boolean;
    changedOn?: BusinessDate;
    dueBy?: BusinessDate | null;
    notice?: BusinessDate;
    channel?: NoticeChannel;
    delivered?: BusinessDate | null;
    opensOn?: BusinessDate;
    unconfirmedYears?: readonly number[];
  }>;

/** The cases of one pack version. */
export type PackCases = Readonly<{ pack: string; version: number; cases: readonly PackCase[] }>;

const text: Schema = { type: "string", minLength: 1 };
const date: Schema = { type: "string", format: "date" };
const yesOrNo: Schema = { type: "boolean" };
const dateOrNull: Schema = { type: ["string", "null"], format: "date" };

const caseSchema: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["rule", "action", "cause"],
  properties: {
    rule: text,
    action: { type: "string", enum: gatedActions },
    cause: { type: "string", enum: causes },
    classWide: yesOrNo,
    presentlyOverdue: yesOrNo,
    agreement: { type: "string", enum: agreements },
    bureauDataUsed: yesOrNo,
    owes: { type: ["string", "null"], enum: [...noticeKinds, null] },
    content: { type: "array", items: { type: "string", enum: contentDuties } },
    straightThrough: yesOrNo,
    changedOn: date,
    dueBy: dateOrNull,
    notice: date,
    channel: { type: "string", enum: noticeChannels },
    delivered: dateOrNull,
    opensOn: date,
    unconfirmedYears: { type: "array", items: { type: "integer" } },
  },
};

const casesSchema: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["pack", "version", "cases"],
  properties: {
    pack: text,
    version: { type: "integer", minimum: 1, maximum: 999_999 },
    cases: { type: "array", minItems: 1, items: caseSchema },
  },
};

/** Reads a file of cases, or says everything that is wrong with it. */
export function parsePackCases(
  document: unknown,
): Readonly<{ cases: PackCases }> | Readonly<{ problems: readonly Problem[] }> {
  const problems = checkSchema(casesSchema, document);
  return problems.length > 0 ? { problems } : { cases: document as PackCases };
}

/** One expectation that did not hold. */
export type CaseFailure = Readonly<{ what: string; found: string; expected: string }>;

/** Answers one case under its pack; empty when everything holds. */
export function runPackCase(
  pack: CompliancePack,
  holidays: HolidayTable,
  row: PackCase,
): readonly CaseFailure[] {
  const answers = [
    ...owed(pack, row),
    ...throughWithoutPerson(pack, row),
    ...dueAfterwards(pack, holidays, row),
    ...(expectsOnlyGate(row) ? gated(pack, holidays, row) : []),
  ];
  const cited = answers.flatMap(({ sources }) => sources);
  const rightly = cited.some((source) => source.includes(row.rule));
  return [
    ...answers.flatMap(({ failures }) => failures),
    ...(rightly ? [] : [{ what: "rule", found: cited.join(" | "), expected: row.rule }]),
  ];
}

type Answer = Readonly<{ failures: readonly CaseFailure[]; sources: readonly string[] }>;

function expectsOnlyGate(row: PackCase): boolean {
  const others = [row.owes, row.straightThrough, row.changedOn];
  return row.notice !== undefined || others.every((one) => one === undefined);
}

function owed(pack: CompliancePack, row: PackCase): readonly Answer[] {
  if (row.owes === undefined) return [];
  const { notice, content, rule } = classifyAdverseAction(pack, row);
  const missing = (row.content ?? []).filter((duty) => !content.includes(duty));
  return [
    {
      failures: [
        ...differs("owes", notice, row.owes),
        ...(missing.length === 0 ? [] : differs("content", content, row.content)),
      ],
      sources: [rule.id, rule.source],
    },
  ];
}

function throughWithoutPerson(pack: CompliancePack, row: PackCase): readonly Answer[] {
  if (row.straightThrough === undefined) return [];
  const bars = straightThroughBars(pack, row);
  const { rule } = classifyAdverseAction(pack, row);
  return [
    {
      failures: differs("straightThrough", bars.length === 0, row.straightThrough),
      sources: row.straightThrough ? [rule.id, rule.source] : bars.map(({ source }) => source),
    },
  ];
}

function dueAfterwards(
  pack: CompliancePack,
  holidays: HolidayTable,
  row: PackCase,
): readonly Answer[] {
  if (row.changedOn === undefined) return [];
  const answer = noticeGate({ pack, holidays, ...row, notice: null, today: row.changedOn });
  if (!answer.open) {
    return [{ failures: differs("changedOn", "closed", "open"), sources: [answer.rule.source] }];
  }
  const exempt = answer.exempt === null ? [] : [answer.exempt.id, answer.exempt.source];
  return [
    {
      failures: differs("dueBy", answer.noticeDueBy, row.dueBy ?? null),
      sources: exempt.length > 0 ? exempt : [answer.rule.source],
    },
  ];
}

const endOfTime = "9999-01-01" as BusinessDate;

function gated(pack: CompliancePack, holidays: HolidayTable, row: PackCase): readonly Answer[] {
  const input = { pack, holidays, ...row, notice: noticeOf(row) };
  const ask = (today: BusinessDate) => noticeGate({ ...input, today });
  const { rule } = ask(row.opensOn ?? endOfTime);
  const sources = [rule.source, ...sourcesOfDelivery(pack, row)];
  if (row.opensOn === undefined) {
    return [{ failures: differs("opens", ask(endOfTime).open, false), sources }];
  }
  const before = ask(addDays(row.opensOn, -1));
  return [
    {
      failures: [
        ...differs("open on the day", ask(row.opensOn).open, true),
        ...differs("opensOn", before.open ? "earlier" : before.opensOn, row.opensOn),
        ...differs("unconfirmedYears", rule.unconfirmedYears, row.unconfirmedYears ?? []),
      ],
      sources,
    },
  ];
}

function sourcesOfDelivery({ notice }: CompliancePack, row: PackCase): readonly string[] {
  if (row.delivered === undefined) return [];
  const { channel } = row;
  const substitutes = channel === undefined ? [] : notice.substitutes;
  const short = channel !== undefined && isShortChannel(channel) ? [notice.shortFormSuffices] : [];
  return [notice.proofOfDelivery, ...substitutes, ...short].map(({ source }) => source);
}

function noticeOf({ notice, delivered, channel }: PackCase): GateNotice | null {
  if (notice === undefined) return null;
  const by = channel === undefined ? {} : { channel };
  if (delivered === null) return { state: "issued", issuedOn: notice, deliveredOn: null, ...by };
  return { state: "delivered", issuedOn: notice, deliveredOn: delivered ?? notice, ...by };
}

function differs(what: string, found: unknown, expected: unknown): readonly CaseFailure[] {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  return one === other ? [] : [{ what, found: one, expected: other }];
}
