// A signal that a rule refused, kept once with the reason until a person has dealt with it: repaired and re-sent, or
// discarded. Its contents are what a sender wrote and nobody checked, so they are told apart from everything else.

import type { Instant } from "./calendar.ts";
import type { Id } from "./id.ts";
import type { Refusal } from "./refusal.ts";

/** open: somebody has to look · sent: it was taken when it was sent again · discarded: it will never be. */
export const deadLetterStates = ["open", "sent", "discarded"] as const;

export type DeadLetterState = (typeof deadLetterStates)[number];

export const deadLetterActs = ["repaired", "resent", "discarded"] as const;

/** What somebody did with a letter; re-sending needs no reason. */
export type DeadLetterAct = Readonly<{
  at: Instant;
  by: string;
  did: (typeof deadLetterActs)[number];
  because: string | null;
}>;

export type DeadLetter = Readonly<{
  /** derived from the contents as they first came, so that the same refused event is one letter */
  id: Id;
  state: DeadLetterState;
  /** of the envelope, where they could be read */
  source: string | null;
  eventId: string | null;
  type: string | null;
  /** as of the last time that it was judged */
  reason: Refusal;
  receivedAt: Instant;
  /** who sent it */
  receivedFrom: string;
  /** oldest first */
  acts: readonly DeadLetterAct[];
  /** JSON or what stood in its place, as it came or was last repaired; null once discarded */
  content: string | null;
  ver: number;
}>;
