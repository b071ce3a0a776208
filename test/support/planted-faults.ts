// Faults planted into a program, each as small as a slip of a back end: a bound off by one, a missing value that is taken,
// points, a hit policy, an amount, a guard or a route that is another. Whoever runs the changed program is a back end with
// that fault.

import type { StepIr } from "../../src/policy/expression.ts";
import type { IntegerSet } from "../../src/policy/integer-set.ts";
import type { Program, TableIr, Test } from "../../src/policy/ir.ts";

/** The program with the fault in it; null where it has no place for it. */
export type Fault = (program: Program) => Program | null;

/** The first member that `change` changes, changed; null where it changes none. */
function firstChanged<Item>(
  items: readonly Item[],
  change: (item: Item, at: number) => Item | null,
): readonly Item[] | null {
  for (const [at, item] of items.entries()) {
    const changed = change(item, at);
    if (changed !== null) return items.with(at, changed);
  }
  return null;
}

function widened(set: IntegerSet): IntegerSet | null {
  const [low, high, ...rest] = set.bounds;
  if (low === undefined || high === undefined || high - low < 2) return null;
  return { ...set, bounds: [low + 1, high, ...rest] };
}

function changedTests(
  tests: readonly Test[],
  change: (test: Test) => IntegerSet | null,
): readonly Test[] | null {
  return firstChanged(tests, (test) => {
    const set = change(test);
    return set === null ? null : { ...test, bounds: set.bounds, unknown: set.unknown };
  });
}

/** A fault in a row of the last table, which chooses the treatment: everybody can see it. */
function inRows(change: (table: TableIr) => TableIr | null): Fault {
  return (program) => {
    const last = program.tables.length - 1;
    const table = change(program.tables[last]!);
    return table === null ? null : { ...program, tables: program.tables.with(last, table) };
  };
}

function inCells(change: (test: Test) => IntegerSet | null): Fault {
  return inRows((table) => {
    const rows = firstChanged(table.rows, (row) => {
      const tests = changedTests(row.tests, change);
      return tests === null ? null : { ...row, tests };
    });
    return rows === null ? null : { ...table, rows };
  });
}

function inSteps(change: (step: StepIr) => StepIr | null): Fault {
  return (program) => {
    const expressions = firstChanged(program.expressions, (one) => {
      const steps = firstChanged(one.steps, change);
      return steps === null ? null : { ...one, steps };
    });
    return expressions === null ? null : { ...program, expressions };
  };
}

/** Every fault by what it is. */
export const faults: Readonly<Record<string, Fault>> = {
  "a bound of a cell is off by one": inCells(widened),
  "a cell takes the missing value": inCells((test) =>
    test.unknown ? null : { ...test, unknown: true },
  ),
  "the outputs of two rows are swapped": inRows(({ rows, ...table }) => {
    const [one, other] = rows;
    if (one === undefined || other === undefined) return null;
    const same = one.outputs.every((value, at) => Object.is(value, other.outputs[at]));
    if (same) return null;
    const swapped = [
      { ...one, outputs: other.outputs },
      { ...other, outputs: one.outputs },
    ];
    return { ...table, rows: [...swapped, ...rows.slice(2)] };
  }),
  "the last row that holds wins instead of the first": inRows((table) =>
    table.hitPolicy !== "F" || table.rows.length < 2
      ? null
      : { ...table, rows: table.rows.toReversed() },
  ),
  "a bin gives one point too many": (program) => {
    const scorecards = firstChanged(program.scorecards, (card) => {
      const [first, ...rest] = card.characteristics;
      const [bin, ...bins] = first!.attributes;
      const attributes = [{ ...bin!, points: bin!.points + 1 }, ...bins];
      return { ...card, characteristics: [{ ...first!, attributes }, ...rest] };
    });
    return scorecards === null ? null : { ...program, scorecards };
  },
  "an exclusion is not looked at": (program) =>
    program.exclusions.length === 0
      ? null
      : { ...program, exclusions: program.exclusions.slice(1) },
  "rounding goes the other way": ({ limit, ...program }) =>
    limit.stepMinor === 1
      ? null
      : { ...program, limit: { ...limit, mode: limit.mode === "down" ? "up" : "down" } },
  "floors are forgotten": ({ limit, ...program }) =>
    limit.floors.length === 0 ? null : { ...program, limit: { ...limit, floors: [] } },
  "guards are forgotten": (program) =>
    program.guards.length === 0 ? null : { ...program, guards: [] },
  "the first route takes everything": (program) => {
    const [first, ...rest] = program.routing;
    return rest.length === 0 ? null : { ...program, routing: [{ ...first!, tests: [] }, ...rest] };
  },
  "an expression subtracts instead of adding": inSteps((step) =>
    step.op === "add" ? { ...step, op: "subtract" } : null,
  ),
  "a comparison takes its bound in": inSteps((step) =>
    step.op === "below" ? { ...step, op: "at-most" } : null,
  ),
  "an unknown value of an expression counts as known": inSteps((step) =>
    step.op === "same" ? { ...step, op: "at-most" } : null,
  ),
  "a quotient is rounded the other way": inSteps((step) =>
    step.op === "divide" && step.rounding !== "up" ? { ...step, rounding: "up" } : null,
  ),
  "a text is taken for the next one": inSteps((step) =>
    step.op === "pick" && step.values.length > 1 && new Set(step.values).size > 1
      ? { ...step, values: [...step.values.slice(1), step.values[0]!] }
      : null,
  ),
  "months are added as days": inSteps((step) => {
    const [left, right] = step.op === "call" ? step.of : [];
    return step.op === "call" && step.call === "add months"
      ? { op: "add", left: left!, right: right! }
      : null;
  }),
  "computed points are forgotten": (program) => {
    const scorecards = firstChanged(program.scorecards, (card) => {
      const characteristics = firstChanged(card.characteristics, (one) => {
        const bins = firstChanged(one.attributes, (bin) =>
          bin.from === null ? null : { ...bin, from: null },
        );
        return bins === null ? null : { ...one, attributes: bins };
      });
      return characteristics === null ? null : { ...card, characteristics };
    });
    return scorecards === null ? null : { ...program, scorecards };
  },
  "dates of a row are forgotten": inRows((table) => {
    const rows = firstChanged(table.rows, (row) => {
      const tests = row.tests.filter(({ operand, column }) => operand !== "asOf" || column >= 0);
      return tests.length === row.tests.length ? null : { ...row, tests };
    });
    return rows === null ? null : { ...table, rows };
  }),
  "a grade begins one point later": (program) => {
    const { grades } = program;
    if (grades === null) return null;
    const [first, second, ...rest] = grades.bands;
    const high = first!.bounds.at(-1);
    if (second === undefined || high === undefined || second.bounds[0] !== high + 1) return null;
    const bands = [
      { ...first!, bounds: [...first!.bounds.slice(0, -1), high + 1] },
      { ...second, bounds: [high + 2, ...second.bounds.slice(1)] },
      ...rest,
    ];
    return { ...program, grades: { ...grades, bands } };
  },
};
