// The two clocks behind the Clock port: real time, and the sandbox's test clock, which stands still at the
// instant kept in the installation until somebody moves it. A live installation cannot be given a test clock.

import type { Instant } from "../domain/calendar.ts";
import type { Clock } from "../flow/ports.ts";
import { businessTime } from "./business-time.ts";
import type { Text } from "../domain/text.ts";
import { faultIn } from "./fault.ts";
import type { Queryable } from "./postgres/pool.ts";

/** Real time in the lender's time zone. */
export function systemClock(timeZone: string): Clock {
  return { ...businessTime(timeZone), now: async () => realNow() };
}

/** A clock that can be moved; `reading` is null while real time counts. */
export type SandboxClock = Clock &
  Readonly<{ set: (to: Instant) => Promise<void>; reading: () => Promise<Instant | null> }>;

/**
 * Reads are shared and at most this old: sweeps and schedulers ask for the time at every command, and asking
 * the database each time would say nothing that could not have changed a moment later anyway.
 */
const readingLivesMs = 20;

/** The test clock of a sandbox, shared by every process of the installation. `set` throws a Fault in live mode. */
export function sandboxClock(
  database: Pick<Queryable, "query" | "execute">,
  timeZone: string,
): SandboxClock {
  let read: Readonly<{ at: number; reading: Promise<Instant | null> }> | null = null;
  const reading = (): Promise<Instant | null> => {
    const at = performance.now();
    if (read === null || at - read.at > readingLivesMs) {
      read = { at, reading: readTestClock(database) };
      read.reading.catch(() => (read = null));
    }
    return read.reading;
  };
  return {
    ...businessTime(timeZone),
    reading,
    now: async () => (await reading()) ?? realNow(),
    set: async (to) => {
      const text = "update installation set test_clock = $1 where mode = 'sandbox'";
      const changed = await database.execute(text, [to]);
      read = null;
      if (changed === 1) return;
      throw faultIn(live, { retryable: false });
    },
  };
}

const live: Text = {
  en: "Cannot set test clock: this installation is live, its time is real",
  zh: "无法设定沙箱时钟：本系统为生产模式，使用真实时间",
};

async function readTestClock(database: Pick<Queryable, "query">): Promise<Instant | null> {
  const [row] = await database.query<Readonly<{ at: Instant | null }>>(
    `select test_clock as "at" from installation`,
  );
  return row?.at ?? null;
}

function realNow(): Instant {
  return new Date().toISOString() as Instant;
}
