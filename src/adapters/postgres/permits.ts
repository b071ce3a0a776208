// Bounds how many callers hold a connection at once, so that waiting for a free connection and waiting for a server
// that does not answer are two different things with two different time-outs.
import { Fault } from "../fault.ts";

/** Hands out permits in order of asking. */
export type Permits = Readonly<{
  /** Resolves when a permit is free; throws a retryable `Fault` after `waitMs`. */
  take(waitMs: number): Promise<void>;
  give(): void;
}>;

/** `count` permits. */
export function makePermits(count: number): Permits {
  let free = count;
  const waiting = new Set<() => void>();
  return {
    take(waitMs) {
      if (free > 0) {
        free--;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(admit);
          const state = `all ${count} connections are busy for ${waitMs} ms`;
          reject(new Fault(`Cannot get database connection: ${state}`, { retryable: true }));
        }, waitMs);
        const admit = () => {
          clearTimeout(timer);
          resolve();
        };
        waiting.add(admit);
      });
    },
    give() {
      const [next] = waiting;
      if (next === undefined) free++;
      else if (waiting.delete(next)) next();
    },
  };
}
