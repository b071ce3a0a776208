// Which of two effects is harsher, for all lines of a box at once. The limit after guards grows with the limit asked for
// and with every guard's floor, because both are rounded to the same steps; so it is enough to order the pieces. Where
// that does not decide, the answer here is "not shown", and the laws look for a line that breaks them.

import type { LimitIr } from "../ir.ts";
import { type Decrease, type Effect, rankOf } from "./effect.ts";
import {
  type Box,
  floorPiece,
  guardPieces,
  isAtMost,
  limitItself,
  type Piece,
  targetPiece,
} from "./piece.ts";

/** True only if on no line of the box `later` is milder than `earlier`: no lower action, and no smaller cut. */
export function isNeverMilder(rule: LimitIr, earlier: Effect, later: Effect, box: Box): boolean {
  if (earlier === later || earlier.action === "none") return true;
  if (earlier.action !== "decrease") return rankOf(later.action) >= rankOf(earlier.action);
  if (rankOf(later.action) > rankOf("decrease")) return true;
  return later.action === "decrease"
    ? isCutAtLeast(rule, earlier, later, box)
    : cutsNothing(rule, earlier, box);
}

/** The pieces of the limit asked for before rounding, and of the floors under it. */
function piecesOf(rule: LimitIr, { treatment, amount, guards }: Decrease): [Piece[], Piece[]] {
  const asked = rule.floors.map(floorPiece);
  if (treatment.target !== null) asked.push(targetPiece(treatment.target, amount));
  return [asked, [...guardPieces(rule, guards)]];
}

/**
 * Let A and F be the limit asked for and the guards' floor. Shown: every piece of the later A is at most one of the
 * earlier A or F, every piece of the later F at most one of the earlier F, and the later effect gives up small cuts no
 * sooner. A must be a whole number of steps or the limit itself, else rounding could reverse the order.
 */
function isCutAtLeast(rule: LimitIr, earlier: Decrease, later: Decrease, box: Box): boolean {
  if (!capsAreSteps(rule)) return false;
  const [earlierAsked, earlierFloors] = piecesOf(rule, earlier);
  const [laterAsked, laterFloors] = piecesOf(rule, later);
  const under =
    (pieces: readonly Piece[]) =>
    (piece: Piece): boolean =>
      pieces.some((other) => isAtMost(piece, other, box));
  return (
    laterAsked.every(under([...earlierAsked, ...earlierFloors])) &&
    laterFloors.every(under(earlierFloors)) &&
    givesUpNoSooner(earlier, later)
  );
}

function capsAreSteps({ caps, stepMinor }: LimitIr): boolean {
  return caps.every((cap) => cap.kind === "present-limit" || isSteps(cap, stepMinor));
}

function isSteps(bound: LimitIr["caps"][number], stepMinor: number): boolean {
  return bound.kind === "amount" && bound.amountMinor % stepMinor === 0;
}

/** Each smallest cut that the later effect keeps to is among those of the earlier one, or below one of them. */
function givesUpNoSooner(earlier: Decrease, later: Decrease): boolean {
  return later.guards.every(
    (guard) =>
      guard.kind !== "minimum-cut" ||
      earlier.guards.some(
        (other) =>
          other.kind === "minimum-cut" &&
          other.amountMinor >= guard.amountMinor &&
          other.rateBp >= guard.rateBp,
      ),
  );
}

/** True only if a decrease never lowers any limit of the box. */
function cutsNothing(rule: LimitIr, decrease: Decrease, box: Box): boolean {
  const [, floors] = piecesOf(rule, decrease);
  return floors.some((floor) => isAtMost(limitItself, floor, box));
}

/** True only if the decrease never asks for more than the present limit on a line of the box, before any guard. */
export function isNeverRaising(rule: LimitIr, decrease: Decrease, box: Box): boolean {
  if (rule.caps.some((cap) => isAtMost(floorPiece(cap), limitItself, box))) return true;
  const [asked] = piecesOf(rule, decrease);
  const rounded = rule.mode === "down" || rule.stepMinor === 1;
  return rounded && asked.every((piece) => isAtMost(piece, limitItself, box));
}

/** Floors of the limit rule that are not shown to hold for the decrease on every line of the box. */
export function doubtfulFloors(
  rule: LimitIr,
  decrease: Decrease,
  box: Box,
): readonly LimitIr["floors"][number][] {
  const [, guards] = piecesOf(rule, decrease);
  return rule.floors.filter((floor) => {
    const piece = floorPiece(floor);
    if (guards.some((guard) => isAtMost(piece, guard, box))) return false;
    const rounded = rule.mode === "up" || rule.stepMinor === 1 || isSteps(floor, rule.stepMinor);
    const capped = rule.caps.some(
      (cap) => cap.kind !== "present-limit" && !isAtMost(piece, floorPiece(cap), box),
    );
    return !rounded || capped;
  });
}
