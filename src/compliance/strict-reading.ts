// What an unconfirmed value means. A value that nobody has read in its source may be more lenient than the law
// it stands for, so it is read as strictly as its words allow and never makes anything easier; confirmed and
// contract values are read as they are written.

import type { Cause } from "../domain/decision.ts";
import { isShortChannel, type NoticeChannel } from "../domain/notice.ts";
import type {
  CompliancePack,
  DeliverySubstitute,
  GatedAction,
  NoticePeriod,
  Value,
} from "./pack.ts";

/**
 * How a notice period is applied. Unconfirmed, it becomes the strictest period of its own length: notice comes
 * *before* the effect and its days are *business* days (never fewer than calendar days). No number is invented:
 * 0 days stay 0, and then mean that the notice must exist when the change takes effect.
 */
export function appliedPeriod({ value, status }: Value<NoticePeriod>): NoticePeriod {
  if (status !== "unconfirmed") return value;
  const when = value.days === 0 && (value.months ?? 0) === 0 ? "at" : "before";
  return { ...value, when, counting: "business" };
}

/** One value that could set the clock, where it stands in the pack, and how it is applied. */
export type PeriodReading = Readonly<{
  pointer: string;
  value: Value<NoticePeriod>;
  applied: NoticePeriod;
}>;

/**
 * The values that could set the clock. An exception for the cause stands in place of the action's own period; an
 * unconfirmed exception only stands beside it, so that it can make the clock longer but never shorter.
 */
export function periodReadings(
  pack: CompliancePack,
  action: GatedAction,
  cause: Cause,
): readonly [PeriodReading, ...PeriodReading[]] {
  const base = read(`/notice/${action}`, pack.notice[action]);
  const index = pack.notice.exceptions.findIndex(
    ({ value }) =>
      value.causes.includes(cause) &&
      (value.actions === undefined || value.actions.includes(action)),
  );
  const found = pack.notice.exceptions[index];
  if (found === undefined) return [base];
  const { source, status } = found;
  const exception = read(`/notice/exceptions/${index}`, {
    value: found.value.period,
    status,
    source,
  });
  return status === "unconfirmed" ? [base, exception] : [exception];
}

function read(pointer: string, value: Value<NoticePeriod>): PeriodReading {
  return { pointer, value, applied: appliedPeriod(value) };
}

const strictness: Readonly<Record<NoticePeriod["when"], number>> = { after: 0, at: 1, before: 2 };

/** The strictest of the periods that could apply, by their words; which date is later is for the gate to count. */
export function strictestPeriod(
  pack: CompliancePack,
  action: GatedAction,
  cause: Cause,
): NoticePeriod {
  const [first, ...others] = periodReadings(pack, action, cause).map(({ applied }) => applied) as [
    NoticePeriod,
    ...NoticePeriod[],
  ];
  return others.reduce((best, next) => (isStricter(next, best) ? next : best), first);
}

/** True where `one` asks for more than `other`: an earlier act first, then more months, then more days. */
export function isStricter(one: NoticePeriod, other: NoticePeriod): boolean {
  if (one.when !== other.when) return strictness[one.when] > strictness[other.when];
  const longer = (one.months ?? 0) - (other.months ?? 0) || one.days - other.days;
  return one.when === "after" ? longer < 0 : longer > 0;
}

/** True where the clock starts with delivery: the pack says so, or does not say surely that issue is enough. */
export function needsProofOfDelivery({ notice }: CompliancePack): boolean {
  return notice.proofOfDelivery.value || notice.proofOfDelivery.status === "unconfirmed";
}

/** What surely stands in place of proof of delivery for a channel; null where nothing does. */
export function sureSubstitute(
  { notice }: CompliancePack,
  channel: NoticeChannel | undefined,
): DeliverySubstitute | null {
  const found = notice.substitutes.find(
    ({ value, status }) =>
      status !== "unconfirmed" && channel !== undefined && value.channels.includes(channel),
  );
  return found?.value ?? null;
}

/**
 * True where a message through this channel is the notice: it carries the whole of it with its reasons, or the short form
 * surely is enough.
 */
export function carriesNotice(
  { notice }: Pick<CompliancePack, "notice">,
  channel: NoticeChannel,
): boolean {
  const { value, status } = notice.shortFormSuffices;
  return !isShortChannel(channel) || (value && status !== "unconfirmed");
}

/** True where a limit may fall below what is drawn; an unconfirmed leave is none. */
export function allowsBelowDrawn({ belowDrawnAllowed }: CompliancePack): boolean {
  return belowDrawnAllowed.value && belowDrawnAllowed.status !== "unconfirmed";
}

/** True where the customer may ask for a person; an unconfirmed "no" is no "no". */
export function givesHumanReview({ humanReview }: CompliancePack): boolean {
  return humanReview.right.value || humanReview.right.status === "unconfirmed";
}
