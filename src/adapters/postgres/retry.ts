// Conflicts between transactions are a normal answer of the database and are always tried again; here stands how often
// and how long apart, bounded, with jitter so that two rivals do not meet again.
import { setTimeout as sleep } from "node:timers/promises";

/** `attempts` counts the first one. Pauses grow from `baseMs` by doubling up to `maxMs`, each taken at random below that. */
export type RetryPolicy = Readonly<{ attempts: number; baseMs: number; maxMs: number }>;

/** For serialisation failures and deadlocks. */
export const conflictRetries: RetryPolicy = { attempts: 12, baseMs: 4, maxMs: 400 };

/** For reaching a server that is starting or restarting. */
export const connectRetries: RetryPolicy = { attempts: 6, baseMs: 40, maxMs: 800 };

/**
 * Runs `attempt` again while `canRetry` accepts its error and attempts are left; then throws the last error unchanged.
 * `beforeRetry` runs after the pause; its own error ends the retries.
 */
export async function withRetry<T>(
  policy: RetryPolicy,
  canRetry: (error: unknown) => boolean,
  attempt: () => Promise<T>,
  beforeRetry: (error: unknown) => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      if (made >= policy.attempts || !canRetry(error)) throw error;
      await sleep(pauseMs(policy, made));
      await beforeRetry(error);
    }
  }
}

function pauseMs(policy: RetryPolicy, made: number): number {
  return Math.random() * Math.min(policy.maxMs, policy.baseMs * 2 ** made);
}
