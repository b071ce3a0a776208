// More cores for long work: threads that each hold a whole Tidemark on the same database and run a job, which is a module
// of this program. Buckets are what they share out among themselves, by leases or by number, so that a job done by one
// thread or by eight ends with the same rows.

import { availableParallelism } from "node:os";
import { startThreads, type Threads } from "./adapters/workers/crew.ts";
import type { Config } from "./adapters/settings.ts";
import type { Tidemark } from "./compose.ts";

/**
 * What the module of a job exports as `run`. `share` is which of how many members this is; `stopped` asks it to leave
 * the rest to a later run. Input and result are structured clones.
 */
export type Job<Input, Result> = (
  tidemark: Tidemark,
  input: Input,
  share: Readonly<{ member: number; size: number; stopped: () => boolean }>,
) => Promise<Result>;

/** A crew. Its members start when they are first asked. */
export type Crew = Readonly<{
  /** threads beside this one; 0 where the machine has one core */
  size: number;
  /** runs a job on every member at once; `module` is a URL of this program as `new URL("./x.ts", import.meta.url)` */
  run: <Input, Result>(module: URL, input: Input) => Promise<readonly Result[]>;
  /** asks what runs to stop; it stays usable for nothing but `close` */
  stop: () => void;
  /** ends the members. Idempotent */
  close: () => Promise<void>;
}>;

const mostMembers = 8;

/** A member for every core but the one that this thread uses. */
export function crewSize(): number {
  return Math.min(mostMembers, availableParallelism() - 1);
}

/** What a member is started with: settings that lead it to the database that this process already uses. */
export type MemberSettings = Readonly<{ config: Config; size: number }>;

/** A crew over the database of a Tidemark. Close it before the Tidemark. */
export function openCrew(
  { config, embedded, metrics }: Pick<Tidemark, "config" | "embedded" | "metrics">,
  size: number = crewSize(),
): Crew {
  let threads: Threads | null = null;
  const start = (): Threads => {
    const databaseUrl = embedded?.url ?? config.databaseUrl;
    const settings: MemberSettings = { config: { ...config, databaseUrl }, size };
    const program = new URL(moduleName("crew-member"), import.meta.url);
    return startThreads(program, size, settings, (events) => {
      for (const [kind, count] of Object.entries(events)) {
        metrics.events(Array.from({ length: count }, () => ({ kind })));
      }
    });
  };
  return {
    size,
    run: async <Input, Result>(module: URL, input: Input) => {
      if (size === 0) return [];
      const members = (threads ??= start());
      const asked = Array.from({ length: size }, (_, member) =>
        members.ask(member, { module: module.href, input, member }),
      );
      // All of them end before the first failure is thrown: nobody works on after the caller has given up.
      const ended = await Promise.allSettled(asked);
      const failed = ended.find((one) => one.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      return ended.map((one) => (one as PromiseFulfilledResult<Result>).value);
    },
    stop: () => threads?.stop(),
    close: async () => threads?.close(),
  };
}

/** The file of a module beside this one, which is TypeScript in the sources and JavaScript once built. */
export function moduleName(name: string): string {
  return `./${name}.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
}
