// What stops the application or holds it back is kept outside any bucket: stop switches and blackout windows, each with who
// set it, why and until when.

import type { Blackout, ListedBlackout } from "../domain/blackout.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";

/** A stop switch: refuses every command of its area until it expires or is resumed. */
export type Halt = Readonly<{
  area: string;
  reason: string;
  by: string;
  at: Instant;
  expiresAt: Instant;
}>;

/** Halts are set and lifted outside any bucket. */
export type Halts = Readonly<{
  set: (halt: Halt) => Promise<void>;
  /** `because` is kept with the halt, where somebody was asked why */
  lift: (area: string, by: string, at: Instant, because?: string) => Promise<boolean>;
  list: (now: Instant) => Promise<readonly Halt[]>;
  /** when a halt of an area was lifted or replaced last; null: never */
  liftedAt: (area: string) => Promise<Instant | null>;
}>;

/** Blackout windows are set and lifted outside any bucket. */
export type Blackouts = Readonly<{
  set: (blackout: Blackout) => Promise<void>;
  /** newest first */
  list: (after: Id | null, limit: number) => Promise<readonly ListedBlackout[]>;
  find: (id: Id) => Promise<ListedBlackout | null>;
  inForce: (today: BusinessDate) => Promise<readonly Blackout[]>;
  /** false, with nothing changed, where it is lifted already */
  lift: (id: Id, by: string, at: Instant, because: string) => Promise<boolean>;
}>;

/** Which decisions a hold concerns: those of one wave, or those of lines that lie in a window. */
export type HeldBy = Readonly<{ wave: Id }> | Pick<Blackout, "regions" | "industries">;
