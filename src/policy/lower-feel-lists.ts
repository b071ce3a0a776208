// Lists of an expression: their length is known when the strategy is read, so that quantified, `for` and filter expressions
// are written out item by item. An item that a filter may leave out carries the test that says whether it counts.

import type { Expression, Iteration } from "./feel/ast.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import { booleanIn, boundedList, type FeelPlace, joinedAll, scalarIn } from "./feel-place.ts";
import {
  both,
  type BooleanValue,
  type Builder,
  isKnown,
  type ListItem,
  type ListValue,
  mismatch,
  negated,
  type Scalar,
  type Typed,
} from "./typed-steps.ts";

export function listOf(place: FeelPlace, items: readonly Expression[], span: Span): ListValue {
  return boundedList(
    items.map((item): ListItem => ({ value: scalarIn(place, item), present: null })),
    span,
  );
}

function listIn(place: FeelPlace, tree: Expression): ListValue {
  const value = place.lower(place, tree);
  if (value.kind === "list") return value;
  if (value.kind === "null") return { kind: "list", items: [] };
  return { kind: "list", items: [{ value, present: null }] };
}

type Bound = Readonly<{ locals: ReadonlyMap<string, Scalar>; present: BooleanValue | null }>;

/** Every way to give the variables an item each. */
function bindings(
  place: FeelPlace,
  iterations: readonly Iteration[],
  span: Span,
): readonly Bound[] {
  return iterations.reduce<readonly Bound[]>(
    (some, { name, from, to }) => {
      if (to !== null) {
        return refuse(
          "unsupported",
          span,
          "Cannot use expression: found a range to iterate over, expected a list of values",
          "无法使用表达式：不支持按区间循环，应为取值列表",
        );
      }
      return some.flatMap((bound) => {
        const inner = { ...place, locals: bound.locals };
        return listIn(inner, from).items.map(({ value, present }) => ({
          locals: new Map([...bound.locals, [name, value]]),
          present: joinedPresence(place.builder, bound.present, present, span),
        }));
      });
    },
    [{ locals: place.locals, present: null }],
  );
}

function joinedPresence(
  builder: Builder,
  left: BooleanValue | null,
  right: BooleanValue | null,
  span: Span,
): BooleanValue | null {
  return left !== null && right !== null
    ? both(builder, "and", left, right, span)
    : (left ?? right);
}

export function quantified(
  place: FeelPlace,
  kind: "some" | "every",
  iterations: readonly Iteration[],
  satisfies: Expression,
  span: Span,
): BooleanValue {
  const { builder } = place;
  const held = bindings(place, iterations, span).map(({ locals, present }) => {
    const one = booleanIn({ ...place, locals }, satisfies);
    if (present === null) return one;
    return kind === "some"
      ? both(builder, "and", present, one, span)
      : both(builder, "or", negated(builder, present, span), one, span);
  });
  return joinedAll(builder, kind === "some" ? "or" : "and", held, span);
}

export function looped(
  place: FeelPlace,
  iterations: readonly Iteration[],
  result: Expression,
  span: Span,
): ListValue {
  return boundedList(
    bindings(place, iterations, span).map(({ locals, present }) => {
      return { value: scalarIn({ ...place, locals }, result), present };
    }),
    span,
  );
}

/** `[…][item > 3]`: an item counts where the test is true; a number picks by place. */
export function filtered(place: FeelPlace, of: Expression, by: Expression, span: Span): Typed {
  const { items } = listIn(place, of);
  if (by.kind === "number" || by.kind === "negate") return pickedItem(items, by, span);
  const { builder } = place;
  const kept = items.map((item): ListItem => {
    const locals = new Map([...place.locals, ["item", item.value]]);
    const test = booleanIn({ ...place, locals }, by);
    // Unknown is not kept: presence is true or false.
    const held = test.nullable
      ? both(builder, "and", isKnown(builder, test, span), test, span)
      : test;
    const sure = { ...held, nullable: false };
    return { value: item.value, present: joinedPresence(builder, item.present, sure, span) };
  });
  return boundedList(kept, span);
}

function pickedItem(items: readonly ListItem[], by: Expression, span: Span): Scalar {
  const from = by.kind === "negate" ? by.of : by;
  const count = from.kind === "number" ? Number(from.text) : 0;
  const item = count === 0 ? undefined : by.kind === "negate" ? items.at(-count) : items[count - 1];
  if (item?.present === null) return item.value;
  return mismatch(span, `item ${by.kind === "negate" ? "-" : ""}${count} of ${items.length}`, {
    en: "a place in a list whose length is known",
    zh: "长度已知的列表中的位置",
  });
}
