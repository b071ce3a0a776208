// Sessions of people who signed in. The token is 256 random bits that only the browser holds; stored is its
// SHA-256, so that a stolen table opens nothing. Sessions live by real time, not by the business clock.

import { createHash, randomBytes } from "node:crypto";
import type { IdentityRows, SessionRow } from "./identity-rows.ts";

/** How long a session lives without use, and at most. */
export type SessionLimits = Readonly<{ idleMs: number; absoluteMs: number }>;

export const defaultSessionLimits: SessionLimits = {
  idleMs: 15 * 60_000,
  absoluteMs: 12 * 3_600_000,
};

export type Sessions = Readonly<{
  /** a new session; the token is shown this once. `expiresAt` is its absolute end, ISO 8601 */
  open: (accountId: string) => Promise<Readonly<{ token: string; expiresAt: string }>>;
  /** whose session it is, or null when unknown, idle for too long or expired; counts as use */
  find: (token: string) => Promise<Readonly<{ accountId: string; expiresAt: string }> | null>;
  /** whether `find` would give it; does not count as use */
  isOpen: (token: string) => Promise<boolean>;
  close: (token: string) => Promise<void>;
  closeAllOf: (accountId: string) => Promise<void>;
  /** removes sessions that nobody can use any more; how many */
  clean: () => Promise<number>;
}>;

const tokenForm = /^[A-Za-z0-9_-]{43}$/;

/** Sessions kept in rows. `now` is real time. */
export function createSessions(
  rows: IdentityRows,
  now: () => Date,
  limits: SessionLimits = defaultSessionLimits,
): Sessions {
  return {
    open: async (accountId) => {
      const token = randomBytes(32).toString("base64url");
      const at = now();
      const expiresAt = new Date(at.getTime() + limits.absoluteMs).toISOString();
      const seen = at.toISOString();
      const tokenHash = hashOf(token);
      await rows.addSession({ tokenHash, accountId, createdAt: seen, lastSeenAt: seen, expiresAt });
      return { token, expiresAt };
    },
    find: async (token) => {
      if (!tokenForm.test(token)) return null;
      const row = await rows.session(hashOf(token));
      return row === null ? null : use(rows, row, now(), limits);
    },
    isOpen: async (token) => {
      const row = tokenForm.test(token) ? await rows.session(hashOf(token)) : null;
      return row !== null && !hasEnded(row, now(), limits);
    },
    close: async (token) => {
      if (tokenForm.test(token)) await rows.endSession(hashOf(token));
    },
    closeAllOf: (accountId) => rows.endSessionsOf(accountId),
    clean: () => {
      const at = now();
      return rows.endOldSessions(at.toISOString(), before(at, limits.idleMs));
    },
  };
}

async function use(
  rows: IdentityRows,
  row: SessionRow,
  at: Date,
  limits: SessionLimits,
): Promise<Readonly<{ accountId: string; expiresAt: string }> | null> {
  const unseenMs = unseenFor(row, at);
  if (hasEnded(row, at, limits)) {
    await rows.endSession(row.tokenHash);
    return null;
  }
  // Not each request needs a write: a tenth of the idle time is exact enough.
  if (unseenMs > limits.idleMs / 10) await rows.touchSession(row.tokenHash, at.toISOString());
  return { accountId: row.accountId, expiresAt: row.expiresAt };
}

function unseenFor(row: SessionRow, at: Date): number {
  return at.getTime() - Date.parse(row.lastSeenAt);
}

function hasEnded(row: SessionRow, at: Date, limits: SessionLimits): boolean {
  return unseenFor(row, at) >= limits.idleMs || at.getTime() >= Date.parse(row.expiresAt);
}

function before(at: Date, milliseconds: number): string {
  return new Date(at.getTime() - milliseconds).toISOString();
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
