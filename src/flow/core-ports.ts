// What Tidemark asks of the lender's core system: operations under an id that it remembers, and its accounts.

import type { RestoringAction } from "../domain/assessment.ts";
import type { Id } from "../domain/id.ts";
import type { Currency } from "../domain/money.ts";
import type { GatedAction } from "../compliance/pack.ts";

/** One change that the core system shall make. `operationId` is the outbox id: the same for every retry. */
export type CoreOperation = Readonly<{
  operationId: Id;
  lineReference: string;
  action: GatedAction | Exclude<RestoringAction, "keep" | "uphold">;
  /** limit that the core system must see before the change, minor units */
  fromMinor: number;
  toMinor: number;
  currency: Currency;
  /** true where the limit may go below what is drawn */
  belowDrawn: boolean;
}>;

export type CoreResult =
  | Readonly<{ result: "applied"; limitMinor: number; drawnMinor: number; pendingMinor: number }>
  | Readonly<{
      result: "refused";
      because: string;
      limitMinor: number;
      drawnMinor: number;
      pendingMinor: number;
    }>;

export type CoreAccount = Readonly<{
  lineReference: string;
  limitMinor: number;
  drawnMinor: number;
  pendingMinor: number;
  status: "active" | "frozen" | "closing" | "closed";
  currency: Currency;
}>;

/** The lender's core system. Faults (time-outs, lost connections) are thrown and say nothing about the effect. */
export type CoreSystem = Readonly<{
  /** result of an operation that the core system knows, null when it never saw it */
  find: (operationId: Id) => Promise<CoreResult | null>;
  apply: (operation: CoreOperation) => Promise<CoreResult>;
  accounts: (after: string | null, limit: number) => Promise<readonly CoreAccount[]>;
}>;
