// A source that fails is left alone, tried once, and trusted again only after a good answer.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admit, afterCall, closedBreaker, type Breaker } from "./circuit-breaker.ts";

const rule = { window: 4, failures: 3, openForMs: 1_000 };

/** The breaker after calls at moment 0, true where one failed. */
function after(...calls: readonly boolean[]): Breaker {
  return calls.reduce<Breaker>(
    (breaker, failed) => afterCall(breaker, breaker, rule, failed, 0),
    closedBreaker,
  );
}

describe("a breaker", () => {
  test("opens at the failure that is one too many among the last calls", () => {
    expect(after(true, true, false).state).toBe("closed");
    expect(after(true, true, false, true)).toEqual({ state: "open", untilMs: 1_000 });
    expect(after(true, true, false, false, true)).toEqual({
      state: "closed",
      recent: [true, false, false, true],
    });
  });

  test("lets nobody through while it is open, then one", () => {
    const open: Breaker = { state: "open", untilMs: 1_000 };
    expect(admit(open, 999, 50)).toEqual({ breaker: open, admitted: false });
    const tried = admit(open, 1_000, 50);
    expect(tried).toEqual({ breaker: { state: "half-open", untilMs: 1_050 }, admitted: true });
    expect(admit(tried.breaker, 1_049, 50).admitted).toBe(false);
    expect(admit(tried.breaker, 1_050, 50).admitted).toBe(true);
  });

  test("closes after a good trial and opens anew after a bad one", () => {
    const trial: Breaker = { state: "half-open", untilMs: 1_050 };
    expect(afterCall(trial, trial, rule, false, 1_020)).toEqual(closedBreaker);
    expect(afterCall(trial, trial, rule, true, 1_020)).toEqual({ state: "open", untilMs: 2_020 });
  });

  test("does not listen to calls that began before it opened", () => {
    const open: Breaker = { state: "open", untilMs: 1_000 };
    for (const failed of [true, false]) {
      expect(afterCall(open, closedBreaker, rule, failed, 10)).toBe(open);
      // The source is being tried by now: only the trial itself tells whether it can be trusted.
      const trial: Breaker = { state: "half-open", untilMs: 1_050 };
      expect(afterCall(trial, closedBreaker, rule, failed, 1_020)).toBe(trial);
      const givenUp: Breaker = { state: "half-open", untilMs: 1_010 };
      expect(afterCall(trial, givenUp, rule, failed, 1_020)).toBe(trial);
    }
  });

  test("remembers no more calls than its window, and is open exactly after too many failures", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (calls) => {
        const first = calls.findIndex(
          (_, at) =>
            calls.slice(Math.max(0, at - rule.window + 1), at + 1).filter(Boolean).length >=
            rule.failures,
        );
        const breaker = after(...calls);
        expect(breaker.state).toBe(first < 0 ? "closed" : "open");
        if (breaker.state === "closed") expect(breaker.recent.length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
