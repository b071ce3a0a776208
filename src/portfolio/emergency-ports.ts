// An emergency profile is a tightening that was thought through on a quiet day: which strategy, on which lines, how much of
// it in a day and until when, proposed by one person and approved by another. What is kept of it stands here; the sweep
// that it starts keeps who started it and why.

import type { StrategyRef } from "../domain/assessment.ts";
import type { Blackout } from "../domain/blackout.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";

/** proposed: waits for a second person · approved: may be started · rejected or revoked: never again. */
export const emergencyStates = ["proposed", "approved", "rejected", "revoked"] as const;

export type EmergencyState = (typeof emergencyStates)[number];

/** approve and reject: of what is proposed · revoke: of what was approved. */
export type EmergencyVerdict = "approve" | "reject" | "revoke";

/** Lines that a profile is about: those of its regions and industries, an empty list stands for all of them. */
export type EmergencyLines = Pick<Blackout, "regions" | "industries">;

/** One profile. */
export type EmergencyProfile = EmergencyLines &
  Readonly<{
    id: Id;
    name: string;
    /** exactly this version, which must be active when the profile is started */
    strategy: StrategyRef;
    /** null: every portfolio */
    portfolio: string | null;
    /** most exposure that it removes in a day, minor units of the strategy's currency */
    dailyCapMinor: number;
    /** last day on which it may be started */
    validUntil: BusinessDate;
    reason: string;
    author: string;
    proposedAt: Instant;
    state: EmergencyState;
    /** who approved, rejected or revoked it last; null while it is proposed */
    decidedBy: string | null;
    decidedAt: Instant | null;
  }>;

/** What a sweep keeps of the profile that it was started by, and why it was started. */
export type SweepEmergency = EmergencyLines & Readonly<{ profileId: Id; reason: string }>;

export type Emergencies = Readonly<{
  /** a second time under the same id changes nothing */
  propose: (profile: EmergencyProfile) => Promise<void>;
  find: (id: Id) => Promise<EmergencyProfile | null>;
  /** newest first */
  list: (after: Id | null, limit: number) => Promise<readonly EmergencyProfile[]>;
  /** false, with nothing changed, where it is in none of the states `from` */
  enter: (
    id: Id,
    from: readonly EmergencyState[],
    to: EmergencyState,
    by: string,
    at: Instant,
  ) => Promise<boolean>;
  /** the sweeps that it started, newest first */
  startsOf: (id: Id) => Promise<readonly Id[]>;
}>;
