// The pieces that the arithmetic of a limit is the highest of: each grows with the limit, with what is used or with
// earlier decreases, so that its least and greatest value in a box stand at the box's corners, and two pieces of one
// kind are ordered by their parameters. All integers, each rounding with its mode, as in limit-rule.ts.

import { basisPointsPerOne, mulDiv, type Rounding } from "../../domain/money.ts";
import type { BoundIr, GuardIr, LimitIr, TargetIr } from "../ir.ts";

export type Piece =
  /** an amount */
  | Readonly<{ kind: "amount"; amountMinor: number }>
  /** limit − limit × rate, the cut rounded */
  | Readonly<{ kind: "kept"; rateBp: number; rounding: Rounding }>
  /** limit − amount, at least 0 */
  | Readonly<{ kind: "less"; amountMinor: number }>
  /** limit × rate, rounded down */
  | Readonly<{ kind: "share"; rateBp: number }>
  /** what is used × (1 + rate), the buffer rounded */
  | Readonly<{ kind: "balance"; rateBp: number; rounding: Rounding }>
  /** what the largest cut of 12 months leaves */
  | Readonly<{ kind: "yearly"; rateBp: number }>
  /** an amount or rate that is a fact: equal only to itself */
  | Readonly<{ kind: "fact"; slot: number; method: string; rounding: Rounding | null }>;

/** Bounds of what the arithmetic reads, minor units. `used` is at least 0. */
export type Box = Readonly<{ limit: Range; used: Range; before: Range }>;
export type Range = Readonly<{ low: number; high: number }>;

/** The present limit as a piece. */
export const limitItself: Piece = { kind: "kept", rateBp: 0, rounding: "down" };
const usedItself: Piece = { kind: "balance", rateBp: 0, rounding: "down" };

/** The target of a treatment with its rate or amount; NaN where that is a fact. */
export function targetPiece(target: TargetIr, amount: number): Piece {
  if (target.method === "cut-to-balance") {
    return { kind: "balance", rateBp: target.bufferBp, rounding: target.rounding };
  }
  const source = target.method === "cut-by-rate" ? target.rate : target.amount;
  const rounding = target.method === "cut-by-rate" ? target.rounding : null;
  if (Number.isNaN(amount)) {
    const slot = source.kind === "slot" ? source.slot : -1;
    return { kind: "fact", slot, method: target.method, rounding };
  }
  if (rounding !== null) return { kind: "kept", rateBp: amount, rounding };
  return { kind: target.method === "set-to" ? "amount" : "less", amountMinor: amount };
}

/** A floor of the limit rule. */
export function floorPiece(floor: BoundIr): Piece {
  switch (floor.kind) {
    case "amount":
      return { kind: "amount", amountMinor: floor.amountMinor };
    case "rate":
      return { kind: "share", rateBp: floor.rateBp };
    case "present-limit":
      return limitItself;
  }
}

/** The floors that guards set, and what is used unless the rule may go below it. */
export function guardPieces(rule: LimitIr, guards: readonly GuardIr[]): readonly Piece[] {
  const own = guards.flatMap((guard): Piece[] => {
    switch (guard.kind) {
      case "max-cut":
        return [{ kind: "kept", rateBp: guard.rateBp, rounding: "down" }];
      case "max-cut-12-months":
        return [{ kind: "yearly", rateBp: guard.rateBp }];
      case "minimum-line":
        return [{ kind: "amount", amountMinor: guard.amountMinor }];
      case "cool-down":
      case "minimum-cut":
        return [];
    }
  });
  return rule.belowDrawn ? own : [usedItself, ...own];
}

/** True only if `left` is nowhere in the box above `right`; false when that is not certain. */
export function isAtMost(left: Piece, right: Piece, box: Box): boolean {
  if (greatest(left, box) <= least(right, box)) return true;
  switch (left.kind) {
    case "kept":
      return (
        (right.kind === "kept" && cutsAsMuch(left, right)) ||
        (right.kind === "yearly" && left.rateBp >= right.rateBp)
      );
    case "less":
      return (
        (right.kind === "less" && left.amountMinor >= right.amountMinor) ||
        (right.kind === "kept" && right.rateBp === 0 && left.amountMinor >= 0)
      );
    case "share":
      return (
        (right.kind === "share" && left.rateBp <= right.rateBp) ||
        ((right.kind === "kept" || right.kind === "yearly") &&
          left.rateBp + right.rateBp <= basisPointsPerOne)
      );
    case "balance":
      return (
        right.kind === "balance" &&
        left.rateBp <= right.rateBp &&
        (left.rateBp === 0 || isRoundedNoHigher(left.rounding, right.rounding))
      );
    case "yearly":
      return (
        (right.kind === "yearly" && left.rateBp >= right.rateBp) ||
        (right.kind === "kept" && right.rateBp === 0)
      );
    case "fact":
      return (
        right.kind === "fact" &&
        left.slot === right.slot &&
        left.method === right.method &&
        left.rounding === right.rounding
      );
    case "amount":
      return false;
  }
}

type Kept = Extract<Piece, { kind: "kept" }>;

/** A cut by a higher rate, rounded no lower, is no smaller. */
function cutsAsMuch(left: Kept, right: Kept): boolean {
  const rounded = right.rateBp === 0 || isRoundedNoHigher(right.rounding, left.rounding);
  return left.rateBp >= right.rateBp && rounded;
}

function isRoundedNoHigher(left: Rounding, right: Rounding): boolean {
  return left === right || left === "down" || right === "up";
}

/** The least value in the box; −∞ where it is not known. */
function least(piece: Piece, box: Box): number {
  if (piece.kind === "fact") return Number.NEGATIVE_INFINITY;
  return valueAt(piece, box.limit.low, box.used.low, box.before.low);
}

/** The greatest value in the box; ∞ where it is not known. */
function greatest(piece: Piece, box: Box): number {
  if (piece.kind === "fact") return Number.POSITIVE_INFINITY;
  return valueAt(piece, box.limit.high, box.used.high, box.before.high);
}

/** The value of a piece on one line. */
export function valueAt(
  piece: Exclude<Piece, { kind: "fact" }>,
  limit: number,
  used: number,
  before: number,
): number {
  switch (piece.kind) {
    case "amount":
      return piece.amountMinor;
    case "kept":
      return limit - mulDiv(limit, piece.rateBp, basisPointsPerOne, piece.rounding);
    case "less":
      return limit - Math.min(piece.amountMinor, limit);
    case "share":
      return mulDiv(limit, piece.rateBp, basisPointsPerOne, "down");
    case "balance":
      return used + mulDiv(used, piece.rateBp, basisPointsPerOne, piece.rounding);
    case "yearly": {
      const allowed = mulDiv(limit + before, piece.rateBp, basisPointsPerOne, "down");
      return limit - Math.min(limit, Math.max(0, allowed - before));
    }
  }
}
