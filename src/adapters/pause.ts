// Waiting that can be ended: every loop of the program rests through here, so that none delays a stop.

/** Waits, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/** A rest that others can end. */
export type Bell = Readonly<{
  /** ends the rest at hand, or the next one: nothing that was rung for is slept over */
  ring: () => void;
  /** waits, or until it rings, or until the signal */
  rest: (ms: number, signal: AbortSignal) => Promise<void>;
}>;

/** A bell that has not rung yet. */
export function makeBell(): Bell {
  let ringing = new AbortController();
  return {
    ring: () => ringing.abort(),
    rest: async (ms, signal) => {
      await pause(ms, AbortSignal.any([signal, ringing.signal]));
      if (ringing.signal.aborted) ringing = new AbortController();
    },
  };
}
