// The circuit breaker of a source: after too many failures in the last few calls it is left alone for a while, then one call
// tries it, and only a good answer to that one lets the others through again. Pure: the moment is an argument.

/** Opens when `failures` of the last `window` calls failed; `openForMs` is how long nobody asks then. */
export type BreakerRule = Readonly<{ window: number; failures: number; openForMs: number }>;

/** `recent`: the last calls, oldest first, true where one failed · `untilMs`: real time in milliseconds. */
export type Breaker =
  | Readonly<{ state: "closed"; recent: readonly boolean[] }>
  | Readonly<{ state: "open"; untilMs: number }>
  | Readonly<{ state: "half-open"; untilMs: number }>;

/** A source that nobody has asked yet. */
export const closedBreaker: Breaker = { state: "closed", recent: [] };

/**
 * The breaker after somebody wants to ask, and whether they may. A half-open one has one call under way; where no answer
 * to it is told within `trialMs`, whoever made it is gone and the next one tries.
 */
export function admit(
  breaker: Breaker,
  nowMs: number,
  trialMs: number,
): Readonly<{ breaker: Breaker; admitted: boolean }> {
  if (breaker.state === "closed") return { breaker, admitted: true };
  if (nowMs < breaker.untilMs) return { breaker, admitted: false };
  return { breaker: { state: "half-open", untilMs: nowMs + trialMs }, admitted: true };
}

/**
 * The breaker after an answer. A call that began before it opened changes nothing when it ends, nor does a trial that was
 * given up.
 * @param admitted the breaker that let the call through, see {@link admit}
 */
export function afterCall(
  breaker: Breaker,
  admitted: Breaker,
  rule: BreakerRule,
  failed: boolean,
  nowMs: number,
): Breaker {
  const open: Breaker = { state: "open", untilMs: nowMs + rule.openForMs };
  switch (breaker.state) {
    case "open":
      return breaker;
    case "half-open":
      if (admitted.state !== "half-open" || admitted.untilMs !== breaker.untilMs) return breaker;
      return failed ? open : closedBreaker;
    case "closed": {
      const recent = [...breaker.recent, failed].slice(-rule.window);
      const isTooMany = recent.filter(Boolean).length >= rule.failures;
      return isTooMany ? open : { state: "closed", recent };
    }
  }
}
