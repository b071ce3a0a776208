// Everything that may be asked about signals coming in, over one world: the API, the signed address and the command line
// are given this one desk, so that none of them has rules of its own.

import type { Actor } from "../domain/actor.ts";
import type { DeadLetter } from "../domain/dead-letter.ts";
import type { Id } from "../domain/id.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import type { IncomingSignal, TakenSignal } from "../domain/signal.ts";
import {
  deadLetterRoles,
  discardLetter,
  findLetter,
  incomingOf,
  letterRefusal,
  repairLetter,
  resendLetter,
} from "./dead-letters.ts";
import { allRows, type Page, type PageRequest } from "./page.ts";
import type { World } from "./ports.ts";
import { signalQueue } from "./signal-queue.ts";
import { signalRoles, takeSignals } from "./take-signals.ts";

const lettersAtOnce = 200;

/** The desk; `clockSkewMs`: how far the time of an event may be ahead of our clock. */
export function signalDesk(world: World, clockSkewMs: number) {
  const queued = signalQueue((actor, incoming) =>
    takeSignals(world, actor, incoming, { clockSkewMs }),
  );
  return {
    roles: signalRoles,
    letterRoles: deadLetterRoles,
    incomingOf,
    take: (
      actor: Actor,
      incoming: readonly IncomingSignal[],
      options: Readonly<{ dryRun?: boolean }> = {},
    ): Promise<readonly TakenSignal[]> =>
      options.dryRun === true
        ? takeSignals(world, actor, incoming, { dryRun: true, clockSkewMs })
        : queued(actor, incoming),
    /** how the actor reads the refused signals, page by page */
    letters: (
      actor: Actor,
      filter: Readonly<{ state?: string; source?: string; type?: string }>,
    ): ((page: PageRequest) => Promise<Page<DeadLetter>>) | Refusal =>
      letterRefusal(actor) ?? ((page) => world.store.deadLetters.list(page, filter)),
    letter: (id: Id, actor: Actor) => findLetter(world, id, actor),
    repair: (asked: Parameters<typeof repairLetter>[1]) => repairLetter(world, asked),
    resend: (asked: Parameters<typeof resendLetter>[1]) =>
      resendLetter(world, asked, { clockSkewMs }),
    discard: (asked: Parameters<typeof discardLetter>[1]) => discardLetter(world, asked),
    /** the ids of all open letters, oldest first */
    openLetters: async (actor: Actor): Promise<readonly Id[] | Refusal> => {
      const refusal = letterRefusal(actor);
      if (isRefusal(refusal)) return refusal;
      const { deadLetters } = world.store;
      const open = await allRows(
        (page) => deadLetters.list(page, { state: "open" }),
        lettersAtOnce,
      );
      return open.map(({ id }) => id);
    },
  };
}

export type SignalDesk = ReturnType<typeof signalDesk>;
