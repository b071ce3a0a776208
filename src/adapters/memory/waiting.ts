// Timers and messages in memory, with the same order and the same leases in real time as the PostgreSQL store.

import { liesIn, nowhere } from "../../domain/blackout.ts";
import { bucketOfId, type Bucket, type Id } from "../../domain/id.ts";
import type { Instant } from "../../domain/calendar.ts";
import type { Timer } from "../../domain/timer.ts";
import type { HeldBy } from "../../flow/hold-ports.ts";
import type { DecisionTurns, Waiting } from "../../flow/ports.ts";
import { checkLimit } from "../store/cursor.ts";
import { lastTogether } from "../store/due-together.ts";
import { placeIn } from "./blackouts.ts";
import { bucketOf, compareText, realNow, type StoredMessage, type Tables } from "./tables.ts";

/** The port over the tables. */
export function waitingIn(tables: Tables): Waiting {
  return {
    dueTimers: async (now, limit, except, aside = []) => {
      const due = earliest(tables, except, aside);
      if (due === null || due > now) return [];
      const last = lastTogether(due, earliest(tables, [...except, "trigger"], aside), now);
      return waitingTimers(tables, except, aside)
        .filter((timer) => timer.due <= last)
        .toSorted(
          (left, right) =>
            compareText(left.due, right.due) ||
            right.priority - left.priority ||
            compareText(left.id, right.id),
        )
        .slice(0, checkLimit(limit));
    },
    nextDue: async (except) => earliest(tables, except),
    heldTimers: async (due, kinds, of, after, limit) =>
      waitingTimers(tables, [])
        .filter((timer) => timer.due === due && kinds.includes(timer.kind))
        .filter((timer) => (after === null || timer.id > after) && isHeldBy(tables, timer, of))
        .toSorted((left, right) => compareText(left.id, right.id))
        .slice(0, checkLimit(limit)),
    leaseOutbox: async (owner, leaseMs, limit, except) => {
      const now = realNow();
      const leased = leasable(tables, except, now).slice(0, checkLimit(limit)).toSorted(byPlace);
      return leased.map((message) => {
        const attempts = message.attempts + 1;
        const held = { leaseOwner: owner, leaseUntilMs: now + leaseMs, attempts };
        replace(tables, { ...message, ...held });
        return { ...message.entry, attempts };
      });
    },
    retryOutbox: async (entry, owner, delayMs, fault) => {
      const message = bucketOf(tables, bucketOfId(entry.id)).outbox.get(entry.id);
      if (message === undefined || message.done || message.leaseOwner !== owner) return;
      const nextAttemptMs = realNow() + delayMs;
      replace(tables, { ...message, leaseOwner: null, leaseUntilMs: 0, nextAttemptMs, fault });
    },
    unsent: async () => unsentOf(tables).length,
    turnsOf: async (decisionIds) => {
      const found = new Map<Id, DecisionTurns>();
      for (const id of decisionIds) {
        const decision = bucketOf(tables, bucketOfId(id)).decisions.get(id);
        if (decision === undefined) continue;
        found.set(id, { state: decision.state, turns: decision.turns });
      }
      return found;
    },
  };
}

function isHeldBy(tables: Tables, { bucket, subject }: Timer, of: HeldBy): boolean {
  const rows = bucketOf(tables, bucket);
  const decision = rows.decisions.get(subject);
  if (decision === undefined) return false;
  if ("wave" in of) return decision.causeId === of.wave;
  return liesIn(of, placeIn(rows, decision.lineId) ?? nowhere);
}

function waitingTimers(
  tables: Tables,
  except: readonly string[],
  aside: readonly Bucket[] = [],
): readonly Timer[] {
  return [...tables.buckets].flatMap(([bucket, rows]) =>
    aside.includes(bucket)
      ? []
      : [...rows.waitingTimers.values()].filter((timer) => !except.includes(timer.kind)),
  );
}

function earliest(
  tables: Tables,
  except: readonly string[],
  aside: readonly Bucket[] = [],
): Instant | null {
  let due: Instant | null = null;
  for (const timer of waitingTimers(tables, except, aside)) {
    if (due === null || timer.due < due) due = timer.due;
  }
  return due;
}

function unsentOf(tables: Tables): readonly StoredMessage[] {
  return [...tables.buckets.values()].flatMap((bucket) =>
    [...bucket.outbox.values()].filter((message) => !message.done),
  );
}

/** The first unsent message of each subject, where it may be tried and nobody holds it; who waited longest comes first. */
function leasable(
  tables: Tables,
  except: readonly string[],
  now: number,
): readonly StoredMessage[] {
  const first = new Map<string, StoredMessage>();
  for (const message of unsentOf(tables).toSorted(byPlace)) {
    if (!first.has(message.entry.subject)) first.set(message.entry.subject, message);
  }
  return [...first.values()]
    .filter(
      ({ entry, nextAttemptMs, leaseUntilMs }) =>
        !except.includes(entry.kind) && nextAttemptMs <= now && leaseUntilMs <= now,
    )
    .toSorted((left, right) => left.nextAttemptMs - right.nextAttemptMs || byPlace(left, right));
}

function byPlace(left: StoredMessage, right: StoredMessage): number {
  return (
    left.entry.bucket - right.entry.bucket || left.seq - right.seq || left.position - right.position
  );
}

function replace(tables: Tables, message: StoredMessage): void {
  bucketOf(tables, message.entry.bucket).outbox.set(message.entry.id, message);
}
