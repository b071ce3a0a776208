// The credit line: a limit and a status, and the table of what may happen to it. A line knows nothing of
// decisions or notices; it only says which change is possible from where.

import type { Balance } from "./balance.ts";
import type { BusinessDate } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";
import type { Currency } from "./money.ts";

export const lineStatuses = ["active", "frozen", "closing", "closed", "exited"] as const;

export type LineStatus = (typeof lineStatuses)[number];

/** What changes a line. "close" waits in `closing` while a balance remains, "settle" ends that wait. */
export type LineChange =
  | "decrease"
  | "freeze"
  | "reinstate"
  | "restore"
  | "close"
  | "settle"
  | "reopen"
  | "exit";

/**
 * The full transition table; a missing cell is impossible.
 *
 * | from \ change | decrease | freeze | reinstate | restore | close | settle | reopen | exit |
 * |---|---|---|---|---|---|---|---|---|
 * | active  | active | frozen | –      | active | closing | –      | –      | exited |
 * | frozen  | frozen | –      | active | –      | closing | –      | –      | exited |
 * | closing | –      | –      | –      | –      | –       | closed | active | exited |
 * | closed  | –      | –      | –      | –      | –       | –      | active | –      |
 * | exited  | –      | –      | –      | –      | –       | –      | –      | –      |
 */
export const lineTransitions: Readonly<
  Record<LineStatus, Readonly<Partial<Record<LineChange, LineStatus>>>>
> = {
  active: {
    decrease: "active",
    freeze: "frozen",
    restore: "active",
    close: "closing",
    exit: "exited",
  },
  frozen: { decrease: "frozen", reinstate: "active", close: "closing", exit: "exited" },
  closing: { settle: "closed", reopen: "active", exit: "exited" },
  closed: { reopen: "active" },
  exited: {},
};

/** The status after a change, or null where the table has no cell. */
export function statusAfter(status: LineStatus, change: LineChange): LineStatus | null {
  return lineTransitions[status][change] ?? null;
}

/**
 * One credit line of one customer. Amounts in minor units of `currency`; 0 ≤ limit. `drawn` may be negative
 * (the customer paid too much). `ver` counts changes and detects stale approvals.
 */
export type CreditLine = Balance &
  Readonly<{
    bucket: Bucket;
    id: Id;
    customerId: Id;
    /** the lender's own references */
    reference: string;
    customerReference: string;
    portfolio: string;
    product: string;
    jurisdiction: string;
    currency: Currency;
    limitMinor: number;
    status: LineStatus;
    openedOn: BusinessDate | null;
    lastDecreaseOn: BusinessDate | null;
    /** when a decision of ours last changed limit or status: what a file of that day or before says of them is older */
    decidedOn: BusinessDate | null;
    ver: number;
  }>;

/** Whether anything can still be owed or drawn on a line of this status. */
export function isOpenLine(status: LineStatus): boolean {
  return status !== "closed" && status !== "exited";
}

/** limit − drawn − pending, not below 0, minor units; 0 unless the line is active. */
export function availableCreditMinor(
  line: Pick<CreditLine, "status" | "limitMinor" | "drawnMinor" | "pendingMinor">,
): number {
  if (line.status !== "active") return 0;
  return Math.max(0, line.limitMinor - line.drawnMinor - line.pendingMinor);
}

/** What the limit may not fall below without explicit leave: max(0, drawn + pending), minor units. */
export function usedMinor(line: CreditLine): number {
  return Math.max(0, line.drawnMinor + line.pendingMinor);
}
