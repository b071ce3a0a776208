// A decrease strategy never raises a limit: what could is refused with an example, and what is accepted is
// held against the arithmetic itself on random lines.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  changed,
  compiled,
  parseChanged,
  type strategyDocument,
} from "../../test/support/strategy-document.ts";
import { askedLimit } from "./limit-rule.ts";
import { parseStrategy } from "./parse.ts";

const label = { zh: "文", en: "text" };

/** The document with another way to cut, without the cap and the floor. */
function withTarget(target: unknown): Record<string, unknown> {
  const open = changed("/limitRule/caps", [], changed("/limitRule/floors", []));
  changed(
    "/limitRule/treatments/2/target",
    { method: "cut-by-rate", rate: { bp: 5_000 }, rounding: "down" },
    open,
  );
  return changed("/limitRule/treatments/1/target", target, open);
}

function refusals(document: unknown): string[] {
  return parseStrategy(document).problems.map(
    (problem) => `${problem.code} ${problem.path}: ${problem.message.en}`,
  );
}

describe("the direction law", () => {
  test("accepts a cut by a rate without any cap", () => {
    expect(
      refusals(
        withTarget({ method: "cut-by-rate", rate: { operand: "table.rate.rate" }, rounding: "up" }),
      ),
    ).toEqual([]);
    expect(refusals(withTarget({ method: "cut-by-amount", amount: { amount: "500.00" } }))).toEqual(
      [],
    );
  });

  test("refuses a balance that can exceed the limit, with an example", () => {
    expect(
      parseChanged("/limitRule/caps", []).problems.map((problem) => problem.message.en),
    ).toEqual([
      'Cannot use treatment "balance" in a decrease strategy: found a balance with buffer of up to 2200000.00, which could raise a limit; a limit of 10000.00 with 20000.00 used would become 22000.00, expected a cap at the present limit',
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    [
      "a negative rate",
      { method: "cut-by-rate", rate: { bp: -100 }, rounding: "down" },
      /a cut rate down to -1\.00 %.*10000\.00 with 0\.00 used would become 10100\.00/,
    ],
    [
      "an amount set above the limit",
      { method: "set-to", amount: { amount: "20000.00" } },
      /a target of up to 20000\.00.*would become 20000\.00/,
    ],
    [
      "a balance",
      { method: "cut-to-balance", bufferBp: 0, rounding: "up" },
      /a balance with buffer of up to/,
    ],
  ])("refuses %s", (_, target, says) => {
    expect(refusals(withTarget(target)).join("\n")).toMatch(says);
  });

  test("refuses a rate above the whole limit", () => {
    const document = changed("/tables/1/rows/0/then/0", "0.95");
    expect(refusals(document)).toEqual([
      'out-of-range /limitRule/treatments: Cannot use treatment "cut": found a cut of up to 120.00 %, expected at most 100 %',
    ]);
  });

  test("refuses a floor that lies above small limits", () => {
    const open = withTarget({ method: "cut-by-rate", rate: { bp: 1_000 }, rounding: "down" });
    changed(
      "/limitRule/floors",
      [{ id: "floor", label, amount: "1000.00" }],
      open as ReturnType<typeof strategyDocument>,
    );
    expect(refusals(open)[0]).toMatch(
      /could-raise-limit \/limitRule\/floors\/0: .*floor "floor" of 1000\.00.*a limit of 0\.00 .* would become 1000\.00/,
    );
  });

  test("refuses a floor above the whole limit and rounding up", () => {
    const open = withTarget({ method: "cut-by-rate", rate: { bp: 0 }, rounding: "down" });
    changed(
      "/limitRule/floors",
      [{ id: "floor", label, rateBp: 11_000 }],
      open as ReturnType<typeof strategyDocument>,
    );
    expect(refusals(open)[0]).toMatch(/110\.00 % of the limit/);
    const up = withTarget({ method: "cut-by-rate", rate: { bp: 0 }, rounding: "down" });
    changed("/limitRule/rounding/mode", "up", up as ReturnType<typeof strategyDocument>);
    expect(refusals(up)[0]).toMatch(/rounding up to steps of 100\.00.*would become/);
  });

  test("refuses a limit that could be negative", () => {
    expect(parseChanged("/facts/0/minimum", "-1.00").problems[0]?.message.en).toMatch(
      /"limit": found minimum -1\.00/,
    );
  });

  test("every accepted rule stays between 0 and the present limit", () => {
    const target = fc.oneof(
      fc.record({
        method: fc.constant("cut-by-rate"),
        rate: fc.record({ bp: fc.integer({ min: -500, max: 10_000 }) }),
        rounding: fc.constantFrom("down", "up", "half-even"),
      }),
      fc.record({
        method: fc.constant("cut-by-amount"),
        amount: fc.record({ amount: fc.constantFrom("0.00", "10.01", "999999.99") }),
      }),
      fc.record({
        method: fc.constant("cut-to-balance"),
        bufferBp: fc.integer({ min: 0, max: 10_000 }),
        rounding: fc.constantFrom("down", "up", "half-even"),
      }),
      fc.record({
        method: fc.constant("set-to"),
        amount: fc.record({ amount: fc.constantFrom("0.00", "50.00", "100000.00") }),
      }),
    );
    const floors = fc.array(
      fc.oneof(
        fc.record({
          id: fc.constant("f"),
          label: fc.constant(label),
          amount: fc.constantFrom("0.00", "75.00"),
        }),
        fc.record({
          id: fc.constant("f"),
          label: fc.constant(label),
          rateBp: fc.integer({ min: 0, max: 12_000 }),
        }),
      ),
      { maxLength: 1 },
    );
    const caps = fc.array(
      fc.oneof(
        fc.constant({ id: "c", label, of: "present-limit" }),
        fc.record({
          id: fc.constant("c"),
          label: fc.constant(label),
          amount: fc.constantFrom("0.00", "60.00"),
        }),
      ),
      { maxLength: 1 },
    );
    const rounding = fc.record({
      step: fc.constantFrom("0.01", "1.00", "100.00"),
      mode: fc.constantFrom("down", "up"),
    });
    const amount = fc.integer({ min: 0, max: 100_000_000 });
    const line = fc.record({
      limit: amount,
      drawn: fc.integer({ min: -100_000, max: 100_000_000 }),
      pending: amount,
    });
    let accepted = 0;
    fc.assert(
      fc.property(
        target,
        floors,
        caps,
        rounding,
        fc.constantFrom("0.00", "60.00"),
        fc.array(line, { minLength: 20, maxLength: 20 }),
        (target, floors, caps, rounding, minimum, lines) => {
          const document = withTarget(target) as ReturnType<typeof strategyDocument>;
          changed("/limitRule/floors", floors, document);
          changed("/limitRule/caps", caps, document);
          changed("/limitRule/rounding", rounding, document);
          changed("/facts/0/minimum", minimum, document);
          if (parseStrategy(document).strategy === null) return;
          accepted += 1;
          const { program } = compiled(document);
          for (const { limit, drawn, pending } of lines) {
            const values = new Float64Array(program.slotCount);
            values[program.line.limit] = Math.max(limit, minimum === "0.00" ? 0 : 6_000);
            values[program.line.drawn] = drawn;
            values[program.line.pending] = pending;
            const asked = askedLimit(
              program.limit,
              program.limit.treatments[1]!,
              values,
              program.line,
            )!;
            expect(asked).toBeGreaterThanOrEqual(0);
            expect(asked).toBeLessThanOrEqual(values[program.line.limit]!);
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});
