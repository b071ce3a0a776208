// Equality, order and membership of FEEL (DMN 1.5 §10.3.2.13-14): null for values of different kinds, so that a wrong
// comparison is never taken for a "no".

import { nothing, type Run, spend } from "./run.ts";
import { dayNumber, instantNanos } from "./temporal.ts";
import type { FeelDateTime, FeelTime } from "./temporal-value.ts";
import {
  type FeelContext,
  type FeelList,
  type FeelRange,
  type FeelValue,
  isContext,
  isList,
  isNumber,
  kindNames,
  kindOf,
  ofKind,
} from "./value.ts";

/** Are they equal? null when their kinds differ and neither is null. */
export function equal(run: Run, left: FeelValue, right: FeelValue): boolean | null {
  spend(run, 1);
  if (left === null || right === null) return left === right;
  if (isList(left) && isList(right)) return equalLists(run, left, right);
  if (isContext(left) && isContext(right)) return equalContexts(run, left, right);
  if (ofKind(left, "range") && ofKind(right, "range")) return equalRanges(run, left, right);
  if (ofKind(left, "function") && ofKind(right, "function")) return left === right;
  if (typeof left === "boolean" && typeof right === "boolean") return left === right;
  if (typeof left === "string" && typeof right === "string") return left === right;
  const order = orderOf(left, right);
  if (order !== null) return order === 0;
  return incomparable(run, left, right);
}

function incomparable(run: Run, left: FeelValue, right: FeelValue): null {
  const kinds = `${kindNames[kindOf(left)]}, ${kindNames[kindOf(right)]}`;
  return nothing(
    run,
    `Cannot compare values: found ${kinds}, expected one kind`,
    `无法比较：类型不同（${kinds}）`,
  );
}

function equalLists(run: Run, left: FeelList, right: FeelList): boolean | null {
  if (left.length !== right.length) return false;
  return allEqual(run, left, (_, index) => right[index] ?? null);
}

function allEqual(
  run: Run,
  left: FeelList,
  other: (value: FeelValue, index: number) => FeelValue,
): boolean | null {
  for (const [index, value] of left.entries()) {
    const same = equal(run, value, other(value, index));
    if (same !== true) return same;
  }
  return true;
}

function equalContexts(run: Run, left: FeelContext, right: FeelContext): boolean | null {
  if (left.size !== right.size) return false;
  for (const [name, value] of left) {
    const other = right.get(name);
    if (other === undefined) return false;
    const same = equal(run, value, other);
    if (same !== true) return same;
  }
  return true;
}

function equalRanges(run: Run, left: FeelRange, right: FeelRange): boolean | null {
  if (left.fromIncluded !== right.fromIncluded || left.toIncluded !== right.toIncluded)
    return false;
  return allEqual(run, [left.from, left.to], (_, index) => (index === 0 ? right.from : right.to));
}

/** -1, 0 or 1; null when the two have no order. */
export function compare(run: Run, left: FeelValue, right: FeelValue): number | null {
  spend(run, 1);
  if (left === null || right === null) {
    return nothing(run, "Cannot compare values: one of them is null", "无法比较：其中一个为 null");
  }
  return orderOf(left, right) ?? incomparable(run, left, right);
}

function orderOf(left: FeelValue, right: FeelValue): number | null {
  if (isNumber(left) && isNumber(right)) return left.comparedTo(right);
  if (typeof left === "string" && typeof right === "string") return compareTexts(left, right);
  if (ofKind(left, "date") && ofKind(right, "date")) {
    return Math.sign(dayNumber(left) - dayNumber(right));
  }
  if (ofKind(left, "time") && ofKind(right, "time")) return orderOfTimes(left, right);
  if (ofKind(left, "date-time") && ofKind(right, "date-time")) return orderOfMoments(left, right);
  if (ofKind(left, "years-months") && ofKind(right, "years-months")) {
    return Math.sign(left.months - right.months);
  }
  if (ofKind(left, "days-time") && ofKind(right, "days-time")) {
    return orderOfBigInts(left.nanos, right.nanos);
  }
  return null;
}

/** By code point, so that no locale decides. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const most = Math.min(left.length, right.length);
  let index = 0;
  while (index < most && left[index] === right[index]) index += 1;
  const [a, b] = [left.codePointAt(index) ?? -1, right.codePointAt(index) ?? -1];
  return a < b ? -1 : 1;
}

function orderOfBigInts(left: bigint, right: bigint): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** A local and a zoned time have no common line. */
function orderOfTimes(left: FeelTime, right: FeelTime): number | null {
  if ((left.offset === null) !== (right.offset === null)) return null;
  const nanos = ({ nanos, offset }: FeelTime): number => nanos - (offset ?? 0) * 1_000_000_000;
  return Math.sign(nanos(left) - nanos(right));
}

function orderOfMoments(left: FeelDateTime, right: FeelDateTime): number | null {
  if ((left.time.offset === null) !== (right.time.offset === null)) return null;
  return orderOfBigInts(instantNanos(left), instantNanos(right));
}

/** Does the range hold the value? null when they have no order. An open end holds everything on its side. */
export function inRange(run: Run, value: FeelValue, range: FeelRange): boolean | null {
  const above = range.from === null ? 1 : compare(run, value, range.from);
  const below = range.to === null ? -1 : compare(run, value, range.to);
  if (above === null || below === null) return null;
  const low = above > 0 || (above === 0 && range.fromIncluded);
  const high = below < 0 || (below === 0 && range.toIncluded);
  return low && high;
}

/** Does the value pass a test without sign: equal to it, within it, or one of its items? */
export function matches(run: Run, value: FeelValue, test: FeelValue): boolean | null {
  if (ofKind(test, "range")) return value === null ? null : inRange(run, value, test);
  if (isList(test)) {
    if (isList(value) && equal(run, value, test) === true) return true;
    return anyMatches(run, value, test);
  }
  return equal(run, value, test);
}

function anyMatches(run: Run, value: FeelValue, tests: FeelList): boolean | null {
  let found: boolean | null = false;
  for (const test of tests) {
    const one = ofKind(test, "range") ? inRange(run, value, test) : equal(run, value, test);
    if (one === true) return true;
    if (one === null) found = null;
  }
  return found;
}
