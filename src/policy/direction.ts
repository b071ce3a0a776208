// The direction law: a decrease strategy never raises a limit. It is proved from ranges, before any guard and
// for every value the dictionary allows; where there is no proof the document is refused, with an example
// that the rule's own arithmetic confirms.

import { decimalText, mulDiv } from "../domain/money.ts";
import type { LimitIr, LineSlots, SourceIr, TargetIr, TreatmentIr } from "./ir.ts";
import { askedLimit } from "./limit-rule.ts";
import type { Lowering } from "./lowering.ts";

type Range = Readonly<{ low: number; high: number }>;

type Ranges = Readonly<{ limit: Range; drawn: Range; pending: Range; scale: number }>;

/** Reports every treatment that is not proved to stay within 0 … present limit, and arithmetic that could leave the safe integers. */
export function checkDirection(lowering: Lowering, rule: LimitIr, line: LineSlots): void {
  const ranges = lineRanges(lowering);
  if (ranges === null) return;
  if (!checkSafe(lowering, ranges)) return;
  rule.treatments.forEach((treatment) => {
    if (treatment.target === null) return;
    checkRate(lowering, treatment.target, treatment.id);
    const cause = raisingPart(lowering, rule, treatment.target, ranges);
    if (cause !== null) reportRaise(lowering, rule, treatment, line, ranges, cause);
  });
}

function lineRanges(lowering: Lowering): Ranges | null {
  const range = (name: string): Range | null => {
    const type = lowering.operands.get(name)?.type;
    return type?.kind === "money" ? { low: type.low, high: type.high } : null;
  };
  const limit = range("limit");
  const drawn = range("drawn");
  const pending = range("pending");
  const type = lowering.operands.get("limit")?.type;
  const scale = type?.kind === "money" ? type.scale : 0;
  return limit === null || drawn === null || pending === null
    ? null
    : { limit, drawn, pending, scale };
}

/** Sums that the limit rule and the guards form must stay safe integers, and a limit is never negative. */
function checkSafe(lowering: Lowering, ranges: Ranges): boolean {
  const decreased = lowering.operands.get("decreasedLast12Months")?.type;
  const before = decreased?.kind === "money" ? decreased.high : 0;
  const most = [
    2 * (ranges.drawn.high + ranges.pending.high),
    ranges.limit.high + before,
    ranges.limit.high * 10,
  ];
  const least = [ranges.drawn.low + ranges.pending.low];
  const safe = [...most, ...least].every((value) => Number.isSafeInteger(value));
  if (!safe) {
    lowering.problems.add(
      "unsafe-range",
      "/facts",
      "Cannot compute limits safely: found ranges of limit, drawn, pending or decreasedLast12Months whose sums leave ±(2^53 - 1), expected a minimum and maximum on each",
      "无法安全计算额度：limit、drawn、pending 或 decreasedLast12Months 的取值范围之和超出 ±(2^53 - 1)，应为每项声明上下限",
    );
  }
  if (ranges.limit.low >= 0) return safe;
  lowering.problems.add(
    "out-of-range",
    "/facts",
    `Cannot use line fact "limit": found minimum ${decimalText(ranges.limit.low, ranges.scale)}, expected 0 or more`,
    `无法使用额度事实“limit”：下限为 ${decimalText(ranges.limit.low, ranges.scale)}，应不小于 0`,
  );
  return false;
}

function sourceRange(lowering: Lowering, source: SourceIr): Range {
  if (source.kind === "constant") return { low: source.value, high: source.value };
  const type = lowering.operands.get(source.operand)?.type;
  return type?.kind === "number" || type?.kind === "money"
    ? { low: type.low, high: type.high }
    : { low: 0, high: 0 };
}

function checkRate(lowering: Lowering, target: TargetIr, id: string): void {
  if (target.method !== "cut-by-rate") return;
  const { high } = sourceRange(lowering, target.rate);
  if (high <= 10_000) return;
  lowering.problems.add(
    "out-of-range",
    "/limitRule/treatments",
    `Cannot use treatment "${id}": found a cut of up to ${decimalText(high, 2)} %, expected at most 100 %`,
    `无法使用处置“${id}”：降幅最高可达 ${decimalText(high, 2)} %，不得超过 100 %`,
  );
}

type Cause = Readonly<{ path: string; en: string; zh: string }>;

/** The part of the rule that stands in the way of the proof; null when the limit cannot be raised. */
function raisingPart(
  lowering: Lowering,
  rule: LimitIr,
  target: TargetIr,
  ranges: Ranges,
): Cause | null {
  const lowest = ranges.limit.low;
  const closed = rule.caps.some(
    (cap) => cap.kind === "present-limit" || (cap.kind === "amount" && cap.amountMinor <= lowest),
  );
  if (closed) return null;
  const text = (minor: number): string => decimalText(minor, ranges.scale);
  const byTarget = raisingTarget(lowering, target, ranges, text);
  if (byTarget !== null) return byTarget;
  for (const [at, floor] of rule.floors.entries()) {
    const path = `/limitRule/floors/${at}`;
    if (floor.kind === "amount" && floor.amountMinor > lowest) {
      return {
        path,
        en: `floor "${floor.id}" of ${text(floor.amountMinor)}`,
        zh: `下限“${floor.id}”${text(floor.amountMinor)}`,
      };
    }
    if (floor.kind === "rate" && floor.rateBp > 10_000) {
      return {
        path,
        en: `floor "${floor.id}" of ${decimalText(floor.rateBp, 2)} % of the limit`,
        zh: `下限“${floor.id}”为额度的 ${decimalText(floor.rateBp, 2)} %`,
      };
    }
  }
  if (rule.mode === "up" && rule.stepMinor > 1) {
    return {
      path: "/limitRule/rounding",
      en: `rounding up to steps of ${text(rule.stepMinor)}`,
      zh: `按 ${text(rule.stepMinor)} 向上取整`,
    };
  }
  return null;
}

function raisingTarget(
  lowering: Lowering,
  target: TargetIr,
  ranges: Ranges,
  text: (minor: number) => string,
): Cause | null {
  const path = "/limitRule/treatments";
  switch (target.method) {
    case "cut-by-rate": {
      const { low } = sourceRange(lowering, target.rate);
      return low >= 0
        ? null
        : {
            path,
            en: `a cut rate down to ${decimalText(low, 2)} %`,
            zh: `降幅低至 ${decimalText(low, 2)} %`,
          };
    }
    case "cut-by-amount": {
      const { low } = sourceRange(lowering, target.amount);
      return low >= 0
        ? null
        : { path, en: `a cut amount down to ${text(low)}`, zh: `降额金额低至 ${text(low)}` };
    }
    case "set-to": {
      const { high } = sourceRange(lowering, target.amount);
      return high <= ranges.limit.low
        ? null
        : { path, en: `a target of up to ${text(high)}`, zh: `目标额度高至 ${text(high)}` };
    }
    case "cut-to-balance": {
      const used = Math.max(0, ranges.drawn.high + ranges.pending.high);
      const most = used + mulDiv(used, target.bufferBp, 10_000, "up");
      return most <= ranges.limit.low
        ? null
        : {
            path,
            en: `a balance with buffer of up to ${text(most)}`,
            zh: `已用额度加缓冲高至 ${text(most)}`,
          };
    }
  }
}

function reportRaise(
  lowering: Lowering,
  rule: LimitIr,
  treatment: TreatmentIr,
  line: LineSlots,
  ranges: Ranges,
  cause: Cause,
): void {
  const found = raisingExample(lowering, rule, treatment, line, ranges);
  const text = (minor: number): string => decimalText(minor, ranges.scale);
  const en =
    found === null
      ? ""
      : `; a limit of ${text(found.limit)} with ${text(found.used)} used would become ${text(found.asked)}`;
  const zh =
    found === null
      ? ""
      : `；例如额度 ${text(found.limit)}、已用 ${text(found.used)} 时将变为 ${text(found.asked)}`;
  lowering.problems.add(
    "could-raise-limit",
    cause.path,
    `Cannot use treatment "${treatment.id}" in a decrease strategy: found ${cause.en}, which could raise a limit${en}, expected a cap at the present limit`,
    `降额策略不能使用处置“${treatment.id}”：${cause.zh}，可能提高额度${zh}，应设置不超过现有额度的上限`,
  );
}

type Example = Readonly<{ limit: number; used: number; asked: number }>;

/** The first corner of the ranges at which the rule's own arithmetic exceeds the limit. */
function raisingExample(
  lowering: Lowering,
  rule: LimitIr,
  treatment: TreatmentIr,
  line: LineSlots,
  ranges: Ranges,
): Example | null {
  const values = new Float64Array(lowering.slots);
  const source =
    treatment.target === null || treatment.target.method === "cut-to-balance"
      ? null
      : treatment.target.method === "cut-by-rate"
        ? treatment.target.rate
        : treatment.target.amount;
  const range = source === null ? { low: 0, high: 0 } : sourceRange(lowering, source);
  const within = (value: number): number =>
    Math.min(ranges.limit.high, Math.max(ranges.limit.low, value));
  for (const limit of [
    within(1_000_000),
    ranges.limit.low,
    within(1_000_001),
    within(1),
    ranges.limit.high,
  ]) {
    for (const drawn of [
      Math.max(0, ranges.drawn.low),
      Math.min(ranges.drawn.high, limit * 2),
      ranges.drawn.high,
    ]) {
      for (const operand of [range.low, range.high]) {
        values[line.limit] = limit;
        values[line.drawn] = drawn;
        values[line.pending] = Math.max(0, ranges.pending.low);
        if (source?.kind === "slot") values[source.slot] = operand;
        const asked = askedLimit(rule, treatment, values, line) ?? 0;
        if (asked > limit) return { limit, used: drawn + values[line.pending]!, asked };
      }
    }
  }
  return null;
}
