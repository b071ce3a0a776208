// The one place where a refusal gets a number: an HTTP status and an exit code of the command line. The
// rules themselves know neither, and nothing else in the product maps them.

import type { RefusalCode } from "../domain/refusal.ts";

/** How a refusal is answered. `exitCode` follows sysexits.h where it has a fitting number. */
export type RefusalAnswer = Readonly<{ httpStatus: number; exitCode: number }>;

/**
 * Exit codes: 64 wrong usage or input · 66 the thing named does not exist · 69 stopped by a person or by the
 * core system · 75 try again later · 77 the actor may not · 78 something else must be put right first.
 */
export const refusalTable: Readonly<Record<RefusalCode, RefusalAnswer>> = {
  "not-signed-in": { httpStatus: 401, exitCode: 77 },
  forbidden: { httpStatus: 403, exitCode: 77 },
  "out-of-scope": { httpStatus: 403, exitCode: 77 },
  halted: { httpStatus: 423, exitCode: 69 },
  busy: { httpStatus: 503, exitCode: 75 },
  "read-only": { httpStatus: 423, exitCode: 69 },
  invalid: { httpStatus: 422, exitCode: 64 },
  "key-reused": { httpStatus: 422, exitCode: 64 },
  "not-found": { httpStatus: 404, exitCode: 66 },
  "already-exists": { httpStatus: 409, exitCode: 78 },
  "future-date": { httpStatus: 422, exitCode: 64 },
  "currency-mismatch": { httpStatus: 422, exitCode: 64 },
  "strategy-inactive": { httpStatus: 409, exitCode: 78 },
  "already-resolved": { httpStatus: 409, exitCode: 78 },
  "offer-expired": { httpStatus: 409, exitCode: 78 },
  "wrong-state": { httpStatus: 409, exitCode: 78 },
  "taken-by-another": { httpStatus: 409, exitCode: 75 },
  "stale-approval": { httpStatus: 409, exitCode: 75 },
  "maker-is-checker": { httpStatus: 403, exitCode: 77 },
  "needs-other-authority": { httpStatus: 403, exitCode: 77 },
  "override-out-of-bounds": { httpStatus: 422, exitCode: 64 },
  blackout: { httpStatus: 409, exitCode: 75 },
  "counter-out-of-bounds": { httpStatus: 422, exitCode: 64 },
  "gate-closed": { httpStatus: 409, exitCode: 75 },
  "budget-exhausted": { httpStatus: 409, exitCode: 75 },
  "below-drawn": { httpStatus: 422, exitCode: 78 },
  "not-a-decrease": { httpStatus: 422, exitCode: 64 },
  "facts-erased": { httpStatus: 410, exitCode: 66 },
  "core-refused": { httpStatus: 409, exitCode: 69 },
};

/** Exit codes that are no refusal's. */
export const exitCodes = { success: 0, bug: 70, retryableFault: 75, fault: 74, usage: 64 } as const;
